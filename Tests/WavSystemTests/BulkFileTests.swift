// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import WavSystem

/// Large files that are read without changing the page cache.
@Suite struct BulkFileTests {
  private static let granule = PageCacheSnapshot.granule
  private static let size = 12 * granule + 5000

  /// Which pages of a file are in the cache, by another system call than the program's.
  private func cachedPages(_ file: borrowing OpenFile) throws -> [Bool] {
    let mapping = try Mapping(file.descriptor, byteCount: Self.size, for: .reading)
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    var pages = [UInt8](repeating: 0, count: (Self.size + page - 1) / page)
    try #require(mincore(mapping.base, Self.size, &pages) == 0)
    return pages.map { $0 & 1 != 0 }
  }

  /// A file on the disk that is not in the cache, except for its fourth and fifth granule; nil if
  /// files cannot leave the cache, as on a disk in memory.
  private func makeFile() throws -> OpenFile? {
    let file = try OpenFile(
      unnamedIn: FilePath(temporaryFolder()), permissions: .ownerReadWrite)
    var bytes = [UInt8](repeating: 0, count: Self.size)
    for index in bytes.indices {
      bytes[index] = UInt8(truncatingIfNeeded: index &* 31 &+ index >> 8)
    }
    let number = file.descriptor.rawValue
    try #require(pwrite(number, bytes, bytes.count, 0) == bytes.count)
    try #require(fsync(number) == 0)
    posix_fadvise(number, 0, 0, POSIX_FADV_DONTNEED)
    guard try !cachedPages(file).contains(true) else { return nil }
    posix_fadvise(number, 0, 0, POSIX_FADV_RANDOM)
    try #require(pread(number, &bytes, 2 * Self.granule, off_t(3 * Self.granule)) > 0)
    return file
  }

  @Test func whatWasInTheCacheStaysAndNothingElse() throws {
    guard let file = try makeFile() else { return }
    let before = try cachedPages(file)
    let range = 44..<Self.size - 7
    try #require(PageCacheSnapshot(file.descriptor, range) != nil)
    let meter = try TransferMeter()
    let bulk = try BulkFile(reopening: file.descriptor, reading: range, meter: meter)
    let piece = 70_001
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 1)
    defer { buffer.deallocate() }
    for start in stride(from: range.lowerBound, to: range.upperBound, by: piece) {
      let end = min(start + piece, range.upperBound)
      bulk.announce(end..<min(end + piece, range.upperBound))
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(end - start)])
      let count = try bulk.read(into: room, at: start)
      #expect(count == end - start)
      #expect(
        room.enumerated().allSatisfy {
          $1 == UInt8(truncatingIfNeeded: (start + $0) &* 31 &+ (start + $0) >> 8)
        })
    }
    #expect(meter.byteCount == range.count)
    withExtendedLifetime(bulk) {}
    #expect(try cachedPages(file) == before)
  }

  @Test func announcedBytesThatNobodyReadsLeaveTheCache() throws {
    guard let file = try makeFile() else { return }
    let before = try cachedPages(file)
    do {
      let bulk = try BulkFile(reopening: file.descriptor, reading: 0..<Self.size)
      bulk.announce(0..<Self.size)
      // A page that is being read cannot be dropped: this waits for it.
      var byte: UInt8 = 0
      for place in stride(from: 0, to: Self.size, by: 4096) {
        try #require(pread(file.descriptor.rawValue, &byte, 1, off_t(place)) == 1)
      }
    }
    #expect(try cachedPages(file) == before)
  }

  @Test func bothWaysToAskSayTheSame() throws {
    guard let file = try makeFile() else { return }
    let granules = 2..<13
    let pages = try #require(
      PageCacheSnapshot.askPages(file.descriptor, granules, byteCount: Self.size))
    #expect(pages == (2..<13).map { $0 == 3 || $0 == 4 })
    // Kernels before Linux 6.5 only support the other call.
    if let counts = PageCacheSnapshot.askCounts(file.descriptor, granules) {
      #expect(counts == pages)
    }
  }

  @Test func neighboursShareNoPage() throws {
    guard let file = try makeFile() else { return }
    let end = 2 * Self.granule + 100
    let snapshot = try #require(PageCacheSnapshot(file.descriptor, 44..<end))
    let pieces = [44..<5000, 5000..<9000, 9000..<Self.granule + 1, Self.granule + 1..<end]
    let parts = pieces.flatMap(snapshot.uncached)
    #expect(parts.allSatisfy { $0.lowerBound % 4096 == 0 && $0.upperBound % 4096 == 0 })
    // From the first page to the last, without gaps.
    #expect(parts.first?.lowerBound == 0)
    #expect(parts.last.map { $0.upperBound >= end } == true)
    #expect(zip(parts, parts.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
  }
}
