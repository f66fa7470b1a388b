// SPDX-License-Identifier: GPL-2.0-or-later

import CSndfile
import Foundation
import Testing

/// Truncated recordings: refused by default, analysed with --salvage, and reported in both cases.
@Suite struct SalvageTests {
  /// Writes noise of one channel in a format of libsndfile, cut to a share of its length.
  private func write(
    _ name: String, _ format: Int, frames: Int = 48_000, share: Double, in folder: URL
  ) throws -> Bool {
    var info = SF_INFO()
    info.samplerate = 48000
    info.channels = 1
    info.format = Int32(format)
    let path = folder.appending(path: name)
    guard let handle = sf_open(path.path, Int32(SFM_WRITE), &info) else { return false }
    var state: UInt64 = 7
    let samples = (0..<frames).map { _ -> Int16 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int16(truncatingIfNeeded: Int64(bitPattern: state) >> 50)
    }
    #expect(sf_writef_short(handle, samples, sf_count_t(frames)) == frames)
    sf_close(handle)
    let data = try Data(contentsOf: path)
    try data.prefix(Int(Double(data.count) * share)).write(to: path)
    return true
  }

  @Test(arguments: [
    ("x.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16), ("x.w64", SF_FORMAT_W64 | SF_FORMAT_PCM_24),
    ("x.caf", SF_FORMAT_CAF | SF_FORMAT_PCM_16), ("x.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16),
    ("x.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16), ("x.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS),
    ("x.opus", SF_FORMAT_OGG | SF_FORMAT_OPUS), ("x.ulaw.wav", SF_FORMAT_WAV | SF_FORMAT_ULAW),
  ])
  func theRestOfATruncatedRecordingIsAnalysed(name: String, format: Int) throws {
    try withFolder { folder in
      // Pages of Ogg are long.
      let isOgg = name.hasSuffix(".ogg") || name.hasSuffix(".opus")
      let whole = isOgg ? 480_000 : 48_000
      guard try write(name, format, frames: whole, share: 0.55, in: folder) else { return }
      let refusal = try Program.run([name], in: folder)
      #expect(refusal.status == 65)
      #expect(refusal.error.contains("--salvage"), "\(refusal.error)")
      #expect(refusal.output.isEmpty)

      let salvaged = try Program.run([name, "--salvage", "--out", "a.csv"], in: folder)
      #expect(salvaged.status == 0, "\(salvaged.error)")
      #expect(salvaged.output.contains("truncated: "))
      let report = try Program.run([name, "--salvage", "--report", "json"], in: folder)
      let document =
        try JSONSerialization.jsonObject(with: Data(report.output.utf8)) as? [String: Any]
      let input = try #require(document?["input"] as? [String: Any])
      let frames = try #require(input["frames"] as? Int)
      #expect(input["is_truncated"] as? Bool == true)
      #expect((whole / 6..<whole / 10 * 9).contains(frames))
      if isOgg {
        #expect(salvaged.output.contains("how much is missing is not known"))
      } else if !name.contains("ulaw") {
        // A chunk after the samples counts as samples.
        let missing = try #require(input["missing_frames"] as? Int)
        #expect((48_000...48_100).contains(frames + missing))
        #expect(salvaged.output.contains("of 1.00 s are missing"))
      }
      // A part that is complete needs no --salvage, and has the same spectrum.
      let seconds = Double(frames) / 48000
      let part = try Program.run(
        [name, "--duration", "\(seconds)", "--out", "b.csv"], in: folder)
      #expect(part.status == 0, "\(part.error)")
      #expect(!part.output.contains("truncated"))
      #expect(
        try Data(contentsOf: folder.appending(path: "a.csv"))
          == Data(contentsOf: folder.appending(path: "b.csv")))
      // A salvaged part that ends before the truncation lacks nothing.
      let half = try Program.run([name, "--salvage", "--duration", "0.05"], in: folder)
      #expect(half.status == 0)
      #expect(!half.output.contains("truncated"))
    }
  }

  /// libsndfile skips a damaged page and continues after it.
  @Test(arguments: [("x.ogg", SF_FORMAT_VORBIS), ("x.opus", SF_FORMAT_OPUS)])
  func anOggFileIsSalvagedUpToItsDamage(name: String, coding: Int) throws {
    try withFolder { folder in
      let format = SF_FORMAT_OGG | coding
      guard try write(name, format, frames: 480_000, share: 1, in: folder) else { return }
      let path = folder.appending(path: name)
      let whole = try Data(contentsOf: path)
      var damaged = whole
      damaged[damaged.count / 2] ^= 1
      let start = try #require(
        whole.range(
          of: Data("OggS".utf8), options: .backwards, in: 0..<whole.count / 2)
      ).lowerBound
      for (data, report) in [(damaged, "b.csv"), (Data(whole.prefix(start)), "a.csv")] {
        try data.write(to: path)
        let result = try Program.run([name, "--salvage", "--out", report], in: folder)
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.contains("truncated: "))
      }
      #expect(
        try Data(contentsOf: folder.appending(path: "a.csv"))
          == Data(contentsOf: folder.appending(path: "b.csv")))
      try damaged.write(to: path)
      let refusal = try Program.run([name], in: folder)
      #expect(refusal.status == 65)
      #expect(refusal.error.contains("; analyse what is there with --salvage"))
      let report = try Program.run([name, "--salvage", "--report", "json"], in: folder)
      let document =
        try JSONSerialization.jsonObject(with: Data(report.output.utf8)) as? [String: Any]
      let input = try #require(document?["input"] as? [String: Any])
      let (frames, missing) = (input["frames"] as? Int, input["missing_frames"] as? Int)
      #expect(frames.flatMap { frames in missing.map { frames + $0 } } == 480_000)
      // A tag after the last page is not damage.
      try (whole + Data("TAG and more".utf8)).write(to: path)
      let tagged = try Program.run([name, "--salvage"], in: folder)
      #expect(tagged.status == 0)
      #expect(!tagged.output.contains("truncated"))
    }
  }

  /// Longer than a block of the decoder: workers seek beyond the end.
  @Test func theErrorForALongTruncatedFileNamesSalvage() throws {
    try withFolder { folder in
      let flac = SF_FORMAT_FLAC | SF_FORMAT_PCM_16
      #expect(try write("x.flac", flac, frames: 1_200_000, share: 0.5, in: folder))
      let refusal = try Program.run(["x.flac"], in: folder)
      #expect(refusal.status == 65)
      #expect(refusal.error.contains("; analyse what is there with --salvage"), "\(refusal.error)")
      #expect(try Program.run(["x.flac", "--salvage"], in: folder).status == 0)
    }
  }

  @Test func shortLossesAreCountedInFrames() throws {
    try withFolder { folder in
      let wav = SF_FORMAT_WAV | SF_FORMAT_PCM_16
      #expect(try write("x.wav", wav, share: 1, in: folder))
      let path = folder.appending(path: "x.wav")
      let data = try Data(contentsOf: path)
      for (bytes, words) in [
        (2, "the last frame of 48,000 is missing (0.00208 %)"),
        (200, "the last 100 of 48,000 frames are missing (0.208 %)"),
        (960, "the last 0.01 of 1.00 s are missing (1 %)"),
      ] {
        try data.dropLast(bytes).write(to: path)
        let result = try Program.run(["x.wav", "--salvage"], in: folder)
        #expect(result.output.contains("truncated: \(words)"), "\(result.output)")
      }
      try data.dropLast(14).write(to: path)
      let late = try Program.run(["x.wav", "--salvage", "--start", "7"], in: folder)
      #expect(
        late.error.contains("--start 7 is behind the end of x.wav, which is 0.999854 s long"))
    }
  }

  @Test func wholeRecordingsLackNothing() throws {
    for name in ["bach.wav", "noise-24bit.flac"] {
      let plain = try Program.run([Program.fixture(name)])
      let salvaged = try Program.run([Program.fixture(name), "--salvage"])
      #expect(plain.output == salvaged.output)
    }
  }

  @Test func batchesSayPartial() throws {
    try withFolder { folder in
      let inputs = folder.appending(path: "in")
      try FileManager.default.createDirectory(at: inputs, withIntermediateDirectories: true)
      let flac = SF_FORMAT_FLAC | SF_FORMAT_PCM_16
      #expect(try write("broken.flac", flac, share: 0.5, in: inputs))
      #expect(try write("whole.flac", flac, share: 1, in: inputs))
      let strict = try Program.run(["batch", "in", "--out-dir", "strict"], in: folder)
      #expect(strict.status == 1)
      let options = ["batch", "in", "--out-dir", "out", "--salvage"]
      let result = try Program.run(options, in: folder)
      #expect(result.status == 0, "\(result.error)")
      let summary = try String(
        contentsOf: folder.appending(path: "out/summary.csv"), encoding: .utf8)
      let lines = summary.split(separator: "\n")
      #expect(lines.contains { $0.contains("broken.flac") && $0.contains("partial") })
      #expect(lines.contains { $0.contains("whole.flac") && $0.contains("ok") })
      let again = try Program.run(options + ["--resume"], in: folder)
      #expect(again.status == 0)
      #expect(again.output.contains("2 of them before"), "\(again.output)")
    }
  }
}
