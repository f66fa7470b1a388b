// SPDX-License-Identifier: GPL-2.0-or-later

import CShims

/// The selected channel, mix or difference of a recording as one signal, with full scale at 1.
///
/// Reads from a mapped file and converts on the fly, or from samples decoded into shared memory.
/// The reader is a view: the file or region must stay mapped while the reader is used.
public struct SampleReader: @unchecked Sendable {
  /// Number of samples.
  public let count: Int
  package let storage: Storage

  package enum Storage {
    case coded(base: UnsafeRawPointer, layout: SampleLayout, channels: Int, ChannelSelection)
    case single(UnsafePointer<Float>)
    case double(UnsafePointer<Double>)
  }

  /// Reads `count` coded frames where they are; `base` is the first of them.
  package init(
    coded base: UnsafeRawPointer, layout: SampleLayout, channels: Int, count: Int,
    channel: ChannelSelection
  ) {
    self.count = count
    storage = .coded(base: base, layout: layout, channels: channels, channel)
  }

  /// Reads `count` samples in single precision from memory.
  public init(_ samples: UnsafePointer<Float>, count: Int) {
    self.count = count
    storage = .single(samples)
  }

  /// Reads `count` samples in double precision from memory.
  public init(_ samples: UnsafePointer<Double>, count: Int) {
    self.count = count
    storage = .double(samples)
  }

  /// Copies samples `start ..< start + count` to `output` in single precision.
  public func read(from start: Int, count: Int, into output: UnsafeMutablePointer<Float>) {
    switch storage {
    case .coded(let base, let layout, let channels, let selection):
      layout.decode(base, from: start, count: count, of: channels, selection, into: output)
    case .single(let samples): output.update(from: samples + start, count: count)
    case .double(let samples):
      for index in 0..<count { output[index] = Float(samples[start &+ index]) }
    }
  }

  /// Copies samples `start ..< start + count` to `output` in double precision.
  public func read(from start: Int, count: Int, into output: UnsafeMutablePointer<Double>) {
    switch storage {
    case .coded(let base, let layout, let channels, let selection):
      layout.decode(base, from: start, count: count, of: channels, selection, into: output)
    case .single(let samples):
      for index in 0..<count { output[index] = Double(samples[start &+ index]) }
    case .double(let samples): output.update(from: samples + start, count: count)
    }
  }

  /// A view of some of the samples, counted from 0 again.
  public func extracting(_ samples: Range<Int>) -> SampleReader {
    precondition(samples.lowerBound >= 0 && samples.upperBound <= count, "samples of the signal")
    switch storage {
    case .coded(let base, let layout, let channels, let selection):
      return SampleReader(
        coded: base + samples.lowerBound * channels * layout.byteCount, layout: layout,
        channels: channels, count: samples.count, channel: selection)
    case .single(let base): return SampleReader(base + samples.lowerBound, count: samples.count)
    case .double(let base): return SampleReader(base + samples.lowerBound, count: samples.count)
    }
  }

  /// Prefetches samples into the cache.
  public func prefetch(from start: Int, count: Int) {
    let base: UnsafeRawPointer
    let byteCount: Int
    switch storage {
    case .coded(let frames, let layout, let channels, _):
      let frameBytes = layout.byteCount &* channels
      base = frames + start &* frameBytes
      byteCount = count &* frameBytes
    case .single(let samples):
      base = UnsafeRawPointer(samples + start)
      byteCount = count &* 4
    case .double(let samples):
      base = UnsafeRawPointer(samples + start)
      byteCount = count &* 8
    }
    var offset = 0
    while offset < byteCount {
      shim_prefetch(base + offset)
      offset &+= 64
    }
  }
}
