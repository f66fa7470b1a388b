// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// A division of all bins that gives the powers of proportional bands from sums over runs of bins.
///
/// Bin k stands for the frequencies from k - 1/2 to k + 1/2 spacings, and only for those from 0 to
/// the limit of the grid: half as many for DC, and for Nyquist of an even length. A bin with the
/// edge of a band in it is divided between the bands in proportion to their widths in it, as if its
/// power were spread evenly. So the powers of white noise are in proportion to the widths of the
/// bands, however narrow these are, and the bands and what is outside add up to the whole.
///
/// For that, each bin that is divided is a run of its own. So that one pass over the bins is
/// enough, the runs are also cut at the edges of logarithmic bands, which do not divide bins, and,
/// for a weighting, wherever the weighting changes.
///
/// A weighting multiplies the power of each bin by the factor at the frequency of the bin, before
/// the bin is divided. All bins of a run get the same factor, but within a run the weighting
/// changes by at most ``weightingStep``. Half of that is the greatest error of a band, for any
/// sound. A single factor for each band, that at the middle, errs under A by up to 0.43 dB for
/// white noise and by 3.1 dB for a tone at an edge (third-octave of 20 Hz; octave of 31.5 Hz: 2.5
/// and 8.1 dB).
public struct BandDivision: Sendable, Equatable {
  /// The bands, from low to high.
  public let bands: [BandScheme.Band]
  /// The weighting of ``weightedPowers(of:)``.
  public let weighting: FrequencyWeighting
  /// The runs: all bins of the grid, no run empty.
  public let partition: BinPartition

  /// Where the bands meet: the lower edge of each, then the upper edge of the last; none without
  /// bands.
  private let edges: [Edge]
  /// Factor of the power of each run.
  private let factors: [Double]
  /// The runs of each logarithmic band, and of what is below and above them.
  private let fineRuns: [Range<Int>]

  /// An edge: all runs before `run` and the share `below` of `run` itself, which is a single bin
  /// if the share is not 0, are below it.
  private struct Edge: Equatable {
    let run: Int
    let below: Double
  }

  /// Greatest change of the weighting within a run of several bins in the bands, in dB.
  public static let weightingStep = 0.05

  /// Divides the bins of a grid.
  ///
  /// - Parameters:
  ///   - bands: Neighbouring bands, from low to high, as ``BandScheme/bands(in:of:)`` lists them.
  ///   - weighting: Bins outside of the bands are not weighted.
  ///   - fine: Logarithmic bands that are wanted, too.
  ///   - grid: The grid of `fine`.
  /// - Complexity: O(n log n) for n runs. An edge takes two of them. A takes some 1900 from 20 Hz to
  ///   20 kHz, but 100 or fewer besides 4096 logarithmic bands, which are narrow already.
  public init(
    _ bands: [BandScheme.Band], weighting: FrequencyWeighting = .z, fine: LogBands? = nil,
    of grid: BinGrid
  ) {
    precondition(
      zip(bands, bands.dropFirst()).allSatisfy { $0.highEdge == $1.lowEdge },
      "bands that are neighbours")
    self.bands = bands
    self.weighting = weighting
    let frequencies = bands.map(\.lowEdge) + (bands.last.map { [$0.highEdge] } ?? [])
    let places = frequencies.map { grid.place(of: $0) }
    let fineBins = fine?.surrounded(in: grid).firstBins ?? [0, grid.count]

    var cuts = Set([0, grid.count])
    cuts.formUnion(fineBins)
    for place in places {
      cuts.insert(place.bin)
      if place.below > 0 { cuts.insert(place.bin + 1) }
    }
    let weighted = (places.first?.bin ?? 0)..<(places.last?.end ?? 0)
    let firstBins = cuts.sorted()
    let partition = BinPartition(
      firstBins: zip(firstBins, firstBins.dropFirst()).flatMap { first, end in
        weighted.overlaps(first..<end) ? weighting.runs(of: first..<end, in: grid) : [first]
      } + [grid.count])
    self.partition = partition

    edges = places.map { Edge(run: partition.firstRun(atOrAbove: $0.bin), below: $0.below) }
    factors = (0..<partition.count).map { run in
      let bins = partition.bins(of: run)
      guard weighted.overlaps(bins) else { return 1 }
      return weighting.factor(of: bins, in: grid)
    }
    fineRuns = zip(fineBins, fineBins.dropFirst()).map {
      partition.firstRun(atOrAbove: $0)..<partition.firstRun(atOrAbove: $1)
    }
  }

  /// The runs that are one logarithmic band together; none for a band without bins.
  ///
  /// Bands count as in ``LogBands/surrounded(in:)``: 0 is what is below the logarithmic bands, 1
  /// the first of them.
  public func runs(ofFineBand band: Int) -> Range<Int> { fineRuns[band] }

  /// The power of each band, without the weighting.
  ///
  /// - Parameter sums: The power of each run, or any quantity in proportion to it, such as a sum of
  ///   squared magnitudes in which unpaired bins count half.
  /// - Returns: Powers in the unit of `sums`.
  /// - Complexity: O(n) for n runs.
  public func powers(of sums: [Double]) -> [Double] {
    precondition(sums.count == partition.count, "a sum for each run")
    return bands.indices.map { power(between: edges[$0], edges[$0 + 1], sums) }
  }

  /// The power of each band with the weighting, otherwise as ``powers(of:)``.
  ///
  /// Their sum is the weighted power of all bands together.
  public func weightedPowers(of sums: [Double]) -> [Double] {
    precondition(sums.count == partition.count, "a sum for each run")
    return powers(of: zip(sums, factors).map { $0 * $1 })
  }

  /// The power below the lowest band and above the highest, without any weighting.
  ///
  /// With ``powers(of:)`` it adds up to the sum of all runs, but for rounding. Without bands all of
  /// it is below.
  public func powersOutside(of sums: [Double]) -> (below: Double, above: Double) {
    precondition(sums.count == partition.count, "a sum for each run")
    let bottom = Edge(run: 0, below: 0)
    let top = Edge(run: partition.count, below: 0)
    return (
      below: power(between: bottom, edges.first ?? top, sums),
      above: power(between: edges.last ?? top, top, sums)
    )
  }

  private func power(between low: Edge, _ high: Edge, _ sums: [Double]) -> Double {
    if low.run == high.run {
      return low.run < sums.count ? (high.below - low.below) * sums[low.run] : 0
    }
    let first = (1 - low.below) * sums[low.run]
    let inside = sums[low.run + 1..<high.run].reduce(first, +)
    return high.below > 0 ? inside + high.below * sums[high.run] : inside
  }
}

/// A frequency among bins: all bins before `bin`, and the share `below` of `bin` itself, 0 to 1
/// (not included), are below the frequency.
struct BinPlace: Equatable {
  let bin: Int
  let below: Double

  /// End of the bins that are at least partly below the frequency.
  var end: Int { below > 0 ? bin + 1 : bin }
}

extension BinGrid {
  /// Where a frequency >= 0 Hz is; at or above the limit, after the last bin.
  func place(of frequency: Double) -> BinPlace {
    guard frequency < limit else { return BinPlace(bin: count, below: 0) }
    let bin = min(Int(frequency / spacing + 0.5), count - 1)
    let low = max(0, (Double(bin) - 0.5) * spacing)
    let high = min(limit, (Double(bin) + 0.5) * spacing)
    let below = (frequency - low) / (high - low)
    // Rounding may put a frequency at the boundary of two bins on the wrong side of it.
    return below < 1 ? BinPlace(bin: bin, below: max(0, below)) : BinPlace(bin: bin + 1, below: 0)
  }
}

extension FrequencyWeighting {
  /// The first bins of the runs into which the weighting divides a run.
  fileprivate func runs(of bins: Range<Int>, in grid: BinGrid) -> [Int] {
    guard bins.count > 1, !isEven(over: bins, in: grid) else { return [bins.lowerBound] }
    // Halved on a logarithmic axis; DC, where the weighting is 0, becomes a run of its own.
    let middle = (Double(bins.lowerBound) * Double(bins.upperBound)).squareRoot()
    let cut = min(max(Int(middle), bins.lowerBound + 1), bins.upperBound - 1)
    return runs(of: bins.lowerBound..<cut, in: grid) + runs(of: cut..<bins.upperBound, in: grid)
  }

  /// Whether the weighting changes by at most the step.
  private func isEven(over bins: Range<Int>, in grid: BinGrid) -> Bool {
    guard self != .z else { return true }
    let low = grid.frequency(of: bins.lowerBound)
    let high = grid.frequency(of: bins.upperBound - 1)
    // The slope falls from `low` to `high`, so it is nowhere steeper than at one of them.
    let steepest = max(abs(slope(at: low)), abs(slope(at: high)))
    return low > 0 && steepest * log2(high / low) <= BandDivision.weightingStep
  }

  /// The factor of a run: in decibels, half-way between its first bin and its last.
  fileprivate func factor(of bins: Range<Int>, in grid: BinGrid) -> Double {
    let first = powerFactor(at: grid.frequency(of: bins.lowerBound))
    guard bins.count > 1 else { return first }
    return (first * powerFactor(at: grid.frequency(of: bins.upperBound - 1))).squareRoot()
  }
}
