// SPDX-License-Identifier: GPL-2.0-or-later

/// Why a figure cannot be drawn as an image.
public struct ImageError: Error, Sendable {
  /// The reason and the remedy, as a clause that can follow the name of the file.
  public let reason: String

  /// Describes a failure.
  public init(reason: String) { self.reason = reason }
}
