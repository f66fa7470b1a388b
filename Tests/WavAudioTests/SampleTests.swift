// SPDX-License-Identifier: GPL-2.0-or-later

import CSndfile
import Foundation
import Synchronization
import Testing
import WavSamples
import WavStages
import WavSystem

@testable import WavAudio

/// Samples equal those of libsndfile, however they are read.
@Suite struct SampleTests {
  /// Containers of uncompressed samples.
  private static let containers: [(String, Int)] = [
    ("WAV", SF_FORMAT_WAV), ("WAVEX", SF_FORMAT_WAVEX), ("RF64", SF_FORMAT_RF64),
    ("W64", SF_FORMAT_W64), ("AIFF", SF_FORMAT_AIFF), ("AU", SF_FORMAT_AU), ("CAF", SF_FORMAT_CAF),
    ("SVX", SF_FORMAT_SVX), ("NIST", SF_FORMAT_NIST), ("VOC", SF_FORMAT_VOC),
  ]
  private static let codings: [(String, Int)] = [
    ("s8", SF_FORMAT_PCM_S8), ("u8", SF_FORMAT_PCM_U8), ("s16", SF_FORMAT_PCM_16),
    ("s24", SF_FORMAT_PCM_24), ("s32", SF_FORMAT_PCM_32), ("float", SF_FORMAT_FLOAT),
    ("double", SF_FORMAT_DOUBLE), ("mu-law", SF_FORMAT_ULAW), ("A-law", SF_FORMAT_ALAW),
  ]
  private static let orders: [(String, Int)] = [
    ("its own", SF_ENDIAN_FILE), ("little", SF_ENDIAN_LITTLE), ("big", SF_ENDIAN_BIG),
  ]

  /// The samples that libsndfile reads, as one signal.
  private func signal(_ all: [Double], _ channels: Int, _ channel: ChannelSelection) -> [Double] {
    stride(from: 0, to: all.count, by: channels).map { frame in
      switch channel {
      case .single(let index): all[frame + index]
      case .difference(let first, let second): (all[frame + first] - all[frame + second]) / 2
      case .mix: all[frame..<frame + channels].reduce(0, +) / Double(channels)
      }
    }
  }

  /// Decodes all blocks in reverse order: workers may finish them in any order.
  private func decoded(_ decoder: SampleDecoder) throws -> [Double] {
    var output = [Double](repeating: .nan, count: decoder.count)
    for block in (0..<decoder.blockCount).reversed() {
      try output.withUnsafeMutableBufferPointer {
        let target = try #require($0.baseAddress) + decoder.samples(of: block).lowerBound
        try decoder.decode(block: block, into: target)
      }
    }
    return output
  }

  private func mapped(_ reader: SampleReader) -> (double: [Double], single: [Float]) {
    var double = [Double](repeating: .nan, count: reader.count)
    var single = [Float](repeating: .nan, count: reader.count)
    // In two pieces that meet at an odd index.
    let middle = reader.count / 3
    double.withUnsafeMutableBufferPointer {
      guard let base = $0.baseAddress else { return }
      reader.read(from: 0, count: middle, into: base)
      reader.read(from: middle, count: reader.count - middle, into: base + middle)
    }
    single.withUnsafeMutableBufferPointer {
      guard let base = $0.baseAddress else { return }
      reader.read(from: 0, count: reader.count, into: base)
    }
    return (double, single)
  }

  /// Reads samples in pieces of different lengths, the last one first.
  private func read(_ samples: some StreamedSamples) throws -> [Double] {
    let borders = [0, 1, samples.count / 3, samples.count / 2 + 1, samples.count]
    var all = [Double](repeating: .nan, count: samples.count)
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: samples.count * samples.bytesPerSample, alignment: 8)
    defer { buffer.deallocate() }
    for (start, end) in zip(borders, borders.dropFirst()).reversed() where start < end {
      samples.announce(start..<end)
      let reader = try samples.read(start..<end, into: buffer)
      #expect(reader.count == end - start)
      all.withUnsafeMutableBufferPointer {
        guard let base = $0.baseAddress else { return }
        reader.read(from: 0, count: end - start, into: base + start)
      }
    }
    return all
  }

  @Test func plainSamplesAreThoseOfLibsndfile() throws {
    var combinations = 0
    var mappedOnes: Set<String> = []
    try withFolder { folder in
      for (container, type) in Self.containers {
        for (coding, subtype) in Self.codings {
          for (order, endian) in Self.orders {
            for channels in [1, 2, 3, 5] {
              guard
                let recording = try Recording(
                  type | subtype | endian, channels: channels, frames: 701, in: folder)
              else { continue }
              combinations += 1
              let name = "\(container), \(coding), \(order) order, \(channels) channels"
              let all = try Recording.read(recording.url)
              let file = try SoundFile(path: recording.url.path)
              // In some formats libsndfile takes the padding byte after 701 bytes for a sample.
              #expect(file.frames == all.count / channels, "\(name)")
              for channel in [
                ChannelSelection.mix, .single(channels - 1), .difference(0, channels - 1),
              ] {
                for (start, duration) in [(0.0, nil), (0.0125, 0.05)] as [(Double, Double?)] {
                  let selection = try file.select(channel, start: start, duration: duration)
                  let first = Int(start * 8000)
                  let expected = Array(
                    signal(all, channels, channel)[first..<first + selection.count])
                  let tolerance = 0x1p-52
                  let values = try decoded(SampleDecoder(file, selection))
                  #expect(
                    zip(values, expected).allSatisfy { abs($0 - $1) <= tolerance },
                    "\(name), decoded from \(first)")
                  guard let samples = MappedSamples(file, selection) else { continue }
                  mappedOnes.insert("\(container) \(coding)")
                  let (double, single) = mapped(samples.reader)
                  #expect(
                    zip(double, expected).allSatisfy { abs($0 - $1) <= tolerance },
                    "\(name), mapped from \(first)")
                  #expect(
                    zip(single, expected).allSatisfy { abs(Double($0) - $1) <= 0x1p-23 },
                    "\(name), mapped from \(first) in single precision")
                  let pieces = try read(try #require(try FileSamples(file, selection)))
                  #expect(pieces == double, "\(name), read in pieces from \(first)")
                }
              }
            }
          }
        }
      }
    }
    // Big-endian WAV (RIFX), little-endian AIFF (sowt) and CAF are among them.
    #expect(combinations >= 250)
    for name in ["WAV s16", "WAV float", "AIFF s24", "AU s8", "CAF double", "W64 s32", "RF64 u8"] {
      #expect(mappedOnes.contains(name), "\(name) is mapped, not decoded")
    }
  }

  @Test func aFileThatBecomesShorterIsAnError() throws {
    try withFolder { folder in
      let recording = try #require(
        try Recording(SF_FORMAT_WAV | SF_FORMAT_PCM_16, channels: 2, frames: 3000, in: folder))
      let file = try SoundFile(path: recording.url.path)
      let selection = try file.select(.mix, start: nil, duration: nil)
      let meter = try TransferMeter()
      let samples = try #require(try FileSamples(file, selection, meter: meter))
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4000, alignment: 1)
      defer { buffer.deallocate() }
      #expect(try samples.read(1000..<2000, into: buffer).count == 1000)
      #expect(meter.byteCount == 4000)
      #expect(meter.seconds > 0)
      let size = try #require(try recording.url.resourceValues(forKeys: [.fileSizeKey]).fileSize)
      let handle = try FileHandle(forWritingTo: recording.url)
      try handle.truncate(atOffset: UInt64(size - 6000))
      try handle.close()
      #expect(try samples.read(0..<1000, into: buffer).count == 1000)
      #expect {
        try samples.read(1000..<2000, into: buffer)
      } throws: {
        "\($0)"
          == "\(recording.url.path) changed while it was being read; run again when it is complete"
      }
    }
  }

  @Test func samplesAreReadFromTheirBytes() throws {
    // Computed by hand, without libsndfile: 1, -2 and 256 with 16 bits.
    let cases: [(SampleLayout.Coding, Bool, [UInt8], [Double])] = [
      (.signed16, false, [1, 0, 0xfe, 0xff, 0, 1], [1 / 32768, -2 / 32768, 256 / 32768]),
      (.signed16, true, [0, 1, 0xff, 0xfe, 1, 0], [1 / 32768, -2 / 32768, 256 / 32768]),
      (.signed8, false, [1, 0xff, 0x80], [1 / 128, -1 / 128, -1]),
      (.unsigned8, false, [129, 127, 0], [1 / 128, -1 / 128, -1]),
      (.signed24, false, [1, 0, 0, 0xff, 0xff, 0xff], [0x1p-23, -0x1p-23]),
      (.signed24, true, [0, 0, 1, 0xff, 0xff, 0xff], [0x1p-23, -0x1p-23]),
      (.signed32, true, [0, 0, 0, 1, 0x80, 0, 0, 0], [0x1p-31, -1]),
      (.float32, true, [0x3f, 0, 0, 0, 0xbf, 0x80, 0, 0], [0.5, -1]),
      (.float32, false, [0, 0, 0, 0x3f, 0, 0, 0x80, 0xbf], [0.5, -1]),
      (.float64, true, [0x3f, 0xe0, 0, 0, 0, 0, 0, 0], [0.5]),
    ]
    for (coding, isSwapped, bytes, expected) in cases {
      let layout = SampleLayout(coding: coding, isSwapped: isSwapped)
      var output = [Double](repeating: .nan, count: expected.count)
      bytes.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        layout.decode(base, from: 0, count: expected.count, of: 1, .mix, into: &output)
      }
      #expect(output == expected, "\(coding), swapped: \(isSwapped)")
    }
  }

  /// Blocks of 2^20 frames, so that the second begins after a seek.
  @Test(arguments: [SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_FLAC | SF_FORMAT_PCM_24])
  func blocksOfFLACMeetWithoutAGap(format: Int) throws {
    try withFolder { folder in
      let frames = 1 << 20 | 12345
      let recording = try #require(
        try Recording(format, channels: 1, frames: frames, in: folder))
      let file = try SoundFile(path: recording.url.path)
      let all = try Recording.read(recording.url)
      for start in [0, 1, 4097] {
        let selection = SampleSelection(start: start, count: frames - start, channel: .mix)
        let decoder = SampleDecoder(file, selection)
        #expect(decoder.blockCount == 2)
        #expect(try decoded(decoder) == Array(all[start...]))
      }
    }
  }

  /// Lossy decoders have a state: decoding pieces would give other samples.
  @Test(arguments: [
    SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_OGG | SF_FORMAT_OPUS,
    SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM,
    SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, SF_FORMAT_WAV | SF_FORMAT_GSM610,
  ])
  func lossyFilesAreDecodedInOnePiece(format: Int) throws {
    try withFolder { folder in
      let frames = format & SF_FORMAT_TYPEMASK == SF_FORMAT_WAV ? 40_000 : 1 << 20 | 50_000
      guard
        let recording = try Recording(
          format, rate: 48000, channels: 1, frames: frames, in: folder)
      else { return }
      let file = try SoundFile(path: recording.url.path)
      #expect(file.isLossy)
      let all = try Recording.read(recording.url)
      #expect(file.frames == all.count)
      for start in [0, 1001] {
        let selection = SampleSelection(start: start, count: all.count - start, channel: .mix)
        let decoder = SampleDecoder(file, selection)
        #expect(decoder.blockCount == 1)
        #expect(try decoded(decoder) == Array(all[start...]))
      }
    }
  }

  @Test func decodedSamplesLieWhereTheyBelong() throws {
    try withFolder { folder in
      let recording = try #require(
        try Recording(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, channels: 2, frames: 3000, in: folder))
      let file = try SoundFile(path: recording.url.path)
      let selection = try file.select(.single(1), start: 0.125, duration: nil)
      let all = signal(try Recording.read(recording.url), 2, .single(1))
      for isDouble in [true, false] {
        let samples = try DecodedSamples(SampleDecoder(file, selection), isDouble: isDouble)
        for block in 0..<samples.blockCount { try samples.decode(block: block) }
        // 16-bit values are exact in both precisions.
        withExtendedLifetime(samples) {
          #expect(mapped(samples.reader).double == Array(all[1000...]))
        }
      }
    }
  }

  /// A long lossless file has several blocks, a lossy one a single long block.
  @Test(arguments: [
    SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_OGG | SF_FORMAT_VORBIS,
  ])
  func decodedSamplesLieInTheScratch(format: Int) throws {
    try withFolder { folder in
      let recording = try #require(
        try Recording(format, channels: 2, frames: 1 << 20 | 12345, in: folder))
      let file = try SoundFile(path: recording.url.path)
      let selection = try file.select(.mix, start: 0.125, duration: nil)
      for isDouble in [true, false] {
        let decoder = SampleDecoder(file, selection)
        let scratch = MemoryScratch(DecodedScratch.byteCount(decoder, isDouble: isDouble))
        let samples = try DecodedScratch(decoder, isDouble: isDouble, in: scratch)
        let meters = [try LevelMeter(file, selection), try LevelMeter(file, selection)]
        #expect(samples.blockCount == (file.isLossy ? 1 : 2))
        let whole = try DecodedSamples(decoder, isDouble: isDouble, meter: meters[0])
        for block in 0..<whole.blockCount { try whole.decode(block: block) }
        // The last block first, and twice, as after the death of a worker.
        for block in (0..<samples.blockCount).reversed() + [0] {
          try samples.decode(block: block, meters[1])
        }
        #expect(meters[0].levels == meters[1].levels)
        #expect(scratch.longestWrite <= 3 << 19)
        let pieces = try read(samples)
        withExtendedLifetime(whole) { #expect(pieces == mapped(whole.reader).double) }
      }
    }
  }
}

/// Scratch in memory.
private final class MemoryScratch: Scratch {
  private let state: Mutex<(bytes: [UInt8], longestWrite: Int)>
  let byteCount: Int

  init(_ byteCount: Int) {
    self.byteCount = byteCount
    state = Mutex(([UInt8](repeating: 255, count: byteCount), 0))
  }

  var longestWrite: Int { state.withLock(\.longestWrite) }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    state.withLock {
      $0.longestWrite = max($0.longestWrite, bytes.count)
      $0.bytes.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
  }

  func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) {
    state.withLock { state in
      state.bytes.withUnsafeBytes { all in
        bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[offset..<offset + bytes.count]))
      }
    }
  }

  func announce(_ range: Range<Int>) {}
}
