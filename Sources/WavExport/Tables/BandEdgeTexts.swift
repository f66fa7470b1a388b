// SPDX-License-Identifier: GPL-2.0-or-later

import Synchronization
import WavSpectrum

/// The edges of bands as text, reused from one table to the next.
///
/// The recordings of a batch mostly have the same bands, and numbers of 17 digits take longest to
/// format (measured: 4 % of the processor time of a batch of CSV).
final class BandEdgeTexts: Sendable {
  static let shared = BandEdgeTexts()

  private struct Table {
    /// Lower and upper edges in Hz.
    var edges: [SIMD2<Double>] = []
    var texts: [String] = []
  }

  private let last = Mutex(Table())

  /// The text `LOW,HIGH` of each row, in Hz.
  func texts(of rows: [BandRow]) -> [String] {
    last.withLock { last in
      let isSame =
        last.edges.count == rows.count
        && zip(rows, last.edges).allSatisfy { $0.lowEdge == $1.x && $0.highEdge == $1.y }
      if !isSame {
        last = Table(
          edges: rows.map { SIMD2($0.lowEdge, $0.highEdge) },
          texts: rows.map { "\($0.lowEdge),\($0.highEdge)" })
      }
      return last.texts
    }
  }
}
