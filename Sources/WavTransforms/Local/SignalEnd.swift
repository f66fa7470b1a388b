// SPDX-License-Identifier: GPL-2.0-or-later

/// Samples at one end of a signal, in runs.
final class SignalEnd<Scalar: FFTWScalar> {
  /// The first sample of each part.
  let start: Int
  /// Samples of each part.
  let count: Int
  /// The samples, parts interleaved.
  let samples: AlignedBuffer<Scalar>

  init(_ signal: WindowedSignal<Scalar>, parts: Int, start: Int, count: Int, run: Int) {
    self.start = start
    // Whole runs of whole vectors, filled up with zeros.
    let runs = (count + run - 1) / run
    self.count = count
    samples = AlignedBuffer(count: (runs * run + EndKernel.width) * parts)
    samples.base.update(repeating: 0, count: samples.count)
    signal.copy(from: start * parts, count: count * parts, to: samples.base)
  }
}

/// Multiplies the samples at the ends by exp(-2 pi i k (n - middle) / N) and adds them up in runs.
struct EndKernel {
  let bin: Int
  let length: Int
  let middle: Int

  /// Samples of a part that share one exact root.
  static let width = 256

  /// The sums over all runs of an end; `phasors` is room for the roots of one vector.
  @inline(__always)
  func sums<Scalar: FFTWScalar>(
    of end: SignalEnd<Scalar>, parts: Int, run: Int, _ phasors: AlignedBuffer<Scalar>
  ) -> EdgeSums {
    let width = Self.width
    let (cosines, sines) = (phasors.base, phasors.base + width)
    let step = modulo(bin, length)
    var root = SIMD2<Double>(1, 0)
    let one = exactUnitRoot(step, order: length)
    for index in 0..<width {
      (cosines[index], sines[index]) = (Scalar(root.x), Scalar(root.y))
      root = complexProduct(root, one)
    }
    let next = exactUnitRoot(moduloProduct(step, width, length), order: length)
    let runs = (end.count + run - 1) / run
    var sums = [SIMD2<Double>](repeating: SIMD2(), count: parts * runs)
    var vector = [SIMD2<Double>](repeating: SIMD2(), count: parts)
    for index in 0..<runs {
      let first = index * run
      let stop = min(first + run, end.count)
      var root = exactUnitRoot(
        moduloProduct(step, end.start + first - middle, length), order: length)
      for place in stride(from: first, to: stop, by: width) {
        add(
          end.samples.base + place * parts, count: min(width, stop - place), parts: parts, cosines,
          sines, to: &vector)
        for part in 0..<parts { sums[part * runs + index] += complexProduct(vector[part], root) }
        root = complexProduct(root, next)
      }
    }
    let time = Double(end.start - middle) + Double(run - 1) / 2
    return EdgeSums(
      start: time / Double(length), step: Double(run) / Double(length), sums: sums, count: runs)
  }

  /// Sums over one vector of samples of each part.
  @inline(__always)
  private func add<Scalar: FFTWScalar>(
    _ samples: UnsafePointer<Scalar>, count: Int, parts: Int,
    _ cosines: UnsafePointer<Scalar>, _ sines: UnsafePointer<Scalar>,
    to vector: inout [SIMD2<Double>]
  ) {
    if parts == 1 {
      var (re, im) = (SIMD8<Scalar>(), SIMD8<Scalar>())
      let whole = count & ~7
      for index in stride(from: 0, to: whole, by: 8) {
        let x = UnsafeRawPointer(samples + index).loadUnaligned(as: SIMD8<Scalar>.self)
        re += x * UnsafeRawPointer(cosines + index).loadUnaligned(as: SIMD8<Scalar>.self)
        im += x * UnsafeRawPointer(sines + index).loadUnaligned(as: SIMD8<Scalar>.self)
      }
      var sum = SIMD2(Double(re.sum()), Double(im.sum()))
      for index in whole..<count {
        sum += SIMD2(Double(samples[index] * cosines[index]), Double(samples[index] * sines[index]))
      }
      vector[0] = sum
      return
    }
    for part in 0..<parts {
      var (re, im) = (Scalar(0), Scalar(0))
      for index in 0..<count {
        let x = samples[index &* parts &+ part]
        re += x * cosines[index]
        im += x * sines[index]
      }
      vector[part] = SIMD2(Double(re), Double(im))
    }
  }
}
