// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import WavSystem

/// Files for what does not fit into memory: what they hold, what stays behind, and what is said when
/// there is no room.
@Suite struct ScratchFileTests {
  /// Bytes that are alike after 65,537 of them and not before.
  private func bytes(_ count: Int) -> [UInt8] {
    var bytes = (0..<65_537).map { UInt8(truncatingIfNeeded: $0 &* 131 &+ $0 >> 8) }
    while bytes.count < count { bytes += bytes }
    return Array(bytes.prefix(count))
  }

  private func isRight(
    _ range: Range<Int>, of file: ScratchFile, as bytes: [UInt8]
  ) throws -> Bool {
    var found = [UInt8](repeating: 0, count: range.count)
    try found.withUnsafeMutableBytes { try file.read(into: $0, at: range.lowerBound) }
    return Data(found) == Data(bytes[range])
  }

  @Test func whatGoesInComesOut() throws {
    try withFolder { folder in
      // More than may be on its way to the device, and no whole number of pages.
      let count = ScratchFile.bytesBehind + 5_000_003
      let bytes = bytes(count)
      let file = try ScratchFile(byteCount: count, in: folder.path)
      // Pieces that begin anywhere, in an order that is not that of their places.
      let bounds = (0...9).map { count / 9 * $0 + ($0 % 9) * 37 }.dropLast() + [count]
      for piece in [4, 0, 8, 1, 7, 2, 6, 3, 5] {
        try bytes.withUnsafeBytes {
          let range = bounds[piece]..<bounds[piece + 1]
          try file.write(UnsafeRawBufferPointer(rebasing: $0[range]), at: range.lowerBound)
        }
      }
      file.announce(0..<count)
      for start in stride(from: 0, to: count, by: 2_345_677) {
        #expect(try isRight(start..<min(count, start + 2_345_677), of: file, as: bytes))
      }
      try file.settle()
      #expect(try isRight(count - 1..<count, of: file, as: bytes))
      #expect(file.writes.byteCount == count)
      #expect(file.reads.byteCount == count + 1)
      #expect(file.writes.seconds > 0)
      #expect(file.reads.seconds > 0)
    }
  }

  @Test func aFileHasNoNameAndItsWholeSize() throws {
    try withFolder { folder in
      let file = try ScratchFile(byteCount: 3_000_000, in: folder.path)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
      // What nobody has written is there, too.
      #expect(
        try isRight(2_999_000..<3_000_000, of: file, as: Array(repeating: 0, count: 3_000_000)))
    }
  }

  /// Where the file system has no unnamed files.
  @Test func aNameIsGoneAtOnce() throws {
    try withFolder { folder in
      let file = try OpenFile(namedForAnInstantIn: FilePath(folder.path))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
      let status = try file.descriptor.stat()
      #expect(status.linkCount == 0)
      #expect(status.permissions == .ownerReadWrite)
    }
  }

  @Test func pagesThatAreOnTheDiskLeaveTheCache() throws {
    // Memory keeps what it has.
    guard let disk = try? ScratchFolder.choose(for: 1 << 27, temporary: nil).path else { return }
    for method in [WriteBehind.Method.ranges, .wholeFile] {
      let file = try OpenFile(temporaryIn: FilePath(disk))
      // Some file systems do not heed ranges.
      if method == .ranges, WriteBehind(file.descriptor).method != method { continue }
      var behind = WriteBehind(file.descriptor, method)
      let slice = 1 << 20
      let bytes = [UInt8](repeating: 7, count: slice)
      let count = 20
      for index in 0..<count {
        let place = Int64(index * slice)
        let written = try bytes.withUnsafeBytes {
          try file.descriptor.write(toAbsoluteOffset: place, $0)
        }
        #expect(written == slice)
        try behind.add(index * slice..<(index + 1) * slice)
      }
      // What is a little behind may be there, what is far behind may not.
      let early = try pagesInMemory(of: file.descriptor, byteCount: 2 * slice)
      #expect(early == 0, "\(method)")
      try behind.settle()
      let all = try pagesInMemory(of: file.descriptor, byteCount: count * slice)
      #expect(all == 0, "\(method)")
    }
  }

  @Test func pagesThatWereReadLeaveTheCache() throws {
    guard let disk = try? ScratchFolder.choose(for: 1 << 25, temporary: nil).path else { return }
    let count = 5_000_001
    let bytes = bytes(count)
    let file = try ScratchFile(byteCount: count, in: disk)
    try bytes.withUnsafeBytes { try file.write($0, at: 0) }
    try file.settle()
    let settled = try pagesInMemory(of: file.file.descriptor, byteCount: 4 << 20)
    #expect(settled == 0)
    // Pieces that share pages.
    for range in [0..<1_234_567, 2_000_001..<count, 1_234_567..<2_000_001] {
      #expect(try isRight(range, of: file, as: bytes))
    }
    let left = try pagesInMemory(of: file.file.descriptor, byteCount: 4 << 20)
    #expect(left == 0)
  }

  /// Pages of the beginning of a file that are in the page cache.
  private func pagesInMemory(of file: FileDescriptor, byteCount: Int) throws -> Int {
    let mapping = try Mapping(file, byteCount: byteCount, for: .reading)
    var states = [UInt8](repeating: 0, count: byteCount / Int(getpagesize()))
    try #require(mincore(mapping.base, byteCount, &states) == 0)
    return states.filter { $0 & 1 == 1 }.count
  }

  @Test func pagesOfRangesAreWhole() {
    let page = Int(getpagesize())
    #expect(wholePages(within: 0..<page) == 0..<page)
    #expect(wholePages(within: 1..<3 * page - 1) == page..<2 * page)
    #expect(wholePages(within: 1..<page - 1).isEmpty)
    #expect(wholePages(around: 1..<page + 1) == 0..<2 * page)
    #expect(wholePages(around: page..<2 * page) == page..<2 * page)
  }

  private func refusal(_ byteCount: Int, in folder: String) -> SystemError? {
    do {
      let file = try ScratchFile(byteCount: byteCount, in: folder)
      Issue.record("there is room for \(file.byteCount) bytes in \(file.folder)")
      return nil
    } catch {
      return error
    }
  }

  @Test func moreThanThereIsIsRefusedWithTheFigures() throws {
    try withFolder { folder in
      let error = try #require(refusal(1 << 60, in: folder.path))
      #expect(error.errno == .noSpace)
      #expect(
        error.description.hasPrefix(
          "could not reserve 1152921505 GB in \(folder.path): No space left on device; "))
      #expect(error.description.contains(" are free there; set TMPDIR to "))
      #expect(
        error.description.hasSuffix(
          ", or name one with a scratch folder, or allow more memory with the memory limit"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test func aFolderThatIsNotThereIsNamed() throws {
    let error = try #require(refusal(1, in: "/nowhere/at/all"))
    #expect(error.errno == .noSuchFileOrDirectory)
    #expect(error.description.contains("/nowhere/at/all"))
    #expect(error.description.hasSuffix(", or name one with a scratch folder"))
  }
}
