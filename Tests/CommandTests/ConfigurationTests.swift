// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// The user's file of defaults.
struct ConfigurationTests {
  private static let file = Program.fixture("noise-16bit.wav")

  /// Runs the program with a file of defaults.
  private func run(
    _ arguments: [String], defaults text: String, in folder: URL
  ) throws -> Program.Result {
    let place = folder.appending(path: "home/.config/wavfft")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: place.appending(path: "config"))
    return try runAtHome(arguments, in: folder)
  }

  /// Runs the program where the environment does not name a file of defaults.
  private func runAtHome(
    _ arguments: [String], in folder: URL, _ environment: [String: String] = [:]
  ) throws -> Program.Result {
    let settings = ["HOME": folder.appending(path: "home").path].merging(environment) { $1 }
      .map { "\($0)='\($1)'" }.joined(separator: " ")
    let quoted = arguments.map { "'\($0)'" }.joined(separator: " ")
    return try Program.shell(
      "unset WAVFFT_CONFIG XDG_CONFIG_HOME; \(settings) wavfft \(quoted)", in: folder)
  }

  private func report(_ result: Program.Result) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any],
      "\(result.error)")
  }

  @Test func defaultsAreOptions() throws {
    try withFolder { folder in
      let text = """
        # how I listen
        --method=welch
        --window hamming

          --a4 = 442
        """
      let result = try run(
        [Self.file, "--out", "a.json", "--out", "a.svg"], defaults: text, in: folder)
      #expect(result.status == 0, "\(result.error)")
      #expect(
        result.output.contains(
          "\nDefaults     --method=welch --window=hamming --a4=442 (from ~/.config/wavfft/config)\n"
        ))
      let plain = try Program.run(
        [
          Self.file, "--method", "welch", "--window", "hamming", "--a4", "442", "--out", "b.json",
          "--out", "b.svg",
        ],
        in: folder)
      for name in ["json", "svg"] {
        #expect(
          try Data(contentsOf: folder.appending(path: "a.\(name)"))
            == Data(contentsOf: folder.appending(path: "b.\(name)")))
      }
      #expect(!plain.output.contains("Defaults"))
    }
  }

  @Test func commandLineWins() throws {
    try withFolder { folder in
      let text = "--window=hann\n--peaks=3\n--timings\n"
      let result = try run(
        [Self.file, "--window", "flattop", "--report", "json"], defaults: text, in: folder)
      let document = try report(result)
      let transform = try #require(document["transform"] as? [String: Any])
      let window = try #require(transform["window"] as? [String: Any])
      #expect(window["name"] as? String == "flattop")
      let defaults = try #require(document["defaults"] as? [String: Any])
      #expect(defaults["file"] as? String == "~/.config/wavfft/config")
      #expect(defaults["options"] as? [String] == ["--peaks=3", "--timings"])
      // An inverted flag, too.
      try link("dc.wav", into: folder.appending(path: "in"))
      let batch = try run(
        ["batch", "in", "--out-dir", "out", "--no-timings", "--report", "json"], defaults: text,
        in: folder)
      let others = try #require(try report(batch)["defaults"] as? [String: Any])
      #expect(others["options"] as? [String] == ["--window=hann", "--peaks=3"])
    }
  }

  @Test func headingsAreForOneCommand() throws {
    try withFolder { folder in
      let text = """
        --peaks=4
        [batch]
        --format=npy
        --peaks=2
        [ compare ]
        --tolerance-db=0.5
        """
      try link("dc.wav", into: folder.appending(path: "in"))
      let batch = try run(
        ["batch", "in", "--out-dir", "out"], defaults: text, in: folder)
      #expect(batch.status == 0, "\(batch.error)")
      #expect(
        batch.output.contains("Defaults: --format=npy --peaks=2 (from ~/.config/wavfft/config)"))
      #expect(try contents(folder.appending(path: "out")).contains("dc.npy"))
      let single = try runAtHome([Self.file], in: folder)
      #expect(single.output.contains("Defaults     --peaks=4 (from"))
      let compare = try runAtHome(["compare", Self.file, Self.file], in: folder)
      #expect(compare.status == 0)
      #expect(compare.output.contains("levels within 0.5 dB"))
      #expect(compare.output.contains("Defaults: --tolerance-db=0.5 (from"))
      let json = try runAtHome(
        ["compare", Self.file, Self.file, "--report", "json"], in: folder)
      #expect(try report(json)["defaults"] != nil)
    }
  }

  /// A default that does not go with the rest is left out, and makes no call impossible.
  @Test func defaultsThatDoNotApplyAreLeftOut() throws {
    try withFolder { folder in
      let text = "--segment=256\n--points=100\n--format=csv\n--plot=always\n--weighting=A\n"
      let exact = try run([Self.file, "--bands", "octave"], defaults: text, in: folder)
      #expect(exact.status == 0, "\(exact.error)")
      #expect(exact.output.contains("Defaults     --plot=always --weighting=A (from"))
      let welch = try runAtHome([Self.file, "--method", "welch"], in: folder)
      #expect(welch.output.contains("Defaults     --segment=256 --points=100 --plot=always (from"))
      // One that needs another one below it.
      let both = try run([Self.file], defaults: "--segment=256\n--method=welch\n", in: folder)
      #expect(both.output.contains("Defaults     --segment=256 --method=welch (from"))
      // One without which the call is incomplete.
      let parts = try run(
        [Self.file, "--method", "decimated"], defaults: "--parts=2\n", in: folder)
      #expect(parts.status == 0, "\(parts.error)")
      #expect(parts.output.contains("Defaults     --parts=2 (from"))
      // The user's own mistake stays his own.
      let wrong = try runAtHome([Self.file, "--peaks", "-1"], in: folder)
      #expect(
        wrong.error
          == "wavfft: --peaks is -1; choose a number from 0 to 1000. (see wavfft --help)\n")
    }
  }

  @Test(arguments: [
    ("--theme=dark\n--thme=dark", "line 2: --thme is no option; did you mean --theme?;"),
    ("--out=x.svg", "line 1: --out writes files, and belongs on the command line;"),
    ("[batch]\n--resume", "line 2: --resume decides what is done"),
    ("[compare]\n--update", "--update replaces a file"),
    ("[bacth]\n--peaks=2", "line 1: [bacth] is no command. Did you mean batch? Choose [analyze],"),
    ("[overlay]\n--out-dir=x", "--out-dir writes files"),
    ("[overlay]\n--plot=never", "--plot is no option of [overlay], but of [analyze];"),
    ("bach.wav", "line 1: bach.wav is no option; write one on each line, such as --theme=dark;"),
    ("--timings=yes", "line 1: --timings takes no value;"),
    ("--theme", "line 1: --theme needs a value, --theme=…;"),
    ("--theme=drak", "line 1: The value 'drak' is invalid for '--theme'. Did you mean dark?"),
    ("--peaks=2\n--workers=0", "line 2: --workers is 0; choose a number from 1 to 256;"),
    ("--no-config", "--no-config turns this file off"),
    // Without their values these would take the next argument.
    ("--title=", "line 1: --title needs a value, --title=…;"),
    ("--peaks = ", "line 1: --peaks needs a value, --peaks=…;"),
    ("# mine\r\n--a4=442\r\n--nonsense\r\n", "line 3: --nonsense is no option"),
  ])
  func brokenFilesAreErrors(_ text: String, _ sentence: String) throws {
    try withFolder { folder in
      let result = try run([Self.file], defaults: text, in: folder)
      #expect(result.status == 64)
      #expect(result.output.isEmpty)
      #expect(result.error.hasPrefix("wavfft: ~/.config/wavfft/config, line "))
      #expect(result.error.contains(sentence), "\(result.error)")
      #expect(result.error.hasSuffix("; correct it, or pass --no-config\n"), "\(result.error)")
      // The way out.
      #expect(
        try runAtHome([Self.file, "--no-config", "--report", "none"], in: folder).status == 0)
      #expect(try runAtHome(["--help"], in: folder).status == 0)
    }
  }

  /// A line of the command wins over one of all that does not go with it, wherever they stand.
  @Test(arguments: [
    ("--parts=8\n[analyze]\n--method=welch\n", "--method=welch"),
    ("--method=welch\n--segment=256\n[analyze]\n--parts=2\n", "--parts=2"),
    ("--points=100\n[analyze]\n--bands=octave\n", "--bands=octave"),
    (
      "--resolution=100Hz\n--method=welch\n[analyze]\n--segment=256\n",
      "--method=welch --segment=256"
    ),
    // One that needs a line of all, with which another line of all does not go.
    ("--length=fast\n--method=welch\n[analyze]\n--overlap=75%\n", "--method=welch --overlap=75%"),
    // Nothing goes with it, so that it takes nothing from the others.
    ("--parts=2\n[analyze]\n--overlap=75%\n", "--parts=2"),
  ])
  func linesOfTheCommandWin(_ text: String, _ taken: String) throws {
    try requireDefaults(taken, of: text)
  }

  /// Analyses a recording with a file of defaults, of which the report names just these.
  private func requireDefaults(_ taken: String, of text: String) throws {
    try withFolder { folder in
      let result = try run([Self.file], defaults: text, in: folder)
      #expect(result.status == 0, "\(result.error)")
      #expect(result.output.contains("Defaults     \(taken) (from"), "\(result.output)")
    }
  }

  /// Of lines of one section that do not go with each other the later one holds.
  @Test(arguments: [
    ("--parts=8\n--method=exact\n", "--method=exact"),
    ("--method=exact\n--parts=8\n", "--parts=8"),
    ("[analyze]\n--method=welch\n--parts=2\n", "--parts=2"),
    ("[analyze]\n--parts=2\n--method=welch\n", "--method=welch"),
    ("--a4=442\n--plot=always\n--a4=443\n", "--plot=always --a4=443"),
    // It brings an earlier one that it needs.
    ("--method=welch\n--parts=2\n--segment=256\n", "--method=welch --segment=256"),
    ("--parts=2\n--method=decimated\n", "--parts=2 --method=decimated"),
  ])
  func laterLinesWin(_ text: String, _ taken: String) throws {
    try requireDefaults(taken, of: text)
  }

  /// A value of a line for all commands that one of them does not take is left out there.
  @Test func valuesOfOtherCommandsAreLeftOut() throws {
    try withFolder { folder in
      let overlay = try run(
        ["overlay", Self.file, Self.file], defaults: "--report=json\n--color=never\n", in: folder)
      #expect(overlay.status == 0, "\(overlay.error)")
      #expect(overlay.output.contains("Defaults: --color=never (from"))
      #expect(try report(try runAtHome([Self.file], in: folder))["defaults"] != nil)
      let single = try run([Self.file], defaults: "--format=svg,json\n--a4=442\n", in: folder)
      #expect(single.status == 0, "\(single.error)")
      #expect(!single.output.contains("--format"))
      try link("dc.wav", into: folder.appending(path: "in"))
      let batch = try runAtHome(["batch", "in", "--out-dir", "out"], in: folder)
      #expect(batch.output.contains("Defaults: --format=svg,json"), "\(batch.error)")
      // Below its own heading it is wrong, and so is one that no command takes.
      for text in ["[overlay]\n--report=json\n", "--report=jsn\n", "--workers=0"] {
        let wrong = try run(["overlay", Self.file, Self.file], defaults: text, in: folder)
        #expect(wrong.status == 64, "\(text)")
      }
    }
  }

  @Test func linesMayEndAsOnWindows() throws {
    try withFolder { folder in
      let text = "\u{feff}--plot=always\r\n--a4=442\r\n"
      let result = try run([Self.file], defaults: text, in: folder)
      #expect(result.status == 0, "\(result.error)")
      #expect(result.output.contains("Defaults     --plot=always --a4=442 (from"))
    }
  }

  @Test func onlyASmallFileIsRead() throws {
    try withFolder { folder in
      let pipe = try Program.shell(
        "mkfifo pipe; WAVFFT_CONFIG=pipe wavfft '\(Self.file)'", in: folder)
      #expect(pipe.status == 64 && pipe.error.contains("pipe: it is no file of at most"))
      let zero = try Program.shell("WAVFFT_CONFIG=/dev/zero wavfft '\(Self.file)'", in: folder)
      #expect(zero.status == 64)
      let none = try Program.shell("WAVFFT_CONFIG=/dev/null wavfft '\(Self.file)'", in: folder)
      #expect(none.status == 0, "\(none.error)")
    }
  }

  @Test func whereTheFileIs() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "xdg/wavfft"), withIntermediateDirectories: true)
      try Data("--peaks=1".utf8).write(to: folder.appending(path: "xdg/wavfft/config"))
      try Data("--peaks=2".utf8).write(to: folder.appending(path: "named"))
      let xdg = ["XDG_CONFIG_HOME": folder.appending(path: "xdg").path]
      let first = try runAtHome([Self.file], in: folder, xdg)
      #expect(first.output.contains("--peaks=1 (from \(folder.path)/xdg/wavfft/config)"))
      let second = try runAtHome(
        [Self.file], in: folder, xdg.merging(["WAVFFT_CONFIG": "named"]) { $1 })
      #expect(second.output.contains("--peaks=2 (from named)"))
      let none = try runAtHome([Self.file], in: folder, xdg.merging(["WAVFFT_CONFIG": ""]) { $1 })
      #expect(!none.output.contains("Defaults"))
      // By the specification a relative folder counts as none.
      let relative = try runAtHome([Self.file], in: folder, ["XDG_CONFIG_HOME": "xdg"])
      #expect(!relative.output.contains("Defaults"))
      // A file that is named must be there; the usual one need not.
      let missing = try runAtHome([Self.file], in: folder, ["WAVFFT_CONFIG": "nowhere"])
      #expect(missing.status == 64)
      #expect(
        missing.error
          == "wavfft: nowhere: it cannot be read (No such file or directory); correct it, or pass --no-config\n"
      )
      #expect(try runAtHome([Self.file, "--report", "none"], in: folder).status == 0)
    }
  }

  /// The variables of the environment are bytes, such as those of names in Latin-1.
  @Test(arguments: [
    ("HOME=\"$bad\"", "$bad/.config/wavfft", "~/.config/wavfft/config"),
    ("XDG_CONFIG_HOME=\"$PWD/$bad\"", "$bad/wavfft", "/caf\\xE9/wavfft/config"),
    ("WAVFFT_CONFIG=\"$bad/config\"", "$bad", "caf\\xE9/config"),
  ])
  func pathsOfTheEnvironmentKeepTheirBytes(
    _ setting: String, _ place: String, _ name: String
  ) throws {
    try withFolder { folder in
      let result = try Program.shell(
        """
        bad=$(printf 'caf\\351'); mkdir -p "\(place)"; echo --peaks=1 > "\(place)/config"
        unset WAVFFT_CONFIG XDG_CONFIG_HOME; \(setting) wavfft '\(Self.file)'
        """, in: folder)
      #expect(result.status == 0, "\(result.error)")
      #expect(result.output.contains("Defaults     --peaks=1 (from "), "\(result.output)")
      #expect(result.output.contains("\(name))\n"), "\(result.output)")
    }
  }

  /// A default on recordings is left out where two folders have spectra alone.
  @Test func defaultsOnRecordingsAreNotForFoldersOfSpectra() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "s"), withIntermediateDirectories: false)
      #expect(try Program.run([Self.file, "--out", "s/a.csv"], in: folder).status == 0)
      let result = try run(
        ["compare", "--batch", "s", "s"], defaults: "--window=hann\n--rate=8000\n", in: folder)
      #expect(result.status == 0, "\(result.error)")
      #expect(!result.output.contains("Defaults"))
      let missing = try run(
        ["compare", "--batch", "s", "none"], defaults: "--window=hann\n", in: folder)
      #expect(missing.status == 66, "\(missing.error)")
    }
  }

  /// An error of the analysis says where an option is from that the user did not write.
  @Test func errorsNameTheOrigin() throws {
    try withFolder { folder in
      let result = try run([Self.file], defaults: "--start=1000", in: folder)
      #expect(result.status == 64 || result.status == 65)
      #expect(
        result.error.hasSuffix(
          "(--start=1000 is from ~/.config/wavfft/config, which --no-config ignores)\n"),
        "\(result.error)")
      let own = try runAtHome([Self.file, "--start", "1000"], in: folder)
      #expect(!own.error.contains("config"))
    }
  }

  /// A resumed batch sees a default as if it were on the command line.
  @Test func resumedBatchesSeeDefaults() throws {
    try withFolder { folder in
      try link("dc.wav", into: folder.appending(path: "in"))
      let call = ["batch", "in", "--out-dir", "out", "--format", "csv", "--report", "json"]
      _ = try run(call, defaults: "--window=hann", in: folder)
      let again = try runAtHome(
        call + ["--resume", "--no-config", "--window", "hann"], in: folder)
      #expect(try report(again)["skipped"] as? Int == 1)
      let changed = try run(call + ["--resume"], defaults: "--window=hamming", in: folder)
      #expect(try report(changed)["skipped"] as? Int == 0)
    }
  }
}
