// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// Bins as the engines deliver them: in vectors of eight lanes.
///
/// Lane l of vector t is bin residue[l] + step * t. For the four-step algorithm the residues are
/// eight neighbouring rows and the step is N1; a contiguous range of a spectrum has the residues 0
/// … 7 and the step 8.
struct BinVectors<Scalar: FFTWScalar> {
  /// Magnitudes, `count` vectors.
  let magnitudes: UnsafePointer<SIMD8<Scalar>>
  /// Squared magnitudes, summed over the parts.
  let squares: UnsafePointer<SIMD8<Scalar>>
  /// Number of vectors.
  let count: Int
  /// The t of the first vector.
  let first: Int
  /// Bin of each lane modulo the step; infinite for a lane that is not used.
  let residues: SIMD8<Scalar>
  /// Whether the vectors are stored from the last to the first.
  let isReversed: Bool

  /// Memory index of vector t.
  @inline(__always)
  func place(_ t: Int) -> Int { isReversed ? first &+ count &- 1 &- t : t &- first }

  /// Updates a running maximum and a running sum with the chosen lanes of vector t.
  @inline(__always)
  func take(
    _ t: Int, _ lanes: SIMDMask<SIMD8<Scalar>.MaskStorage>, _ greatest: inout SIMD8<Scalar>,
    _ sum: inout SIMD8<Scalar>
  ) {
    let place = place(t)
    let magnitude = magnitudes[place].replacing(with: -1, where: .!lanes)
    greatest = Scalar.greater(greatest, magnitude)
    sum += squares[place].replacing(with: 0, where: .!lanes)
  }
}

/// What one worker finds in one block: the strongest bin and the power of each band.
final class BandAccumulator<Scalar: FFTWScalar> {
  /// Greatest magnitude of each band in this block, -1 if no bin fell into it.
  let magnitudes: UnsafeMutablePointer<Scalar>
  /// The bin with the greatest magnitude.
  let bins: UnsafeMutablePointer<Int>
  /// Sum of the squared magnitudes; unpaired bins count half.
  let squares: UnsafeMutablePointer<Double>

  private let bandCount: Int
  private let step: Int
  private let firstBins: [Int]
  private let edges: [Edge]
  private let unpairedBins: [Int]

  /// First bin of a band as quotient and remainder of the division by the step, so that finding it
  /// among any residues needs no division.
  private struct Edge {
    let quotient: Int
    let remainder: Scalar
  }

  /// Prepares for vectors whose lanes move on by `step` bins from one vector to the next.
  init(_ bands: BinPartition, of grid: BinGrid, step: Int) {
    bandCount = bands.count
    self.step = step
    firstBins = bands.firstBins
    edges = bands.firstBins.map { Edge(quotient: $0 / step, remainder: Scalar($0 % step)) }
    unpairedBins = Set([0, grid.transformLength / 2]).filter { grid.isUnpaired($0) }
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

  /// Adds vectors of bins to their bands.
  func add(_ vectors: BinVectors<Scalar>) {
    let end = vectors.first &+ vectors.count
    let counting = Scalar.lanes(of: vectors.residues, from: 0, below: .infinity)
    let least = vectors.residues.min()
    let greatest = vectors.residues.replacing(with: -1, where: .!counting).max()
    edges.withUnsafeBufferPointer { edges in
      var band = firstBand(reaching: vectors.first)
      while band < bandCount, edges[band].quotient < end {
        let (low, high) = (edges[band], edges[band &+ 1])
        let index = band
        band &+= 1
        // Most low bands fall between two rows of bins and have no bin in these vectors.
        if low.quotient == high.quotient, high.remainder <= least || low.remainder > greatest {
          continue
        }
        add(vectors, from: low, to: high, counting, band: index)
      }
    }
    halveUnpaired(vectors)
  }

  /// Adds contiguous bins from `first`, a multiple of 8, on; the accumulator must have the step 8.
  ///
  /// The arrays are aligned and hold whole vectors: what follows the last bin is overwritten.
  func add(
    contiguous first: Int, count: Int, magnitudes: UnsafeMutablePointer<Scalar>,
    squares: UnsafeMutablePointer<Scalar>
  ) {
    let vectors = (count + 7) / 8
    // Fill the last vector with values that change neither maxima nor sums.
    for index in count..<8 * vectors { (magnitudes[index], squares[index]) = (-1, 0) }
    func asVectors(_ numbers: UnsafeMutablePointer<Scalar>) -> UnsafePointer<SIMD8<Scalar>> {
      UnsafePointer(UnsafeMutableRawPointer(numbers).assumingMemoryBound(to: SIMD8<Scalar>.self))
    }
    add(
      BinVectors(
        magnitudes: asVectors(magnitudes), squares: asVectors(squares), count: vectors,
        first: first / 8, residues: SIMD8(0, 1, 2, 3, 4, 5, 6, 7), isReversed: false))
  }

  /// First band that ends at or after vector t.
  private func firstBand(reaching t: Int) -> Int {
    var (low, high) = (0, bandCount)
    while low < high {
      let middle = (low + high) / 2
      if edges[middle + 1].quotient < t { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Adds the lanes between two edges to one band.
  ///
  /// The band has the lanes from the lower edge's remainder on in the first vector, those below the
  /// upper edge's remainder in the last vector, and all lanes in between.
  @inline(__always)
  private func add(
    _ vectors: BinVectors<Scalar>, from low: Edge, to high: Edge,
    _ counting: SIMDMask<SIMD8<Scalar>.MaskStorage>, band: Int
  ) {
    let end = vectors.first &+ vectors.count
    var greatest = SIMD8<Scalar>(repeating: -1)
    var sum = SIMD8<Scalar>()
    let residues = vectors.residues
    if low.quotient == high.quotient {
      if low.quotient >= vectors.first {
        let lanes = Scalar.lanes(of: residues, from: low.remainder, below: high.remainder)
        vectors.take(low.quotient, lanes, &greatest, &sum)
      }
    } else {
      if low.quotient >= vectors.first {
        let lanes = Scalar.lanes(of: residues, from: low.remainder, below: .infinity)
        vectors.take(low.quotient, lanes, &greatest, &sum)
      }
      var t = max(low.quotient &+ 1, vectors.first)
      let last = min(high.quotient, end)
      while t < last {
        vectors.take(t, counting, &greatest, &sum)
        t &+= 1
      }
      if high.quotient < end {
        let lanes = Scalar.lanes(of: residues, from: 0, below: high.remainder)
        vectors.take(high.quotient, lanes, &greatest, &sum)
      }
    }
    squares[band] += Double(sum.sum())
    let value = greatest.max()
    if value >= magnitudes[band], value >= 0 { note(value, in: vectors, band: band) }
  }

  /// Finds and records the lowest bin of a band that has a given magnitude, which must exist.
  @inline(never)
  private func note(_ value: Scalar, in vectors: BinVectors<Scalar>, band: Int) {
    let range = firstBins[band]..<firstBins[band + 1]
    let start = max(edges[band].quotient, vectors.first)
    for t in start...min(edges[band + 1].quotient, vectors.first + vectors.count - 1) {
      let magnitude = vectors.magnitudes[vectors.place(t)]
      for lane in 0..<8 where magnitude[lane] == value && vectors.residues[lane].isFinite {
        let bin = Int(vectors.residues[lane]) + step * t
        guard range.contains(bin) else { continue }
        if value > magnitudes[band] || bin < bins[band] {
          magnitudes[band] = value
          bins[band] = bin
        }
      }
    }
  }

  /// Unpaired bins have no partner at the negative frequency: they count half.
  private func halveUnpaired(_ vectors: BinVectors<Scalar>) {
    for bin in unpairedBins {
      let t = bin / step
      guard t >= vectors.first, t < vectors.first + vectors.count,
        firstBins[0] <= bin, bin < firstBins[bandCount]
      else { continue }
      for lane in 0..<8 where vectors.residues[lane] == Scalar(bin % step) {
        let band = (0..<bandCount).first { bin < firstBins[$0 + 1] } ?? 0
        squares[band] -= Double(vectors.squares[vectors.place(t)][lane]) / 2
      }
    }
  }
}
