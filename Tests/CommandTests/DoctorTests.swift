// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// `wavfft doctor`: what it finds here, and where something is made to fail.
struct DoctorTests {
  private struct Document: Decodable {
    struct Finding: Decodable {
      let name: String
      let state: String
      let text: String
      let remedy: String?
    }

    struct Library: Decodable {
      let name: String
      let version: String?
    }

    let schema: String
    let works: Bool
    let findings: [Finding]
    let libraries: [Library]

    subscript(name: String) -> Finding? { findings.first { $0.name == name } }
  }

  private func document(_ result: Program.Result) throws -> Document {
    #expect(result.error.isEmpty)
    return try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
  }

  @Test func thisMachineWorks() throws {
    let result = try Program.run(["doctor", "--json"])
    #expect(result.status == 0)
    let found = try document(result)
    #expect(found.schema == "wavfft-doctor/1")
    #expect(found.works)
    #expect(
      found.findings.map(\.name) == [
        "Processors", "Memory", "Shared memory", "Workers", "Scratch disk", "Limits", "Transforms",
        "Images", "Scripts", "Terminal", "Defaults",
      ])
    #expect(found["Workers"]?.state == "ok")
    #expect(found.libraries.map(\.name) == ["FFTW", "libsndfile", "libpng", "cairo", "pango"])
    let text = try Program.run(["doctor"])
    #expect(text.status == 0)
    #expect(
      text.output.contains("\n  ok       Workers        can be started, and their locks survive"))
    #expect(text.output.contains("wavfft can work here"))
    // Every finding that is not ok says what to do.
    for finding in found.findings where finding.state != "ok" { #expect(finding.remedy != nil) }
  }

  @Test func troubleIsFound() throws {
    try withFolder { folder in
      // No kind of shared memory can be had.
      let result = try Program.run(after: "ulimit -f 0;", ["doctor", "--json"], in: folder)
      #expect(result.status == 1)
      let found = try document(result)
      #expect(!found.works)
      #expect(found["Shared memory"]?.state == "trouble")
      #expect(
        found["Shared memory"]?.text.contains("raise the limit on file sizes (ulimit -f)") == true)
      #expect(found["File size"]?.state == "warning")
      let text = try Program.run(after: "ulimit -f 0;", ["doctor"], in: folder)
      #expect(text.output.contains("\n  trouble  Shared memory"))
      #expect(text.output.hasSuffix("wavfft cannot work here before the trouble is mended.\n"))
    }
  }

  @Test func warningsAreFound() throws {
    try withFolder { folder in
      let limited = try document(
        try Program.run(
          after: "ulimit -v 4000000; ulimit -n 40;", ["doctor", "--json"], in: folder))
      #expect(limited["Address space"]?.text == "limited to 4.1 GB")
      // Tests that run beside this one may have left some open.
      #expect(limited["Open files"]?.text.hasPrefix("limited to 40, 3") == true)
      #expect(
        limited["Open files"]?.text.hasSuffix(
          " of them free; a run takes 7, with outputs up to 12 or more")
          == true)
      #expect(limited["Limits"] == nil)
      let scratch = try document(
        try Program.run(["doctor", "--json"], environment: ["TMPDIR": "/proc"]))
      #expect(scratch["Scratch disk"]?.state == "warning")
      #expect(
        scratch["Scratch disk"]?.text.contains("set TMPDIR to a folder that you may write to")
          == true)
      #expect(scratch.works)
      try Data("<fontconfig></fontconfig>".utf8).write(to: folder.appending(path: "fonts.conf"))
      let images = try document(
        try Program.run(
          ["doctor", "--json"],
          environment: ["FONTCONFIG_FILE": folder.appending(path: "fonts.conf").path]))
      #expect(images["Images"]?.state == "warning")
      #expect(images["Images"]?.text.contains("no font can be found") == true)
    }
  }

  @Test func affinityIsSeen() throws {
    let found = try document(
      try Program.shell("taskset -c 0 wavfft doctor --json", in: URL(filePath: "/tmp")))
    #expect(found["Processors"]?.text.hasPrefix("1 of ") == true)
  }

  static let canMount =
    (try? Program.shell("unshare -rm mount -t tmpfs none /mnt", in: URL(filePath: "/tmp")))?.status
    == 0

  @Test(.enabled(if: canMount)) func smallSharedMemoryIsSeen() throws {
    let found = try document(
      try Program.shell(
        "unshare -rm sh -c 'mount -t tmpfs -o size=64k none /dev/shm && wavfft doctor --json'",
        in: URL(filePath: "/tmp")))
    #expect(found["Shared memory"]?.state == "warning")
    #expect(found["Shared memory"]?.text.contains("memory files take its place") == true)
    #expect(found.works)
  }

  @Test(.enabled(if: canMount)) func sharedMemoryThatCannotBeWrittenToIsSeen() throws {
    for (mount, words, remedy) in [
      ("-t tmpfs -o ro none /dev/shm", "/dev/shm is read-only", "mount -o remount,rw /dev/shm"),
      ("-t tmpfs -o ro none /dev", "there is no /dev/shm", "mount -t tmpfs tmpfs /dev/shm"),
    ] {
      let found = try document(
        try Program.shell(
          "exec unshare -rm sh -c 'mount \(mount); exec wavfft doctor --json'",
          in: URL(filePath: "/tmp")))
      let finding = try #require(found["Shared memory"])
      #expect(finding.state == "warning")
      #expect(finding.text == "\(words); memory files take its place")
      #expect(
        finding.remedy?.contains(remedy) == true && finding.remedy?.contains("docker") == false)
      #expect(found.works)
    }
  }

  /// Swift's runtime reads arguments there.
  @Test(.enabled(if: canMount)) func withoutProcessesInAFolderEverythingWorks() throws {
    try withFolder { folder in
      let bach = Program.fixture("bach.wav")
      let result = try Program.shell(
        """
        wavfft '\(bach)' --report none --out a.csv
        exec unshare -rm sh -c 'mount -t tmpfs none /proc; wavfft doctor --json
        wavfft "\(bach)" --report none --out b.csv --out b.png --out b.svg && cmp a.csv b.csv && echo >&2 same'
        """, in: folder)
      #expect(result.error == "same\n")
      let found = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
      #expect(found.works)
      #expect(found["Memory"]?.text.contains("without /proc") == true)
      #expect(found["Memory"]?.remedy?.contains("mount -t proc proc /proc") == true)
      #expect(try contents(folder) == ["a.csv", "b.csv", "b.png", "b.svg"])
      // What cannot be had without it says so.
      for command in ["wavfft - < \(bach)", "wavfft \(Program.fixture("noise-24bit.flac"))"] {
        let result = try Program.shell(
          "exec unshare -rm sh -c 'mount -t tmpfs none /proc; \(command)'", in: folder)
        #expect(result.status == 71)
        #expect(result.error.contains("mount /proc (mount -t proc proc /proc)"), "\(result.error)")
      }
    }
  }

  /// The doctor finds trouble if and only if a plain analysis has no descriptors.
  @Test func tooFewDescriptorsAreTrouble() throws {
    try withFolder { folder in
      let bach = Program.fixture("bach.wav")
      let usual = try document(try Program.run(["doctor", "--json"], in: folder))
      for limit in 5...18 {
        let limited = "ulimit -n \(limit);"
        let run = try Program.run(after: limited, [bach], in: folder)
        let found = try document(
          try Program.run(after: "ulimit -n \(limit);", ["doctor", "--json"], in: folder))
        #expect(found.works == (run.status == 0), "\(limit): \(run.error)")
        let finding = try #require(found["Open files"])
        #expect(finding.state == (found.works ? "warning" : "trouble"))
        #expect(finding.remedy?.hasPrefix("Raise it (ulimit -n 1024)") == true)
        let runs = try [
          [bach, "--out", "x.csv"], [bach, "--out", "x.png"], [bach, "--out", "x.html"],
          [Program.fixture("noise-16bit.flac")],
          ["batch", bach, "--out-dir", "o", "--workers", "2", "--force"],
        ].map { try Program.run(after: limited, $0, in: folder).status }
        // Where one of them fails, the remedy says what; it may promise too little.
        if runs.contains(where: { $0 != 0 }), found.works {
          #expect(finding.remedy?.contains("outputs (--out), compressed recordings") == true)
        }
        // Whatever it costs, no other limit is blamed, and no package but those that are missing anyway.
        for finding in found.findings where finding.remedy != usual[finding.name]?.remedy {
          let words = finding.text + (finding.remedy ?? "")
          #expect(!words.contains("ulimit -u") && !words.contains("Debian"), "\(limit): \(words)")
        }
      }
    }
  }

  /// The doctor finds trouble where even a recording of 8,000 samples fails.
  @Test func tooLittleAddressSpaceIsTrouble() throws {
    try withFolder { folder in
      let sine = Program.fixture("sine-on-bin.wav")
      var states: Set<String> = []
      for limit in stride(from: 60_000, through: 140_000, by: 8000) {
        let limited = "ulimit -v \(limit);"
        let result = try Program.run(after: limited, ["doctor", "--json"], in: folder)
        // With less the libraries cannot be loaded.
        guard !result.output.isEmpty else { continue }
        let memory = try #require(try document(result)["Memory"])
        states.insert(memory.state)
        let run = try Program.run(after: limited, [sine, "--report", "none"], in: folder)
        let number = try #require(memory.text.prefixMatch(of: /([0-9.]+) MB/)?.1)
        // What the doctor itself takes is between the two.
        guard let available = Double(number), abs(available - 25) > 1 else { continue }
        #expect((memory.state == "trouble") == (run.status != 0), "\(memory.text): \(run.error)")
        if memory.state == "trouble" {
          #expect(memory.remedy == "Raise it (ulimit -v unlimited); --memory does not help.")
        }
      }
      #expect(states == ["trouble", "warning"])
    }
  }

  /// The examination is there for a wrong file of defaults, too.
  @Test func defaultsAreExamined() throws {
    try withFolder { folder in
      func defaults(_ text: String, _ arguments: [String] = []) throws -> (Program.Result, Document)
      {
        try Data(text.utf8).write(to: folder.appending(path: "config"))
        let result = try Program.run(
          ["doctor", "--json"] + arguments, in: folder, environment: ["WAVFFT_CONFIG": "config"])
        return (result, try document(result))
      }
      let (_, good) = try defaults("--theme=dark\n--a4=442\n")
      #expect(good["Defaults"]?.state == "ok")
      #expect(good["Defaults"]?.text == "config, 2 options")
      for (text, state, words) in [
        ("--thme=dark", "trouble", "config, line 1: --thme is no option; did you mean --theme?"),
        ("--a4=442\n--theme=drak", "trouble", "config, line 2: The value 'drak' is invalid"),
        ("[batch]\n--retries=99", "warning", "config, line 2: --retries is 99; choose"),
        ("--color=purple", "trouble", "config, line 1: The value 'purple' is invalid"),
      ] {
        let (result, found) = try defaults(text)
        #expect(found["Defaults"]?.state == state, "\(text)")
        #expect(
          found["Defaults"]?.text.hasPrefix(words) == true, "\(found["Defaults"]?.text ?? "")")
        #expect(found["Defaults"]?.remedy == "Correct it, or pass --no-config.")
        #expect(found["Transforms"] != nil)
        #expect(result.status == (state == "trouble" ? 1 : 0))
      }
      let (ignored, found) = try defaults("--thme=dark", ["--no-config"])
      #expect(ignored.status == 0)
      #expect(found["Defaults"]?.text == "ignored (--no-config)")
    }
  }

  @Test func aLimitOnFileSizesIsTheCause() throws {
    try withFolder { folder in
      let found = try document(
        try Program.run(after: "ulimit -f 100;", ["doctor", "--json"], in: folder))
      for name in ["Shared memory", "Scratch disk"] {
        let words = try #require(found[name]?.text)
        #expect(words.contains("File too large; raise the limit on file sizes (ulimit -f)"))
        #expect(!words.contains("TMPDIR"), "\(words)")
      }
    }
  }

  /// The program has a stack of its own where the limit is low.
  @Test(arguments: [64, 128, 512]) func smallStacksAreEnough(kilobytes: Int) throws {
    try withFolder { folder in
      let limit = "ulimit -s \(kilobytes);"
      let found = try document(try Program.run(after: limit, ["doctor", "--json"], in: folder))
      #expect(found.works)
      #expect(found["Limits"]?.state == "ok")
      let file = Program.fixture("noise-16bit.wav")
      let run = try Program.run(
        after: limit, [file, "--out", "x.png", "--out", "x.html", "--out", "x.pdf"], in: folder)
      #expect(run.status == 0, "\(run.error)")
      let batch = try Program.run(
        after: limit, ["batch", file, "--out-dir", "o", "--workers", "2"], in: folder)
      #expect(batch.status == 0, "\(batch.error)")
      let comparison = try Program.run(after: limit, ["compare", file, file], in: folder)
      #expect(comparison.status == 0, "\(comparison.error)")
    }
  }

  @Test func charactersOfTheTerminalAreSeen() throws {
    func terminal(_ locale: String) throws -> String {
      try Program.run(onTerminal: 120, ["doctor"], environment: ["LC_ALL": locale]).output
    }
    #expect(
      try terminal("C").contains("warning  Terminal       120 cells wide; the locale is not UTF-8"))
    #expect(try terminal("C.UTF-8").contains("ok       Terminal       120 cells wide, UTF-8\n"))
  }

  @Test func statesHaveColours() throws {
    let text = try Program.run(
      onTerminal: 120, ["doctor"], environment: ["NO_COLOR": "", "TERM": "xterm", "LC_ALL": "C"]
    ).output
    #expect(text.contains("\u{1b}[32mok\u{1b}[0m       Workers"))
    #expect(text.contains("\u{1b}[33mwarning\u{1b}[0m  Terminal"))
  }
}
