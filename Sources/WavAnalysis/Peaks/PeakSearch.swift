// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum
import WavTransforms

/// Finds the strongest peaks of a spectrum and their positions between the bins.
///
/// A peak is a maximum so far above the noise floor around it that noise reaches it in only one of
/// a hundred recordings (``NoiseFloor``, ``FalseAlarm``). There are two kinds:
///
/// - A *line* is as far above the 64 bins around it, too, and has the shape of a steady sine. Lines
///   are listed however close they are, if they are resolved.
/// - A *note* is the strongest bin of a hump (`PowerRows.humps`), or a maximum that is as narrow as
///   a line but has another shape. Of several notes within half a semitone only one is listed: they
///   are maxima of one note.
///
/// Three kinds of maxima are not listed: those that side lobes of a stronger peak explain (up to 6
/// dB above their envelope), further lines of a note with a vibrato, and those that rounding may
/// have made.
///
/// Candidates are examined in the order of the upper limits of their maxima, and accepted in the
/// order of the maxima, so that each list is the beginning of every longer list.
struct PeakSearch {
  /// What the search needs to know in addition to the spectrum.
  struct Conditions {
    /// The window of the transform.
    var window: Window
    /// Samples and transform length of one part.
    var length: TransformLength
    /// Arithmetic of the transform.
    var precision: Precision
    /// How the samples were rounded.
    var rounding = SampleRounding.unknown
    /// Mean square of the samples.
    var meanSquare = 0.0
    /// The minimum distance between two peaks; nil for the default of each kind of peak.
    var distance: PeakDistance?
    /// Frequency of the note A4 in Hz.
    var a4 = 440.0
  }

  private let engine: any TransformEngine
  private let kernel: WindowKernel
  private let spectrum: Spectrum
  private let rows: PowerRows
  private let conditions: Conditions
  private let floor: NoiseFloor
  private let falseAlarm: FalseAlarm
  private let roundingFloor: RoundingFloor
  /// Whether the engine has stored the magnitudes of all bins in order.
  private let hasOrderedBins: Bool
  /// Number of independent bins per bin.
  private let independence: Double
  /// Upper limit of a maximum between the bins, relative to the strongest bin.
  private let scallop: Double
  /// Half the width of the main lobe in bins.
  private let lobe: Int

  private var accepted: [Found] = []
  private var combs: [Comb] = []

  private static let binsOfFineFloor = 64
  /// Greatest number of bins of a row that are computed one by one.
  private static let mostBinsOfScan = 10_000

  /// A maximum, with its position.
  private struct Found {
    var bin: Int
    var row: Int
    var frequency: Double
    var magnitude: Double
    var shape: Peak.Shape
  }

  private enum Candidate {
    /// The strongest bin of a row.
    case row(Int)
    /// Another bin of a row, near a bin that was examined.
    case bin(Int, power: Double, row: Int)
    /// Either of them, with an upper limit from the neighbouring bins as its key.
    case bounded(Int, power: Double, row: Int, isHump: Bool)
    /// An examined maximum.
    case found(Found)
  }

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - engine: The transform, after its stages.
  ///   - spectrum: The spectrum in bands.
  ///   - firstBins: The first bin of each row of the spectrum, then the end of the last row's bins.
  ///   - conditions: What else the search needs to know.
  init(
    _ engine: any TransformEngine, _ spectrum: Spectrum, firstBins: [Int],
    _ conditions: Conditions
  ) {
    let (window, length) = (conditions.window, conditions.length)
    self.engine = engine
    self.spectrum = spectrum
    self.conditions = conditions
    hasOrderedBins = engine.orderedMagnitudes(0..<1) != nil
    kernel = WindowKernel(window, length)
    rows = PowerRows(spectrum, firstBins: firstBins)
    let (scaling, grid) = (spectrum.scaling, spectrum.grid)
    // Number of bins of a padded or windowed transform per independent bin.
    let bandwidth =
      Double(grid.transformLength) * scaling.windowSquareSum * Double(grid.parts)
      / (scaling.windowSum * scaling.windowSum)
    independence = min(1, 1 / bandwidth)
    scallop = 1.1 * kernel.magnitude(0) / kernel.magnitude(0.5)
    lobe = kernel.halfWidth
    let bins = Double(firstBins.last ?? 0) - Double(firstBins.first ?? 0)
    falseAlarm = FalseAlarm(
      bins: bins * Double(length.samples) / Double(length.length), spread: window.timeSpread)
    floor = NoiseFloor(rows, spacing: grid.spacing, independence: independence)
    roundingFloor = RoundingFloor(
      conditions.rounding, precision: conditions.precision, meanSquare: conditions.meanSquare,
      squareSum: scaling.windowSquareSum / Double(grid.parts))
  }

  /// The `count` strongest peaks, in descending order.
  ///
  /// - Complexity: O(R log R) for the R rows of the spectrum, and the cost of a local spectrum for each
  ///   candidate that may be among the strongest: some more than `count`.
  /// - Throws: ``UnknownBins`` if the engine must first compute the transform around some bins. Then the
  ///   search is to be repeated.
  mutating func strongest(_ count: Int) throws(UnknownBins) -> [Peak] {
    accepted = []
    combs = []
    guard count > 0 else { return [] }
    var queue = PeakQueue<Candidate>()
    let parts = Double(spectrum.grid.parts)
    for row in 0..<rows.count where standsOut(rows.greatest[row], row) {
      let magnitude = rows.greatest[row].squareRoot() * parts
      queue.push(.row(row), key: magnitude * scallop, bin: rows.bins[row])
    }
    guard queue.top != nil else { return [] }
    // The hump itself must be above the floor, not only the strongest of many bins of uneven noise.
    let humps = Set(
      rows.humps().filter { $0.power > 6 * floor.powers[$0.row] }.map(\.row))
    var seen: Set<Int> = []
    // What is not known is skipped, so that one reading of the samples serves for many bins.
    var unknown = UnknownBins()
    while accepted.count < count, unknown.candidateCount < 2 * count + 16,
      let candidate = queue.pop()
    {
      do throws(UnknownBins) {
        switch candidate {
        case .row(let row):
          addOthers(ofRow: row, &queue)
          try consider(
            rows.bins[row], rows.greatest[row], row, isHump: humps.contains(row), isBounded: false,
            &queue, &seen)
        case .bin(let bin, let power, let row):
          try consider(bin, power, row, isHump: false, isBounded: false, &queue, &seen)
        case .bounded(let bin, let power, let row, let isHump):
          try consider(bin, power, row, isHump: isHump, isBounded: true, &queue, &seen)
        case .found(let found):
          if try isWanted(found) { accepted.append(found) }
        }
      } catch {
        unknown.merge(error)
      }
    }
    if !unknown.bins.isEmpty { throw unknown }
    return accepted.map(peak)
  }

  /// Makes sure that the transform around bins is known.
  private func require(_ bins: Set<Int>, candidateCount: Int = 0) throws(UnknownBins) {
    let unknown = bins.filter { !engine.knows(around: $0) }
    if !unknown.isEmpty { throw UnknownBins(bins: unknown, candidateCount: candidateCount) }
  }

  private func peak(_ found: Found) -> Peak {
    let power = power(of: found.magnitude)
    let noise = max(floor.powers[found.row], roundingFloor.samples)
    return Peak(
      frequency: found.frequency,
      level: spectrum.level(magnitude: found.magnitude, bin: found.bin),
      aboveFloor: noise > 0 ? 10 * log10(power / noise) : nil, shape: found.shape,
      a4: conditions.a4)
  }

  // MARK: What stands out

  /// The power of a bin as in ``PowerRows``; its magnitude is the sum over the parts.
  private func power(of magnitude: Double) -> Double {
    let mean = magnitude / Double(spectrum.grid.parts)
    return mean * mean
  }

  /// Whether a power in a row is above the noise floor and above rounding errors.
  private func standsOut(_ power: Double, _ row: Int) -> Bool {
    let local = floor.powers[row]
    guard power > roundingFloor.transform,
      power > falseAlarm.ratio(floorBins: floor.binCounts[row]) * max(local, roundingFloor.samples)
    else { return false }
    // If the noise is not above that of rounding, the rounding may have made lines: there is no
    // dither, which would make it 3 times as strong, or 1.5 times in the mean of two channels.
    let scatter = 1 + 3 / max(floor.binCounts[row], 1).squareRoot()
    guard local < 1.25 * scatter * roundingFloor.samples else { return true }
    let amplitude =
      2 * power.squareRoot() * Double(spectrum.grid.parts) / spectrum.scaling.windowSum
    return amplitude * amplitude / 2 > roundingFloor.samplesMeanSquare
  }

  /// Whether a bin also stands out from the bins next to it.
  private func isNarrow(_ power: Double, _ bin: Int, _ row: Int) -> Bool {
    var window = rows.neighbourhood(
      of: row, bins: Int(Double(Self.binsOfFineFloor) / independence))
    window =
      max(0, min(window.lowerBound, row - 1))..<min(rows.count, max(window.upperBound, row + 2))
    var values: [Double] = []
    values.reserveCapacity(window.count)
    var bins = 0
    for other in window {
      let count = rows.binCount(other)
      var mean = rows.means[other]
      if other == row {
        // The rest of the main lobe is included: the median ignores it.
        guard count >= 4 * lobe + 8 else { continue }
        mean = max(0, mean * Double(count) - power) / Double(count - 1)
      } else {
        let nearest = other < row ? rows.firstBins[other + 1] - 1 : rows.firstBins[other]
        guard abs(nearest - bin) > lobe else { continue }
      }
      values.append(mean)
      bins += count
    }
    guard !values.isEmpty else { return true }
    return power
      > falseAlarm.ratio(floorBins: Double(bins) * independence)
      * rows.noise(ofMeans: &values, binsPerRow: Double(bins) / Double(values.count) * independence)
  }

  // MARK: Candidates

  private func consider(
    _ bin: Int, _ power: Double, _ row: Int, isHump: Bool, isBounded: Bool,
    _ queue: inout PeakQueue<Candidate>, _ seen: inout Set<Int>
  ) throws(UnknownBins) {
    guard isBounded || seen.insert(bin).inserted, !isBesideStronger(bin, power, row) else { return }
    let grid = spectrum.grid
    let frequency = grid.frequency(of: bin)
    let magnitude = power.squareRoot() * Double(grid.parts)
    guard !isExplained(magnitude, bin) else { return }
    let isNarrow = isNarrow(power, bin, row)
    guard isNarrow || (isHump && !isNearNote(frequency)) else { return }
    if grid.isUnpaired(bin) {
      // DC and Nyquist have no bin on the other side, so there is nothing to find between the bins.
      let found = Found(
        bin: bin, row: row, frequency: frequency, magnitude: magnitude,
        shape: isNarrow ? .line : .note)
      return queue.push(.found(found), key: found.magnitude, bin: bin)
    }
    try require([bin], candidateCount: 1)
    let shape = BinShape(engine, bin, magnitude, kernel)
    guard shape.isMaximum, shape.isLikeSine || !isNearNote(frequency) else { return }
    guard isBounded || queue.top ?? 0 <= magnitude * shape.gain else {
      // Another candidate may be stronger.
      queue.push(
        .bounded(bin, power: power, row: row, isHump: isHump), key: magnitude * shape.gain, bin: bin
      )
      return
    }
    let local = engine.localSpectrum(around: bin)
    let centre = local.magnitude(ofBin: 0)
    guard local.reach >= 1, local.magnitude(ofBin: -1) <= centre,
      local.magnitude(ofBin: 1) <= centre
    else { return }
    let (distance, maximum) = local.maximum()
    let isSteady =
      isNarrow && local.residual(at: distance, kernel, within: min(lobe, local.reach)) <= 0.1
    let found = Found(
      bin: bin, row: row, frequency: frequency + distance * grid.spacing, magnitude: maximum,
      shape: isSteady ? .line : .note)
    queue.push(.found(found), key: maximum, bin: bin)
    if isSteady { try addOthers(besides: found, local, &queue) }
  }

  /// Adds other maxima of a row that stand out: the strongest bin may not be its only line.
  private func addOthers(ofRow row: Int, _ queue: inout PeakQueue<Candidate>) {
    let bins = rows.firstBins[row]..<rows.firstBins[row + 1]
    // The row without its strongest bin must have enough power for another line.
    let rest = rows.means[row] * Double(bins.count) - rows.greatest[row]
    guard bins.count > 1, standsOut(rest, row) else { return }
    let wider = max(bins.lowerBound - 1, 0)..<min(bins.upperBound + 1, spectrum.grid.count)
    guard let magnitudes = engine.orderedMagnitudes(wider) else { return }
    for index in 1..<max(1, magnitudes.count - 1) {
      add(
        wider.lowerBound + index, magnitudes[index],
        beside: max(magnitudes[index - 1], magnitudes[index + 1]), row, &queue)
    }
  }

  /// The same if bins are not stored, once the line of the strongest bin is known: the bins are
  /// computed if the row has more power than the line and the noise.
  private func addOthers(
    besides found: Found, _ local: LocalSpectrum, _ queue: inout PeakQueue<Candidate>
  ) throws(UnknownBins) {
    let bins = rows.firstBins[found.row]..<rows.firstBins[found.row + 1]
    guard local.reach > 1, bins.contains(found.bin), !hasOrderedBins else { return }
    let power = power(of: found.magnitude) / independence
    let noise = floor.powers[found.row] * Double(bins.count)
    let rest = rows.means[found.row] * Double(bins.count) - 1.02 * power - 1.2 * noise
    let isScanned = standsOut(rest, found.row) && bins.count <= Self.mostBinsOfScan
    let step = 2 * local.reach - 1
    let first = isScanned ? (bins.lowerBound - found.bin - local.reach) / step : 0
    let last = isScanned ? (bins.upperBound - found.bin + local.reach) / step : 0
    try require(
      Set(
        (first...last).lazy.map { found.bin + $0 * step }
          .filter { $0 > 0 && $0 < spectrum.grid.count - 1 }))
    for place in first...last {
      let centre = found.bin + place * step
      guard centre > 0, centre < spectrum.grid.count - 1 else { continue }
      let local = place == 0 ? local : engine.localSpectrum(around: centre)
      for distance in -local.reach + 1..<local.reach {
        let bin = centre + distance
        guard let row = rows.row(of: bin), bin != found.bin else { continue }
        add(
          bin, local.magnitude(ofBin: distance),
          beside: max(local.magnitude(ofBin: distance - 1), local.magnitude(ofBin: distance + 1)),
          row, &queue)
      }
    }
  }

  /// Adds a bin to the candidates if it is a maximum that stands out, but not the strongest bin of
  /// its row.
  private func add(
    _ bin: Int, _ magnitude: Double, beside other: Double, _ row: Int,
    _ queue: inout PeakQueue<Candidate>
  ) {
    let power = power(of: magnitude)
    guard magnitude >= other, rows.bins[row] != bin, standsOut(power, row),
      isNarrow(power, bin, row)
    else { return }
    queue.push(.bin(bin, power: power, row: row), key: magnitude * scallop, bin: bin)
  }

  /// Whether a neighbouring row has a stronger bin within the main lobe.
  private func isBesideStronger(_ bin: Int, _ power: Double, _ row: Int) -> Bool {
    for other in [row - 1, row + 1] where other >= 0 && other < rows.count {
      if abs(rows.bins[other] - bin) <= 1, rows.greatest[other] > power { return true }
    }
    return false
  }

  /// Whether the side lobes of a stronger peak are as high, within 6 dB.
  private func isExplained(_ magnitude: Double, _ bin: Int) -> Bool {
    accepted.contains {
      let distance =
        abs(spectrum.grid.frequency(of: bin) - $0.frequency) / spectrum.grid.spacing
      // A note that fills only a part of the recording has side lobes as narrow as a line.
      let isBesideNote = $0.shape == .note && distance * independence <= 32
      let envelope = kernel.envelope(isBesideNote ? distance / 4 : distance)
      return magnitude <= 2 * $0.magnitude * envelope
    }
  }

  private func isNearNote(_ frequency: Double) -> Bool {
    accepted.contains { PeakDistance.note.isNearer($0.frequency, frequency) }
  }

  // MARK: Decisions

  /// Whether to list a peak, when all stronger peaks have been decided.
  private mutating func isWanted(_ found: Found) throws(UnknownBins) -> Bool {
    if isExplained(found.magnitude, found.bin) { return false }
    if let distance = conditions.distance,
      accepted.contains(where: { distance.isNearer($0.frequency, found.frequency) })
    {
      return false
    }
    if found.shape == .note, isNearNote(found.frequency) { return false }
    return try !isOfVibrato(found)
  }

  /// Whether a line belongs to a note with a vibrato of which another line is already listed.
  ///
  /// The spectrum of a sine with a periodic vibrato is a comb of lines. It is symmetric about the
  /// carrier in frequency and level, but the lines do not all have the same level (J. M. Chowning,
  /// "The synthesis of complex audio spectra by means of frequency modulation", J. Audio Eng. Soc.
  /// 21 (1973)).
  private mutating func isOfVibrato(_ found: Found) throws(UnknownBins) -> Bool {
    if combs.contains(where: { $0.contains(found.frequency, spacing: spectrum.grid.spacing) }) {
      return true
    }
    for other in accepted where other.shape == .line {
      let difference = abs(found.frequency - other.frequency)
      guard difference <= 2 * Comb.rates.upperBound,
        PeakDistance.cents(400).isNearer(found.frequency, other.frequency)
      else { continue }
      for step in [difference, difference / 2] where Comb.rates.contains(step) {
        for order in -2...2 {
          let comb = Comb(centre: other.frequency + Double(order) * step, step: step)
          if comb.contains(found.frequency, spacing: spectrum.grid.spacing), try isVibrato(comb) {
            combs.append(comb)
            return true
          }
        }
      }
    }
    return false
  }

  /// Whether there are two pairs of lines with equal level about a centre, but not all with the
  /// same level.
  private func isVibrato(_ comb: Comb) throws(UnknownBins) -> Bool {
    let frequencies = [-2.0, -1, 0, 1, 2].map { comb.centre + $0 * comb.step }
    // Where the strongest bin of the row does not stand out there is no line.
    guard
      [0, 1, 3, 4].allSatisfy({ index in
        guard let (_, row) = place(of: frequencies[index]) else { return false }
        return standsOut(rows.greatest[row] * scallop * scallop, row)
      })
    else { return false }
    try require(Set(frequencies.compactMap { place(of: $0)?.bin }))
    var levels: [Double] = []
    for order in [1.0, 2] {
      guard let below = lineMagnitude(comb.centre - order * comb.step),
        let above = lineMagnitude(comb.centre + order * comb.step),
        max(below, above) <= 1.33 * min(below, above)
      else { return false }
      levels.append((below * above).squareRoot())
    }
    levels.append(lineMagnitude(comb.centre) ?? 0)
    return (levels.max() ?? 0) > 1.2 * (levels.min() ?? 0)
  }

  /// The bin nearest to a frequency and its row; nil at the ends of the spectrum and outside of the rows.
  private func place(of frequency: Double) -> (bin: Int, row: Int)? {
    let nearest = Int((frequency / spectrum.grid.spacing).rounded())
    guard nearest > 1, nearest < spectrum.grid.count - 2 else { return nil }
    return rows.row(of: nearest).map { (nearest, $0) }
  }

  /// Magnitude of a line within a third of a bin of a frequency; nil if there is none.
  private func lineMagnitude(_ frequency: Double) -> Double? {
    let grid = spectrum.grid
    guard let (nearest, row) = place(of: frequency) else { return nil }
    let (place, magnitude) = engine.localSpectrum(around: nearest).maximum()
    let distance = (Double(nearest) + place) * grid.spacing - frequency
    let power = power(of: magnitude)
    guard abs(distance) * independence <= grid.spacing / 3, standsOut(power, row),
      isNarrow(power, nearest, row)
    else { return nil }
    // Side lobes of listed peaks look like lines.
    let isLobe = accepted.contains {
      abs($0.frequency - frequency) > grid.spacing / independence
        && magnitude <= 2 * $0.magnitude
          * kernel.envelope(($0.frequency - frequency) / grid.spacing)
    }
    return isLobe ? nil : magnitude
  }
}

/// The transform around these bins must be computed before a search of peaks can go on.
struct UnknownBins: Error {
  var bins: Set<Int> = []
  /// How many candidates were skipped for the lack of them.
  var candidateCount = 0

  mutating func merge(_ other: UnknownBins) {
    bins.formUnion(other.bins)
    candidateCount += other.candidateCount
  }
}

/// Equidistant lines about a centre.
private struct Comb {
  /// Frequency of the centre in Hz.
  let centre: Double
  /// Distance of neighbouring lines in Hz: the rate of the vibrato.
  let step: Double

  /// Rates of vibratos in Hz; voices and instruments have 4 to 8.
  static let rates = 3.0...10.0

  /// Whether a frequency is that of one of the lines nearest to the centre.
  func contains(_ frequency: Double, spacing: Double) -> Bool {
    let order = ((frequency - centre) / step).rounded()
    return abs(order) <= 8 && abs(frequency - centre - order * step) <= max(spacing, step / 50)
  }
}
