// SPDX-License-Identifier: GPL-2.0-or-later

/// A division of neighbouring bins into runs, which is what an engine reduces a spectrum to.
///
/// An engine finds the strongest bin of each run and the sum of its squared magnitudes. What a run
/// stands for, a band or a part of one, an engine need not know.
public struct BinPartition: Sendable, Equatable {
  /// First bin of each run, then the end of the last run: count + 1 numbers, never falling.
  public let firstBins: [Int]

  /// Divides the bins from the first of `firstBins` to the last, which is not included.
  ///
  /// - Precondition: At least two numbers, never falling.
  public init(firstBins: [Int]) {
    precondition(
      firstBins.count >= 2 && zip(firstBins, firstBins.dropFirst()).allSatisfy { $0 <= $1 },
      "runs in the order of their bins")
    self.firstBins = firstBins
  }

  /// Number of runs.
  public var count: Int { firstBins.count - 1 }

  /// The bins of one run; may be empty.
  public func bins(of run: Int) -> Range<Int> { firstBins[run]..<firstBins[run + 1] }

  /// First run that begins at a bin or above it; `count` if there is none.
  ///
  /// - Complexity: O(log `count`).
  public func firstRun(atOrAbove bin: Int) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if firstBins[middle] < bin { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
