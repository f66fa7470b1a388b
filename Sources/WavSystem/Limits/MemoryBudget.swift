// SPDX-License-Identifier: GPL-2.0-or-later

/// Memory that all processes of a run may take together, the page cache that they make dirty included.
public struct MemoryBudget: Sendable, Equatable {
  /// Bytes.
  public let byteCount: Int
  /// The limit as a clause, such as "on this machine"; nil if the user named it, or if there is none.
  public let bound: String?

  /// The share of the available memory that a run takes if the user names no budget.
  ///
  /// The rest is for the page cache, and for what other programs are about to take.
  static let share = 0.75

  /// The budget that the user named, but at most the available memory; else three quarters of that.
  ///
  /// The available memory is what the machine, the control groups and the limit on address space leave.
  ///
  /// - Parameter named: Bytes that the user named, above 0; nil if none.
  public init(named: Int? = nil) { self.init(named: named, root: "") }

  /// The same with a prefix of `/proc` and `/sys`, for tests.
  init(named: Int?, root: String) {
    let available = AvailableMemory.now(root: root)
    let most = available?.byteCount ?? .max
    byteCount =
      named.map { min($0, most) } ?? available.map { Int(Double($0.byteCount) * Self.share) }
      ?? .max
    bound = byteCount == named ? nil : available?.bound
  }
}
