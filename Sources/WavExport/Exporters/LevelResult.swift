// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// Levels over time and frequency.
public protocol LevelResult {
  /// The levels of the cells.
  var grid: LevelGrid { get }
  /// The figure of the cells.
  func figure() -> Scene
  /// The report as a JSON document.
  func report() throws -> String
}

extension LevelGrid {
  /// The middle of each column in seconds.
  var columnTimes: [Double] {
    // Without what rounding adds behind the nanoseconds.
    zip(timeEdges, timeEdges.dropFirst()).map { (($0 + $1) / 2 * 1e9).rounded() / 1e9 }
  }

  /// The middle of each row in Hz.
  package var rowFrequencies: [Double] {
    zip(frequencyEdges, frequencyEdges.dropFirst()).map { ($0 + $1) / 2 }
  }
}
