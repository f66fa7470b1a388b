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

  /// Allocates a range of bytes on the disk, and returns its address.
  ///
  /// - Throws: `SystemError` when the disk is full.
  public func prepare(_ range: Range<Int>) throws(SystemError) -> UnsafeMutableRawPointer {
    let base = mapping.base
    guard !range.isEmpty else { return base + range.lowerBound }
    try file.reserve(range)
    let start = range.lowerBound / 4096 * 4096
    shim_populate_for_writing(base + start, range.upperBound - start)
    return base + range.lowerBound
  }
}
