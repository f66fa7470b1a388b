// SPDX-License-Identifier: GPL-2.0-or-later

/// Memory that a plan needs; nothing is allocated yet.
public struct RegionNeed: Sendable, Equatable {
  /// How the memory is used, which decides where it may live.
  public enum Access: Sendable {
    /// Read and written by all processes throughout: small, and allocated at the start.
    case inPlace
    /// Written in pieces, each reserved by the process that writes it first, and read afterwards.
    case piecewise
  }

  /// What it is for, as in "memory for the result".
  public let purpose: String
  /// Size in bytes, above 0.
  public let byteCount: Int
  /// How it is used.
  public let access: Access

  /// Describes a need.
  public init(_ purpose: String, byteCount: Int, access: Access) {
    self.purpose = purpose
    self.byteCount = byteCount
    self.access = access
  }
}
