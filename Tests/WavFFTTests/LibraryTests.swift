// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing
import WavFFT

/// The library inside a program with threads, this one.
@Suite struct LibraryTests {
  private func recording(_ frequency: Double, in folder: URL, _ name: String = "a.wav") throws
    -> String
  {
    let samples = (0..<16000).map { index in
      Int16((16384 * sin(2 * .pi * frequency * Double(index) / 8000)).rounded())
    }
    let file = folder.appending(path: name)
    try wav(pcm16(samples)).write(to: file)
    return file.path
  }

  @Test func aRecordingTellsWhatItIs() throws {
    try withFolder { folder in
      let recording = try Recording(path: recording(440, in: folder))
      #expect(recording.sampleRate == 8000 && recording.channels == 1)
      #expect(recording.frames == 16000 && recording.duration == 2)
      #expect(recording.encoding == "Signed 16 bit PCM")
    }
  }

  @Test func pagesHaveEveryBin() throws {
    try withFolder { folder in
      let file = folder.appending(path: "a.html")
      var options = SpectrumOptions()
      options.band = .full
      options.keepsEveryBin = true
      let recording = try Recording(path: recording(440, in: folder))
      let bins = try recording.spectrum(options, writing: [file.path]).everyBin
      let levels = try #require(try PageFile(file).cells?.greatest)
      #expect(levels.count == 8001 && bins != nil)
      // 440 Hz is in a bin, at half of full scale.
      #expect(abs((levels[880] ?? 0) + 6.02) < 0.02)
    }
  }

  @Test func theStrongestPeakIsTheTone() throws {
    try withFolder { folder in
      var options = SpectrumOptions()
      options.method.window = .hann
      let spectrum = try Recording(path: recording(440.25, in: folder)).spectrum(options)
      let peak = try #require(spectrum.peaks.first)
      #expect(abs(peak.frequency - 440.25) < 0.01)
      #expect(abs(peak.level + 6.02) < 0.02)
      #expect(peak.note?.name == "A4")
      #expect(spectrum.report.contains("hann"))
      let strongest = try #require(spectrum.rows.max { $0.level < $1.level })
      #expect(abs(strongest.frequency - 440.25) <= spectrum.grid.spacing)
    }
  }

  @Test func everyOptionReachesTheSpectrum() throws {
    let changes: [String: (inout SpectrumOptions) -> Void] = [
      "method": { $0.method = .decimated(parts: 2) },
      "channel": { $0.channel = .single(0) },
      "start": { $0.start = 0.5 },
      "duration": { $0.duration = 1 },
      "band": { $0.band = .between(low: 100, high: 1000) },
      "rows": { $0.rows = .bands(100) },
      "keepsEveryBin": { $0.keepsEveryBin = true },
      "values": {
        $0.keepsEveryBin = true
        $0.values = .complex
      },
      "peaks": { $0.peaks = 0 },
      "a4": { $0.a4 = 415 },
      "bands": { $0.bands = .octave },
      "weighting": {
        $0.bands = .octave
        $0.weighting = .a
      },
    ]
    for (label, _) in Mirror(reflecting: SpectrumOptions()).children where label != "workers" {
      #expect(changes[label ?? ""] != nil, "nothing tells whether \(label ?? "") arrives")
    }
    try withFolder { folder in
      let recording = try Recording(path: fixture("bach.wav"))
      func words(_ options: SpectrumOptions) throws -> [String] {
        let spectrum = try recording.spectrum(options)
        return [
          spectrum.report.replacing(/Memory.*/, with: ""), "\(spectrum.rows.count)",
          "\(spectrum.everyBin?.count ?? 0)", "\(spectrum.complexBins?.count ?? 0)",
          "\(spectrum.peaks.map { $0.note?.cents ?? 0 })",
        ]
      }
      var short = SpectrumOptions()
      short.duration = 2
      let plain = try words(short)
      for (name, change) in changes {
        var options = short
        change(&options)
        #expect(try words(options) != plain, "\(name)")
      }
    }
  }

  /// All bins of a tone on bin 200 of 1000, held against the definition and against the rows.
  @Test(
    arguments: [Precision.single, .double], [FrequencyBand.full, .between(low: 100, high: 900)])
  func everyBinIsInMemory(precision: Precision, band: FrequencyBand) throws {
    let count = 2000
    let samples = (0..<count).map { index in
      let tone = 8192 * cos(2 * Double.pi * 200 * Double(index) / Double(count))
      return Int16((tone + 1024 * sin(0.9 * Double(index * index % 97))).rounded())
    }
    try withFolder { folder in
      let file = folder.appending(path: "a.wav")
      try wav(pcm16(samples)).write(to: file)
      var options = SpectrumOptions()
      options.method.length = .exact
      options.method.precision = precision
      options.band = band
      let recording = try Recording(path: file.path)
      #expect(try recording.spectrum(options).everyBin == nil)
      options.keepsEveryBin = true
      let spectrum = try recording.spectrum(options)
      let every = try #require(spectrum.everyBin)
      // Bins 4 Hz apart; those at the ends of a band are outside of it.
      #expect(every.bins == (band == .full ? 0..<1001 : 26..<225))
      #expect(every.count == every.bins.count && every.magnitudes.count == every.count)
      for index in stride(from: 0, to: every.count, by: 37) {
        let bin = every.bins.lowerBound + index
        #expect(every.frequency(at: index) == 4 * Double(bin))
        var (re, im) = (0.0, 0.0)
        for (n, sample) in samples.enumerated() {
          let angle = 2 * Double.pi * Double(bin * n % count) / Double(count)
          re += Double(sample) / 32768 * cos(angle)
          im += Double(sample) / 32768 * sin(angle)
        }
        #expect(abs(every.magnitudes[index] - hypot(re, im)) < 1e-3)
      }
      for row in spectrum.rows {
        let index = row.bin - every.bins.lowerBound
        #expect(every.magnitudes[index] == row.magnitude && every.level(at: index) == row.level)
        #expect(every.frequency(at: index) == row.frequency)
      }
      let tone = every.index(atOrAbove: 799.9)
      #expect(every.bins.lowerBound + tone == 200)
      #expect(abs(every.level(at: tone) + 12.04) < 0.1)
      #expect(every.index(atOrAbove: 0) == 0 && every.index(atOrAbove: 1e9) == every.count)
    }
  }

  /// An impulse at frame 3 turns by exp(-2 pi i k 3 / N).
  @Test func complexBinsAreInMemory() throws {
    try withFolder { folder in
      let file = folder.appending(path: "a.wav")
      try wav(pcm16((0..<1000).map { $0 == 3 ? 16384 : 0 })).write(to: file)
      var options = SpectrumOptions()
      options.band = .between(low: 80, high: 1000)
      options.keepsEveryBin = true
      options.values = .complex
      let recording = try Recording(path: file.path)
      let spectrum = try recording.spectrum(options, writing: [folder.path + "/x.csv"])
      #expect(spectrum.everyBin == nil)
      let found = try #require(spectrum.complexBins)
      // Bins 8 Hz apart; those at the ends of a band are outside of it.
      #expect(found.bins == 11..<125 && found.count == 114 && found.numbers.count == 114)
      for index in 0..<found.count {
        let angle = 2 * Double.pi * 3 * Double(index + 11) / 1000
        #expect(found.frequency(at: index) == 8 * Double(index + 11))
        #expect(abs(found.numbers[index].x - 0.5 * cos(angle)) < 1e-6)
        #expect(abs(found.numbers[index].y + 0.5 * sin(angle)) < 1e-6)
      }
      for (change, words) in [
        ({ $0.method = .decimated(parts: 2) }, "choose magnitudes, or the exact method"),
        ({ $0.keepsEveryBin = false }, "choose rows all, or keepsEveryBin"),
      ] as [((inout SpectrumOptions) -> Void, String)] {
        var refused = options
        change(&refused)
        #expect {
          _ = try recording.spectrum(refused)
        } throws: {
          ($0 as? WavFFTError)?.kind == .request && "\($0)".contains(words)
        }
      }
    }
  }

  /// White noise of a known density beside a tone of a known level.
  @Test func averagesReadAsDensityAndLevels() throws {
    var state = 1
    let samples = (0..<80_000).map { index -> Int16 in
      state = state * 48271 % 2_147_483_647
      let noise = 0.1 * (Double(state) / 2_147_483_647 - 0.5)
      return Int16(
        (32768 * (noise + 0.25 * sin(2 * .pi * 1000.25 * Double(index) / 8000))).rounded())
    }
    try withFolder { folder in
      let file = folder.appending(path: "a.wav")
      try wav(pcm16(samples)).write(to: file)
      var options = SpectrumOptions()
      options.method = .welch
      options.method.segmentation.segment = .seconds(0.5)
      options.method.segmentation.overlap = 0.75
      options.keepsEveryBin = true
      let recording = try Recording(path: file.path)
      let path = folder.appending(path: "a.csv").path
      let spectrum = try recording.spectrum(options, writing: [path])
      let density = try #require(spectrum.density)
      #expect(density.segments.length == 4000 && density.segments.hop == 1000)
      #expect(density.segments.count == 77 && spectrum.grid.spacing == 2)
      let peak = try #require(spectrum.peaks.first)
      #expect(spectrum.peaks.count == 1 && peak.shape == .line)
      #expect(abs(peak.frequency - 1000.25) < 0.02 && abs(peak.level + 12.04) < 0.05)
      // Variance 0.1^2 / 12 over 4000 Hz.
      let noise = 0.01 / 12 / 4000
      let rows = spectrum.rows.filter { $0.lowEdge > 1500 }
      let mean = rows.compactMap { spectrum.density(of: $0) }.reduce(0, +) / Double(rows.count)
      #expect(abs(mean / noise - 1) < 0.05)
      let every = try #require(spectrum.everyBin)
      let bins = every.bins.filter { $0 > 750 }
      let densities = bins.map {
        density.density(magnitude: every.magnitudes[$0 - every.bins.lowerBound], bin: $0)
      }
      #expect(abs(densities.reduce(0, +) / Double(bins.count) / noise - 1) < 0.05)
      let memory = try #require(
        spectrum.report.split(separator: "\n").first { $0.hasPrefix("Memory") })
      #expect(memory.hasSuffix(" of private memory"))
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      #expect(lines[0].hasSuffix(",density_fs2_per_hz,density_db"))
      #expect(lines.count == 1 + spectrum.rows.count)
      // Without segments there is no density.
      let exact = try recording.spectrum()
      #expect(exact.density == nil && exact.density(of: exact.rows[0]) == nil)
    }
  }

  /// Samples that are decoded, and medians, too.
  @Test func mediansOfADecodedRecording() throws {
    var options = SpectrumOptions()
    options.method = .welch
    options.method.segmentation.average = .median
    options.method.segmentation.segment = .samples(1024)
    let recording = try Recording(path: fixture("noise-24bit.flac"))
    let spectrum = try recording.spectrum(options)
    #expect(spectrum.report.contains("median of their powers"))
    options.method.segmentation.segment = .samples(recording.frames + 1)
    let sentence = sentence { _ = try recording.spectrum(options) }
    #expect(sentence.contains("is longer than the") && !sentence.contains("--"), "\(sentence)")
  }

  @Test func memoryIsNotSharedWithoutWorkers() throws {
    try withFolder { folder in
      // Decimated, decoded, and with a table of every bin: all that takes memory.
      var options = SpectrumOptions()
      options.method = .decimated(parts: 2)
      options.rows = .all
      let report = try Recording(path: fixture("noise-24bit.flac"))
        .spectrum(options, writing: [folder.appending(path: "a.csv").path]).report
      let line = try #require(report.split(separator: "\n").first { $0.hasPrefix("Memory") })
      #expect(line.hasSuffix(" of private memory"))
    }
  }

  @Test func whatIsLeftOfATruncatedRecordingIsSalvaged() throws {
    try withFolder { folder in
      let path = try recording(440, in: folder)
      let whole = try Data(contentsOf: URL(filePath: path))
      try whole.prefix(whole.count / 2).write(to: URL(filePath: path))
      #expect(
        sentence { _ = try Recording(path: path).spectrum() }.hasSuffix("with salvage"))
      let spectrum = try Recording(path: path, salvaging: true).spectrum()
      #expect(try abs(#require(spectrum.peaks.first).frequency - 440) < 0.1)
    }
  }

  /// No sentence names an option of the command.
  @Test func errorsNameWaysOutOfTheLibrary() throws {
    try withFolder { folder in
      let recording = try Recording(path: recording(440, in: folder))
      func options(_ change: (inout SpectrumOptions) -> Void) -> SpectrumOptions {
        var options = SpectrumOptions()
        change(&options)
        return options
      }
      let requests: [(SpectrumOptions, String)] = [
        (options { $0.start = 7 }, "start 7 is behind the end of"),
        (options { $0.method.length = .fixed(100) }, "choose at least 16000"),
        (options { $0.band = .between(low: 5000, high: 6000) }, "shows nothing above 4000 Hz"),
        (options { $0.band = .between(low: 100.1, high: 100.2) }, "widen the band"),
        (
          options {
            $0.duration = 0.001
            $0.method = .decimated(parts: 9)
          }, "choose at most 8"
        ),
      ]
      for (options, words) in requests {
        let sentence = sentence { _ = try recording.spectrum(options) }
        #expect(sentence.contains(words) && !sentence.contains("--"), "\(sentence)")
      }
    }
  }

  /// Values that would divide by zero, or read outside of the samples.
  @Test func optionsOutOfRangeAreRefused() throws {
    let recording = try Recording(path: fixture("bach.wav"))
    func segments(_ change: @escaping (inout Segmentation) -> Void) -> (inout SpectrumOptions) ->
      Void
    {
      {
        $0.method = .welch
        change(&$0.method.segmentation)
      }
    }
    let changes: [(String, (inout SpectrumOptions) -> Void)] = [
      ("parts is 0", { $0.method = .decimated(parts: 0) }),
      ("parts is 5000", { $0.method = .decimated(parts: 5000) }),
      ("parts is 3", { $0.method = MethodDescription(.exact, parts: 3) }),
      ("parts is 3", { $0.method = MethodDescription(.welch, parts: 3) }),
      (
        "length is 100",
        {
          $0.method = .welch
          $0.method.length = .fixed(100)
        }
      ),
      ("overlap is 1.0", segments { $0.overlap = 1 }),
      ("overlap is -0.5", segments { $0.overlap = -0.5 }),
      ("overlap is nan", segments { $0.overlap = .nan }),
      ("segment is 1;", segments { $0.segment = .samples(1) }),
      ("segment is 2147483648;", segments { $0.segment = .samples(1 << 31) }),
      ("segment is 0.0s;", segments { $0.segment = .seconds(0) }),
      ("segment is nanHz;", segments { $0.segment = .resolution(.nan) }),
      ("length is -5", { $0.method.length = .fixed(-5) }),
      ("length is 1125899906842624", { $0.method.length = .fixed(1 << 50) }),
      ("channel is -1", { $0.channel = .single(-1) }),
      ("channel is -2", { $0.channel = .difference(0, -2) }),
      ("start is -1.0", { $0.start = -1 }),
      ("start is nan", { $0.start = .nan }),
      ("duration is 0.0", { $0.duration = 0 }),
      ("duration is inf", { $0.duration = .infinity }),
      ("band is 500.0:100.0", { $0.band = .between(low: 500, high: 100) }),
      ("band is nan:100.0", { $0.band = .between(low: .nan, high: 100) }),
      ("band is -5.0:100.0", { $0.band = .between(low: -5, high: 100) }),
      ("rows is 0 bands", { $0.rows = .bands(0) }),
      ("rows is 65537 bands", { $0.rows = .bands(65537) }),
      ("peaks is -1", { $0.peaks = -1 }),
      ("a4 is 0.0", { $0.a4 = 0 }),
      ("workers is -1", { $0.workers = -1 }),
      ("workers need a process with a single thread", { $0.workers = 1 }),
    ]
    for (words, change) in changes {
      var options = SpectrumOptions()
      change(&options)
      do throws(WavFFTError) {
        _ = try recording.spectrum(options)
        Issue.record("\(words) is accepted")
      } catch {
        #expect(error.kind == .request && error.description.hasPrefix(words), "\(error)")
      }
    }
  }

  private func sentence(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch {
      return "\(error)"
    }
  }

  /// The spectra are always the same, and the state of the process does not change.
  @Test func threadsComputeSideBySide() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "wavfft-library-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = try (0..<6).map {
      try recording(300 + 50 * Double($0), in: folder, "\($0).wav")
    }
    @Sendable func spectrum(_ path: String) throws -> RecordingSpectrum {
      try Recording(path: path).spectrum()
    }
    let handlers = [SIGCHLD, SIGINT, SIGTERM, SIGPIPE, SIGSEGV].map(handler)
    let mask = try processLine("Umask")
    let spectra = try await withThrowingTaskGroup(of: (Int, RecordingSpectrum).self) { group in
      for (index, path) in paths.enumerated() {
        group.addTask { (index, try spectrum(path)) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for index in paths.indices {
      let found = try #require(spectra[index])
      let peak = try #require(found.peaks.first)
      #expect(abs(peak.frequency - (300 + 50 * Double(index))) < 0.01)
      let again = try spectrum(paths[index])
      #expect(again.peaks == found.peaks && again.rows == found.rows)
    }
    #expect([SIGCHLD, SIGINT, SIGTERM, SIGPIPE, SIGSEGV].map(handler) == handlers)
    #expect(try processLine("Umask") == mask)
  }

  private func handler(_ signal: Int32) -> Bool {
    var action = sigaction()
    sigaction(signal, nil, &action)
    return action.__sigaction_handler.sa_handler == nil
  }

  private func processLine(_ name: String) throws -> String? {
    try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n")
      .first { $0.hasPrefix(name) }.map(String.init)
  }

  @Test func filesAreWrittenInTheFormatsOfTheirNames() throws {
    try withFolder { folder in
      let recording = try Recording(path: recording(440, in: folder))
      let names = ["a.csv", "a.json", "a.npy", "a.svg"]
      let paths = names.map { folder.appending(path: $0).path }
      _ = try recording.spectrum(writing: paths)
      #expect(try contents(folder) == (names + ["a.wav"]).sorted())
      var options = SpectrumOptions()
      options.rows = .all
      _ = try recording.spectrum(options, writing: [folder.appending(path: "all.csv").path])
      let lines = try String(
        contentsOf: folder.appending(path: "all.csv"), encoding: .utf8
      ).split(separator: "\n")
      // 20 < f < 20,000 Hz of bins 0.5 Hz apart up to 4,000 Hz.
      #expect(lines.count == 1 + 8000 - 40)
    }
  }

  @Test func errorsHaveTheirKind() throws {
    try withFolder { folder in
      let path = try recording(440, in: folder)
      func kind(_ body: () throws -> Void) -> WavFFTError.Kind? {
        do {
          try body()
          return nil
        } catch {
          return (error as? WavFFTError)?.kind
        }
      }
      let nowhere = folder.appending(path: "no").path
      let text = folder.appending(path: "text.wav")
      try Data("no audio".utf8).write(to: text)
      #expect(kind { _ = try Recording(path: nowhere) } == .noInput)
      #expect(kind { _ = try Recording(path: text.path) } == .unusableInput)
      let recording = try Recording(path: path)
      #expect(kind { _ = try recording.spectrum(writing: ["a.txt"]) } == .request)
      #expect(kind { _ = try recording.spectrum(writing: ["\(nowhere)/a.csv"]) } != nil)
      var options = SpectrumOptions()
      options.channel = .single(7)
      #expect(kind { _ = try recording.spectrum(options) } == .request)
      options = SpectrumOptions()
      options.start = 100
      #expect(kind { _ = try recording.spectrum(options) } == .request)
    }
  }
}
