// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Sentences for misspelt options, values, formats and commands.
struct SuggestionTests {
  private static let file = Program.fixture("dc.wav")

  @Test(arguments: [
    (["--metod", "welch"], "Unknown option '--metod'. Did you mean '--method'?"),
    // Nothing is missing: what is there has another name.
    (["batch", "in", "--outdir", "x"], "Unknown option '--outdir'. Did you mean '--out-dir'?"),
    (["compare", "a", "b", "--tolerence-db", "1"], "Did you mean '--tolerance-db'?"),
    (["--out-dir", "x"], "Unknown option '--out-dir'. It goes with wavfft batch."),
    (["--titel=--method"], "Unknown option '--titel'. Did you mean '--title'?"),
    (["--methdo=welch"], "Unknown option '--methdo'. Did you mean '--method'?"),
    // The value of an option is no option.
    (
      ["--segment", "--oops", "--sgment", "2"],
      "Unknown option '--sgment'. Did you mean '--segment'?"
    ),
    (["--zzzzzz"], "Unknown option '--zzzzzz' (see wavfft --help)"),
  ])
  func options(_ arguments: [String], _ sentence: String) throws {
    try expectSentence(arguments, sentence)
  }

  @Test(arguments: [
    (["--method", "wlech"], "Did you mean welch? Choose exact, decimated, welch or spectrogram."),
    // Exchanged characters are one mistake.
    (["--method", "wlehc"], "Did you mean welch?"),
    // hamming is nearer by characters.
    (["--window", "hanning"], "Did you mean hann? Choose rectangular, hann, hamming,"),
    (["--window", "blackman"], "Did you mean blackman-harris?"),
    (["--bands", "3rd-octave"], "Did you mean third-octave?"),
    (["--weighting", "a"], "Did you mean A? Choose A or C."),
    (["--theme", "drak"], "Did you mean dark?"),
    (["--theme", "solarized"], "is invalid for '--theme'. Choose auto, light, dark or print."),
    (
      ["--out", "-", "--format", "cvs"],
      "Did you mean csv? Choose csv, json, npy, svg, png, pdf or html."
    ),
    (["--channel", "rigth"], "Did you mean right? Choose mix, left, right, each"),
    (["--length", "fats"], "Did you mean fast?"),
    (["--points", "al"], "Did you mean all?"),
    (["--band", "ful"], "Did you mean full?"),
  ])
  func values(_ arguments: [String], _ sentence: String) throws {
    try expectSentence(arguments, sentence)
  }

  @Test func misspeltCommands() throws {
    try expectSentence(["docter"], "Did you mean wavfft doctor?")
    try expectSentence(["batch-merg", "x"], "Did you mean wavfft batch-merge?")
  }

  @Test func formats() throws {
    // A format that is read, and none that is written.
    try expectSentence(["--out", "x.wav"], "--out x.wav has no known extension; choose csv")
    try expectSentence(["--out", "x.svgg"], "no known extension (did you mean .svg?); choose csv")
    try expectSentence(["--out", "x.jsn"], "(did you mean .json?)")
    try expectSentence(["--out", "x.docx"], "--out x.docx has no known extension; choose csv")
    let other = Program.fixture("silence.wav")
    try expectSentence(
      ["overlay", other, Self.file, "--out", "x.pgn"], "(did you mean .png?); choose")
    try expectSentence(
      ["compare", other, Self.file, "--out", "x.htlm"],
      ".svg, .png, .pdf or .html (did you mean .html?).")
    try expectSentence(
      ["batch", "in", "--out-dir", "out", "--format", "svg,cvs"], "Did you mean csv? Choose among")
  }

  @Test func commands() throws {
    let result = try Program.run(["bacth", "recordings", "--out-dir", "out"])
    #expect(result.status == 64)
    #expect(
      result.error
        == "wavfft: There is no command or file bacth. Did you mean wavfft batch? (see wavfft --help)\n"
    )
    // A file of that name is a file.
    try withFolder { folder in
      try "no audio".write(to: folder.appending(path: "bacth"), atomically: true, encoding: .utf8)
      let result = try Program.run(["bacth", "recordings"], in: folder)
      #expect(result.error.contains("Unexpected argument 'recordings'"))
    }
  }

  @Test func severalRecordings() throws {
    try withFolder { folder in
      for name in ["a.wav", "b's.wav", "c.wav"] {
        try wav(pcm16([0, 1, 0, -1])).write(to: folder.appending(path: name))
      }
      for words in [["a.wav", "b's.wav"], ["a.wav", "b's.wav", "c.wav"]] {
        let result = try Program.run(words, in: folder)
        #expect(result.status == 64)
        #expect(
          result.error
            == "wavfft: b's.wav is one more recording than wavfft analyses at once; wavfft batch analyses several, "
            + "wavfft overlay shows several in one figure (see wavfft --help)\n")
      }
      // What is no file is no recording.
      let other = try Program.run(["a.wav", "44100"], in: folder)
      #expect(other.error.contains("Unexpected argument '44100'"), "\(other.error)")
      let whole = try Program.run(["."], in: folder)
      #expect(whole.status == 66)
      #expect(whole.error.contains("or analyse all of them with wavfft batch"), "\(whole.error)")
    }
  }

  /// Times that are no number of seconds.
  @Test(arguments: [
    (["--start", "1:30"], "Write a number of seconds, here 90. "),
    (["--start", "1:02:03.5"], "here 3723.5. "), (["--duration", "250ms"], "here 0.25. "),
    (["--duration", "2 min"], "here 120. "), (["--start", "1:75"], "such as 2.5. "),
    (["--start", "soon"], "Write a number of seconds, such as 2.5. "),
    (["--method", "welch", "--segment", "10ms"], "or a duration in seconds, here 0.01s. "),
    (["--method", "welch", "--segment", "1:00"], "here 60s. "),
    (["--method", "welch", "--segment", "long"], "or a duration in seconds such as 0.5s. "),
  ])
  func times(_ arguments: [String], _ sentence: String) throws {
    try expectSentence(arguments, sentence)
  }

  /// Numbers in sentences are as they were typed.
  @Test(arguments: [
    (["--start", "-5"], "--start is -5;"), (["--duration", "0"], "--duration is 0;"),
    (["--a4", "100"], "--a4 is 100;"), (["--stall-timeout", "0"], "--stall-timeout is 0;"),
    (["--method", "welch", "--segment", "100s"], "--segment 100s makes segments of"),
    (["--length", "10"], "--length 10 is shorter than the"),
  ])
  func numbers(_ arguments: [String], _ sentence: String) throws {
    try expectSentence(arguments, sentence)
  }

  private func expectSentence(_ arguments: [String], _ sentence: String) throws {
    let isAnalysis = arguments[0].hasPrefix("--")
    let result = try Program.run(isAnalysis ? [Self.file] + arguments : arguments)
    #expect(result.status == 64)
    #expect(result.error.contains(sentence), "\(arguments): \(result.error)")
    #expect(result.error.split(separator: "\n").count == 1)
    #expect(result.output.isEmpty)
  }
}
