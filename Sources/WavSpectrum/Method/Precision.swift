// SPDX-License-Identifier: GPL-2.0-or-later

/// Arithmetic of a transform.
public enum Precision: String, Sendable, Codable {
  /// 24 significant bits.
  case single
  /// 53 significant bits.
  case double

  /// Bytes of a number.
  public var byteCount: Int { self == .single ? 4 : 8 }
}
