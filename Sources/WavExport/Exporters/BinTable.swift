// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// A table with a row for every bin, which is written block by block.
///
/// Blocks are written by several processes at once: what stands in a row must follow from the row
/// alone, and from whether it is the first of the table.
public protocol BinTable: Sendable {
  /// What stands before the rows.
  func header(rowCount: Int, isSingle: Bool) -> [UInt8]

  /// Bytes of each row if all are of one size; nil for rows of text.
  func rowByteCount(isSingle: Bool) -> Int?

  /// Appends the rows of a block, at most ``BinBlock/longestRow`` bytes each.
  func append(_ block: BinBlock, to buffer: inout RowBuffer)

  /// What stands behind the rows.
  func footer(_ result: any LineResult) throws -> [UInt8]
}

extension BinTable {
  /// Nothing, for most tables.
  public func footer(_ result: any LineResult) -> [UInt8] { [] }
}

/// Consecutive bins with their numbers.
///
/// It is a view of memory that belongs to somebody else, and valid as long as that is not changed.
public struct BinBlock {
  /// Magnitudes, and levels in dBFS, of each bin, in the precision in which they were computed.
  public enum Values {
    /// Single precision.
    case single(magnitudes: UnsafeBufferPointer<Float>, levels: UnsafeBufferPointer<Float>)
    /// Double precision.
    case double(magnitudes: UnsafeBufferPointer<Double>, levels: UnsafeBufferPointer<Double>)
  }

  /// The bins, counted from 0 Hz.
  public let bins: Range<Int>
  /// Whether the first of them has the first row of the table.
  public let isFirst: Bool
  /// Decimals that frequencies in text need.
  public let frequencyDecimals: Int
  /// The numbers.
  public let values: Values

  private let sampleRate: Double
  private let divisor: Double

  /// Bins in a block at most.
  public static let most = 16384
  /// No row is longer, in bytes, whatever the numbers.
  public static let longestRow = 128

  /// Describes some bins of a grid.
  public init(_ bins: Range<Int>, of grid: BinGrid, isFirst: Bool, _ values: Values) {
    self.bins = bins
    self.isFirst = isFirst
    self.values = values
    sampleRate = Double(grid.sampleRate)
    divisor = Double(grid.parts * grid.transformLength)
    switch values {
    case .single:
      frequencyDecimals = Self.frequencyDecimals(spacing: grid.spacing, isSingle: true)
    case .double:
      frequencyDecimals = Self.frequencyDecimals(spacing: grid.spacing, isSingle: false)
    }
  }

  /// Frequency in Hz of the bin at an index of the block.
  @inline(__always)
  public func frequency(_ index: Int) -> Double {
    // Exact as long as products of bins and rates stay below 2^53.
    Double(bins.lowerBound &+ index) * sampleRate / divisor
  }

  /// Decimals of frequencies: their error is below a millionth of the distance of bins, and in double
  /// precision below 10^-10 of it.
  static func frequencyDecimals(spacing: Double, isSingle: Bool) -> Int {
    var decimals = isSingle ? 6 : 10
    var unit = 1.0
    while spacing < unit, decimals < 15 {
      unit /= 10
      decimals += 1
    }
    return decimals
  }
}
