// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// A table with a row for every bin, written block by block.
///
/// Several processes write blocks at once, so a row may depend only on its bin, and on whether it
/// is the first row of the table.
public protocol BinTable: Sendable {
  /// The bytes before the rows.
  func header(rowCount: Int, of kind: BinBlock.Kind) -> [UInt8]

  /// Size of each row in bytes if all rows have the same size; nil for rows of text.
  func rowByteCount(of kind: BinBlock.Kind) -> Int?

  /// Appends the rows of a block, at most ``BinBlock/longestRow`` bytes each.
  func append(_ block: BinBlock, to buffer: inout RowBuffer)

  /// The bytes after the rows.
  func footer(_ result: any LineResult) throws -> [UInt8]
}

extension BinTable {
  /// Nothing, for most tables.
  public func footer(_ result: any LineResult) -> [UInt8] { [] }
}

/// Consecutive bins with their numbers.
///
/// A view of memory: valid as long as its owner keeps the memory unchanged.
public struct BinBlock {
  /// The numbers of each bin, in the precision in which they were computed.
  public enum Values {
    /// Magnitudes, and levels in dBFS, in single precision.
    case single(magnitudes: UnsafeBufferPointer<Float>, levels: UnsafeBufferPointer<Float>)
    /// Magnitudes, and levels in dBFS, in double precision.
    case double(magnitudes: UnsafeBufferPointer<Double>, levels: UnsafeBufferPointer<Double>)
    /// Real and imaginary parts in single precision.
    case complexSingle(UnsafeBufferPointer<SIMD2<Float>>)
    /// Real and imaginary parts in double precision.
    case complexDouble(UnsafeBufferPointer<SIMD2<Double>>)
  }

  /// What a row has beside the frequency: the same for all blocks of a table.
  public struct Kind: Sendable, Equatable {
    /// Magnitudes with their levels, or complex numbers.
    public let values: BinValues
    /// Whether they are single-precision numbers.
    public let isSingle: Bool

    /// Describes rows.
    public init(_ values: BinValues, isSingle: Bool) {
      self.values = values
      self.isSingle = isSingle
    }
  }

  /// The bins, counted from 0 Hz.
  public let bins: Range<Int>
  /// Whether the first of these bins is the first row of the table.
  public let isFirst: Bool
  /// Number of decimals of frequencies in text.
  public let frequencyDecimals: Int
  /// The numbers.
  public let values: Values

  private let sampleRate: Double
  private let divisor: Double

  /// Greatest number of bins in a block.
  public static let most = 16384
  /// Greatest length of a row in bytes.
  public static let longestRow = 128

  /// Describes some bins of a grid.
  public init(_ bins: Range<Int>, of grid: BinGrid, isFirst: Bool, _ values: Values) {
    self.bins = bins
    self.isFirst = isFirst
    self.values = values
    sampleRate = Double(grid.sampleRate)
    divisor = Double(grid.parts * grid.transformLength)
    switch values {
    case .single, .complexSingle:
      frequencyDecimals = Self.frequencyDecimals(spacing: grid.spacing, isSingle: true)
    case .double, .complexDouble:
      frequencyDecimals = Self.frequencyDecimals(spacing: grid.spacing, isSingle: false)
    }
  }

  /// Frequency in Hz of the bin at this index of the block.
  @inline(__always)
  public func frequency(_ index: Int) -> Double {
    // Exact as long as the product of bin and rate is below 2^53.
    Double(bins.lowerBound &+ index) * sampleRate / divisor
  }

  /// Number of decimals of frequencies: rounding errors stay below a millionth of the bin spacing,
  /// in double precision below 10^-10 of it.
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
