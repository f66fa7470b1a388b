// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// How a figure is drawn.
public struct FigureChoice: Sendable, Equatable, CustomStringConvertible {
  /// The frequency axis.
  public var spacing = FrequencySpacing.logarithmic
  /// What the axis of levels shows.
  public var scale = LevelScale.decibels
  /// The levels in dBFS at both ends of the axis, or of the first and the last colour; nil for a range that suits
  /// the recording.
  public var levelRange: ClosedRange<Double>?
  /// The headline; nil for the usual one.
  public var title: String?
  /// Width and height in units; nil for the usual width, and the height that the figure needs.
  public var size: FigureSize?

  /// The colours.
  public var theme = FigureTheme.auto

  /// The usual choice.
  public init() {}

  /// All values, as one line.
  public var description: String {
    let range = levelRange.map { "\($0.lowerBound):\($0.upperBound)" } ?? "auto"
    return
      "\(spacing.rawValue)/\(scale.rawValue)/\(range)/\(size?.description ?? "auto")/\(theme.rawValue)/\(title ?? "")"
  }
}

/// What an axis of levels shows.
public enum LevelScale: String, Sendable, CaseIterable {
  /// Levels in dB.
  case decibels = "dbfs"
  /// Amplitudes, from 0.
  case amplitude = "linear"
}

/// Width and height of a figure in units, which are pixels of CSS: 96 to an inch on paper.
public struct FigureSize: Sendable, Equatable, CustomStringConvertible {
  /// Width, 600 to 10000.
  public let width: Int
  /// Height, 400 to 10000.
  public let height: Int

  /// The usual width, and the usual height of a figure without further lines of text.
  static let usual = FigureSize(checkedWidth: 1200, height: 640)
  private static let widths = 600...10000
  private static let heights = 400...10000

  /// A size; nil if it is out of range.
  public init?(width: Int, height: Int) {
    guard Self.widths.contains(width), Self.heights.contains(height) else { return nil }
    self.init(checkedWidth: width, height: height)
  }

  init(checkedWidth: Int, height: Int) {
    width = checkedWidth
    self.height = height
  }

  /// `1200x675`.
  public var description: String { "\(width)x\(height)" }
}
