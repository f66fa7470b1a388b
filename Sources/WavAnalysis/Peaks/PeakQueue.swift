// SPDX-License-Identifier: GPL-2.0-or-later

/// A queue that returns the element with the greatest key; among equal keys, the one with the
/// lowest bin.
struct PeakQueue<Element> {
  private struct Entry {
    let key: Double
    let bin: Int
    /// Index of the element; elements do not move while the heap is sorted.
    let index: Int

    func precedes(_ other: Entry) -> Bool {
      key != other.key ? key > other.key : bin < other.bin
    }
  }

  private var elements: [Element] = []
  private var heap: [Entry] = []

  /// The greatest key; nil for an empty queue.
  var top: Double? { heap.first?.key }

  /// Adds an element.
  mutating func push(_ element: Element, key: Double, bin: Int) {
    elements.append(element)
    heap.append(Entry(key: key, bin: bin, index: elements.count - 1))
    var child = heap.count - 1
    while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Removes and returns the first element; nil for an empty queue.
  mutating func pop() -> Element? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return elements[first.index] }
    heap[0] = last
    var parent = 0
    while true {
      var best = parent
      for child in 2 * parent + 1..<2 * parent + 3
      where child < heap.count && heap[child].precedes(heap[best]) {
        best = child
      }
      if best == parent { return elements[first.index] }
      heap.swapAt(best, parent)
      parent = best
    }
  }
}
