// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Computes the transform between the bins from the bins around a centre and the ends of the
/// signal.
///
/// The transform at any frequency is exactly a sum over all bins. For the first and last few per
/// cent of the samples this sum converges slowly; for all others a taper makes it short. So the
/// samples are divided: the ends are transformed directly, in short runs. The rest is interpolated
/// from some bins on either side, after the share of the ends is subtracted from them.
///
/// All of that is linear, and the same for every centre and every signal of a length. So it is done
/// once, for the nodes of a Chebyshev series. The coefficients of the series are then two small
/// sums of products: one over bins, one over runs.
///
/// Times are counted from the middle sample, in units of the transform length N: -0.5 to 0.5.
/// Frequencies are distances from the centre in bins. Numbers are complex, as (re, im).
struct LocalInterpolation {
  /// Samples of one part.
  let samples: Int
  /// Transform length N.
  let length: Int
  /// Bins on either side of the centre.
  let reach: Int
  /// The sample of a part that counts as time 0.
  let middle: Int
  /// Samples of a part per run.
  let run: Int
  /// The samples of a part that are transformed directly.
  let ends: [Range<Int>]
  /// Number of runs in all ends.
  let runCount: Int
  /// How a bin at -reach … reach adds to each coefficient: [bin][term]; empty if the whole signal
  /// counts as ends.
  let binWeights: [Double]
  /// How a run adds to each coefficient, real and imaginary parts: [run][2][term].
  let runWeights: [Double]

  /// Terms of the series on -1 … 1: an even number, so that 0 is not one of its nodes.
  ///
  /// The transform of times within ±1/2 has coefficients of at most 2 J_k(pi): 1e-8 for k = 14.
  static let terms = 14

  /// Length of each end as a share of the transform length, times ``reach``.
  ///
  /// Between the ends the interpolation has an RMS error over the samples of -57 dB with a reach of
  /// 10 bins and -65 dB with 64, and at worst -47 dB. It is far smaller where the samples are
  /// padded with zeros.
  private static let edgeShare = 0.8

  /// Prepares for signals of a length.
  ///
  /// - Parameters:
  ///   - length: Samples and transform length of one part.
  ///   - offered: Number of bins available on either side. With 0 the whole signal counts as its
  ///     ends.
  /// - Complexity: O(reach) for each run and term. There are 64 runs, or 40 reach if the whole
  ///   signal
  ///   counts as ends.
  init(_ length: TransformLength, reach offered: Int) {
    // A part that is hardly longer than the interpolation is faster to transform directly.
    let isDirect = offered == 0 || length.length < 64 * offered
    reach = isDirect ? min(32, length.length / 2) : offered
    (samples, self.length) = (length.samples, length.length)
    middle = samples / 2
    // Within a run the phase of the outermost bin turns by at most 2 pi / 40.
    run = max(1, self.length / (40 * max(reach, 1)))
    let inside = Int(Double(self.length) * (0.5 - Self.edgeShare / Double(max(reach, 1))))
    let before = isDirect ? samples : min(samples, max(0, middle - inside))
    let after = isDirect ? 0 : min(samples - before, max(0, samples - middle - inside))
    ends = [0..<before, samples - after..<samples].filter { !$0.isEmpty }
    let share = 0.5 - Double(max(middle - before, 1)) / Double(self.length)

    let (run, middle, size) = (run, middle, self.length)
    let times = ends.map { RunTimes($0, run: run, middle: middle, length: size) }
    runCount = times.reduce(0) { $0 + $1.count }
    let taper = Taper(width: Double(reach), strength: min(36, 2 * .pi * Double(reach) * share))
    let places = (0..<Self.terms).map { cos(.pi * (Double($0) + 0.5) / Double(Self.terms)) }
    let bins = isDirect ? [] : Array(-reach...reach)
    let weights = places.map { place in bins.map { taper.weight(of: $0, at: place) } }

    var roots = [[SIMD2<Double>]](repeating: [], count: Self.terms)
    let ofBins = bins.map { bin in times.flatMap { $0.roots(Double(bin)) } }
    for (node, place) in places.enumerated() {
      // The ends themselves, minus their share in the bins.
      roots[node] = times.flatMap { $0.roots(place) }
      for (index, weight) in weights[node].enumerated() {
        for run in 0..<runCount { roots[node][run] -= weight * ofBins[index][run] }
      }
    }
    let series = ChebyshevSeries(terms: Self.terms)
    binWeights = bins.indices.flatMap { index in series.coefficients(weights.map { $0[index] }) }
    runWeights = (0..<runCount).flatMap { run in
      series.coefficients(roots.map { $0[run].x }) + series.coefficients(roots.map { $0[run].y })
    }
  }

  /// The coefficients of the series around a centre.
  ///
  /// - Parameters:
  ///   - bins: The transform at the bins -reach … reach, phases counted from the middle sample.
  ///   - runs: The sums of all runs, see ``EndKernel``.
  /// - Returns: ``terms`` coefficients.
  func series(
    bins: UnsafePointer<SIMD2<Double>>, runs: UnsafePointer<SIMD2<Double>>
  ) -> [SIMD2<Double>] {
    let terms = Self.terms
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * terms) { sums in
      sums.update(repeating: 0)
      guard let real = sums.baseAddress else { return [] }
      let imaginary = real + terms
      binWeights.withUnsafeBufferPointer { weights in
        for index in 0..<weights.count / terms {
          let value = bins[index]
          for term in 0..<terms {
            let weight = weights[index &* terms &+ term]
            real[term] += weight * value.x
            imaginary[term] += weight * value.y
          }
        }
      }
      runWeights.withUnsafeBufferPointer { weights in
        for index in 0..<runCount {
          let value = runs[index]
          for term in 0..<terms {
            let x = weights[2 &* index &* terms &+ term]
            let y = weights[(2 &* index &+ 1) &* terms &+ term]
            real[term] += x * value.x - y * value.y
            imaginary[term] += x * value.y + y * value.x
          }
        }
      }
      return (0..<terms).map { SIMD2(real[$0], imaginary[$0]) }
    }
  }

  /// The transform of a signal that counts as ends as a whole.
  func value(_ distance: Double, runs: UnsafePointer<SIMD2<Double>>) -> SIMD2<Double> {
    let times = RunTimes(0..<samples, run: run, middle: middle, length: length)
    return times.roots(distance).enumerated().reduce(SIMD2()) {
      $0 + complexProduct(runs[$1.offset], $1.element)
    }
  }
}

/// The middles of the runs of one end.
private struct RunTimes {
  let start: Double
  let step: Double
  let count: Int

  /// The runs of one end of a part of length N.
  init(_ end: Range<Int>, run: Int, middle: Int, length: Int) {
    start = (Double(end.lowerBound - middle) + Double(run - 1) / 2) / Double(length)
    step = Double(run) / Double(length)
    count = (end.count + run - 1) / run
  }

  /// The factors of the runs' sums in the transform at a distance.
  func roots(_ distance: Double) -> [SIMD2<Double>] {
    func turn(_ time: Double) -> SIMD2<Double> {
      let angle = -2 * Double.pi * distance * time
      return SIMD2(cos(angle), sin(angle))
    }
    // A run is summed with a single phase. This factor corrects for that where the signal is flat.
    let angle = Double.pi * distance * step
    var root = turn(start) * (angle == 0 ? 1 : sin(angle) / angle)
    let rotation = turn(step)
    return (0..<count).map { _ in
      defer { root = complexProduct(root, rotation) }
      return root
    }
  }
}

/// Interpolation between the bins by sinc functions, shortened by a taper.
private struct Taper {
  /// Bins on either side.
  let width: Double
  /// The strength s of the taper exp(s (sqrt(1 - u^2) - 1)), |u| <= 1.
  ///
  /// After A. H. Barnett, J. Magland and L. af Klinteberg, "A parallel nonuniform fast Fourier transform
  /// library", SIAM J. Sci. Comput. 41 (2019).
  let strength: Double

  /// The weight of a bin in the value at a point between the bins.
  func weight(of bin: Int, at place: Double) -> Double {
    let offset = place - Double(bin)
    guard abs(offset) <= width else { return 0 }
    let share = offset / width
    return sin(.pi * offset) / (.pi * offset)
      * exp(strength * ((1 - share * share).squareRoot() - 1))
  }
}
