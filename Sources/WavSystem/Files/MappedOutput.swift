// SPDX-License-Identifier: GPL-2.0-or-later

import CShims

/// An output file in memory, which workers fill in any order, each its own ranges.
///
/// Workers that write to one file wait for each other in the kernel; workers that fill a mapping do
/// not (measured on a memory disk with two workers: 2.8 s instead of 4.2 s for 1.9 GB).
public final class MappedOutput {
  private let file: OutputFile
  private let mapping: Mapping

  /// Maps a file of at most `capacity` > 0 bytes.
  ///
  /// - Precondition: The file is seekable (``OutputFile/isSeekable``).
  /// - Throws: `SystemError` when a file cannot be that large.
  public init(_ file: OutputFile, capacity: Int) throws(SystemError) {
    self.file = file
    mapping = try file.map(byteCount: capacity)
  }

  /// Writes bytes at an offset, which are allocated on the disk first.
  ///
  /// - Throws: `SystemError` when the disk is full.
  public func write(_ bytes: RawSpan, at offset: Int) throws(SystemError) {
    let target = try prepare(offset..<offset + bytes.byteCount)
    bytes.withUnsafeBytes { target.copyMemory(from: $0) }
  }

  /// Allocates a range of bytes on the disk, and returns it; valid while this object lives.
  ///
  /// - Throws: `SystemError` when the disk is full.
  public func prepare(_ range: Range<Int>) throws(SystemError) -> UnsafeMutableRawBufferPointer {
    let base = mapping.base
    if !range.isEmpty {
      try file.reserve(range)
      let start = range.lowerBound / 4096 * 4096
      shim_populate_for_writing(base + start, range.upperBound - start)
    }
    return UnsafeMutableRawBufferPointer(start: base + range.lowerBound, count: range.count)
  }
}
