// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import Synchronization
import SystemPackage

/// A large file that is read in pieces, each once or twice, in any order, by all processes that
/// inherit it.
///
/// The bytes read do not stay in the page cache, where they would evict other data, but bytes that
/// were there before this object was created do.
public final class BulkFile: Sendable {
  private let file: OpenFile
  private let range: Range<Int>
  /// The content of the cache before; nil if the kernel does not report it.
  private let before: PageCacheSnapshot?
  private let meter: TransferMeter?
  /// What this process read last, one range after the other; a forked process continues with a copy.
  private let latest = Mutex(0..<0)

  /// Opens an open file again, to read the bytes in `range`; `meter` counts them.
  ///
  /// - Throws: The kernel's error when the file cannot be opened.
  public init(
    reopening descriptor: FileDescriptor, reading range: Range<Int>, meter: TransferMeter? = nil
  ) throws(Errno) {
    // The advice applies to a descriptor: this must not be the one that libsndfile uses.
    let file = try OpenFile(reopening: descriptor)
    // The kernel must read only the requested bytes, and not more after each piece.
    posix_fadvise(file.descriptor.rawValue, 0, 0, POSIX_FADV_RANDOM)
    self.range = range
    before = PageCacheSnapshot(file.descriptor, range)
    self.file = file
    self.meter = meter
  }

  // Drops announced pieces that were never read, and pages that several workers read at the same
  // time.
  deinit { forget(range) }

  /// Reads bytes at an offset.
  ///
  /// - Returns: The number of bytes, fewer than requested only at the end of the file.
  /// - Throws: The kernel's error when the file cannot be read.
  public func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(Errno) -> Int {
    let start = ContinuousClock.now
    var done = 0
    while done < bytes.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
      let count = try readSome(into: rest, at: offset + done)
      if count == 0 { break }
      done += count
    }
    forget(behind(offset..<offset + done))
    meter?.add(bytes: done, ContinuousClock.now - start)
    return done
  }

  /// The bytes to drop after a range was read: also what lies before it, if that was read just before.
  ///
  /// Readahead that somebody else began may go on here with folios of megabytes, and the kernel drops a folio
  /// only if all of it is in the range.
  private func behind(_ range: Range<Int>) -> Range<Int> {
    latest.withLock { latest in
      let start = latest.upperBound == range.lowerBound ? latest.lowerBound : range.lowerBound
      latest = max(start, range.lowerBound - Self.largestFolios)..<range.upperBound
      return latest
    }
  }

  /// Two of the largest folios.
  private static let largestFolios = 4 << 20

  private func readSome(
    into bytes: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(Errno) -> Int {
    if before == nil, let base = bytes.baseAddress {
      // Only the kernel knows which bytes it brought into the cache for this call.
      let count = shim_read_uncached(file.descriptor.rawValue, base, bytes.count, Int64(offset))
      if count >= 0 { return count }
      // Kernels and file systems may not support this call; the other call then reports errors.
    }
    return try systemCall {
      try file.descriptor.read(fromAbsoluteOffset: Int64(offset), into: bytes)
    }
  }

  /// Tells the system that bytes will be read soon, so that it can start reading.
  public func announce(_ range: Range<Int>) {
    // Without a snapshot these bytes could not be distinguished from those that were in the cache
    // before.
    guard before != nil else { return }
    // Of longer ranges the kernel may read the beginning only.
    let slice = 128 << 10
    for start in stride(from: range.lowerBound, to: range.upperBound, by: slice) {
      let count = min(slice, range.upperBound - start)
      posix_fadvise(file.descriptor.rawValue, off_t(start), off_t(count), POSIX_FADV_WILLNEED)
    }
  }

  /// Drops bytes from the page cache, except for those that were there before.
  ///
  /// For bytes that were read through another descriptor of the file.
  public func forget(_ range: Range<Int>) {
    for part in before?.uncached(in: range) ?? [] {
      posix_fadvise(
        file.descriptor.rawValue, off_t(part.lowerBound), off_t(part.count), POSIX_FADV_DONTNEED)
    }
  }
}
