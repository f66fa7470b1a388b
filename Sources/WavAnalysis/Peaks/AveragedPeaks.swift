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
/// 4. Rounding cannot have made it (``RoundingFloor``).
///
/// Frequency and level are those of a steady sine in noise that has the power of the strongest bin, and explains those of
/// its neighbours best, by the transform of the window.
struct AveragedPeaks {
  private let density: PowerDensity
  private let kernel: WindowKernel
  /// Average |X|^2 of all bins.
  private let powers: [Double]
  private let kept: Range<Int>
  private let floor: [Double]
  private let a4: Double
  private let distance: PeakDistance?
  private let rounding: RoundingFloor

  /// Errors of the transform of one sine do not average out: they have been up to 3 dB above the limit for the transform
  /// of a whole recording.
  private static let roundingMargin = 8.0
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
  ///   - rounding: The power of rounding errors in a segment.
  ///   - band: The frequencies kept.
  ///   - distance: The minimum distance of two tones; nil for none.
  ///   - a4: Frequency of the note A4 in Hz.
  init(
    _ magnitudes: [Double], _ density: PowerDensity, _ window: Window, _ rounding: RoundingFloor,
    band: FrequencyBand, distance: PeakDistance?, a4: Double
  ) {
    self.density = density
    self.a4 = a4
    self.distance = distance
    self.rounding = rounding
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
    floor = Self.floor(of: powers, spacing: density.grid.spacing, lobe: kernel.halfWidth).map {
      $0 / mean
    }
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
    let noise = max(floor[candidate.bin], rounding.samples)
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
    // A tone nearer to 0 Hz or to half the sampling rate than its main lobe is wide is one with its mirror image; near
    // 0 Hz its mean is missing, too, and there are too few bins below to see a slope.
    let first = max(kept.lowerBound, 2 * max(2, kernel.halfWidth))
    let end = min(kept.upperBound, powers.count - kernel.halfWidth)
    guard first < end else { return [] }
    var found: [Candidate] = []
    for bin in first..<end {
      let power = powers[bin]
      guard power > least * max(floor[bin], rounding.samples), power > powers[bin - 1],
        power >= powers[bin + 1], falls(from: bin, by: -1), falls(from: bin, by: 1)
      else { continue }
      let offset = offset(around: bin)
      let share = kernel.magnitude(offset) / kernel.magnitude(0)
      let candidate = Candidate(bin: bin, offset: offset, power: power / (share * share))
      if !isRounding(candidate) { found.append(candidate) }
    }
    return found.sorted {
      $0.power == $1.power ? $0.bin < $1.bin : $0.power > $1.power
    }
  }

  /// Whether rounding may have made a line: errors of the transform, or those of samples without dither, whose lines
  /// together have the power of their rounding.
  private func isRounding(_ candidate: Candidate) -> Bool {
    guard candidate.power > Self.roundingMargin * rounding.transform else { return true }
    guard floor[candidate.bin] < 1.25 * rounding.samples else { return false }
    let amplitude = density.scaling.amplitude(
      magnitude: candidate.power.squareRoot(), isUnpaired: false)
    return amplitude * amplitude / 2 <= rounding.samplesMeanSquare
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

  /// Where between the bins a sine is, -0.5 to 0.5: where it explains the powers of the strongest bin and of its
  /// neighbours best.
  ///
  /// The power of a neighbour is that of the noise, F, and of the sine, S; it has about the variance F^2 + 4 F S.
  private func offset(around bin: Int) -> Double {
    let noise = max(floor[bin], rounding.samples, 1e-12 * powers[bin])
    let line = max(powers[bin] - noise, 0)
    let sides = (powers[bin - 1], powers[bin + 1])
    func misfit(_ offset: Double) -> Double {
      let middle = kernel.magnitude(offset)
      func misfit(_ power: Double, _ distance: Double) -> Double {
        let share = kernel.magnitude(distance) / middle
        let sine = line * share * share
        let rest = power - noise - sine
        return rest * rest / (noise * (noise + 4 * sine))
      }
      return misfit(sides.0, 1 + offset) + misfit(sides.1, 1 - offset)
    }
    let steps = 24
    let places = (0...steps).map { Double($0) / Double(steps) - 0.5 }
    let best = places.min { misfit($0) < misfit($1) } ?? 0
    var (low, high) = (max(-0.5, best - 1 / Double(steps)), min(0.5, best + 1 / Double(steps)))
    // The golden section (J. Kiefer, "Sequential minimax search for a maximum", 1953).
    let share = (5.0.squareRoot() - 1) / 2
    for _ in 0..<22 {
      let (left, right) = (high - share * (high - low), low + share * (high - low))
      if misfit(left) < misfit(right) { high = right } else { low = left }
    }
    return (low + high) / 2
  }

  /// The noise around each bin: medians at some bins, interpolated in dB between them.
  private static func floor(
    of powers: [Double], spacing: Double, lobe: Int
  ) -> [Double] {
    var floor = [Double](repeating: 0, count: powers.count)
    guard powers.count > 1 else { return floor }
    var values: [Double] = []
    func level(at bin: Int) -> (level: Double, reach: Int) {
      let width = max(100, Double(bin) * spacing / 5) / spacing
      // Near 0 Hz fewer bins, as many on both sides, so that the median is that of the middle of a slope.
      let reach = min(
        max(leastFloorBins, Int(width)) / 2, max(2 * bin / 3, 2 * lobe + 2))
      let window = max(1, bin - reach)..<max(2, min(powers.count, bin + reach + 1))
      values.removeAll(keepingCapacity: true)
      for index in stride(
        from: window.lowerBound, to: window.upperBound, by: max(1, window.count / 256))
      { values.append(powers[index]) }
      return (median(of: &values), reach)
    }
    var bin = 0
    var (last, reach) = level(at: 0)
    while bin < powers.count - 1 {
      let next = min(powers.count - 1, bin + max(1, min(reach / 3, bin / 4)))
      let (level, nextReach) = level(at: next)
      for index in bin...next {
        let place = Double(index - bin) / Double(next - bin)
        floor[index] =
          last > 0 && level > 0
          ? exp(log(last) * (1 - place) + log(level) * place) : place < 0.5 ? last : level
      }
      (bin, last, reach) = (next, level, nextReach)
    }
    return floor
  }
}
