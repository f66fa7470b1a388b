// SPDX-License-Identifier: GPL-2.0-or-later

/// A figure as values: what is where, and what it stands for.
///
/// Places are in the units of the figure. Colours, line widths and fonts are chosen by the renderer, from
/// the roles.
public struct Scene: Sendable, Equatable {
  /// The headline.
  public var title: String
  /// The line below the headline.
  public var subtitle: String
  /// A few sentences for those who cannot see the figure.
  public var description: String
  /// Size from left to right.
  public var width = 1200
  /// Size from top to bottom.
  public var height: Int
  /// The plots, from top to bottom, at least one; they share the axis of frequencies.
  public var panels: [Panel]
  /// The axis below the last panel.
  public var frequencies: [Tick]
  /// What the axes show.
  public var axisTitles: [Label]
  /// Between the grid and the axes, the farthest layer first.
  public var layers: [[Element]]
  /// Above the axes.
  public var overlay: [[Element]]

  /// A plot with its axis at the left.
  public struct Panel: Sendable, Equatable {
    /// Where curves are drawn.
    public var frame: Rectangle
    /// The axis at its left edge, from bottom to top.
    public var levels: [Tick]
  }

  /// A labelled place on an axis, with a line of the grid.
  public struct Tick: Sendable, Equatable {
    /// Distance from the left edge of the figure, or from its top.
    public var position: Double
    /// The value.
    public var label: String
    /// The note of that pitch, such as `A4`; empty without one.
    public var note = ""
  }

  /// Something that is drawn.
  public enum Element: Sendable, Equatable {
    /// Lines of one kind.
    case lines(LineRole, [Line])
    /// Filled polygons of one kind.
    case areas(AreaRole, [[Point]])
    /// A circle on a peak.
    case peak(Point)
    /// Words.
    case label(Label)
    /// A sample of a line, with the name of what it stands for.
    case legend(LineRole, String, at: Point)
  }

  /// A line without a gap.
  public enum Line: Sendable, Equatable {
    /// From point to point.
    case through([Point])
    /// Straight up or down.
    case vertical(x: Double, from: Double, to: Double)
  }

  /// What a line stands for.
  public enum LineRole: String, Sendable {
    /// The spectrum.
    case curve
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
  }

  /// What an area stands for.
  public enum AreaRole: String, Sendable {
    /// What lies below the spectrum.
    case area
    /// What a comparison tolerates.
    case tolerance
  }

  /// Words at a place.
  public struct Label: Sendable, Equatable {
    /// What words are about.
    public enum Role: String, Sendable {
      /// What an axis shows, and its unit.
      case unit
      /// The note of a peak.
      case peakName = "peak-name"
      /// The name of the lost part.
      case lostName = "lost-name"
      /// What there is to say of the lost part.
      case lostFact = "lost-fact"
      /// What there is to say of the end of a recording.
      case edgeFact = "edge-fact"
      /// A remark on the spectrum.
      case remark
      /// Why there is no curve.
      case emptiness
    }

    /// Which end of the words is at the place.
    public enum Anchor: String, Sendable {
      /// Their beginning.
      case start
      /// Their middle.
      case middle
      /// Their end.
      case end
    }

    /// One line.
    public var text: String
    /// Where it is, on its base line.
    public var position: Point
    /// What it is about.
    public var role: Role
    /// Which end of it is at ``position``.
    public var anchor = Anchor.start
    /// Whether it is in small letters.
    public var isSmall = false
    /// Whether it reads upwards.
    public var isRotated = false
  }
}

extension Scene.Label {
  /// The title of the axis of frequencies below a panel.
  static func titleOfFrequencies(below frame: Rectangle) -> Self {
    Self(
      text: "Frequency in Hz", position: Point(frame.center.x, frame.bottom + 66), role: .unit,
      anchor: .middle)
  }

  /// The title of the axis at the left of a panel.
  static func titleOfLevels(_ text: String, of frame: Rectangle) -> Self {
    Self(
      text: text, position: Point(frame.left - 60, frame.center.y), role: .unit, anchor: .middle,
      isRotated: true)
  }
}
