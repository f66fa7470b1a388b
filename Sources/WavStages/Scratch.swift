// SPDX-License-Identifier: GPL-2.0-or-later

/// Room outside of memory that a plan asked for: written and read in long pieces, by all workers.
///
/// Different ranges may be written by different processes at the same time. What one process has written
/// others see at once.
public protocol Scratch: Sendable {
  /// Size in bytes.
  var byteCount: Int { get }
  /// Writes bytes at an offset.
  ///
  /// - Throws: What the owner throws when there is no room or the device fails.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws
  /// Reads bytes that were written before.
  ///
  /// - Throws: What the owner throws when the device fails.
  func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws
  /// Announces that a range will be read soon, so that the device can begin.
  func announce(_ range: Range<Int>)
}
