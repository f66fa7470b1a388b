// SPDX-License-Identifier: GPL-2.0-or-later

/// A figure as values: its elements, their positions and their roles.
///
/// Positions are in the units of the figure. The renderer chooses colours, line widths and fonts by
/// the roles.
public struct Scene: Sendable, Equatable {
  /// What the figure shows, for screen readers and as the title of a document.
  public var title: String
  /// The headline; nil for the whole title.
  public var headline: String?
  /// The line below the headline.
  public var subtitle: String
  /// A few sentences for people who cannot see the figure.
  public var description: String
  /// Width.
  public var width = 1200
  /// Height.
  public var height: Int
  /// The plots, from top to bottom, at least one; they share the horizontal axis.
  public var panels: [Panel]
  /// The horizontal axis, from left to right, with its labels below the last panel.
  public var horizontal: [Tick]
  /// What the colours of an image stand for; nil if there is none.
  public var colourBar: ColourBar?
  /// The titles of the axes.
  public var axisTitles: [Label]
  /// Elements between the grid and the axes, the farthest layer first.
  public var layers: [[Element]]
  /// Elements above the axes.
  public var overlay: [[Element]]
  /// The colours.
  public var theme = FigureTheme.auto

  /// A plot with its axis at the left edge.
  public struct Panel: Sendable, Equatable {
    /// The rectangle in which curves and images are drawn.
    public var frame: Rectangle
    /// The axis at its left edge, from bottom to top.
    public var vertical: [Tick]
    /// A second axis at its right edge; empty for none.
    public var opposite: [Tick] = []
    /// Whether ticks are lines across the panel, or else marks outside of it: lines would be hidden by
    /// an image.
    public var hasRules = true
  }

  /// A strip of colours with its axis at the right edge.
  public struct ColourBar: Sendable, Equatable {
    /// The rectangle of the strip.
    public var frame: Rectangle
    /// The colours: one column of pixels.
    public var colours: Raster
    /// The axis, from bottom to top.
    public var ticks: [Tick]
  }

  /// A tick of an axis, with its label.
  public struct Tick: Sendable, Equatable {
    /// What a tick tells.
    public enum Kind: Sendable {
      /// A value, with a rule across the panel.
      case major
      /// A value between those, as a short mark without a label.
      case minor
      /// A note of a frequency axis, in a row of its own.
      case note
    }

    /// Distance from the left or top edge of the figure.
    public var position: Double
    /// The value or the note; empty for minor ticks.
    public var label: String
    /// What it tells.
    public var kind = Kind.major
  }

  /// An element that is drawn.
  public enum Element: Sendable, Equatable {
    /// Lines with the same role.
    case lines(LineRole, [Line])
    /// Filled polygons with the same role.
    case areas(AreaRole, [[Point]])
    /// An image that fills a rectangle.
    case image(Raster, Rectangle)
    /// A circle at a peak, on the line of a role.
    case peak(Point, on: LineRole = .curve)
    /// A text.
    case label(Label)
    /// An entry of the legend: a sample of a line, and its name.
    case legend(LineRole, String, at: Point)
  }

  /// A connected line.
  public enum Line: Sendable, Equatable {
    /// From point to point.
    case through([Point])
    /// Straight up or down.
    case vertical(x: Double, from: Double, to: Double)
  }

  /// The role of a line.
  public enum LineRole: String, Sendable {
    /// The spectrum.
    case curve
    /// The density of noise.
    case noise
    /// The reference of a comparison.
    case reference
    /// A difference beyond the tolerance.
    case violation
    /// The part of the band that decimation lost.
    case hatch
    /// The limit of that part.
    case limit
    /// Half the sampling rate, where a recording ends.
    case edge
    /// From a label to its marker.
    case leader
    /// Where most of the power has folded back.
    case folded
    /// The first of several spectra in one figure.
    case series1 = "series-1"
    /// See ``series1``.
    case series2 = "series-2"
    /// See ``series1``.
    case series3 = "series-3"
    /// See ``series1``.
    case series4 = "series-4"
    /// See ``series1``.
    case series5 = "series-5"
    /// See ``series1``.
    case series6 = "series-6"
    /// See ``series1``.
    case series7 = "series-7"
    /// See ``series1``.
    case series8 = "series-8"

    /// The roles of several spectra in one figure, in their order.
    public static let series: [LineRole] = [
      .series1, .series2, .series3, .series4, .series5, .series6, .series7, .series8,
    ]
  }

  /// The role of an area.
  public enum AreaRole: String, Sendable {
    /// The area below the curve of the spectrum.
    case area
    /// Where the true density of noise probably is.
    case certainty
    /// What a comparison tolerates.
    case tolerance
    /// A mark that a value is beyond the end of its axis.
    case beyond
  }

  /// A line of text at a position.
  public struct Label: Sendable, Equatable {
    /// The role of a text.
    public enum Role: String, Sendable {
      /// The quantity of an axis, and its unit.
      case unit
      /// A line below the headline.
      case subtitle
      /// The note of a peak, or its number.
      case peakName = "peak-name"
      /// The frequency of a peak, or its entry in a list.
      case peakFact = "peak-fact"
      /// The name of the lost part.
      case lostName = "lost-name"
      /// A fact on the lost part.
      case lostFact = "lost-fact"
      /// A fact on the upper limit of a recording.
      case edgeFact = "edge-fact"
      /// A remark on the spectrum.
      case remark
      /// Why there is no curve or image.
      case emptiness
      /// How the figure was made.
      case caption = "note"
    }

    /// The part of the text that is at the position.
    public enum Anchor: String, Sendable {
      /// Its beginning.
      case start
      /// Its middle.
      case middle
      /// Its end.
      case end
    }

    /// The text, one line.
    public var text: String
    /// The position, on the base line.
    public var position: Point
    /// The role.
    public var role: Role
    /// The part of the text that is at ``position``.
    public var anchor = Anchor.start
    /// Whether the text is in a small font.
    public var isSmall = false
    /// Whether the text reads upwards.
    public var isRotated = false
  }
}

extension Scene {
  /// Whether there is an image among the elements.
  var hasImage: Bool {
    (layers + overlay).joined().contains { if case .image = $0 { true } else { false } }
  }
}

extension Scene.Label {
  /// The title of the horizontal axis, this far below a panel.
  static func horizontalTitle(
    _ text: String, below frame: Rectangle, distance: Double = 66
  ) -> Self {
    Self(
      text: text, position: Point(frame.center.x, frame.bottom + distance), role: .unit,
      anchor: .middle)
  }

  /// The title of the axis at the right of a panel.
  static func oppositeTitle(_ text: String, of frame: Rectangle) -> Self {
    Self(
      text: fitting(text, frame), position: Point(frame.right + 66, frame.center.y), role: .unit,
      anchor: .middle,
      isRotated: true)
  }

  /// The title of the axis at the left of a panel.
  static func verticalTitle(_ text: String, of frame: Rectangle) -> Self {
    Self(
      text: fitting(text, frame), position: Point(frame.left - 60, frame.center.y), role: .unit,
      anchor: .middle,
      isRotated: true)
  }

  /// A title that is not longer than its axis: without what 0 dB is, and if need be shortened.
  static func fitting(_ text: String, _ frame: Rectangle) -> String {
    let room = frame.height + 40
    guard estimatedWidth(text, size: 14) > room, let end = text.firstRange(of: " (full-scale")
    else {
      return shortened(text, to: room, size: 14)
    }
    return shortened(String(text[..<end.lowerBound]), to: room, size: 14)
  }
}
