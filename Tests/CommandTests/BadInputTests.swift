// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Bad input causes one clear line and the right status, and no output.
@Suite struct BadInputTests {
  private static let tone = pcm16((0..<2000).map { Int16(8000 * sin(0.3 * Double($0))) })

  /// Writes `data` as input.wav and runs the program with outputs in the same folder.
  ///
  /// Expects the status, one line that contains the words, and nothing new in the folder.
  private func expectRefusal(
    _ data: Data?, _ options: [String] = ["--parts", "2"], status: Int32, _ words: String
  ) throws {
    try withFolder { folder in
      try data?.write(to: folder.appending(path: "input.wav"))
      let before = try contents(folder)
      let result = try Program.run(
        ["input.wav", "--out", "out.svg", "--out", "out.csv"] + options, in: folder)
      #expect(result.status == status)
      #expect(result.error.contains(words), "\(result.error)")
      #expect(result.error.hasPrefix("wavfft: "))
      #expect(result.error.filter(\.isNewline).count == 1)
      #expect(result.output.isEmpty)
      #expect(try contents(folder) == before)
    }
  }

  @Test func missingFile() throws {
    try expectRefusal(nil, status: 66, "input.wav cannot be read: No such file")
  }

  @Test func folderInPlaceOfAFile() throws {
    try withFolder { folder in
      let result = try Program.run([folder.path, "--parts", "2"])
      #expect(result.status == 66)
      #expect(result.error.contains("is a folder"))
    }
  }

  @Test func emptyFile() throws { try expectRefusal(Data(), status: 65, "is empty") }

  @Test func textNamedWav() throws {
    try expectRefusal(Data("This is not audio.\n".utf8), status: 65, "not audio that libsndfile")
  }

  @Test func headerWithoutSamples() throws {
    try expectRefusal(wav(Data()), status: 65, "holds no samples")
  }

  @Test func halfAHeader() throws {
    try expectRefusal(wav(Self.tone).prefix(30), status: 65, "not audio")
  }

  @Test func truncatedSamples() throws {
    let file = wav(Self.tone, promisedBytes: 100_000)
    try expectRefusal(file, status: 65, "its header promises 100044 bytes and it has 4044")
    // The intact part can still be analysed.
    try withFolder { folder in
      try file.write(to: folder.appending(path: "input.wav"))
      let result = try Program.run(["input.wav", "--duration", "0.25"], in: folder)
      #expect(result.status == 0)
    }
  }

  @Test func truncatedFLAC() throws {
    let whole = try Data(contentsOf: URL(filePath: Program.fixture("noise-16bit.flac")))
    try expectRefusal(whole.prefix(whole.count / 2), status: 65, "truncated or damaged")
  }

  @Test func aLengthBeyondAllMemory() throws {
    try expectRefusal(
      wav(Self.tone), ["--length", "1000000000000"], status: 71, "GB are needed")
  }

  @Test func truncatedAU() throws {
    var file = Data(".snd".utf8) + Data([0, 0, 0, 24, 0, 0, 0x40, 0, 0, 0, 0, 3])
    file += Data([0, 0, 0x1f, 0x40, 0, 0, 0, 1]) + Self.tone
    try expectRefusal(file, status: 65, "is truncated")
  }

  @Test func aPipedHeaderLeavesTheLengthOpen() throws {
    try withFolder { folder in
      let file = wav(Self.tone, promisedBytes: 0xffff_ffff)
      try file.write(to: folder.appending(path: "input.wav"))
      let result = try Program.run(["input.wav"], in: folder)
      #expect(result.status == 0)
      #expect(result.output.contains("2,000 used"))
    }
  }

  @Test func zeroChannels() throws {
    try expectRefusal(wav(Self.tone, channels: 0), status: 65, "channel count is zero")
  }

  @Test func zeroRate() throws {
    try expectRefusal(wav(Self.tone, rate: 0), status: 65, "no valid sampling rate")
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func samplesThatAreNoNumbers(value: Float) throws {
    var samples = [Float](repeating: 0.1, count: 3000)
    samples[1234] = value
    let file = wav(pcmFloat(samples), format: 3, bits: 32)
    try expectRefusal(file, status: 65, "input.wav: frame 1234 is \(value)")
    try expectRefusal(file, [], status: 65, "frame 1234")
    try expectRefusal(file, ["--start", "0.125"], status: 65, "frame 1234")
  }

  @Test func samplesTooLargeForSinglePrecision() throws {
    let file = wav(pcmFloat([Float](repeating: 3e38, count: 3000)), format: 3, bits: 32)
    try expectRefusal(file, ["--precision", "single"], status: 65, "--precision double")
  }

  @Test(arguments: ["0", "-1", "4097", "eight"]) func partsOutOfRange(parts: String) throws {
    try expectRefusal(wav(Self.tone), ["--parts=\(parts)"], status: 64, "--parts")
  }

  @Test func morePartsThanSamples() throws {
    try expectRefusal(
      wav(Self.tone), ["--parts", "2001"], status: 64,
      "--parts 2001 is more than the 2000 samples of input.wav")
  }

  @Test func bandOutsideTheFile() throws {
    try expectRefusal(
      wav(Self.tone), ["--band", "4000:5000"], status: 64,
      "8000 Hz shows nothing above 4000 Hz")
    try expectRefusal(
      wav(Self.tone), ["--parts", "8", "--band", "500:1000"], status: 64,
      "8 parts show nothing above 500 Hz")
  }

  @Test func bandBetweenTwoBins() throws {
    try expectRefusal(
      wav(Self.tone), ["--band", "100.5:101"], status: 64, "bins are 4 Hz apart; widen the band")
  }

  @Test(arguments: ["100:50", "100", "a:b", "50:50", "nan:50", "1:inf", "0:1e308", "-5:100"])
  func bandThatIsNone(band: String) throws {
    try expectRefusal(wav(Self.tone), ["--band", band], status: 64, "Write LOW:HIGH in Hz")
  }

  @Test func bandThatBeginsNextToNothing() throws {
    for low in ["1e-320", "1e-300", "4.9e-324", "9e-13"] {
      try expectRefusal(
        wav(Self.tone), ["--band", "\(low):100"], status: 64, "choose 0, or at least 1e-12 Hz")
    }
    try withFolder { folder in
      try wav(Self.tone).write(to: folder.appending(path: "input.wav"))
      for band in ["1e-12:100", "0:1e-3", "0:100"] {
        let result = try Program.run(
          ["input.wav", "--band", band, "--length", "16000000", "--out", "x.svg"], in: folder)
        #expect(result.status == 0, "\(band): \(result.error)")
      }
    }
  }

  @Test(arguments: [
    ("--memory", "0", "a number of bytes above 0"),
    ("--memory", "0.4", "a number of bytes above 0"),
    ("--memory", "nan", "a number of bytes above 0"),
    ("--memory", "5X", "a number of bytes above 0"),
    ("--memory", "1e30T", "a number of bytes above 0"), ("--scratch-dir", "", "name a folder"),
    ("--scratch-dir", "nowhere", "No such file or directory; name a folder"),
    ("--scratch-dir", "input.wav", "Not a directory; name a folder"),
  ])
  func memoryAndFoldersThatCannotBe(option: String, value: String, words: String) throws {
    try expectRefusal(wav(Self.tone), [option, value], status: 64, words)
    try withFolder { folder in
      try wav(Self.tone).write(to: folder.appending(path: "input.wav"))
      let result = try Program.run(
        ["batch", "input.wav", "--out-dir", "out", option, value], in: folder)
      #expect(result.status == 64)
      #expect(result.error.contains(words), "\(result.error)")
      #expect(try contents(folder) == ["input.wav"])
    }
  }

  @Test func negativeNumbersAreNotMissingValues() throws {
    for option in [
      "parts", "points", "length", "peaks", "workers", "stall-timeout", "channel", "memory",
    ] {
      try expectRefusal(wav(Self.tone), ["--\(option)", "-3"], status: 64, option)
      try withFolder { folder in
        let result = try Program.run(["x.wav", "--\(option)", "-3"], in: folder)
        #expect(!result.error.contains("Missing value"), "\(result.error)")
      }
    }
  }

  @Test func referencesWithImpossibleFrames() throws {
    try withFolder { folder in
      try wav(Self.tone).write(to: folder.appending(path: "input.wav"))
      #expect(try Program.run(["input.wav", "--out", "x.json"], in: folder).status == 0)
      let url = folder.appending(path: "x.json")
      let good = try String(contentsOf: url, encoding: .utf8)
      for (name, value) in [("start_frame", "0"), ("selected_frames", "2000"), ("frames", "2000")] {
        for huge in ["9223372036854775807", "4611686018427387904", "-1"] {
          let bad = good.replacing("\"\(name)\" : \(value)", with: "\"\(name)\" : \(huge)")
          #expect(bad != good)
          try Data(bad.utf8).write(to: url)
          let result = try Program.run(["compare", "input.wav", "x.json"], in: folder)
          #expect(result.status == 65, "\(name) \(huge): \(result.error)")
          #expect(result.error.contains("what cannot be"))
        }
      }
    }
  }

  @Test func outputInNoFolder() throws {
    try expectRefusal(
      wav(Self.tone), ["--out", "none/x.svg"], status: 73, "could not write none/x.svg")
  }

  @Test(arguments: ["x.gif", "x", "svg", "a.b/c"]) func outputOfUnknownKind(name: String) throws {
    try expectRefusal(wav(Self.tone), ["--out", name], status: 64, "no known extension")
  }

  @Test func outputOverTheInput() throws {
    try withFolder { folder in
      let file = wav(Self.tone)
      try file.write(to: folder.appending(path: "music.csv"))
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending(path: "link.csv").path, withDestinationPath: "music.csv")
      for name in ["music.csv", "link.csv"] {
        let result = try Program.run(["music.csv", "--out", name], in: folder)
        #expect(result.status == 73)
        #expect(result.error.contains("is the input itself"))
      }
      #expect(try Data(contentsOf: folder.appending(path: "music.csv")) == file)
    }
  }

  @Test func anOldOutputSurvivesAFailure() throws {
    try withFolder { folder in
      try wav(Self.tone, promisedBytes: 99999).write(to: folder.appending(path: "input.wav"))
      let old = folder.appending(path: "out.csv")
      try Data("old".utf8).write(to: old)
      #expect(try Program.run(["input.wav", "--out", "out.csv"], in: folder).status == 65)
      #expect(try Data(contentsOf: old) == Data("old".utf8))
    }
  }

  @Test func aWindowOfNothing() throws {
    try expectRefusal(
      wav(pcm16([100])), ["--window", "hann"], status: 64, "choose rectangular")
  }

  @Test func unknownChannelAndStart() throws {
    try expectRefusal(wav(Self.tone), ["--channel", "2"], status: 64, "no channel 2")
    try expectRefusal(wav(Self.tone), ["--start", "9"], status: 64, "behind the end")
    try expectRefusal(wav(Self.tone), ["--workers", "0"], status: 64, "from 1 to 256")
    try expectRefusal(wav(Self.tone), ["--length", "999"], status: 64, "--length 999 is shorter")
  }
}
