// SPDX-License-Identifier: GPL-2.0-or-later

import CSndfile
import Glibc
import WavSystem

/// How much of its end a truncated recording lacks.
public enum Truncation: Sendable, Equatable {
  /// This many frames, according to the header.
  case frames(Int)
  /// It ends too early, and nothing says how much is missing.
  case unknown
}

extension SoundFile {
  /// Whether the last page of an Ogg file is complete and marked as the last.
  ///
  /// RFC 3533: a page begins with "OggS". Bit 2 of byte 5 marks the last page of a stream. Byte 26
  /// is the number of segments, and their lengths follow.
  func endsWithLastOggPage() -> Bool {
    // A page has at most 65,307 bytes.
    let count = min(byteCount, 1 << 17)
    guard let bytes = chunks.bytes(at: byteCount - count, count: count) else { return false }
    let capture = Array("OggS".utf8)
    for start in stride(from: count - 27, through: 0, by: -1)
    where bytes[start] == capture[0] && Array(bytes[start..<start + 4]) == capture {
      let segments = Int(bytes[start + 26])
      let table = start + 27
      guard table + segments <= count else { return false }
      let end = table + segments + bytes[table..<table + segments].reduce(0) { $0 + Int($1) }
      return end <= count && bytes[start + 5] & 4 != 0
    }
    return false
  }

  /// Whether the first frame of an MPEG file has the number of frames (tags "Xing", "Info" and
  /// "VBRI").
  func hasMPEGFrameCount() -> Bool {
    guard let head = chunks.bytes(at: 0, count: 10) else { return false }
    var start = 0
    if head[0..<3].elementsEqual("ID3".utf8) {
      start = 10 + head[6..<10].reduce(0) { $0 << 7 | Int($1 & 127) }
    }
    guard let frame = chunks.bytes(at: start, count: 64) else { return false }
    let tags = ["Xing", "Info", "VBRI"].map { Array($0.utf8) }
    return (0..<60).contains { place in tags.contains { $0.elementsEqual(frame[place..<place + 4]) }
    }
  }

  /// Offset of the first page of an Ogg file that is damaged, incomplete or preceded by a gap; nil
  /// if there is none.
  ///
  /// RFC 3533: bytes 14 to 17 of a page are the number of its stream, bytes 18 to 21 its own
  /// number, and bytes 22 to 25 the checksum of the whole page with these four bytes as 0.
  /// libsndfile skips damaged pages, which would cut a piece out of the recording.
  ///
  /// - Complexity: Reads the file once.
  func firstOggDamage() -> Int? {
    var position = 0
    var next: [UInt32: UInt32] = [:]
    var isLast = false
    while position < byteCount {
      // After the last page there may be a tag or padding.
      let damage = isLast ? nil : position
      guard var page = chunks.bytes(at: position, count: 27),
        page[0..<4].elementsEqual("OggS".utf8),
        let segments = chunks.bytes(at: position + 27, count: Int(page[26]))
      else { return damage }
      let count = segments.reduce(0) { $0 + Int($1) }
      guard let body = chunks.bytes(at: position + 27 + segments.count, count: count) else {
        return damage
      }
      func word(_ offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(page[offset + $1]) << UInt32(8 * $1) }
      }
      let (stream, number, sum) = (word(14), word(18), word(22))
      for offset in 22..<26 { page[offset] = 0 }
      guard oggChecksum(page + segments + body) == sum, next[stream] ?? number == number else {
        return damage
      }
      next[stream] = number &+ 1
      isLast = page[5] & 4 != 0
      position += page.count + segments.count + count
    }
    return nil
  }

  /// Counts the frames that can be decoded, by decoding all of them.
  ///
  /// - Complexity: As long as an analysis of the whole file.
  public func countFrames() -> Int {
    var info = SF_INFO()
    guard let own = try? OpenFile(reopening: file.descriptor) else { return 0 }
    let stream = view.stream(own.descriptor)
    guard
      let handle = stream?.open(&info)
        ?? sf_open_fd(own.descriptor.rawValue, Int32(SFM_READ), &info, 0)
    else { return 0 }
    defer { withExtendedLifetime(stream) { _ = sf_close(handle) } }
    let chunk = 4096
    var buffer = [Double](repeating: 0, count: chunk * channels)
    var total = 0
    while true {
      let count = Int(sf_readf_double(handle, &buffer, sf_count_t(chunk)))
      if count <= 0 { return total }
      total += count
    }
  }
}

/// The checksum of an Ogg page: CRC-32 with the polynomial 04c11db7, initial value 0, bits not
/// reflected.
private func oggChecksum(_ bytes: [UInt8]) -> UInt32 {
  bytes.reduce(0) { $0 << 8 ^ oggChecksums[Int($0 >> 24) ^ Int($1)] }
}

/// The checksums of all bytes, for table lookup.
private let oggChecksums: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte) << 24) { sum, _ in
    sum << 1 ^ (sum >> 31 == 1 ? 0x04c1_1db7 : 0)
  }
}
