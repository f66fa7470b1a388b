// SPDX-License-Identifier: GPL-2.0-or-later

/// The bands of a spectrum as powers of single bins, for telling peaks from noise.
///
/// A power is |X[k]|^2, or with P parts the mean over the parts of |F_p[k]|^2. The powers of
/// strongest bins come from the sum of the magnitudes, as (sum / P)^2, which is never more than
/// that mean.
public struct PowerRows: Sendable {
  /// The first bin of each row, rising, then the end of the last row's bins.
  public let firstBins: [Int]
  /// Mean power of the bins of each row.
  public let means: [Double]
  /// Power of the strongest bin of each row.
  public let greatest: [Double]
  /// The strongest bin of each row.
  public let bins: [Int]
  /// For each row, the sum of the powers of all rows before it.
  private let sums: [Double]

  /// Number of rows.
  public var count: Int { means.count }

  /// Takes the rows of a spectrum; `firstBins` are the first bins of its non-empty bands.
  public init(_ spectrum: Spectrum, firstBins: [Int]) {
    precondition(firstBins.count == spectrum.rows.count + 1, "the bins of every row")
    let parts = Double(spectrum.grid.parts)
    let factor =
      Double(spectrum.grid.transformLength) * spectrum.scaling.windowSquareSum / (2 * parts)
    self.firstBins = firstBins
    let rowCount = spectrum.rows.count
    var (means, greatest, sums) = ([Double](), [Double](), [0.0])
    means.reserveCapacity(rowCount)
    greatest.reserveCapacity(rowCount)
    sums.reserveCapacity(rowCount + 1)
    for (index, row) in spectrum.rows.enumerated() {
      let strongest = row.magnitude / parts
      let sum = row.power * factor
      means.append(sum / Double(firstBins[index + 1] - firstBins[index]))
      greatest.append(strongest * strongest)
      sums.append(sums[index] + sum)
    }
    self.means = means
    self.greatest = greatest
    self.sums = sums
    bins = spectrum.rows.map(\.bin)
  }

  /// Number of bins in a row.
  public func binCount(_ row: Int) -> Int { firstBins[row + 1] - firstBins[row] }

  /// Number of bins in neighbouring rows.
  func binCount(_ rows: Range<Int>) -> Int {
    firstBins[rows.upperBound] - firstBins[rows.lowerBound]
  }

  /// Mean power of the bins of neighbouring rows.
  func mean(_ rows: Range<Int>) -> Double {
    max(0, sums[rows.upperBound] - sums[rows.lowerBound]) / Double(max(binCount(rows), 1))
  }

  /// The row that contains a bin, or nil.
  public func row(of bin: Int) -> Int? {
    guard let first = firstBins.first, let end = firstBins.last, (first..<end).contains(bin) else {
      return nil
    }
    var (low, high) = (0, count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if firstBins[middle] <= bin { low = middle } else { high = middle }
    }
    return low
  }

  /// The smallest symmetric run of rows around one that has at least this many bins, cut off at the
  /// ends.
  public func neighbourhood(of row: Int, bins: Int) -> Range<Int> {
    var (low, high) = (row, row + 1)
    while binCount(low..<high) < bins, low > 0 || high < count {
      low = max(0, low - 1)
      high = min(count, high + 1)
    }
    return low..<high
  }
}

/// Median of the mean of `count` exponential variables of mean 1: ln 2 for one variable, about 1
/// for many.
///
/// After E. B. Wilson and M. M. Hilferty, "The distribution of chi-square", Proc. Natl. Acad. Sci. 17
/// (1931).
func medianOfMean(count: Double) -> Double {
  let root = 1 - 1 / (9 * max(count, 1))
  return root * root * root
}

/// The median of some numbers; for an even count the higher of the middle two; 0 for no numbers.
func median(_ values: inout [Double]) -> Double {
  guard !values.isEmpty else { return 0 }
  let wanted = values.count / 2
  var (low, high) = (0, values.count - 1)
  // Hoare's selection: linear on average.
  while low < high {
    let pivot = values[(low + high) / 2]
    var (left, right) = (low, high)
    while left <= right {
      while values[left] < pivot { left += 1 }
      while values[right] > pivot { right -= 1 }
      if left <= right {
        values.swapAt(left, right)
        left += 1
        right -= 1
      }
    }
    if wanted <= right { high = right } else if wanted >= left { low = left } else { break }
  }
  return values[wanted]
}

extension PowerRows {
  /// The mean power of noise: the median of the mean powers of some rows, which have about
  /// `binsPerRow` bins each.
  public func noise(ofMeans values: inout [Double], binsPerRow: Double) -> Double {
    median(&values) / medianOfMean(count: binsPerRow)
  }
}
