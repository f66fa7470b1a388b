// SPDX-License-Identifier: GPL-2.0-or-later

/// What 0 dBFS stands for in the world: a calibration.
public struct LevelReference: Sendable, Equatable, CustomStringConvertible {
  /// The level of a full-scale sine in ``unit``.
  public let offset: Double
  /// The unit's name, such as `dB SPL`.
  public let unit: String

  /// A full-scale sine has the level `offset` in `unit`.
  public init(offset: Double, unit: String) {
    self.offset = offset
    self.unit = unit
  }

  /// Reads `94:dB SPL`; nil if the number is not finite or beyond 1000, or the unit is empty, longer than 24 characters,
  /// or not printable.
  public init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":"), let offset = Double(text[..<colon]),
      abs(offset) <= 1000
    else { return nil }
    let unit = String(text[text.index(after: colon)...])
    guard (1...24).contains(unit.count),
      unit.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }),
      unit.contains(where: { $0 != " " })
    else { return nil }
    self.init(offset: offset, unit: unit)
  }

  /// As on the command line: `94.0:dB SPL`.
  public var description: String { "\(offset):\(unit)" }
}
