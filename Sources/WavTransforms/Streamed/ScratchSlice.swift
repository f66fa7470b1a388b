// SPDX-License-Identifier: GPL-2.0-or-later

import WavStages

/// A range of a scratch file that serves as a file of its own.
///
/// What a process has written and the device has not is limited for each file: several matrices in one file stay
/// within one limit.
struct ScratchSlice: Scratch {
  let byteCount: Int
  private let file: any Scratch
  private let start: Int

  private static let page = 4096

  /// The size of a file with slices of these sizes.
  static func need(_ sizes: [Int]) -> Int {
    sizes.reduce(0) { ($0 + page - 1) / page * page + $1 }
  }

  /// Divides a file into slices that begin at pages.
  static func slices(of file: any Scratch, _ sizes: [Int]) -> [ScratchSlice] {
    var end = 0
    return sizes.map { size in
      let start = (end + page - 1) / page * page
      end = start + size
      return ScratchSlice(byteCount: size, file: file, start: start)
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    try file.write(bytes, at: start + offset)
  }

  func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    try file.read(into: bytes, at: start + offset)
  }

  func announce(_ range: Range<Int>) {
    file.announce(start + range.lowerBound..<start + range.upperBound)
  }
}
