// SPDX-License-Identifier: GPL-2.0-or-later

import FoundationEssentials
import Glibc
import WavSystem

/// A file in memory, to be read.
final class MappedFile {
  /// The contents.
  let bytes: UnsafeRawBufferPointer

  /// Maps a file.
  ///
  /// - Throws: ``ComparisonError`` when there is no such file.
  init(_ path: String) throws(ComparisonError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      let reason = String(cString: strerror(errno))
      if descriptor >= 0 { close(descriptor) }
      throw ComparisonError(.noInput, "\(path) cannot be read: \(reason)")
    }
    defer { close(descriptor) }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
      throw ComparisonError(
        .unusable,
        status.st_mode & S_IFMT == S_IFDIR
          ? "\(path) is a folder; compare folders with --batch"
          : "\(path) is empty or no regular file; it holds no spectrum")
    }
    let size = Int(status.st_size)
    guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
    else {
      throw ComparisonError(
        .unusable, "\(path) cannot be mapped: \(String(cString: strerror(errno)))")
    }
    bytes = UnsafeRawBufferPointer(start: base, count: size)
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }

  /// The contents of a small file.
  static func contents(of path: String) throws(ComparisonError) -> Data {
    let file = try MappedFile(path)
    return withExtendedLifetime(file) { Data(file.bytes) }
  }

  /// Gives back the pages of a range, which is not going to be read again.
  func forget(_ range: Range<Int>) {
    let page = 4096
    let start = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    guard end > start, let base = bytes.baseAddress else { return }
    madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
  }
}
