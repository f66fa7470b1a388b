// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import Testing

@testable import WavSystem

/// A file that grows in memory and moves to the disk.
@Suite struct SpoolTests {
  /// Appends `count` bytes in pieces of different lengths; byte n is a function of n.
  private func fill(_ spool: Spool, _ count: Int) throws {
    var done = 0
    var piece = 1
    while done < count {
      let length = min(piece, count - done)
      let bytes = (done..<done + length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
      try spool.append(bytes.span.bytes)
      done += length
      piece = piece * 3 % 1_000_003
    }
  }

  private func isRight(_ file: borrowing OpenFile, _ count: Int) -> Bool {
    var bytes = [UInt8](repeating: 0, count: count + 1)
    return pread(file.descriptor.rawValue, &bytes, count + 1, 0) == count
      && bytes[..<count].enumerated().allSatisfy {
        $1 == UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8)
      }
  }

  @Test func appendedBytesAreReadBack() throws {
    let spool = try Spool(of: "a test", memoryLimit: 1 << 30)
    try fill(spool, 3_000_000)
    #expect(spool.isInMemory)
    #expect(spool.byteCount == 3_000_000)
    let file = spool.release()
    let isRight = isRight(file, 3_000_000)
    #expect(isRight)
  }

  @Test func aLongSpoolMovesToTheDisk() throws {
    // Two steps of 32 MiB are always in memory.
    let count = (64 << 20) + 12_345
    let spool = try Spool(of: "a test", memoryLimit: 1)
    try fill(spool, count)
    #expect(spool.byteCount == count)
    let file = spool.release()
    let isRight = isRight(file, count)
    #expect(isRight)
    // In a memory file if the temporary folder is memory, too.
    var target = [CChar](repeating: 0, count: 256)
    let length = readlink("/proc/self/fd/\(file.descriptor.rawValue)", &target, target.count)
    let name = String(
      decoding: target.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #expect(name.hasPrefix("/memfd:") == spool.isInMemory)
  }
}
