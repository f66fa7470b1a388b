// SPDX-License-Identifier: GPL-2.0-or-later

/// Makes the ``LocalSpectrum`` of any bin of a signal, from the bins around it and the ends of the signal.
///
/// The samples of the ends are read once and kept for all bins.
///
/// - Complexity: For each bin O(P * N / reach), plus the cost of the bins around it.
final class LocalTransform<Scalar: FFTWScalar> {
  private let parts: Int
  private let length: TransformLength
  private let reach: Int
  /// Whether the engine offers bins to copy.
  private let hasBins: Bool
  /// Created, like the turns, for the first peak.
  private lazy var interpolation = LocalInterpolation(length, reach: reach)
  /// exp(2 pi i d middle / N) of the distances d = -reach … reach.
  private lazy var turns = (-interpolation.reach...interpolation.reach).map {
    complexConjugate(
      exactUnitRoot(moduloProduct($0, interpolation.middle, length.length), order: length.length))
  }
  /// The ends of the signal; nil until needed.
  private var ends: [SignalEnd<Scalar>]?
  private let phasors = AlignedBuffer<Scalar>(count: 2 * EndKernel<Scalar>.width)

  /// Prepares for signals of P interleaved parts.
  ///
  /// - Parameters:
  ///   - parts: P.
  ///   - length: Samples and transform length of one part.
  ///   - reach: Number of bins on either side that the engine offers; 0 for none.
  init(parts: Int, length: TransformLength, reach: Int) {
    self.parts = parts
    self.length = length
    self.reach = reach
    hasBins = reach > 0
  }

  /// Forgets the ends; call it when the signal changes.
  func forgetSignal() { ends = nil }

  /// The spectrum around a bin.
  ///
  /// - Parameters:
  ///   - bin: The centre.
  ///   - signal: The windowed samples, all parts together; the same until ``forgetSignal()``.
  ///   - copyBins: Copies F_p[k] of neighbouring bins, which may be negative or beyond N / 2:
  ///     [part][bin].
  /// - Returns: The spectrum around the bin.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func spectrum(
    around bin: Int, of signal: WindowedSignal<Scalar>,
    copyBins: (Range<Int>, UnsafeMutablePointer<SIMD2<Double>>) -> Void
  ) -> LocalSpectrum {
    let (interpolation, turns) = (interpolation, turns)
    let ends =
      self.ends
      ?? interpolation.ends.map {
        SignalEnd(signal, parts: parts, $0, run: interpolation.run)
      }
    self.ends = ends
    let (reach, length, runCount) = (
      interpolation.reach, interpolation.length, interpolation.runCount
    )
    let kernel = EndKernel(
      bin: bin, length: length, middle: interpolation.middle, run: interpolation.run, phasors)
    var runs = [SIMD2<Double>](repeating: SIMD2(), count: parts * runCount)
    var first = 0
    for end in ends {
      kernel.add(end, parts: parts, to: &runs, first: first, pitch: runCount)
      first += end.runCount
    }
    let width = 2 * reach + 1
    var values = [SIMD2<Double>](repeating: SIMD2(), count: parts * width)
    var series: [SIMD2<Double>] = []
    values.withUnsafeMutableBufferPointer { values in
      runs.withUnsafeBufferPointer { runs in
        guard let values = values.baseAddress, let runs = runs.baseAddress else { return }
        if hasBins {
          copyBins(bin - reach..<bin + reach + 1, values)
          // Phases counted from the middle sample.
          let centre = complexConjugate(
            exactUnitRoot(moduloProduct(bin, interpolation.middle, length), order: length))
          for offset in 0..<width {
            let turn = complexProduct(centre, turns[offset])
            for part in 0..<parts {
              values[part * width + offset] = complexProduct(values[part * width + offset], turn)
            }
          }
        }
        for part in 0..<parts {
          let runs = runs + part * runCount
          if !hasBins {
            for offset in 0..<width {
              values[part * width + offset] = interpolation.value(
                Double(offset - reach), runs: runs)
            }
          }
          series += interpolation.series(bins: values + part * width, runs: runs)
        }
      }
    }
    return LocalSpectrum(bin: bin, reach: reach, parts: parts, values: values, series: series)
  }
}
