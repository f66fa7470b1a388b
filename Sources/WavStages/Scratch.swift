// SPDX-License-Identifier: GPL-2.0-or-later

/// Space outside memory that a plan asked for; all workers write and read it in long pieces.
///
/// Several processes may write different ranges at the same time. All processes see written bytes
/// at once.
public protocol Scratch: Sendable {
  /// Size in bytes.
  var byteCount: Int { get }
  /// Writes bytes at an offset.
  ///
  /// - Throws: What the owner throws when there is no space or the device fails.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws
  /// Reads bytes that were written.
  ///
  /// - Throws: What the owner throws when the device fails.
  func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws
  /// Tells the system that a range will be read soon, so that it can start reading.
  func announce(_ range: Range<Int>)
}
