// SPDX-License-Identifier: GPL-2.0-or-later

import Synchronization

/// Counts the bytes that all processes of a run read or write, and their time.
///
/// Processes forked from the one that created it add to the same counters.
public final class TransferMeter: @unchecked Sendable {
  private let region: SharedRegion

  /// Creates counters at 0.
  ///
  /// - Throws: ``SystemError`` when memory is short.
  public init() throws(SystemError) {
    region = try SharedRegion(byteCount: 16, purpose: "counters")
  }

  private func counter(_ index: Int) -> UnsafeMutablePointer<Atomic<Int>> {
    (region.pages.base + 8 * index).assumingMemoryBound(to: Atomic<Int>.self)
  }

  /// Counts a transfer.
  public func add(bytes: Int, _ duration: Duration) {
    counter(0).pointee.add(bytes, ordering: .relaxed)
    counter(1).pointee.add(Int(duration / .nanoseconds(1)), ordering: .relaxed)
  }

  /// Bytes so far.
  public var byteCount: Int { counter(0).pointee.load(ordering: .relaxed) }

  /// Seconds so far; the times of processes that read at the same time are added up.
  public var seconds: Double { Double(counter(1).pointee.load(ordering: .relaxed)) * 1e-9 }
}
