// SPDX-License-Identifier: GPL-2.0-or-later

/// The samples at one end of a signal, divided into runs.
final class SignalEnd<Scalar: FFTWScalar> {
  /// The samples of each part.
  let range: Range<Int>
  /// Number of runs.
  let runCount: Int
  /// The samples, parts interleaved.
  let samples: AlignedBuffer<Scalar>

  init(_ signal: WindowedSignal<Scalar>, parts: Int, _ range: Range<Int>, run: Int) {
    self.range = range
    runCount = (range.count + run - 1) / run
    samples = AlignedBuffer(count: range.count * parts)
    signal.copy(from: range.lowerBound * parts, count: range.count * parts, to: samples.base)
  }
}

/// Multiplies the samples of an end by exp(-2 pi i k (n - middle) / N) and adds them up by runs.
struct EndKernel<Scalar: FFTWScalar> {
  private let step: Int
  private let length: Int
  private let middle: Int
  private let run: Int
  /// The roots for one row of samples: cosines, then sines.
  private let phasors: AlignedBuffer<Scalar>

  /// Number of samples of a part that are multiplied by one row of roots.
  static var width: Int { 256 }

  /// Prepares for a bin; `phasors` has space for the roots of one row.
  init(bin: Int, length: Int, middle: Int, run: Int, _ phasors: AlignedBuffer<Scalar>) {
    self.length = length
    self.middle = middle
    self.run = run
    self.phasors = phasors
    step = modulo(bin, length)
    let one = exactUnitRoot(step, order: length)
    var root = SIMD2<Double>(1, 0)
    for index in 0..<min(Self.width, run) {
      phasors.base[index] = Scalar(root.x)
      phasors.base[Self.width + index] = Scalar(root.y)
      root = complexProduct(root, one)
    }
  }

  /// Adds the samples of each run of an end to `runs`, [part][run], starting at run `first`.
  @inline(__always)
  func add(
    _ end: SignalEnd<Scalar>, parts: Int, to runs: inout [SIMD2<Double>], first: Int, pitch: Int
  ) {
    let next = exactUnitRoot(moduloProduct(step, Self.width, length), order: length)
    let runStep = exactUnitRoot(moduloProduct(step, run, length), order: length)
    var runRoot = SIMD2<Double>()
    for index in 0..<end.runCount {
      let start = index * run
      let stop = min(start + run, end.range.count)
      // Exact from time to time, and from the previous one in between.
      if index % 16 == 0 {
        runRoot = exactUnitRoot(
          moduloProduct(step, end.range.lowerBound + start - middle, length), order: length)
      } else {
        runRoot = complexProduct(runRoot, runStep)
      }
      var root = runRoot
      for place in stride(from: start, to: stop, by: Self.width) {
        for part in 0..<parts {
          let sum = sum(
            end.samples.base + place * parts, min(Self.width, stop - place), part, parts)
          runs[part * pitch + first + index] += complexProduct(sum, root)
        }
        root = complexProduct(root, next)
      }
    }
  }

  /// Adds `count` samples of each part, the first of which is sample `start` of its part, to a sum for each
  /// part, `pitch` apart.
  @inline(__always)
  func add(
    _ samples: UnsafePointer<Scalar>, from start: Int, count: Int, parts: Int,
    to sums: UnsafeMutablePointer<SIMD2<Double>>, pitch: Int
  ) {
    let next = exactUnitRoot(moduloProduct(step, Self.width, length), order: length)
    var root = exactUnitRoot(moduloProduct(step, start - middle, length), order: length)
    for place in stride(from: 0, to: count, by: Self.width) {
      for part in 0..<parts {
        let sum = sum(samples + place * parts, min(Self.width, count - place), part, parts)
        sums[part * pitch] += complexProduct(sum, root)
      }
      root = complexProduct(root, next)
    }
  }

  /// The sum over one row of samples of a part.
  @inline(__always)
  private func sum(
    _ samples: UnsafePointer<Scalar>, _ count: Int, _ part: Int, _ parts: Int
  ) -> SIMD2<Double> {
    let (cosines, sines) = (phasors.base, phasors.base + Self.width)
    if parts == 1 { return Scalar.sums(of: samples, cosines, sines, count: count) }
    var (re, im) = (Scalar(0), Scalar(0))
    for index in 0..<count {
      let x = samples[index &* parts &+ part]
      re += x * cosines[index]
      im += x * sines[index]
    }
    return SIMD2(Double(re), Double(im))
  }
}
