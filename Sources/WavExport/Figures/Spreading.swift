// SPDX-License-Identifier: GPL-2.0-or-later

/// Moves intervals on a line apart until none of them overlap, in their order and by as little as possible.
///
/// The sum of the squared displacements is the least: an isotonic regression, by pooling adjacent violators
/// (R. E. Barlow et al., "Statistical Inference under Order Restrictions", Wiley 1972). Then all are moved into the
/// span.
///
/// - Parameters:
///   - centers: The wanted centres, in ascending order.
///   - widths: The width of each interval.
///   - span: Where the intervals must be.
/// - Returns: Their centres; nil if they are wider than the span together.
/// - Complexity: O(*n*) for *n* intervals.
func spread(
  _ centers: [Double], widths: [Double], in span: ClosedRange<Double>
) -> [Double]? {
  guard widths.reduce(0, +) <= span.upperBound - span.lowerBound else { return nil }
  // Without the room that all intervals before need, neighbours may touch but not change places.
  var room = 0.0
  let offsets = widths.map { width in
    defer { room += width }
    return room + width / 2
  }
  var pools: [(sum: Double, count: Int)] = []
  for (center, offset) in zip(centers, offsets) {
    pools.append((center - offset, 1))
    while pools.count > 1 {
      let (last, before) = (pools[pools.count - 1], pools[pools.count - 2])
      guard before.sum / Double(before.count) > last.sum / Double(last.count) else { break }
      pools.removeLast()
      pools[pools.count - 1] = (before.sum + last.sum, before.count + last.count)
    }
  }
  let starts = span.lowerBound...(span.upperBound - room)
  return zip(
    pools.flatMap { [Double](repeating: $0.sum / Double($0.count), count: $0.count) }, offsets
  ).map { min(max($0, starts.lowerBound), starts.upperBound) + $1 }
}

/// From right to left, those items that are far enough from the one kept before, in their order.
///
/// - Parameters:
///   - items: The items from left to right.
///   - distance: How far they must be apart.
///   - place: Where an item is.
/// - Returns: The items that are kept, from left to right.
func thinned<Item>(
  _ items: [Item], leastDistance distance: Double, place: (Item) -> Double
) -> [Item] {
  items.reversed().reduce(into: [Item]()) { kept, item in
    if let last = kept.last, place(last) - place(item) < distance { return }
    kept.append(item)
  }.reversed()
}
