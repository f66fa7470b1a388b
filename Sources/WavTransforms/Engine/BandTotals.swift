// SPDX-License-Identifier: GPL-2.0-or-later

import WavStages

/// The shared result: for each band the strongest bin and the sum of the squared magnitudes.
///
/// Layout: greatest magnitude of each band (Double), its bin (Int), then for each block of the last
/// stage a row of sums (Double). Maxima do not depend on the order in which blocks are added. Sums
/// do, by rounding: so each block has its own row of sums, and the rows are added up in block
/// order.
public final class BandTotals {
  /// Number of bands.
  public let bandCount: Int
  private let blockCount: Int
  private let region: Region

  static func need(bandCount: Int, blockCount: Int) -> RegionNeed {
    RegionNeed("the result", byteCount: bandCount * (blockCount + 2) * 8, access: .inPlace)
  }

  init(bandCount: Int, blockCount: Int, in supply: inout RegionSupply) {
    self.bandCount = bandCount
    self.blockCount = blockCount
    region = supply.next(Self.need(bandCount: bandCount, blockCount: blockCount))
  }

  private var magnitudes: UnsafeMutablePointer<Double> { region.pointer(to: Double.self) }
  private var bins: UnsafeMutablePointer<Int> {
    region.pointer(at: bandCount * 8, to: Int.self)
  }
  private func squares(_ block: Int) -> UnsafeMutablePointer<Double> {
    region.pointer(at: bandCount * (block + 2) * 8, to: Double.self)
  }

  /// Greatest magnitude in a band; 0 for a band without bins.
  public func greatestMagnitude(_ band: Int) -> Double { magnitudes[band] }

  /// The bin with that magnitude, the lowest if there are several.
  public func strongestBin(_ band: Int) -> Int { bins[band] }

  /// Sum over the bins of a band, and over the parts, of |F_p[k]|^2; unpaired bins count half.
  ///
  /// - Complexity: O(B) for the B blocks of the last stage.
  public func squareSum(_ band: Int) -> Double {
    (0..<blockCount).reduce(0) { $0 + squares($1)[band] }
  }

  /// Adds the result of one block; call it under the shared lock.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func add<Scalar: FFTWScalar>(_ found: BandAccumulator<Scalar>, block: Int) {
    let row = squares(block)
    for band in 0..<bandCount {
      row[band] = found.squares[band]
      let magnitude = Double(found.magnitudes[band])
      let bin = found.bins[band]
      if magnitude > magnitudes[band] || (magnitude == magnitudes[band] && bin < bins[band]) {
        magnitudes[band] = magnitude
        bins[band] = bin
      }
    }
  }

  /// Clears all bands; call it under the shared lock.
  func reset() {
    for band in 0..<bandCount {
      magnitudes[band] = -1
      bins[band] = .max
      for block in 0..<blockCount { squares(block)[band] = 0 }
    }
  }
}
