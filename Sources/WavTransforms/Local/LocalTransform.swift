// SPDX-License-Identifier: GPL-2.0-or-later

/// Makes the ``LocalSpectrum`` of any bin of a signal, from the bins around it and the ends of the signal.
///
/// The samples of the ends are read once and kept for all bins.
///
/// - Complexity: For each bin O(P * N / reach), and what the bins around it cost.
final class LocalTransform<Scalar: FFTWScalar> {
  /// Bins on either side of the centre.
  let reach: Int
  private let parts: Int
  /// Samples of a part.
  private let samples: Int
  /// Transform length N.
  private let length: Int
  /// The sample of a part that counts as time 0.
  private let middle: Int
  /// Samples of a part in one sum.
  private let run: Int
  private let ends: [SignalEnd<Scalar>]
  /// Whether the ends are all there is.
  private let isDirect: Bool
  /// See ``LocalSpectrum``: 2 pi times the reach times the share of the transform length that is empty, or
  /// an end, on either side.
  private let taperStrength: Double
  private let phasors = AlignedBuffer<Scalar>(count: 2 * EndKernel.width)

  /// Reads the ends of a signal of P interleaved parts.
  ///
  /// - Parameters:
  ///   - signal: The windowed samples, all parts together.
  ///   - parts: P.
  ///   - length: Samples and transform length of one part.
  ///   - offered: How many bins on either side the engine offers; 0 for none, and then the whole signal
  ///     counts as its end.
  init(
    _ signal: WindowedSignal<Scalar>, parts: Int, length: TransformLength, reach offered: Int
  ) {
    self.parts = parts
    self.length = length.length
    samples = length.samples
    middle = length.samples / 2
    // A part that is hardly longer than the bins of the interpolation is quicker transformed itself.
    isDirect = offered == 0 || length.length < 64 * offered
    reach = isDirect ? min(32, length.length / 2) : offered
    // Within a run the phase of a bin at the reach turns by at most 2 pi / 40.
    let run = max(1, self.length / (40 * max(reach, 1)))
    self.run = run
    let inside =
      isDirect ? 0 : Double(length.length) * (0.5 - LocalSpectrum.edgeShare / Double(reach))
    let before = min(samples, max(0, isDirect ? samples : middle - Int(inside)))
    let after = isDirect ? 0 : min(samples - before, max(0, samples - middle - Int(inside)))
    let share = 0.5 - Double(max(middle - before, 1)) / Double(length.length)
    taperStrength = min(36, 2 * .pi * Double(reach) * share)
    ends = [(0, before), (samples - after, after)].filter { $0.1 > 0 }.map { start, count in
      SignalEnd(signal, parts: parts, start: start, count: count, run: run)
    }
  }

  /// The spectrum around a bin.
  ///
  /// - Parameters:
  ///   - bin: The centre.
  ///   - copyBins: Copies F_p[k] of neighbouring bins, which may be negative or beyond N / 2:
  ///     [part][bin].
  /// - Returns: The spectrum, up to ``reach`` bins away from the centre.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func spectrum(
    around bin: Int, copyBins: (Range<Int>, UnsafeMutablePointer<SIMD2<Double>>) -> Void
  ) -> LocalSpectrum {
    let kernel = EndKernel(bin: bin, length: length, middle: middle)
    let edges = ends.map { kernel.sums(of: $0, parts: parts, run: run, phasors) }
    let width = 2 * reach + 1
    var magnitudes = [Double](repeating: 0, count: width)
    guard !isDirect else {
      for offset in 0..<width {
        for part in 0..<parts {
          var value = SIMD2<Double>()
          for edge in edges { value += edge.value(Double(offset - reach), part: part) }
          magnitudes[offset] += (value * value).sum().squareRoot()
        }
      }
      return LocalSpectrum(
        bin: bin, reach: reach, parts: parts, interior: [], edges: edges, magnitudes: magnitudes,
        taperStrength: taperStrength)
    }
    var interior = [SIMD2<Double>](repeating: SIMD2(), count: parts * width)
    interior.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { copyBins(bin - reach..<bin + reach + 1, base) }
    }
    let order = length
    for offset in 0..<width {
      // Phases counted from the middle sample.
      let turn = complexConjugate(
        exactUnitRoot(moduloProduct(bin - reach + offset, middle, order), order: order))
      for part in 0..<parts {
        let index = part * width + offset
        magnitudes[offset] += (interior[index] * interior[index]).sum().squareRoot()
        var value = complexProduct(interior[index], turn)
        for edge in edges { value -= edge.value(Double(offset - reach), part: part) }
        interior[index] = value
      }
    }
    return LocalSpectrum(
      bin: bin, reach: reach, parts: parts, interior: interior, edges: edges,
      magnitudes: magnitudes, taperStrength: taperStrength)
  }
}
