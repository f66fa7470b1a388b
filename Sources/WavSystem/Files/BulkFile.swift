// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import SystemPackage

/// A large file that is read in pieces, each of them once or twice, in any order, by all processes that
/// inherit it.
///
/// What is read does not stay in the page cache, where it would take the place of what is needed again; but
/// what was there before this object was made stays.
public final class BulkFile: Sendable {
  private let file: OpenFile
  private let range: Range<Int>
  /// What was in the cache before; nil if the kernel does not say.
  private let before: PageCacheSnapshot?
  private let meter: TransferMeter?

  /// Opens once more a file that is open, of which the bytes in `range` are going to be read; `meter` counts
  /// them.
  ///
  /// - Throws: What the kernel says when it cannot be opened.
  public init(
    reopening descriptor: FileDescriptor, reading range: Range<Int>, meter: TransferMeter? = nil
  ) throws(Errno) {
    // The advice holds for a descriptor: this must not be the one that libsndfile reads with.
    let file = try OpenFile(reopening: descriptor)
    // The kernel is to read what is asked for, and not more behind each piece.
    posix_fadvise(file.descriptor.rawValue, 0, 0, POSIX_FADV_RANDOM)
    self.range = range
    before = PageCacheSnapshot(file.descriptor, range)
    self.file = file
    self.meter = meter
  }

  // Announced pieces that were never read, and pages that workers read at the same time.
  deinit { forget(range) }

  /// Reads bytes at an offset.
  ///
  /// - Returns: How many there were: fewer than asked for only at the end of the file.
  /// - Throws: What the kernel says when it cannot be read.
  public func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(Errno) -> Int {
    let start = ContinuousClock.now
    var done = 0
    while done < bytes.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
      let count = try readSome(into: rest, at: offset + done)
      if count == 0 { break }
      done += count
    }
    forget(offset..<offset + done)
    meter?.add(bytes: done, ContinuousClock.now - start)
    return done
  }

  private func readSome(
    into bytes: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(Errno) -> Int {
    if before == nil, let base = bytes.baseAddress {
      // Here the kernel alone knows what it brought into the cache for this call.
      let count = shim_read_uncached(file.descriptor.rawValue, base, bytes.count, Int64(offset))
      if count >= 0 { return count }
      // Also for kernels and file systems that do not know this: the other call says what is wrong.
    }
    return try systemCall {
      try file.descriptor.read(fromAbsoluteOffset: Int64(offset), into: bytes)
    }
  }

  /// Announces that bytes will be read soon, so that the device can begin.
  public func announce(_ range: Range<Int>) {
    // What is read in this way could not be told from what was there before.
    guard before != nil, !range.isEmpty else { return }
    posix_fadvise(
      file.descriptor.rawValue, off_t(range.lowerBound), off_t(range.count), POSIX_FADV_WILLNEED)
  }

  /// Drops bytes from the page cache that were not there before.
  ///
  /// For bytes that somebody else read, with another descriptor of the file.
  public func forget(_ range: Range<Int>) {
    for part in before?.uncached(in: range) ?? [] {
      posix_fadvise(
        file.descriptor.rawValue, off_t(part.lowerBound), off_t(part.count), POSIX_FADV_DONTNEED)
    }
  }
}
