// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavStages
import WavSystem
import WavWorkers

extension ComparisonResults {
  /// Number of columns of the frequency axis.
  private static let columnCount = 2048

  /// Compares all rows; large spectra are compared by several processes.
  static func of(
    _ alignment: Alignment, _ tolerances: Tolerances, offset: Double, workers: Int
  ) throws -> ComparisonResults {
    let comparison = RowComparison(
      alignment, tolerances, edges: try columnEdges(alignment.reference), offset: offset)
    let results = try ComparisonResults(
      blockCount: comparison.blockCount, columnCount: columnCount)
    var found = RowComparison.Found()
    let stage = Stage(
      name: "compare", blockCount: comparison.blockCount,
      perform: { found = try comparison.compare($0) },
      commit: { results.add(found, block: $0) }, reset: { results.reset() })
    // A fork takes longer than a few blocks.
    if comparison.blockCount < 64 || workers == 1 {
      _ = try perform([stage])
    } else {
      _ = try WorkerPool(workerCount: workers).run([stage])
    }
    return results
  }

  /// Upper edges of all columns but the last, equidistant on a logarithmic axis.
  private static func columnEdges(_ rows: any SpectrumRows) throws(ComparisonError) -> [Double] {
    let last = try rows.frequency(of: rows.count - 1)
    var low = try rows.frequency(of: 0)
    // DC has no position on a logarithmic axis.
    if !(low > 0) { low = rows.count > 1 ? try rows.frequency(of: 1) : 1 }
    let ratio = log(max(last / low, 1.000001)) / Double(columnCount)
    return (1..<columnCount).map { low * exp(ratio * Double($0)) }
  }
}
