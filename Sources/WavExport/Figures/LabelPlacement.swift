// SPDX-License-Identifier: GPL-2.0-or-later

/// Chooses the labels that fit without touching each other.
///
/// A label is placed if its rectangle is inside the frame and touches no label placed before it. Of
/// two labels that touch, the first one is kept.
///
/// - Parameters:
///   - wanted: The rectangle of each label, the most important label first.
///   - frame: The rectangle in which labels are allowed.
/// - Returns: For each label its rectangle; nil for labels that are not placed.
/// - Complexity: O(*n* *m*) for *n* labels, of which *m* are placed.
public func placedLabels(_ wanted: [Rectangle], in frame: Rectangle) -> [Rectangle?] {
  var taken: [Rectangle] = []
  return wanted.map { room in
    guard frame.contains(room), !taken.contains(where: room.touches) else { return nil }
    taken.append(room)
    return room
  }
}
