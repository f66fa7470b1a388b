// SPDX-License-Identifier: GPL-2.0-or-later

/// Samples in memory that are read in pieces, like those of a file; nothing is copied.
///
/// A view: the memory must outlive it.
public struct ReaderSamples: StreamedSamples {
  private let reader: SampleReader

  /// The samples of a reader.
  public init(_ reader: SampleReader) { self.reader = reader }

  /// Number of samples.
  public var count: Int { reader.count }

  /// 0: pieces take no room in a buffer.
  public var bytesPerSample: Int { 0 }

  /// A view of some samples, which does not use the buffer.
  public func read(
    _ samples: Range<Int>, into buffer: UnsafeMutableRawBufferPointer
  ) -> SampleReader { reader.extracting(samples) }

  /// Prefetches nothing: the system maps pages by itself.
  public func announce(_ samples: Range<Int>) {}
}
