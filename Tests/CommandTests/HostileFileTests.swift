// SPDX-License-Identifier: GPL-2.0-or-later

import CSndfile
import Foundation
import Testing

/// Damaged files of every kind: each must be analysed, or refused in a sentence.
///
/// The files are made from good ones by mutations that follow from a number, so that each can be
/// made again. WAVFFT_FUZZ_FILES in the environment sets the number of files (default 300),
/// WAVFFT_FUZZ_FIRST the number of the first. Files that break the program are kept in the
/// temporary folder.
@Suite struct HostileFileTests {
  private static func setting(_ name: String, _ standard: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard
  }

  /// Containers and codings that libsndfile can write, with their extensions.
  private static let formats: [(name: String, format: Int)] = [
    ("wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16),
    ("float.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT),
    ("adpcm.wav", SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM),
    ("rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_24),
    ("w64", SF_FORMAT_W64 | SF_FORMAT_PCM_16),
    ("aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_24),
    ("au", SF_FORMAT_AU | SF_FORMAT_PCM_16),
    ("caf", SF_FORMAT_CAF | SF_FORMAT_PCM_16),
    ("flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16),
    ("ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS),
  ]

  /// A good file: 2000 frames of two channels.
  private func goodFile(_ format: Int, in folder: URL) throws -> Data {
    let path = folder.appending(path: "good").path
    var info = SF_INFO()
    info.samplerate = 8000
    info.channels = 2
    info.format = Int32(format)
    let handle = try #require(sf_open(path, Int32(SFM_WRITE), &info))
    let samples = (0..<4000).map { Int16(truncatingIfNeeded: $0 * $0 % 7919 - 4000) }
    #expect(sf_writef_short(handle, samples, 2000) == 2000)
    sf_close(handle)
    return try Data(contentsOf: URL(filePath: path))
  }

  /// Random numbers from a seed: Knuth's MMIX generator.
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) << 32 ^ (state &* 0x9e37_79b9_7f4a_7c15) >> 32
    }
  }

  private func mutated(_ file: Data, _ numbers: inout Numbers) -> Data {
    var bytes = [UInt8](file)
    for _ in 0...Int.random(in: 0...3, using: &numbers) where !bytes.isEmpty {
      // Three of four mutations change the header.
      let isHeader = Int.random(in: 0..<4, using: &numbers) > 0
      let end = isHeader ? min(bytes.count, 128) : bytes.count
      let place = Int.random(in: 0..<end, using: &numbers)
      switch Int.random(in: 0..<7, using: &numbers) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &numbers)
      case 2:
        let extremes: [UInt64] = [0, 1, 0x7fff_ffff, 0xffff_ffff, 1 << 60, .max, 0x8000_0000]
        let value = extremes.randomElement(using: &numbers) ?? 0
        let count = [2, 4, 8].randomElement(using: &numbers) ?? 4
        let isBigEndian = Bool.random(using: &numbers)
        for index in 0..<count where place + index < bytes.count {
          let shift = 8 * (isBigEndian ? count - 1 - index : index)
          bytes[place + index] = UInt8(truncatingIfNeeded: value >> shift)
        }
      case 3: bytes.removeSubrange(place...)
      case 4:
        let length = min(Int.random(in: 1...64, using: &numbers), bytes.count - place)
        bytes.insert(contentsOf: bytes[place..<place + length], at: place)
      case 5:
        bytes.removeSubrange(
          place..<min(place + Int.random(in: 1...16, using: &numbers), bytes.count))
      default:
        let other = Int.random(in: 0..<bytes.count, using: &numbers)
        bytes.swapAt(place, other)
      }
    }
    return Data(bytes)
  }

  /// What is wrong with the number of frames in a report; nil if libsndfile reads the same number.
  ///
  /// Calls libsndfile in this process, after the program has read the file without harm in
  /// processes of its own.
  private func wrongFrames(_ report: String, _ file: URL) throws -> String? {
    let document = try JSONSerialization.jsonObject(with: Data(report.utf8)) as? [String: Any]
    let input = document?["input"] as? [String: Any]
    guard let frames = input?["frames"] as? Int, let channels = input?["channels"] as? Int else {
      return "no frames in the report"
    }
    var info = SF_INFO()
    // Headers that leave the length open are repaired, others are read as they are.
    guard let handle = sf_open(file.path, Int32(SFM_READ), &info), info.frames > 0 else {
      return ["rf64", "caf", "wav"].contains(file.pathExtension)
        ? nil : "libsndfile does not read it"
    }
    defer { sf_close(handle) }
    var piece = [Double](repeating: 0, count: 4096 * channels)
    var total = 0
    while total <= frames {
      let count = Int(sf_readf_double(handle, &piece, 4096))
      if count <= 0 { break }
      total += count
    }
    return total == frames && channels == info.channels
      ? nil : "\(frames) frames in the report, \(total) in libsndfile"
  }

  @Test func damagedFilesAreAnalysedOrRefused() throws {
    let first = Self.setting("WAVFFT_FUZZ_FIRST", 0)
    let count = Self.setting("WAVFFT_FUZZ_FILES", 300)
    var statuses: [Int32: Int] = [:]
    try withFolder { folder in
      let seeds = try Self.formats.map { ($0.name, try goodFile($0.format, in: folder)) }
      for number in first..<first + count {
        var numbers = Numbers(state: UInt64(number))
        let (name, good) = seeds[number % seeds.count]
        let data = mutated(good, &numbers)
        let file = folder.appending(path: "\(number).\(name)")
        try data.write(to: file)
        let start = Date()
        // Four gigabytes of address space: no header may cost more.
        let result = try Program.run(
          after: "ulimit -v 4000000; ulimit -c 0;",
          [file.path, "--workers", "2", "--report", "json", "--out", "x.csv"],
          in: folder)
        let seconds = Date().timeIntervalSince(start)
        statuses[result.status, default: 0] += 1
        var faults = seconds > 10 ? ["it took \(seconds) s"] : []
        // 64 is for headers with a sampling rate for which the audible band has no bin.
        if ![0, 64, 65].contains(result.status) { faults.append("status \(result.status)") }
        if result.status == 0 {
          if !result.error.isEmpty { faults.append("words in spite of success") }
          if let fault = try wrongFrames(result.output, file) { faults.append(fault) }
        } else {
          if !result.output.isEmpty { faults.append("a report in spite of failure") }
          let isSentence =
            result.error.hasPrefix("wavfft: ") && result.error.hasSuffix("\n")
            && result.error.count(where: \.isNewline) == 1
          // The error for the band does not name the file.
          let isNamed = result.error.contains(file.path) || result.status == 64
          if !isSentence || !isNamed { faults.append("no sentence about the file") }
        }
        if !faults.isEmpty {
          let kept = FileManager.default.temporaryDirectory.appending(
            path: "hostile-\(number).\(name)")
          try data.write(to: kept)
          Issue.record("\(kept.path): \(faults.joined(separator: ", ")): \(result.error)")
        }
        try FileManager.default.removeItem(at: file)
      }
    }
    print("Damaged files by exit status:", statuses.sorted { $0.key < $1.key })
    #expect(statuses[0, default: 0] > 0, "some damage does not matter")
    #expect(statuses[65, default: 0] > 0, "some damage does")
  }
}
