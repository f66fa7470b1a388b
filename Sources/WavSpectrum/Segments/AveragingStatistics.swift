// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// How far an averaged power can be from the true one, for Gaussian noise.
///
/// The average of a bin's powers over K segments is distributed about as chi-square with
///
///     nu = 2 K / (1 + 2 sum over m of (1 - m / K) c(m)^2),  c(m) = sum w[n] w[n + m D] / sum w[n]^2
///
/// degrees of freedom, where D is the distance of segments (P. D. Welch 1967; D. B. Percival and A. T. Walden,
/// "Spectral Analysis for Physical Applications", 1993, eq. 292b). A median of many has (ln 2)^2 times as
/// many; `degreesOfFreedomOfMedian` has the number for any count.
public struct AveragingStatistics: Sendable, Equatable {
  /// Equivalent number of degrees of freedom.
  public let degreesOfFreedom: Double

  /// The statistics of the segments of a layout under a window.
  ///
  /// - Complexity: O(`length` / `hop`) correlations of `length` samples, with a stride for long segments.
  public init(_ layout: SegmentLayout, _ window: Window, _ average: Segmentation.Average) {
    let count = Double(layout.count)
    // The correlation of windows needs few points: they are sums of a few cosines.
    let step = max(1, layout.length / 4096)
    let points = stride(from: 0, to: layout.length, by: step).map {
      window.weight(at: Double($0) / Double(layout.length))
    }
    let energy = points.reduce(0) { $0 + $1 * $1 }
    var sum = 0.0
    var shift = 1
    while shift < layout.count, shift * layout.hop < layout.length {
      let place = shift * layout.hop / step
      var product = 0.0
      for index in 0..<max(0, points.count - place) {
        product += points[index] * points[index + place]
      }
      let correlation = product / energy
      sum += (1 - Double(shift) / count) * correlation * correlation
      shift += 1
    }
    let mean = 2 * count / (1 + 2 * sum)
    // Overlap makes the powers alike, for medians about as for means.
    degreesOfFreedom =
      average == .mean ? mean : degreesOfFreedomOfMedian(count: layout.count) * mean / (2 * count)
  }

  /// The interval of a level around an averaged one that has the true level with a probability, in dB.
  ///
  /// - Parameters:
  ///   - probability: Above 0 and below 1.
  ///   - bins: The number of independent bins whose mean it is.
  /// - Returns: The ends of the interval, relative to the averaged level.
  public func interval(
    _ probability: Double = 0.95, ofMeans bins: Double = 1
  ) -> ClosedRange<Double> {
    let nu = degreesOfFreedom * bins
    let low = chiSquareThreshold(probability: (1 + probability) / 2, degreesOfFreedom: nu)
    let high = chiSquareThreshold(probability: (1 - probability) / 2, degreesOfFreedom: nu)
    return 10 * log10(nu / high)...10 * log10(nu / low)
  }
}

/// Degrees of freedom of the median of some independent exponential variables: twice the square of its mean over its
/// variance.
///
/// The k-th smallest of n is a sum of independent exponential variables with the means 1/n, 1/(n - 1), … 1/(n - k + 1)
/// (A. Rényi, "On the theory of order statistics", 1953); the median of an even number is the mean of the middle two.
///
/// - Complexity: O(`count`).
func degreesOfFreedomOfMedian(count: Int) -> Double {
  let middle = count / 2
  var (mean, variance) = (0.0, 0.0)
  for rank in middle + 1...count {
    mean += 1 / Double(rank)
    variance += 1 / (Double(rank) * Double(rank))
  }
  if count % 2 == 0 {
    mean += 0.5 / Double(middle)
    variance += 0.25 / (Double(middle) * Double(middle))
  }
  return 2 * mean * mean / variance
}
