// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// How far an averaged power can be from the true one, for Gaussian noise.
///
/// The average of a bin's powers over K segments is distributed about as chi-square with
///
///     nu = 2 K / (1 + 2 sum over m of (1 - m / K) c(m)^2),  c(m) = sum w[n] w[n + m D] / sum w[n]^2
///
/// degrees of freedom, where D is the distance of segments (P. D. Welch 1967; D. B. Percival and A. T. Walden,
/// "Spectral Analysis for Physical Applications", 1993, eq. 292b). A median of many has (ln 2)^2 times as many:
/// the variance of a sample median of exponential powers is 1 / (K ln^2 2) of the squared median.
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
    // The median of one or two powers is their mean.
    degreesOfFreedom =
      average == .mean || layout.count < 3 ? mean : max(2, mean * log(2) * log(2))
  }

  /// The interval of a level around an averaged one that has the true level with a probability, in dB.
  public func interval(_ probability: Double = 0.95) -> ClosedRange<Double> {
    let nu = degreesOfFreedom
    let low = chiSquareThreshold(probability: (1 + probability) / 2, degreesOfFreedom: nu)
    let high = chiSquareThreshold(probability: (1 - probability) / 2, degreesOfFreedom: nu)
    return 10 * log10(nu / high)...10 * log10(nu / low)
  }
}
