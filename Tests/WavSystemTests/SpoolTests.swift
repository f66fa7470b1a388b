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

  /// The last bytes of the limit, the first bytes beyond it, and more than goes to the device at a time.
  @Test(arguments: [
    (0, 1), (3_000_000, 3_000_000), (3_000_000, 3_000_001), (5_000_000, 20_000_123),
  ])
  func aLongSpoolMovesToTheDisk(limit: Int, count: Int) throws {
    let folder = "/var/tmp"
    let spool = try Spool(of: "a test", memoryLimit: limit, folder: folder)
    try fill(spool, count)
    #expect(spool.byteCount == count)
    // In a memory file where the folder is memory, too.
    #expect(spool.isInMemory == (count <= limit || isMemory(folder)))
    let file = spool.release()
    let isRight = isRight(file, count)
    #expect(isRight)
    var target = [CChar](repeating: 0, count: 256)
    let length = readlink("/proc/self/fd/\(file.descriptor.rawValue)", &target, target.count)
    let name = String(
      decoding: target.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #expect(name.hasPrefix("/memfd:") == spool.isInMemory)
    #expect(spool.isInMemory || name.hasPrefix(folder))
  }

  @Test func whatIsOnTheDiskLeavesThePageCache() throws {
    let folder = "/var/tmp"
    guard !isMemory(folder) else { return }
    let count = 40 << 20
    let spool = try Spool(of: "a test", memoryLimit: 20 << 20, folder: folder)
    let piece = [UInt8](repeating: 7, count: 100_000)
    while spool.byteCount < count { try spool.append(piece.span.bytes) }
    let file = spool.release()
    guard let granules = PageCacheSnapshot.askPages(file.descriptor, 0..<160, byteCount: count)
    else {
      return
    }
    // What is on its way to the device, and, where ranges cannot be written, the last 64 MB.
    guard WriteBehind(file.descriptor).method == .ranges else { return }
    #expect(
      granules.count(where: { $0 }) * PageCacheSnapshot.granule <= WriteBehind.mostBytes + 4 << 20)
  }
}
