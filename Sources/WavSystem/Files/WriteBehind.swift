// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import SystemPackage

/// The slices that a process has written to a file and that the page cache may still hold.
///
/// The kernel starts to write each slice to the device at once. Some slices later the process waits for it,
/// and then the slice leaves the cache. So the device is always busy, and few pages are dirty: the kernel
/// alone lets a tenth of the memory become dirty, and then stops every writer.
struct WriteBehind {
  /// How to write slices to the device.
  enum Method {
    /// Each slice by its range.
    case ranges
    /// The whole file after every ``mostBytes``, where the file system cannot write ranges.
    case wholeFile
  }

  /// The most bytes that are on their way to the device.
  ///
  /// Two processes that wrote 1 GB in pieces of 1 MB reached 2.2 to 3.3 GB/s by ranges, and 1.6 to 1.9 GB/s by
  /// the whole file (1.9 to 2.2 GB/s with 64 MB).
  static let mostBytes = 16 << 20

  private let file: FileDescriptor
  private(set) var method: Method
  private var slices: [Range<Int>] = []
  private var byteCount = 0

  /// Starts with a file that has no pages in the cache.
  init(_ file: FileDescriptor) {
    self.init(file, shim_heeds_ranges(file.rawValue) == 0 ? .wholeFile : .ranges)
  }

  /// The same with a method, for tests.
  init(_ file: FileDescriptor, _ method: Method) {
    self.file = file
    self.method = method
  }

  /// Starts to write a slice to the device, and waits for earlier slices if there are many.
  ///
  /// - Throws: The error of the device for this or any other slice, perhaps of another process.
  mutating func add(_ slice: Range<Int>) throws(Errno) {
    slices.append(slice)
    byteCount += slice.count
    if method == .ranges {
      try sync(slice, isWaiting: false)
      var count = 0
      while byteCount > Self.mostBytes, method == .ranges {
        let oldest = slices[count]
        try sync(oldest, isWaiting: true)
        forget(wholePages(within: oldest), of: file)
        byteCount -= oldest.count
        count += 1
      }
      slices.removeFirst(count)
    }
    if method == .wholeFile, byteCount >= Self.mostBytes { try settle() }
  }

  /// Waits until the whole file is on the device, also what other processes have written.
  mutating func settle() throws(Errno) {
    if method == .ranges { try sync(0..<0, isWaiting: true) }
    if method == .wholeFile {
      let file = file
      while fdatasync(file.rawValue) != 0 {
        if Errno.last != .interrupted { throw .last }
      }
    }
    for slice in slices { forget(wholePages(within: slice), of: file) }
    slices.removeAll()
    byteCount = 0
  }

  /// Writes a range to the device, or the whole file if the range is empty.
  ///
  /// Where the system cannot do that the method changes.
  private mutating func sync(_ range: Range<Int>, isWaiting: Bool) throws(Errno) {
    while shim_sync_range(
      file.rawValue, Int64(range.lowerBound), Int64(range.count), isWaiting ? 1 : 0) != 0
    {
      switch Errno.last {
      case .interrupted: continue
      case .noFunction, .invalidArgument, .illegalSeek:
        method = .wholeFile
        return
      case let error: throw error
      }
    }
  }
}

/// The pages that lie in a range.
func wholePages(within range: Range<Int>) -> Range<Int> {
  let page = Int(getpagesize())
  let start = (range.lowerBound + page - 1) / page * page
  return start..<max(start, range.upperBound / page * page)
}

/// The pages that a range touches.
func wholePages(around range: Range<Int>) -> Range<Int> {
  let page = Int(getpagesize())
  return range.lowerBound / page * page..<(range.upperBound + page - 1) / page * page
}

/// Removes clean pages of a file from the page cache.
func forget(_ pages: Range<Int>, of file: FileDescriptor) {
  // A length of 0 would mean the rest of the file.
  guard !pages.isEmpty else { return }
  posix_fadvise(
    file.rawValue, off_t(pages.lowerBound), off_t(pages.count), POSIX_FADV_DONTNEED)
}
