// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum

/// The pixels of a grid of levels on a frequency axis: each pixel has the level of the cells in it.
struct CellImage {
  /// The columns of the grid that each column of pixels shows, from left to right.
  let columns: [Range<Int>]
  /// The rows of the grid that each row of pixels shows, from top to bottom.
  let rows: [Range<Int>]

  /// Divides a frame into at most two pixels for each unit, as many as images have.
  ///
  /// There is a pixel for each cell, if there is space for it and cells are equally large on the axes.
  init(_ grid: LevelGrid, axis: UprightFrequencyAxis, width: Double) {
    columns = Self.columns(grid.columnCount, width: width)
    rows = cells(
      between: grid.frequencyEdges.map {
        (axis.bottom - axis.position($0)) / (axis.bottom - axis.top)
      },
      mostPixels: Int(2 * (axis.bottom - axis.top))
    ).reversed()
  }

  /// The columns of a grid that each column of pixels shows, in a frame of some width.
  static func columns(_ count: Int, width: Double) -> [Range<Int>] {
    cells(
      between: (0...count).map { Double($0) / Double(count) }, mostPixels: Int(2 * width))
  }

  /// The image: the lowest level of a range has the first of 256 colours, the highest one the last.
  func raster(_ grid: LevelGrid, levels: ClosedRange<Double>, colours: ColourMap) -> Raster {
    let (cells, rowCount) = (grid.levels, grid.rowCount)
    let low = Float(levels.lowerBound)
    let scale = 256 / Float(levels.upperBound - levels.lowerBound)
    var indices = [UInt8](repeating: 0, count: columns.count * rows.count)
    let width = columns.count
    for (x, columns) in columns.enumerated() {
      for (y, rows) in rows.enumerated() {
        let level =
          columns.count == 1 && rows.count == 1
          ? cells[columns.lowerBound &* rowCount &+ rows.lowerBound] : level(grid, columns, rows)
        // Silence and levels below the range have the first colour.
        let shade = (level - low) * scale
        indices[y &* width &+ x] = shade > 0 ? UInt8(min(shade, 255)) : 0
      }
    }
    return Raster(
      width: columns.count, height: rows.count, palette: colours.colours, indices: indices)
  }

  /// The level of some cells: the greatest, or that of their mean power.
  private func level(_ grid: LevelGrid, _ columns: Range<Int>, _ rows: Range<Int>) -> Float {
    switch grid.reduction {
    case .maximum:
      var greatest = -Float.infinity
      for column in columns {
        for row in rows { greatest = max(greatest, grid[column: column, row: row]) }
      }
      return greatest
    case .mean:
      var (power, weight) = (Float(0), Float(0))
      for row in rows {
        // A wide row has more bins than a narrow one.
        let width = Float(grid.frequencyEdges[row + 1] - grid.frequencyEdges[row])
        for column in columns { power += width * pow(10, grid[column: column, row: row] / 10) }
        weight += width * Float(columns.count)
      }
      return 10 * log10(power / weight)
    }
  }
}

/// The cells that each of at most `mostPixels` equally large pixels shows.
///
/// These are the cells whose middles are in the pixel, or else the one that the middle of the pixel is in.
/// The edges of the cells are rising shares of the axis.
private func cells(between edges: [Double], mostPixels: Int) -> [Range<Int>] {
  let count = edges.count - 1
  let areEqual = edges.enumerated().allSatisfy { index, edge in
    abs(edge * Double(count) - Double(index)) < 0.01
  }
  let pixelCount = areEqual ? min(count, mostPixels) : mostPixels
  if areEqual, pixelCount == count { return (0..<count).map { $0..<($0 + 1) } }
  var result: [Range<Int>] = []
  // Cells below the axis have no height.
  var cell = edges.indices.first { edges[$0 + 1] > edges[0] } ?? 0
  for pixel in 0..<pixelCount {
    let middle = (Double(pixel) + 0.5) / Double(pixelCount)
    let end = Double(pixel + 1) / Double(pixelCount)
    let first = cell
    while cell < count, pixel == pixelCount - 1 || (edges[cell] + edges[cell + 1]) / 2 < end {
      cell += 1
    }
    if first < cell {
      result.append(first..<cell)
    } else {
      // No middle is in the pixel: it is within one cell, or across the edge of two.
      let candidate = min(first, count - 1)
      let inside = candidate > 0 && middle < edges[candidate] ? candidate - 1 : candidate
      result.append(inside..<(inside + 1))
    }
  }
  return result
}
