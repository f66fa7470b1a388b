// SPDX-License-Identifier: GPL-2.0-or-later

/// The samples of a signal that is larger than memory, read from a file in long pieces.
public protocol StreamedSamples: Sendable {
  /// Number of samples.
  var count: Int { get }
  /// Bytes of a sample in the file, with all channels of its frame.
  var bytesPerSample: Int { get }
  /// Reads samples.
  ///
  /// - Parameters:
  ///   - samples: The range of samples.
  ///   - buffer: Memory for ``bytesPerSample`` bytes per sample.
  /// - Returns: A view of the buffer, whose sample 0 is the first of `samples`.
  /// - Throws: What the owner throws when the file cannot be read or has become shorter.
  func read(_ samples: Range<Int>, into buffer: UnsafeMutableRawBufferPointer) throws
    -> SampleReader
  /// Tells the system that samples will be read soon, so that it can start reading.
  func announce(_ samples: Range<Int>)
}
