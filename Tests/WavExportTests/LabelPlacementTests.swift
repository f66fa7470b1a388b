// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavExport

/// Laws of the placement of labels, on many random rectangles.
@Suite struct LabelPlacementTests {
  private let frame = Rectangle(left: 10, right: 500, top: 20, bottom: 300)

  /// Rectangles of different sizes, some outside the frame or across its edge, by the minimal
  /// standard generator of Park and Miller (1988).
  private func rooms(_ count: Int, seed: Int) -> [Rectangle] {
    var state = seed
    func number(_ range: ClosedRange<Double>) -> Double {
      state = state * 48271 % 2_147_483_647
      let share = Double(state) / 2_147_483_647
      return range.lowerBound + share * (range.upperBound - range.lowerBound)
    }
    return (0..<count).map { _ in
      Rectangle(
        center: Point(number(-20...530), number(-10...330)), width: number(5...60),
        height: number(5...30))
    }
  }

  /// Whether two rectangles overlap, edges included.
  private func overlap(_ a: Rectangle, _ b: Rectangle) -> Bool {
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
  }

  @Test(arguments: 1...20)
  func placedLabelsKeepTheLaws(seed: Int) {
    let wanted = rooms(60, seed: seed)
    let placed = placedLabels(wanted, in: frame)
    #expect(placed.count == wanted.count)
    #expect(placedLabels(wanted, in: frame) == placed, "the same every time")
    let kept = placed.compactMap { $0 }
    #expect(kept.count > 10 && kept.count < 60)
    for (index, room) in kept.enumerated() {
      #expect(!kept[..<index].contains { overlap($0, room) }, "no two overlap")
      #expect(room.left >= frame.left && room.right <= frame.right, "inside of the frame")
      #expect(room.top >= frame.top && room.bottom <= frame.bottom, "inside of the frame")
    }
    for (index, room) in wanted.enumerated() {
      // A placed label has the wanted rectangle; an unplaced one is blocked by the frame or by a
      // label before it.
      #expect(placed[index] == room || placed[index] == nil)
      let isFree = !placed[..<index].contains { $0.map(room.touches) == true }
      #expect((placed[index] != nil) == (isFree && frame.contains(room)))
    }
  }

  @Test func theFirstOfTwoStays() {
    let (a, b) = (room(100, 100), room(120, 100))
    #expect(placedLabels([a, b], in: frame) == [a, nil])
    #expect(placedLabels([b, a], in: frame) == [b, nil])
  }

  @Test func unplacedLabelsDoNotBlockOthers() {
    // The second would block the third, but is not placed itself.
    let chain = [room(100, 100), room(120, 100), room(140, 100)]
    #expect(placedLabels(chain, in: frame) == [chain[0], nil, chain[2]])
    let outside = room(10, 100)
    #expect(placedLabels([outside, room(23, 100)], in: frame) == [nil, room(23, 100)])
  }

  @Test func touchingLabelsAreTooNear() {
    #expect(placedLabels([room(100, 100), room(126, 100)], in: frame)[1] == nil)
    #expect(placedLabels([room(100, 100), room(100, 114)], in: frame)[1] == nil)
    #expect(placedLabels([room(100, 100), room(126.5, 100)], in: frame)[1] != nil)
    #expect(placedLabels([room(100, 100), room(100, 114.5)], in: frame)[1] != nil)
  }

  @Test func nothingIsPlacedOfNothing() {
    #expect(placedLabels([], in: frame).isEmpty)
  }

  private func room(_ x: Double, _ y: Double) -> Rectangle {
    Rectangle(center: Point(x, y), width: 26, height: 14)
  }
}
