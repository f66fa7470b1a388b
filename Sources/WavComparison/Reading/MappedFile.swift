// SPDX-License-Identifier: GPL-2.0-or-later

import FoundationEssentials
import Glibc
import SystemPackage
import WavSystem

/// A file mapped for reading.
final class MappedFile {
  /// The contents; valid while this object lives.
  let bytes: UnsafeRawBufferPointer
  private let mapping: Mapping

  /// Maps a file.
  ///
  /// - Throws: ``ComparisonError`` when there is no such file.
  init(_ path: String) throws(ComparisonError) {
    let file: OpenFile
    let status: Stat
    do throws(Errno) {
      let opened = try OpenFile(FilePath(spelled: path), .readOnly, options: .nonBlocking)
      let descriptor = opened.descriptor
      status = try systemCall { try descriptor.stat() }
      file = opened
    } catch {
      throw ComparisonError(.noInput, "\(path) cannot be read: \(error)")
    }
    guard status.type == .regular, status.size > 0 else {
      throw ComparisonError(
        .unusable,
        status.type == .directory
          ? "\(path) is a folder; compare folders with \(.folders)"
          : "\(path) is empty or no regular file; it holds no spectrum")
    }
    let size = Int(status.size)
    do throws(Errno) {
      mapping = try Mapping(file.descriptor, byteCount: size, for: .reading)
    } catch {
      throw ComparisonError(.unusable, "\(path) cannot be mapped: \(error)")
    }
    bytes = UnsafeRawBufferPointer(start: mapping.base, count: size)
  }

  /// The contents of a small file.
  static func contents(of path: String) throws(ComparisonError) -> Data {
    let file = try MappedFile(path)
    return withExtendedLifetime(file) { Data(file.bytes) }
  }

  /// Releases the pages of a range that will not be read again.
  func forget(_ range: Range<Int>) {
    let page = 4096
    let start = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    guard end > start, let base = bytes.baseAddress else { return }
    madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
  }
}
