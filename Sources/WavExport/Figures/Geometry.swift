// SPDX-License-Identifier: GPL-2.0-or-later

/// A point in the units of a figure, which are pixels of CSS; y increases downwards.
public struct Point: Sendable, Equatable {
  /// Distance from the left edge of the figure.
  public var x: Double
  /// Distance from the top edge of the figure.
  public var y: Double

  /// The point at these distances from the left edge and from the top edge.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// A rectangle in a figure, including its edges.
public struct Rectangle: Sendable, Equatable {
  /// The middle.
  public var center: Point
  /// Size from left to right, at least 0.
  public var width: Double
  /// Size from top to bottom, at least 0.
  public var height: Double

  /// The rectangle around a centre.
  public init(center: Point, width: Double, height: Double) {
    self.center = center
    self.width = width
    self.height = height
  }

  /// The rectangle between these edges.
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

  /// Whether two rectangles have a point in common, edges included.
  public func touches(_ other: Rectangle) -> Bool {
    abs(center.x - other.center.x) <= (width + other.width) / 2
      && abs(center.y - other.center.y) <= (height + other.height) / 2
  }

  /// Whether another rectangle is inside this one.
  public func contains(_ other: Rectangle) -> Bool {
    left <= other.left && other.right <= right && top <= other.top && other.bottom <= bottom
  }
}
