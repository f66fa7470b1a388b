// SPDX-License-Identifier: GPL-2.0-or-later

import CShims

/// An output file in memory, to be filled by workers in any order, each its own ranges.
///
/// Workers that write to one file wait for each other in the kernel; those that fill a mapping do
/// not (measured on a memory disk: 2.8 s against 4.2 s for 1.9 GB by two workers).
public final class MappedOutput {
  private let file: OutputFile
  private let mapping: Mapping

  /// Maps a file of at most `capacity` > 0 bytes.
  ///
  /// - Precondition: The file is seekable (``OutputFile/isSeekable``).
  /// - Throws: `SystemError` when files cannot be so large here.
  public init(_ file: OutputFile, capacity: Int) throws(SystemError) {
    self.file = file
    mapping = try file.map(byteCount: capacity)
  }

  /// Makes room on the disk for a range of bytes, and answers where it is in memory.
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
