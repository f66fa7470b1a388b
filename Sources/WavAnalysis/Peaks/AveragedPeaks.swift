// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum
import WavTransforms

/// Finds the tones in a spectrum that was averaged over segments.
///
/// A tone is a bin that is stronger than the bins within the main lobe of the window around it and stands out:
///
/// 1. It is 6 dB above the noise floor, from the median of the powers over a fifth of the frequency, 100 Hz or 51 bins,
///    and above what noise reaches in one of a hundred recordings (``AveragingStatistics``, chi-square).
/// 2. It is more than 6 dB above the side lobes that the window gives to a stronger tone.
/// 3. It falls by 3 dB on both sides before something stronger comes.
///
/// Frequency and level are those of a steady sine that has the powers of the strongest bin and its neighbours: the
/// ratio of the neighbours gives its place between the bins, by the transform of the window.
struct AveragedPeaks {
  private let density: PowerDensity
  private let kernel: WindowKernel
  /// Average |X|^2 of all bins.
  private let powers: [Double]
  private let kept: Range<Int>
  private let floor: [Double]
  private let a4: Double
  private let distance: PeakDistance?

  private static let leastRise = 4.0
  private static let leastFall = 2.0
  private static let leastFloorBins = 51

  /// A bin that may be a tone.
  private struct Candidate {
    let bin: Int
    /// Distance of the maximum from the bin, -0.5 to 0.5.
    let offset: Double
    /// |X|^2 at the maximum.
    let power: Double
  }

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - magnitudes: The square root of the average power of each bin from 0 Hz on.
  ///   - density: The segments.
  ///   - window: The window over each segment.
  ///   - band: The frequencies kept.
  ///   - distance: The minimum distance of two tones; nil for none.
  ///   - a4: Frequency of the note A4 in Hz.
  init(
    _ magnitudes: [Double], _ density: PowerDensity, _ window: Window, band: FrequencyBand,
    distance: PeakDistance?, a4: Double
  ) {
    self.density = density
    self.a4 = a4
    self.distance = distance
    powers = magnitudes.map { $0 * $0 }
    kept = density.grid.bins(in: band)
    let length = density.grid.transformLength
    guard let exact = TransformLength(samples: length, rule: .exact) else {
      preconditionFailure("a segment has its own length")
    }
    kernel = WindowKernel(window, exact)
    // The median of chi-square is below its mean (E. B. Wilson and M. M. Hilferty 1931).
    let root = 1 - 2 / (9 * density.statistics.degreesOfFreedom)
    let mean = root * root * root
    floor = Self.floor(of: powers, spacing: density.grid.spacing).map { $0 / mean }
  }

  /// The strongest tones, in descending order; each list is the beginning of a longer one.
  func strongest(_ count: Int) -> [Peak] {
    guard count > 0 else { return [] }
    var accepted: [Candidate] = []
    var peaks: [Peak] = []
    let reach = kernel.magnitude(0)
    for candidate in candidates() where peaks.count < count {
      let isSideLobe = accepted.contains { other in
        let lobe = kernel.envelope(
          Double(candidate.bin - other.bin) + candidate.offset - other.offset)
        return candidate.power < 4 * other.power * lobe * lobe
      }
      // Stronger tones explain side lobes even if they are too near to another one to be listed.
      guard !isSideLobe else { continue }
      accepted.append(candidate)
      let peak = peak(candidate, reach)
      if let distance, peaks.contains(where: { distance.isNearer($0.frequency, peak.frequency) }) {
        continue
      }
      peaks.append(peak)
    }
    return peaks
  }

  private func peak(_ candidate: Candidate, _ reach: Double) -> Peak {
    let grid = density.grid
    let level = density.scaling.level(
      magnitude: candidate.power.squareRoot(), isUnpaired: grid.isUnpaired(candidate.bin))
    let noise = floor[candidate.bin]
    return Peak(
      frequency: (Double(candidate.bin) + candidate.offset) * grid.spacing, level: level,
      aboveFloor: noise > 0 ? 10 * log10(candidate.power / noise) : nil,
      shape: isLine(candidate, reach) ? .line : .note, a4: a4)
  }

  /// Whether the powers beside the maximum are no greater than those of a steady sine, within 3 dB or the noise.
  private func isLine(_ candidate: Candidate, _ reach: Double) -> Bool {
    [-1, 1].allSatisfy { side in
      let bin = candidate.bin + side
      guard powers.indices.contains(bin) else { return true }
      let share = kernel.magnitude(Double(side) - candidate.offset) / reach
      return powers[bin] <= 2 * candidate.power * share * share + 4 * floor[bin]
    }
  }

  /// Maxima that stand out, the strongest first.
  private func candidates() -> [Candidate] {
    let bins = max(1, Double(kept.count))
    let nu = density.statistics.degreesOfFreedom
    let least = max(
      Self.leastRise, chiSquareThreshold(probability: 0.01 / bins, degreesOfFreedom: nu) / nu)
    // A tone nearer to 0 Hz or to half the sampling rate than its main lobe is wide is one with its mirror image.
    let range = max(kept.lowerBound, 1)..<min(kept.upperBound, powers.count - 1)
    guard !range.isEmpty else { return [] }
    var found: [Candidate] = []
    for bin in range {
      let power = powers[bin]
      guard power > least * floor[bin], power > 0, power > powers[bin - 1],
        power >= powers[bin + 1], falls(from: bin, by: -1), falls(from: bin, by: 1)
      else { continue }
      let offset = offset(below: powers[bin - 1], above: powers[bin + 1])
      let share = kernel.magnitude(offset) / kernel.magnitude(0)
      found.append(Candidate(bin: bin, offset: offset, power: power / (share * share)))
    }
    return found.sorted {
      $0.power == $1.power ? $0.bin < $1.bin : $0.power > $1.power
    }
  }

  /// Whether the powers on one side of a bin fall far enough before a stronger one comes.
  private func falls(from bin: Int, by step: Int) -> Bool {
    var place = bin + step
    while powers.indices.contains(place) {
      if powers[place] > powers[bin] { return false }
      if powers[place] * Self.leastFall < powers[bin] { return true }
      place += step
    }
    return true
  }

  /// Where between the bins a sine is, -0.5 to 0.5, from the powers of the two bins around the strongest one.
  private func offset(below: Double, above: Double) -> Double {
    var (low, high) = (-0.5, 0.5)
    for _ in 0..<40 {
      let middle = (low + high) / 2
      let (left, right) = (kernel.magnitude(-1 - middle), kernel.magnitude(1 - middle))
      // The farther the sine is to the right, the greater is the share of the bin above.
      if above * left * left > below * right * right { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The noise around each bin: medians at some bins, interpolated in dB between them.
  private static func floor(of powers: [Double], spacing: Double) -> [Double] {
    var floor = [Double](repeating: 0, count: powers.count)
    var values: [Double] = []
    func level(at bin: Int) -> (level: Double, reach: Int) {
      let width = max(100, Double(bin) * spacing / 5) / spacing
      let reach = max(leastFloorBins, Int(width)) / 2
      let window = max(0, bin - reach)..<min(powers.count, bin + reach + 1)
      values.removeAll(keepingCapacity: true)
      for index in stride(
        from: window.lowerBound, to: window.upperBound, by: max(1, window.count / 256))
      { values.append(powers[index]) }
      values.sort()
      return (values[values.count / 2], reach)
    }
    var bin = 0
    var (last, reach) = level(at: 0)
    while bin < powers.count - 1 {
      let next = min(powers.count - 1, bin + max(1, reach / 3))
      let (level, nextReach) = level(at: next)
      for index in bin...next {
        let place = Double(index - bin) / Double(next - bin)
        floor[index] =
          last > 0 && level > 0
          ? exp(log(last) * (1 - place) + log(level) * place) : place < 0.5 ? last : level
      }
      (bin, last, reach) = (next, level, nextReach)
    }
    if powers.count == 1 { floor[0] = last }
    return floor
  }
}
