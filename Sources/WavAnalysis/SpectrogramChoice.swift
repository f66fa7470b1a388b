// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum

/// How a spectrogram is reduced.
public struct SpectrogramChoice: Sendable, Equatable, CustomStringConvertible {
  /// Greatest number of columns; each stands for one segment or more.
  public var columns = 1000
  /// Number of rows; a linear axis has no more than there are bins.
  ///
  /// Usually there is one for each unit of the figure's height.
  public var rows = SpectrogramFigure.mostCells.rows / 2
  /// What the level of a cell tells of its powers.
  public var reduction = LevelGrid.Reduction.maximum
  /// The distances of the rows.
  public var spacing = FrequencySpacing.logarithmic

  /// The usual choice.
  public init() {}

  /// Greatest number of cells: 65,536 columns with 512 rows.
  static let mostCells = 1 << 25

  /// All values, as one word.
  public var description: String {
    "\(columns)/\(rows)/\(reduction.rawValue)/\(spacing.rawValue)"
  }
}

extension LevelGrid {
  /// The levels of the cells of a finished spectrogram.
  ///
  /// - Parameters:
  ///   - powers: Power |X|^2 of each cell: [column][row].
  ///   - cells: The cells.
  ///   - scaling: The window over each segment.
  ///   - sampleRate: Frames per second.
  ///   - start: Index in the file of the first frame.
  init(
    powers: [Double], _ cells: SpectrogramCells, _ scaling: Scaling, sampleRate: Int,
    from start: Int
  ) {
    let rate = Double(sampleRate)
    let samples = cells.samples
    // DC and half the sampling rate read 6 dB too high, as if they were pairs: so they do not stand out.
    let levels = powers.map {
      Float(scaling.level(magnitude: $0.squareRoot(), isUnpaired: false))
    }
    self.init(
      times: (Double(start) + samples.lowerBound) / rate...(Double(start) + samples.upperBound)
        / rate,
      columnCount: cells.columnCount, frequencyEdges: cells.edges, levels: levels,
      reduction: cells.reduction)
  }
}
