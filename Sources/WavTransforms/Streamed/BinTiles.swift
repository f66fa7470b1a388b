// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum
import WavStages

/// The magnitudes of a range of bins on the disk, or the bins themselves, in tiles that order them.
///
/// Row k1 of the four-step algorithm holds bins k1 + N1 * q. A tile holds some quotients q of all residues
/// k1, as [residue][quotient]: a row is written in one piece for each tile, and a tile is read in one piece,
/// of which contiguous bins are taken in any number.
final class BinTiles<Scalar: FFTWScalar> {
  private let bins: Range<Int>
  private let columnLength: Int
  /// Real numbers for each bin.
  private let scalars: Int
  private let scratch: any Scratch
  /// Quotients of a tile.
  private let width: Int
  private let firstQuotient: Int
  /// The tile that is in memory; nil for none.
  private var tile: Int?

  /// Quotients of a tile of about `byteCount` bytes.
  static func width(columnLength: Int, byteCount: Int, _ values: BinValues) -> Int {
    max(1, byteCount / (columnLength * bytesPerBin(values)))
  }

  /// The scratch file for a range of bins in tiles of some quotients.
  static func need(
    _ bins: Range<Int>, columnLength: Int, width: Int, _ values: BinValues
  ) -> Int {
    let quotients =
      bins.isEmpty ? 1 : (bins.upperBound - 1) / columnLength - bins.lowerBound / columnLength + 1
    return (quotients + width - 1) / width * width * columnLength * bytesPerBin(values)
  }

  private static func bytesPerBin(_ values: BinValues) -> Int {
    values.scalarCount * MemoryLayout<Scalar>.stride
  }

  /// Tiles for a range of bins.
  init(
    _ bins: Range<Int>, columnLength: Int, width: Int, _ values: BinValues,
    in scratch: any Scratch
  ) {
    self.bins = bins
    scalars = values.scalarCount
    self.columnLength = columnLength
    self.width = width
    self.scratch = scratch
    firstQuotient = bins.lowerBound / columnLength
  }

  /// Forgets what is in memory: it is overwritten or out of date.
  func forgetTile() { tile = nil }

  private var bytesPerBin: Int { scalars * MemoryLayout<Scalar>.stride }
  private var tileBytes: Int { width * columnLength * bytesPerBin }

  /// Writes the bins residue + N1 * q of a row, whose first element has quotient 0; those out of range are left
  /// out.
  ///
  /// - Throws: What the scratch file throws.
  func store(_ row: UnsafePointer<Scalar>, residue: Int, count: Int) throws {
    guard !bins.isEmpty else { return }
    // Quotients of the range.
    let first = max(0, (bins.lowerBound - residue + columnLength - 1) / columnLength)
    let end = min(count, (bins.upperBound - residue + columnLength - 1) / columnLength)
    var quotient = first
    while quotient < end {
      let (tile, place) = (quotient - firstQuotient).quotientAndRemainder(dividingBy: width)
      let piece = min(width - place, end - quotient)
      try scratch.write(
        UnsafeRawBufferPointer(start: row + scalars * quotient, count: piece * bytesPerBin),
        at: tile * tileBytes + (residue * width + place) * bytesPerBin)
      quotient += piece
    }
  }

  /// Reads bins of the range.
  ///
  /// - Parameters:
  ///   - wanted: Which bins.
  ///   - memory: Room for a tile, the same at each call until ``forgetTile()``.
  ///   - take: Given the first real number of each bin, with its index among the wanted bins.
  /// - Throws: What the scratch file throws.
  @inline(__always)
  func read(
    _ wanted: Range<Int>, through memory: UnsafeMutablePointer<Scalar>,
    _ take: (_ index: Int, UnsafePointer<Scalar>) -> Void
  ) throws {
    var (quotient, residue) = wanted.lowerBound.quotientAndRemainder(dividingBy: columnLength)
    var index = 0
    while index < wanted.count {
      let (tile, place) = (quotient - firstQuotient).quotientAndRemainder(dividingBy: width)
      if self.tile != tile {
        self.tile = nil
        try scratch.read(
          into: UnsafeMutableRawBufferPointer(start: memory, count: tileBytes),
          at: tile * tileBytes)
        self.tile = tile
      }
      let end = min(columnLength, residue + wanted.count - index)
      while residue < end {
        take(index, memory + scalars &* (residue &* width &+ place))
        residue &+= 1
        index &+= 1
      }
      (quotient, residue) = (quotient + 1, 0)
    }
  }
}
