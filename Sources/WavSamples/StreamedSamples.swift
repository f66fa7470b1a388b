// SPDX-License-Identifier: GPL-2.0-or-later

/// The samples of a signal that is larger than memory: read from a file in long pieces.
public protocol StreamedSamples: Sendable {
  /// Number of samples.
  var count: Int { get }
  /// Bytes that a sample takes in the file, other channels of its frame included.
  var bytesPerSample: Int { get }
  /// Reads samples.
  ///
  /// - Parameters:
  ///   - samples: Which samples.
  ///   - buffer: Room for ``bytesPerSample`` bytes of each of them.
  /// - Returns: A view of the buffer, whose sample 0 is the first of `samples`.
  /// - Throws: What the owner throws when the file cannot be read, or is shorter than it was.
  func read(_ samples: Range<Int>, into buffer: UnsafeMutableRawBufferPointer) throws
    -> SampleReader
  /// Announces that samples will be read soon, so that the device can begin.
  func announce(_ samples: Range<Int>)
}
