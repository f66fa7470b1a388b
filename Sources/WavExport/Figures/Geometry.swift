// SPDX-License-Identifier: GPL-2.0-or-later

/// A place in the units of a figure, pixels of CSS; y grows downwards.
public struct Point: Sendable, Equatable {
  /// Distance from the left edge of the figure.
  public var x: Double
  /// Distance from its top.
  public var y: Double

  /// The place at a distance from the left edge and from the top.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// A part of a figure, its edges included.
public struct Rectangle: Sendable, Equatable {
  /// The middle.
  public var center: Point
  /// Size from left to right, at least 0.
  public var width: Double
  /// Size from top to bottom, at least 0.
  public var height: Double

  /// The rectangle around a place.
  public init(center: Point, width: Double, height: Double) {
    self.center = center
    self.width = width
    self.height = height
  }

  /// The rectangle between four edges.
  public init(left: Double, right: Double, top: Double, bottom: Double) {
    self.init(
      center: Point((left + right) / 2, (top + bottom) / 2), width: right - left,
      height: bottom - top)
  }

  /// The left edge.
  public var left: Double { center.x - width / 2 }
  /// The right edge.
  public var right: Double { center.x + width / 2 }
  /// The upper edge.
  public var top: Double { center.y - height / 2 }
  /// The lower edge.
  public var bottom: Double { center.y + height / 2 }

  /// Whether two rectangles have a point in common, be it on their edges.
  public func touches(_ other: Rectangle) -> Bool {
    abs(center.x - other.center.x) <= (width + other.width) / 2
      && abs(center.y - other.center.y) <= (height + other.height) / 2
  }

  /// Whether another rectangle lies inside of this one.
  public func contains(_ other: Rectangle) -> Bool {
    left <= other.left && other.right <= right && top <= other.top && other.bottom <= bottom
  }
}
