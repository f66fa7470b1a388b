// SPDX-License-Identifier: GPL-2.0-or-later

import CSndfile
import Foundation
import SystemPackage
import Testing
import WavSystem

@testable import WavAudio

/// Headers that are right, leave the length open, or are wrong.
@Suite struct HeaderTests {
  private func error(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? AudioError)?.description ?? "another error: \(error)"
    }
  }

  @Test(arguments: [
    SF_FORMAT_WAV, SF_FORMAT_WAVEX, SF_FORMAT_RF64, SF_FORMAT_W64, SF_FORMAT_AIFF, SF_FORMAT_AU,
    SF_FORMAT_CAF,
  ])
  func truncationIsFound(container: Int) throws {
    try withFolder { folder in
      let recording = try #require(
        try Recording(container | SF_FORMAT_PCM_16, channels: 2, frames: 4000, in: folder))
      let whole = try SoundFile(path: recording.url.path)
      #expect(whole.truncation == nil)
      #expect(try whole.select(.mix, start: nil, duration: nil).count == 4000)

      let file = try SoundFile(path: try recording.cut(toShare: 0.5).path)
      #expect(file.frames < 2000)
      // All promised frames are accounted for, except for a chunk after the samples.
      guard case .frames(let missing) = file.truncation else {
        Issue.record("the truncation is not seen")
        return
      }
      #expect((4000...4300).contains(file.frames + missing))
      let refusal = error { _ = try file.select(.mix, start: nil, duration: nil) }
      #expect(refusal?.contains("is truncated") == true)
      #expect(refusal?.hasSuffix("; mend it, or analyse what is there with salvage") == true)
      // A part before the truncation lacks nothing; a longer part is refused.
      #expect(try file.select(.mix, start: nil, duration: 0.1).count == 800)
      #expect(error { _ = try file.select(.mix, start: nil, duration: 0.4) } != nil)
      let salvaged = try file.select(.mix, start: nil, duration: nil, isSalvaging: true)
      #expect(salvaged.count == file.frames)
    }
  }

  @Test func truncatedFLACIsCounted() throws {
    try withFolder { folder in
      let recording = try #require(
        try Recording(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, channels: 1, frames: 50_000, in: folder))
      let path = try recording.cut(toShare: 0.6).path
      let file = try SoundFile(.file(path), isSalvaging: true)
      let there = try Recording.read(URL(filePath: path)).count
      #expect(file.frames == there)
      #expect(file.truncation == .frames(50_000 - there))
      #expect((1000..<49_000).contains(there))
      // A complete file lacks nothing.
      let whole = try SoundFile(.file(recording.url.path), isSalvaging: true)
      #expect(whole.truncation == nil)
      #expect(whole.frames == 50_000)
    }
  }

  @Test(arguments: [SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_OGG | SF_FORMAT_OPUS])
  func truncatedOggIsCountedAndReported(format: Int) throws {
    try withFolder { folder in
      guard
        let recording = try Recording(format, rate: 48000, channels: 1, frames: 200_000, in: folder)
      else { return }
      #expect(try SoundFile(path: recording.url.path).truncation == nil)
      let path = try recording.cut(toShare: 0.5).path
      let file = try SoundFile(path: path)
      #expect(file.truncation == .unknown)
      #expect((48_000..<190_000).contains(file.frames))
      #expect(error { _ = try file.select(.mix, start: nil, duration: nil) } != nil)
      #expect(try file.select(.mix, start: nil, duration: 0.5).count == 24_000)
      let part = try file.select(.mix, start: nil, duration: nil, isSalvaging: true)
      let decoder = SampleDecoder(file, part)
      var output = [Double](repeating: .nan, count: part.count)
      try decoder.decode(block: 0, into: &output)
      #expect(output.allSatisfy { $0.isFinite })
    }
  }

  /// Little-endian numbers, or big-endian ones.
  private func bytes(_ value: UInt64, _ count: Int, isBigEndian: Bool = false) -> Data {
    let all = (0..<count).map { UInt8(value >> (8 * UInt64($0)) & 255) }
    return Data(isBigEndian ? all.reversed() : all)
  }

  /// A file with some of its bytes replaced.
  private func patched(_ recording: Recording, _ place: Int, _ bytes: Data) throws -> String {
    var data = try Data(contentsOf: recording.url)
    data.replaceSubrange(place..<place + bytes.count, with: bytes)
    try data.write(to: recording.url)
    return recording.url.path
  }

  /// Where the contents of a chunk begin.
  private func chunk(_ name: String, of recording: Recording) throws -> Int {
    let data = try Data(contentsOf: recording.url)
    return try #require(data.range(of: Data(name.utf8))).upperBound
  }

  @Test(arguments: [0, 0xffff_ffff, 0x7fff_ffff, 0x7fff_f000, 0x7f00_0058] as [UInt64])
  func openSizesOfWAVAreReadToTheEnd(size: UInt64) throws {
    try withFolder { folder in
      for format in [SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_WAV | SF_FORMAT_ULAW] {
        let recording = try #require(
          try Recording(format, channels: 2, frames: 501, in: folder))
        let all = try Recording.read(recording.url)
        let place = try chunk("data", of: recording)
        let file = try SoundFile(path: try patched(recording, place, bytes(size, 4)))
        let selection = try file.select(.single(0), start: nil, duration: nil)
        // µ-law files end with a chunk that counts as samples here, as for libsndfile.
        #expect((501...510).contains(selection.count))
        var output = [Double](repeating: .nan, count: selection.count)
        try SampleDecoder(file, selection).decode(block: 0, into: &output)
        let expected = stride(from: 0, to: all.count, by: 2).map { all[$0] }
        #expect(Array(output[..<501]) == expected)
        if let samples = MappedSamples(file, selection) {
          samples.reader.read(from: 0, count: 501, into: &output)
          #expect(Array(output[..<501]) == expected)
        } else {
          #expect(format & SF_FORMAT_SUBMASK == SF_FORMAT_ULAW)
        }
      }
    }
  }

  @Test func anEmptyWAVWithNotesStaysEmpty() throws {
    try withFolder { folder in
      let recording = try #require(
        try Recording(SF_FORMAT_WAV | SF_FORMAT_PCM_16, channels: 1, frames: 0, in: folder))
      var data = try Data(contentsOf: recording.url)
      data += Data("LIST".utf8) + bytes(10, 4) + Data("INFOISFT12".utf8)
      try data.write(to: recording.url)
      #expect(error { _ = try SoundFile(path: recording.url.path) }?.contains("no samples") == true)
    }
  }

  @Test func openSizesOfCAFAndRF64AndW64AreReadToTheEnd() throws {
    try withFolder { folder in
      let places: [(container: Int, chunk: String?, offset: Int, size: Data)] = [
        (SF_FORMAT_CAF, "data", 0, bytes(.max, 8)), (SF_FORMAT_RF64, "ds64", 12, bytes(0, 8)),
        (SF_FORMAT_RF64, "ds64", 12, bytes(.max, 8)), (SF_FORMAT_W64, nil, 16, bytes(.max >> 1, 8)),
      ]
      for (container, name, offset, size) in places {
        let recording = try #require(
          try Recording(container | SF_FORMAT_PCM_16, channels: 1, frames: 900, in: folder))
        let place = try name.map { try chunk($0, of: recording) } ?? 0
        let file = try SoundFile(path: try patched(recording, place + offset, size))
        let selection = try file.select(.mix, start: nil, duration: nil)
        #expect((900...910).contains(selection.count), "\(file.container)")
      }
    }
  }

  @Test func aFLACStreamOfUnknownLengthIsCounted() throws {
    try withFolder { folder in
      let recording = try #require(
        try Recording(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, channels: 1, frames: 30_000, in: folder))
      // STREAMINFO: the lower 36 bits of bytes 13 to 17 of the block at byte 8 are the length.
      let data = try Data(contentsOf: recording.url)
      let rest = Data([data[21] & 0xf0, 0, 0, 0, 0])
      let file = try SoundFile(path: try patched(recording, 21, rest))
      #expect(file.frames == 30_000)
      let selection = try file.select(.mix, start: 1.5, duration: nil)
      let decoder = SampleDecoder(file, selection)
      #expect(decoder.blockCount == 1)
      var output = [Double](repeating: .nan, count: selection.count)
      try decoder.decode(block: 0, into: &output)
      #expect(output == Array(try Recording.read(recording.url)[12_000...]))
    }
  }

  @Test func anOpenFileIsReadFromItsBeginning() throws {
    try withFolder { folder in
      let recording = try #require(
        try Recording(SF_FORMAT_WAV | SF_FORMAT_PCM_16, channels: 1, frames: 900, in: folder))
      let handle = try FileHandle(forReadingFrom: recording.url)
      try handle.seek(toOffset: 77)
      let file = try SoundFile(
        .open(FileDescriptor(rawValue: handle.fileDescriptor), name: "standard input"))
      #expect(file.path == "standard input")
      #expect(file.frames == 900)
      #expect(!file.hasChanged())
      #expect(try handle.offset() == 77)
    }
  }

  @Test func theErrorNamesAWayToReadOtherFormats() throws {
    try withFolder { folder in
      let url = folder.appending(path: "it's.m4a")
      try Data("not audio at all".utf8).write(to: url)
      let sentence = error { _ = try SoundFile(path: url.path) } ?? ""
      #expect(sentence.contains("ffmpeg -i '"))
      #expect(sentence.contains("it'\\''s.m4a' -f wav - | wavfft -"))
    }
  }

  @Test func bitsDecideWhatIsLossy() throws {
    try withFolder { folder in
      let formats: [(Int, bits: Int?, isLossy: Bool)] = [
        (SF_FORMAT_WAV | SF_FORMAT_PCM_24, 24, false), (SF_FORMAT_WAV | SF_FORMAT_FLOAT, 32, false),
        (SF_FORMAT_AU | SF_FORMAT_PCM_S8, 8, false), (SF_FORMAT_WAV | SF_FORMAT_DOUBLE, 64, false),
        (SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 24, false), (SF_FORMAT_WAV | SF_FORMAT_ULAW, nil, true),
        (SF_FORMAT_OGG | SF_FORMAT_VORBIS, nil, true),
        (SF_FORMAT_CAF | SF_FORMAT_ALAC_24, 24, false),
      ]
      for (format, bits, isLossy) in formats {
        guard let recording = try Recording(format, channels: 1, frames: 5000, in: folder) else {
          continue
        }
        let file = try SoundFile(path: recording.url.path)
        #expect(file.bitsPerSample == bits, "\(file.encoding)")
        #expect(file.isLossy == isLossy, "\(file.encoding)")
      }
    }
  }
}
