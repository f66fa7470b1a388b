// SPDX-License-Identifier: GPL-2.0-or-later

import CSndfile
import Foundation
import Testing
import WavSamples

@testable import WavAudio

@Suite struct LevelMeterTests {
  /// Formats by their libsndfile numbers, with the bits of their integers.
  static let formats: [(format: Int, bits: Int?)] = [
    (SF_FORMAT_CAF | SF_FORMAT_PCM_S8, 8), (SF_FORMAT_WAV | SF_FORMAT_PCM_U8, 8),
    (SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16), (SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 16),
    (SF_FORMAT_WAV | SF_FORMAT_PCM_24, 24), (SF_FORMAT_AIFF | SF_FORMAT_PCM_24, 24),
    (SF_FORMAT_WAV | SF_FORMAT_PCM_32, 32), (SF_FORMAT_WAV | SF_FORMAT_FLOAT, nil),
    (SF_FORMAT_AIFF | SF_FORMAT_FLOAT, nil), (SF_FORMAT_WAV | SF_FORMAT_DOUBLE, nil),
    (SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16), (SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 24),
  ]

  /// The levels of a recording by definition, sample by sample.
  private struct Expected {
    var levels = SampleLevels()
    var channelMeanSquare = 0.0
    var clipped = 0
    var runs = 0
    var above = 0

    init(_ channels: [[Double]], bits: Int?) {
      let count = channels[0].count
      levels.count = count
      for frame in 0..<count {
        let sample = channels.reduce(0) { $0 + $1[frame] } / Double(channels.count)
        levels.sum += sample
        levels.squareSum += sample * sample
        levels.least = min(levels.least, sample)
        levels.greatest = max(levels.greatest, sample)
      }
      let step = bits.map { exp2(1 - Double($0)) } ?? exp2(-23)
      let top = bits == nil ? 1 : 1 - step
      for channel in channels {
        channelMeanSquare +=
          channel.reduce(0) { $0 + $1 * $1 } / Double(count * channels.count)
        above += channel.filter { abs($0) > 1 }.count
        var start = 0
        while start < count {
          var end = start
          while end < count, channel[end] == channel[start] { end += 1 }
          let value = channel[start]
          let before = start > 0 ? abs(channel[start - 1] - value) : 0
          let behind = end < count ? abs(channel[end] - value) : 0
          if value == top || value == -1, end - start >= 3, max(before, behind) > 4.5 * step {
            clipped += end - start
            runs += 1
          }
          start = end
        }
      }
    }
  }

  /// Noise with bursts beyond full scale, also at the beginning, the end and the borders of
  /// segments.
  private func samples(_ count: Int, channel: Int, bits: Int?) -> [Double] {
    var state = UInt64(channel + 1) &* 0x9E37_79B9_7F4A_7C15
    return (0..<count).map { index in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let noise = Double(Int64(bitPattern: state) >> 11) * 0x1p-52
      let burst = index % 1024 < 3 + channel || index % 1024 > 1020 || index > count - 5
      let sample = burst ? (index % 4096 < 2048 ? 1.5 : -1.5) : 0.4 * noise + 0.01
      guard let bits else { return Double(Float(sample > 1.2 && index % 4096 < 1024 ? 1 : sample)) }
      let scale = exp2(Double(bits - 1))
      return max(-1, min(1 - 1 / scale, (sample * scale).rounded() / scale))
    }
  }

  private func write(_ channels: [[Double]], _ format: Int, to path: String) {
    var info = SF_INFO()
    info.samplerate = 8000
    info.channels = Int32(channels.count)
    info.format = Int32(format)
    let file = sf_open(path, Int32(SFM_WRITE), &info)
    let interleaved = (0..<channels[0].count).flatMap { frame in channels.map { $0[frame] } }
    let count = sf_count_t(channels[0].count)
    if [SF_FORMAT_FLOAT, SF_FORMAT_DOUBLE].contains(format & SF_FORMAT_SUBMASK) {
      sf_writef_double(file, interleaved, count)
    } else {
      // As integers, which libsndfile shifts; floating-point numbers would be scaled by the
      // greatest one.
      sf_writef_int(file, interleaved.map { Int32($0 * 0x1p31) }, count)
    }
    sf_close(file)
  }

  private func measured(
    _ path: String, _ channel: ChannelSelection, start: Double? = nil, backwards: Bool = false
  ) throws -> RecordingLevels {
    let file = try SoundFile(path: path)
    let selection = try file.select(channel, start: start, duration: nil)
    let meter = try LevelMeter(file, selection)
    if let mapped = MappedSamples(file, selection) {
      let blocks = Array(0..<meter.blockCount)
      for block in backwards ? blocks.reversed() : blocks {
        meter.measure(block: block, of: mapped.reader)
      }
    } else {
      let decoded = try DecodedSamples(
        SampleDecoder(file, selection), isDouble: true, meter: meter)
      let blocks = Array(0..<decoded.blockCount)
      for block in backwards ? blocks.reversed() : blocks { try decoded.decode(block: block) }
    }
    return meter.levels
  }

  @Test(arguments: formats.indices, [1, 2, 3])
  func levelsAreThoseOfTheDefinition(format: Int, channelCount: Int) throws {
    let (number, bits) = Self.formats[format]
    let path = FileManager.default.temporaryDirectory
      .appending(path: "wavfft-levels-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    for count in [1, 2, 3, 50, 1000, 8192, 70001] {
      let channels = (0..<channelCount).map { samples(count, channel: $0, bits: bits) }
      write(channels, number, to: path)
      var choices = [(ChannelSelection.mix, channels)]
      if channelCount > 1 { choices.append((.single(1), [channels[1]])) }
      for (channel, kept) in choices {
        let levels = try measured(path, channel)
        let expected = Expected(kept, bits: bits)
        #expect(levels.signal.count == count)
        let tolerance = 1e-6 * max(1, abs(expected.levels.sum))
        #expect(abs(levels.signal.sum - expected.levels.sum) <= tolerance)
        #expect(
          abs(levels.signal.squareSum / expected.levels.squareSum - 1) <= 1e-6
            || expected.levels.squareSum == 0)
        #expect(abs(levels.signal.least - expected.levels.least) <= 1e-15)
        #expect(abs(levels.signal.greatest - expected.levels.greatest) <= 1e-15)
        #expect(abs(levels.channelMeanSquare - expected.channelMeanSquare) <= 1e-6)
        #expect(levels.clipping?.samples == expected.clipped, "\(count) frames")
        #expect(levels.clipping?.runs == expected.runs)
        if count >= 1000 { #expect(expected.runs > 0) }
        #expect(levels.samplesAboveFullScale == (bits == nil ? expected.above : nil))
        #expect(try measured(path, channel, backwards: true) == levels)
      }
    }
  }

  /// Measures the pieces of a signal, in an order of their own and some of them twice.
  private func measured(
    _ path: String, _ channel: ChannelSelection, start: Double? = nil,
    in layout: (_ count: Int) -> PieceLayout
  ) throws -> RecordingLevels {
    let file = try SoundFile(path: path)
    let selection = try file.select(channel, start: start, duration: nil)
    let layout = layout(selection.count)
    let meter = try LevelMeter(file, selection, pieces: layout)
    let samples = try #require(try FileSamples(file, selection))
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: selection.count * samples.bytesPerSample + 1, alignment: 8)
    defer { buffer.deallocate() }
    var random = SystemRandomNumberGenerator()
    let pieces = Array(0..<layout.pieceCount) + (0..<layout.pieceCount).prefix(3)
    for piece in pieces.shuffled(using: &random) {
      let range = layout.samples(of: piece)
      // Whoever has nothing to read need not measure it.
      if range.isEmpty, piece % 2 == 0 { continue }
      // At an odd address: pieces of a file begin anywhere.
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[1...])
      meter.measure(piece: piece, of: try samples.read(range, into: room))
    }
    return meter.levels
  }

  /// Rows and columns of a transform of about `count` samples, without what the last few are left out by.
  private static let layouts: [@Sendable (_ count: Int) -> PieceLayout] = [
    { PieceLayout(sampleCount: $0, rowCount: 16, borders: [0, ($0 + 15) / 16]) },
    { count in
      let row = (count - 3) / 20
      return PieceLayout(
        sampleCount: count, rowCount: 20, borders: [0, 1, row / 3, row / 3 + 1, row],
        tailStart: 20 * row)
    },
    // Padded: the signal ends in the ninth row, and the others are empty.
    { count in
      let row = count / 9 + 11
      return PieceLayout(sampleCount: count, rowCount: 30, borders: [0, 513, row - 4, row])
    },
    { PieceLayout(sampleCount: $0, rowCount: 1, borders: [0, $0]) },
    { count in
      PieceLayout(
        sampleCount: count, rowCount: count / 7, borders: [0, 7], tailStart: count / 7 * 7)
    },
  ]

  @Test(arguments: formats.indices.filter { formats[$0].format & SF_FORMAT_FLAC != SF_FORMAT_FLAC })
  func piecesInAnyOrderAmountToTheWhole(format: Int) throws {
    let (number, bits) = Self.formats[format]
    let path = FileManager.default.temporaryDirectory
      .appending(path: "wavfft-levels-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (channelCount, count) in [(1, 5001), (2, 9001), (3, 6003)] {
      let channels = (0..<channelCount).map { samples(count, channel: $0, bits: bits) }
      write(channels, number, to: path)
      for channel in [ChannelSelection.mix, .single(0), .difference(0, channelCount - 1)] {
        let whole = try measured(path, channel, start: 0.001)
        #expect(whole.clipping?.runs ?? 0 > 0)
        for (index, layout) in Self.layouts.enumerated() {
          let levels = try measured(path, channel, start: 0.001, in: layout)
          let place = "layout \(index), \(channelCount) channels, \(channel)"
          #expect(levels.signal.count == whole.signal.count)
          #expect(levels.signal.least == whole.signal.least, "\(place)")
          #expect(levels.signal.greatest == whole.signal.greatest, "\(place)")
          #expect(levels.clipping == whole.clipping, "\(place)")
          #expect(levels.samplesAboveFullScale == whole.samplesAboveFullScale, "\(place)")
          #expect(abs(levels.signal.sum - whole.signal.sum) <= 1e-6 * whole.signal.squareSum)
          #expect(
            abs(levels.signal.squareSum - whole.signal.squareSum)
              <= 1e-6 * whole.signal.squareSum, "\(place)")
          #expect(abs(levels.channelMeanSquare - whole.channelMeanSquare) <= 1e-6, "\(place)")
        }
      }
    }
  }

  /// A run that lies across three pieces is one run.
  @Test func runsGoOnFromPieceToPiece() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "wavfft-levels-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var samples = [Double](repeating: 0.25, count: 1000)
    for index in 98..<103 { samples[index] = 1 }
    for index in 499..<501 { samples[index] = -1 }
    for index in 996..<1000 { samples[index] = 1 }
    write([samples], SF_FORMAT_WAV | SF_FORMAT_FLOAT, to: path)
    let levels = try measured(path, .mix) {
      PieceLayout(sampleCount: $0, rowCount: 9, borders: [0, 1, 99, 110], tailStart: 990)
    }
    #expect(levels.clipping == RecordingLevels.Clipping(samples: 9, runs: 2))
  }

  /// Segments of whole rows tell about as much of the mean as those of a signal in memory.
  @Test func theErrorOfTheMeanIsThatOfRows() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "wavfft-levels-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    // A slow sine under noise: short segments would take it for a part of the mean.
    let samples = zip(0..<64_000, samples(64_000, channel: 0, bits: nil)).map {
      0.2 * sin(2 * .pi * Double($0) / 3000) + 0.1 * $1
    }
    write([samples], SF_FORMAT_WAV | SF_FORMAT_FLOAT, to: path)
    let whole = try #require(try measured(path, .mix).meanError)
    for row in [100, 1000, 1024, 4000] {
      let levels = try measured(path, .mix) {
        PieceLayout(sampleCount: $0, rowCount: ($0 + row - 1) / row, borders: [0, row / 3, row])
      }
      let segments = SegmentMeans.of(samples, length: (1024 + row - 1) / row * row)
      let expected = try #require(segments.standardError)
      let error = try #require(levels.meanError)
      #expect(abs(error / expected - 1) < 1e-6)
      #expect(error > whole / 3 && error < 3 * whole)
    }
  }

  @Test func aPartOfAFileIsMeasuredAlone() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "wavfft-levels-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let channels = (0..<2).map { samples(30000, channel: $0, bits: 16) }
    for format in [SF_FORMAT_WAV, SF_FORMAT_FLAC] {
      write(channels, format | SF_FORMAT_PCM_16, to: path)
      let levels = try measured(path, .mix, start: 1)
      let expected = Expected(channels.map { Array($0[8000...]) }, bits: 16)
      #expect(levels.signal.count == 22000)
      #expect(levels.signal.greatest == expected.levels.greatest)
      #expect(levels.clipping?.samples == expected.clipped)
    }
  }

  @Test func lossyCodingsHaveNoFullScale() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "wavfft-levels-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    write([samples(30000, channel: 0, bits: 16)], SF_FORMAT_WAV | SF_FORMAT_ULAW, to: path)
    let levels = try measured(path, .mix)
    #expect(levels.clipping == nil)
    #expect(levels.samplesAboveFullScale == 0)
  }

  @Test func anOffsetMustBeSignificant() throws {
    func levels(mean: Double, meanError: Double?, rms: Double) -> RecordingLevels {
      var signal = SampleLevels()
      signal.count = 1000
      signal.sum = 1000 * mean
      signal.squareSum = 1000 * rms * rms
      return RecordingLevels(
        signal: signal, channelCount: 1, channelMeanSquare: rms * rms, clipping: nil,
        samplesAboveFullScale: nil, meanError: meanError)
    }
    #expect(levels(mean: -0.01, meanError: 0.0019, rms: 0.5).offset == -0.01)
    #expect(levels(mean: 0.01, meanError: 0.0021, rms: 0.5).offset == nil)
    #expect(levels(mean: 0.01, meanError: 0.0001, rms: 0.99).offset == 0.01)
    #expect(levels(mean: 0.01, meanError: 0.0001, rms: 1.01).offset == nil)
    #expect(levels(mean: 0.25, meanError: nil, rms: 0.25).offset == nil)
  }

  @Test func cancellingIsJudgedAgainstUnrelatedChannels() {
    func levels(channels: Int, mixLoss: Double) -> RecordingLevels {
      var signal = SampleLevels()
      signal.count = 1
      signal.squareSum = pow(10, -mixLoss / 10)
      return RecordingLevels(
        signal: signal, channelCount: channels, channelMeanSquare: 1, clipping: nil,
        samplesAboveFullScale: nil, meanError: nil)
    }
    #expect(!levels(channels: 2, mixLoss: 19.9).channelsCancel)
    #expect(levels(channels: 2, mixLoss: 20.1).channelsCancel)
    // The mix of a hundred unrelated channels is 20 dB below them.
    #expect(!levels(channels: 100, mixLoss: 20.1).channelsCancel)
    #expect(!levels(channels: 1, mixLoss: 60).channelsCancel)
    #expect(levels(channels: 2, mixLoss: .infinity).channelsCancel)
  }
}

extension SegmentMeans {
  /// Of samples, segment by segment.
  fileprivate static func of(_ samples: [Double], length: Int) -> SegmentMeans {
    var means = SegmentMeans(frames: length)
    for start in stride(from: 0, through: samples.count - length, by: length) {
      var levels = SampleLevels()
      levels.count = length
      levels.sum = samples[start..<start + length].reduce(0) { $0 + Double(Float($1)) }
      means.append(levels)
    }
    return means
  }
}
