// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSpectrum

@Suite struct LevelGridTests {
  @Test func logarithmicRowsHaveEqualRatios() {
    let edges = FrequencySpacing.logarithmic.edges(of: 20...20000, rowCount: 300)
    #expect(edges.count == 301 && edges.first == 20 && edges.last == 20000)
    for (low, high) in zip(edges, edges.dropFirst()) {
      #expect(abs(high / low - pow(1000, 1 / 300.0)) < 1e-12)
    }
  }

  @Test func linearRowsHaveEqualWidths() {
    let edges = FrequencySpacing.linear.edges(of: 0...22050, rowCount: 77)
    #expect(edges.count == 78 && edges.first == 0 && edges.last == 22050)
    for (low, high) in zip(edges, edges.dropFirst()) {
      #expect(abs(high - low - 22050 / 77.0) < 1e-9)
    }
    #expect(FrequencySpacing.linear.edges(of: 1...2, rowCount: 1) == [1, 2])
  }

  @Test func cellsAreColumnByColumn() {
    let grid = LevelGrid(
      times: 10...25, columnCount: 3, frequencyEdges: [1, 2, 4], levels: [1, 2, 3, 4, 5, 6],
      reduction: .mean)
    #expect(grid.rowCount == 2)
    #expect(grid[column: 0, row: 1] == 2 && grid[column: 2, row: 0] == 5)
    #expect(grid.timeEdges == [10, 15, 20, 25])
  }
}
