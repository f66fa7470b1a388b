// SPDX-License-Identifier: GPL-2.0-or-later

import CSndfile
import Foundation
import Testing
import WavSystem

/// A file that libsndfile writes for a test, with the samples that libsndfile reads from it.
struct Recording {
  let url: URL
  let channels: Int
  let frames: Int

  /// Noise of all magnitudes in the first frames, down to the least bit, so that no two samples are
  /// equal.
  static func samples(_ count: Int, seed: UInt64 = 1) -> [Double] {
    var state = seed
    return (0..<count).map { index in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(Int64(bitPattern: state) >> 11) * 0x1p-52
      return value * (index % 3 == 0 ? 0.9 : index % 3 == 1 ? 0.05 : 0.001)
    }
  }

  /// Writes `frames` frames in a format of libsndfile; nil if this libsndfile cannot.
  init?(
    _ format: Int, rate: Int = 8000, channels: Int, frames: Int, in folder: URL, name: String = "x"
  ) throws {
    url = folder.appending(path: name)
    self.channels = channels
    self.frames = frames
    var info = SF_INFO()
    info.samplerate = Int32(rate)
    info.channels = Int32(channels)
    info.format = Int32(truncatingIfNeeded: format)
    guard sf_format_check(&info) != 0,
      let handle = sf_open(url.path, Int32(SFM_WRITE), &info)
    else { return nil }
    let samples = Self.samples(frames * channels)
    let isWhole = sf_writef_double(handle, samples, sf_count_t(frames)) == frames
    sf_close(handle)
    guard isWhole else { return nil }
  }

  /// All frames as libsndfile reads them from the beginning, at full scale 1.
  static func read(_ url: URL) throws -> [Double] {
    var info = SF_INFO()
    let handle = try #require(sf_open(url.path, Int32(SFM_READ), &info))
    defer { sf_close(handle) }
    var all: [Double] = []
    var piece = [Double](repeating: 0, count: 1000 * Int(info.channels))
    while true {
      let count = Int(sf_readf_double(handle, &piece, 1000))
      if count <= 0 { return all }
      all += piece[..<(count * Int(info.channels))]
    }
  }

  /// The file, truncated to a share of its size.
  func cut(toShare share: Double) throws -> URL {
    let data = try Data(contentsOf: url)
    let cut = url.deletingLastPathComponent().appending(path: "cut." + url.lastPathComponent)
    try data.prefix(Int(Double(data.count) * share)).write(to: cut)
    return cut
  }
}

/// Runs `body` with an empty folder, which is removed afterwards.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "wavfft-audio-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
