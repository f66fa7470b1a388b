// SPDX-License-Identifier: GPL-2.0-or-later

/// Chooses the labels that there is room for.
///
/// A label gets the room that it wants if that lies inside of the frame and touches the room of no label
/// before it. So of two labels that are in each other's way the first one stays.
///
/// - Parameters:
///   - wanted: The room that each label wants, the most important label first.
///   - frame: Where labels may be.
/// - Returns: For each label its room; nil for those without one.
/// - Complexity: O(*n* *m*) for *n* labels of which *m* are placed.
public func placedLabels(_ wanted: [Rectangle], in frame: Rectangle) -> [Rectangle?] {
  var taken: [Rectangle] = []
  return wanted.map { room in
    guard frame.contains(room), !taken.contains(where: room.touches) else { return nil }
    taken.append(room)
    return room
  }
}
