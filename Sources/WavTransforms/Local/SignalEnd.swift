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
    (samples.base + count * parts).update(repeating: 0, count: samples.count - count * parts)
    signal.copy(from: start * parts, count: count * parts, to: samples.base)
  }
}

/// Multiplies the samples at the ends by exp(-2 pi i k (n - middle) / N) and adds them up in runs.
struct EndKernel {
  let bin: Int
  let length: Int
  let middle: Int

  /// Samples of a part that are multiplied by one row of roots.
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
    let runStep = exactUnitRoot(moduloProduct(step, run, length), order: length)
    var runRoot = SIMD2<Double>()
    let runs = (end.count + run - 1) / run
    var sums = [SIMD2<Double>](repeating: SIMD2(), count: parts * runs)
    var vector = [SIMD2<Double>](repeating: SIMD2(), count: parts)
    for index in 0..<runs {
      let first = index * run
      let stop = min(first + run, end.count)
      // Exact now and then, from the last one in between.
      if index % 16 == 0 {
        runRoot = exactUnitRoot(
          moduloProduct(step, end.start + first - middle, length), order: length)
      } else {
        runRoot = complexProduct(runRoot, runStep)
      }
      var root = runRoot
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
      vector[0] = Scalar.sums(of: samples, cosines, sines, count: count)
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
