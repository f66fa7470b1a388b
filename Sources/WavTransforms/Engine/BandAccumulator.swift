// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// What one worker finds in one block: the strongest bin and the power of each band.
///
/// Bins come in runs of equal residue: element t of a run is bin residue + step * t. So do the rows
/// of the four-step algorithm deliver them, and with step 1 any contiguous piece of a spectrum.
final class BandAccumulator<Scalar: FFTWScalar> {
  /// Greatest magnitude of each band in this block, -1 if no bin fell into it.
  let magnitudes: UnsafeMutablePointer<Scalar>
  /// The bin that has it.
  let bins: UnsafeMutablePointer<Int>
  /// Sum of the squared magnitudes.
  let squares: UnsafeMutablePointer<Double>

  private let bandCount: Int
  private let edges: [Edge]
  private let grid: BinGrid

  /// First bin of a band as quotient and remainder by the step of the runs, so that the place of an
  /// edge in any run needs no division.
  private struct Edge {
    let quotient: Int
    let remainder: Int

    @inline(__always)
    func position(residue: Int) -> Int { quotient &+ (remainder > residue ? 1 : 0) }
  }

  /// Prepares to reduce runs of bins that are `step` apart.
  init(_ bands: LogBands, of grid: BinGrid, step: Int) {
    bandCount = bands.count
    self.grid = grid
    edges = bands.firstBins.map { Edge(quotient: $0 / step, remainder: $0 % step) }
    magnitudes = .allocate(capacity: bandCount)
    bins = .allocate(capacity: bandCount)
    squares = .allocate(capacity: bandCount)
  }

  deinit {
    magnitudes.deallocate()
    bins.deallocate()
    squares.deallocate()
  }

  /// Forgets what was found.
  func clear() {
    magnitudes.update(repeating: -1, count: bandCount)
    bins.update(repeating: .max, count: bandCount)
    squares.update(repeating: 0, count: bandCount)
  }

  /// Adds a run of `count` bins, the first of which is `residue` + `step` * `start`.
  ///
  /// `magnitude` and `square` hold their magnitudes and, summed over the parts, their squared
  /// magnitudes; if `isReversed` the last element belongs to the first bin.
  func add(
    magnitude: UnsafePointer<Scalar>, square: UnsafePointer<Scalar>, count: Int,
    residue: Int, step: Int, start: Int = 0, isReversed: Bool = false
  ) {
    edges.withUnsafeBufferPointer { edges in
      var low = min(max(edges[0].position(residue: residue) &- start, 0), count)
      for band in 0..<bandCount {
        let high = min(max(edges[band &+ 1].position(residue: residue) &- start, 0), count)
        if high > low {
          let first = isReversed ? count &- high : low
          let length = high &- low
          squares[band] += sum(square + first, length)
          let greatest = maximum(magnitude + first, length)
          if greatest >= magnitudes[band] {
            let found = position(of: greatest, magnitude + first, length, isLast: isReversed)
            let element = isReversed ? count &- 1 &- (first &+ found) : first &+ found
            let bin = residue &+ step &* (start &+ element)
            if greatest > magnitudes[band] || bin < bins[band] {
              magnitudes[band] = greatest
              bins[band] = bin
            }
          }
          low = high
        }
      }
    }
    halveUnpaired(square, count, residue, step, start, isReversed)
  }

  /// Bins that are their own mirror image have no partner of negative frequency: they count half.
  private func halveUnpaired(
    _ square: UnsafePointer<Scalar>, _ count: Int, _ residue: Int, _ step: Int, _ start: Int,
    _ isReversed: Bool
  ) {
    for bin in [0, grid.transformLength / 2] where grid.isUnpaired(bin) {
      guard bin % step == residue else { continue }
      let element = bin / step - start
      guard element >= 0, element < count else { continue }
      for band in 0..<bandCount
      where edges[band].position(residue: residue) <= bin / step
        && bin / step < edges[band + 1].position(residue: residue)
      {
        squares[band] -= Double(square[isReversed ? count - 1 - element : element]) / 2
      }
      if bin == grid.transformLength / 2 { break }
    }
  }
}

/// Sum of `count` numbers, in eight interleaved partial sums: a single running sum cannot use vector
/// registers, for floating-point addition may not be reordered.
@inline(__always)
private func sum<Scalar: FFTWScalar>(_ values: UnsafePointer<Scalar>, _ count: Int) -> Double {
  var lanes = SIMD8<Scalar>()
  var index = 0
  while index &+ 8 <= count {
    lanes += UnsafeRawPointer(values + index).loadUnaligned(as: SIMD8<Scalar>.self)
    index &+= 8
  }
  var total = Double(lanes.sum())
  while index < count {
    total += Double(values[index])
    index &+= 1
  }
  return total
}

/// Greatest of `count` >= 1 numbers.
///
/// Written with vectors: the compiler does not turn a running maximum into one by itself, which
/// costs a factor of 12.
@inline(__always)
private func maximum<Scalar: FFTWScalar>(_ values: UnsafePointer<Scalar>, _ count: Int) -> Scalar {
  var greatest = values[0]
  var index = 0
  if count >= 8 {
    var lanes = UnsafeRawPointer(values).loadUnaligned(as: SIMD8<Scalar>.self)
    index = 8
    while index &+ 8 <= count {
      let next = UnsafeRawPointer(values + index).loadUnaligned(as: SIMD8<Scalar>.self)
      lanes.replace(with: next, where: next .> lanes)
      index &+= 8
    }
    for lane in 0..<8 where lanes[lane] > greatest { greatest = lanes[lane] }
  }
  while index < count {
    if values[index] > greatest { greatest = values[index] }
    index &+= 1
  }
  return greatest
}

/// Where a value known to be among `count` numbers stands first, or last.
@inline(__always)
private func position<Scalar: FFTWScalar>(
  of value: Scalar, _ values: UnsafePointer<Scalar>, _ count: Int, isLast: Bool
) -> Int {
  if isLast {
    var index = count &- 1
    while index > 0, values[index] != value { index &-= 1 }
    return index
  }
  var index = 0
  while index < count &- 1, values[index] != value { index &+= 1 }
  return index
}
