// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// The digest of a byte sequence: XXH64 with seed 0, as 16 hexadecimal digits (`xxhsum -H64`).
///
/// It detects accidental changes and edits at the speed of memory, but does not protect against
/// deliberate collisions. Defined in the xxHash specification, version 0.1.1:
/// https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
package struct ContentDigest {
  private static let prime1: UInt64 = 0x9e37_79b1_85eb_ca87
  private static let prime2: UInt64 = 0xc2b2_ae3d_27d4_eb4f
  private static let prime3: UInt64 = 0x1656_67b1_9e37_79f9
  private static let prime4: UInt64 = 0x85eb_ca77_c2b2_ae63
  private static let prime5: UInt64 = 0x27d4_eb2f_1656_67c5

  /// Size of a stripe in bytes; all but the last bytes are processed in stripes.
  package static let stripe = 32

  private var lanes: (UInt64, UInt64, UInt64, UInt64)
  private var count = 0

  /// The digest of no bytes so far.
  package init() {
    lanes = (Self.prime1 &+ Self.prime2, Self.prime2, 0, 0 &- Self.prime1)
  }

  /// The digest of a text.
  package static func of(_ text: String) -> String {
    var text = text
    return text.withUTF8 { of(UnsafeRawBufferPointer($0)) }
  }

  /// The digest of bytes in memory.
  package static func of(_ bytes: UnsafeRawBufferPointer) -> String {
    let whole = bytes.count / stripe * stripe
    var digest = ContentDigest()
    digest.add(UnsafeRawBufferPointer(rebasing: bytes[..<whole]))
    return digest.finish(UnsafeRawBufferPointer(rebasing: bytes[whole...]))
  }

  private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
    rotated(lane &+ input &* prime2, 31) &* prime1
  }

  private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 {
    value << count | value >> (64 - count)
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// Adds whole stripes.
  ///
  /// - Precondition: The number of bytes is a multiple of ``stripe``.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count % Self.stripe == 0, "whole stripes")
    var (a, b, c, d) = lanes
    for offset in stride(from: 0, to: bytes.count, by: Self.stripe) {
      a = Self.round(a, Self.word(bytes, offset))
      b = Self.round(b, Self.word(bytes, offset + 8))
      c = Self.round(c, Self.word(bytes, offset + 16))
      d = Self.round(d, Self.word(bytes, offset + 24))
    }
    lanes = (a, b, c, d)
    count += bytes.count
  }

  /// The digest, after the last bytes, which are fewer than a stripe.
  package consuming func finish(_ rest: UnsafeRawBufferPointer) -> String {
    var hash: UInt64
    if count >= Self.stripe {
      hash =
        Self.rotated(lanes.0, 1) &+ Self.rotated(lanes.1, 7) &+ Self.rotated(lanes.2, 12)
        &+ Self.rotated(lanes.3, 18)
      for lane in [lanes.0, lanes.1, lanes.2, lanes.3] {
        hash = (hash ^ Self.round(0, lane)) &* Self.prime1 &+ Self.prime4
      }
    } else {
      hash = Self.prime5
    }
    hash &+= UInt64(count + rest.count)
    var offset = 0
    while offset + 8 <= rest.count {
      hash =
        Self.rotated(hash ^ Self.round(0, Self.word(rest, offset)), 27) &* Self.prime1
        &+ Self.prime4
      offset += 8
    }
    if offset + 4 <= rest.count {
      let word = UInt32(littleEndian: rest.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      hash = Self.rotated(hash ^ UInt64(word) &* Self.prime1, 23) &* Self.prime2 &+ Self.prime3
      offset += 4
    }
    while offset < rest.count {
      hash = Self.rotated(hash ^ UInt64(rest[offset]) &* Self.prime5, 11) &* Self.prime1
      offset += 1
    }
    hash = (hash ^ hash >> 33) &* Self.prime2
    hash = (hash ^ hash >> 29) &* Self.prime3
    hash ^= hash >> 32
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// The size and digest of a file's contents.
package struct Fingerprint: Hashable, Codable, Sendable {
  /// Size in bytes.
  package var bytes: Int
  /// The digest of its bytes, by ``ContentDigest``.
  package var digest: String

  /// Describes contents.
  package init(bytes: Int, digest: String) {
    self.bytes = bytes
    self.digest = digest
  }

  /// The fingerprint of anything that can be read at an offset.
  ///
  /// - Parameter read: Reads bytes from an offset; returns their number, 0 at the end.
  /// - Throws: What `read` throws.
  package init<Failure: Error>(
    reading read: (_ buffer: UnsafeMutableRawBufferPointer, _ offset: Int) throws(Failure) -> Int
  ) throws(Failure) {
    // Small enough for a processor's second-level cache.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { buffer.deallocate() }
    var digest = ContentDigest()
    var done = 0
    while true {
      var filled = 0
      while filled < buffer.count {
        let count = try read(
          UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]), done + filled)
        if count == 0 { break }
        filled += count
      }
      let whole = filled / ContentDigest.stripe * ContentDigest.stripe
      digest.add(UnsafeRawBufferPointer(rebasing: buffer[..<whole]))
      done += filled
      if filled < buffer.count {
        self.init(
          bytes: done,
          digest: digest.finish(UnsafeRawBufferPointer(rebasing: buffer[whole..<filled])))
        return
      }
    }
  }

  /// The fingerprint of an output that is not visible yet.
  package init(_ file: OutputFile) throws(SystemError) {
    // This flushes its buffer.
    _ = try file.byteCount()
    try self.init { buffer, offset throws(SystemError) in try file.read(into: buffer, at: offset) }
  }

  /// The fingerprint of the regular file at a path; nil if no such file can be read.
  package init?(path: String) {
    // Opening a pipe would wait for a writer.
    guard let file = try? OpenFile(FilePath(spelled: path), .readOnly, options: .nonBlocking),
      (try? file.descriptor.stat().type) == .regular
    else { return nil }
    let descriptor = file.descriptor
    do throws(SystemError) {
      try self.init { buffer, offset throws(SystemError) in
        try systemCall("read \(path)") {
          try descriptor.read(fromAbsoluteOffset: Int64(offset), into: buffer)
        }
      }
    } catch {
      return nil
    }
  }
}
