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
      "peaks": { $0.peaks = 0 },
      "a4": { $0.a4 = 415 },
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

  /// The spectra are always the same, and the state of the process does not change.
  @Test func threadsComputeSideBySide() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "wavfft-library-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = try (0..<6).map {
      try recording(300 + 50 * Double($0), in: folder, "\($0).wav")
    }
    @Sendable func frequency(_ path: String) throws -> Double {
      try Recording(path: path).spectrum().peaks.first?.frequency ?? 0
    }
    let handlers = [SIGCHLD, SIGINT, SIGTERM, SIGPIPE, SIGSEGV].map(handler)
    let mask = try processLine("Umask")
    let frequencies = try await withThrowingTaskGroup(of: (Int, Double).self) { group in
      for (index, path) in paths.enumerated() {
        group.addTask { (index, try frequency(path)) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for index in paths.indices {
      #expect(try abs(#require(frequencies[index]) - (300 + 50 * Double(index))) < 0.01)
      #expect(try frequency(paths[index]) == frequencies[index])
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
