// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum
import WavTransforms

/// Finds the strongest peaks of a spectrum and where between the bins they are.
///
/// A peak is a maximum that stands so far above the noise floor around it that noise does so in one
/// recording of a hundred (``NoiseFloor``, ``FalseAlarm``). There are two kinds:
///
/// - A *line* stands as far above the 64 bins around it, and has the shape of a steady sine.
///   Lines are listed however close they are, if they are resolved.
/// - A *note* is the strongest bin of a hump (`PowerRows.humps`), or a maximum as narrow as a line but
///   not of its shape. Of several within half a semitone one is listed: the ragged maxima of one note.
///
/// Listed is neither what side lobes of a stronger peak explain (6 dB above their envelope), nor a
/// sideband of a line that is modulated, nor what rounding may have made.
///
/// Candidates are looked at in the order of what their maxima may be, and accepted in the order of what
/// they are, so that each list is the beginning of every longer one.
struct PeakSearch {
  /// What the search has to know besides the spectrum.
  struct Conditions {
    /// How the samples were rounded.
    var rounding = SampleRounding.unknown
    /// Mean square of the samples.
    var meanSquare = 0.0
    /// The least distance of two peaks; nil for what the kinds of peaks want.
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
  /// Independent bins in one.
  private let independence: Double
  /// What the strongest bin may miss of a maximum between the bins.
  private let scallop: Double
  /// Bins of the main lobe on either side.
  private let lobe: Int

  private var accepted: [Found] = []
  private var centres: [Double] = []

  private static let binsOfFineFloor = 64
  /// In Hz: of voices and instruments, not of radio.
  private static let fastestModulation = 20.0

  /// A maximum.
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
    /// Another bin of a row, next to one that was looked at.
    case bin(Int, power: Double, row: Int)
    /// Either of them, whose place in the queue follows from the bins beside it.
    case bounded(Int, power: Double, row: Int, isHump: Bool)
    /// Looked at.
    case found(Found)
  }

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - engine: The transform, done.
  ///   - window: The window of the transform.
  ///   - length: Samples and transform length of one part.
  ///   - precision: Arithmetic of the transform.
  ///   - spectrum: Its bands.
  ///   - firstBins: The first bin of each row of the spectrum, and the end of the last one's.
  ///   - conditions: What else is known.
  init(
    _ engine: any TransformEngine, _ window: Window, _ length: TransformLength,
    _ precision: Precision, _ spectrum: Spectrum, firstBins: [Int], _ conditions: Conditions
  ) {
    self.engine = engine
    self.spectrum = spectrum
    self.conditions = conditions
    kernel = WindowKernel(window, length)
    rows = PowerRows(spectrum, firstBins: firstBins)
    let (scaling, grid) = (spectrum.scaling, spectrum.grid)
    // Bins of a padded or windowed transform in one independent bin.
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
      conditions.rounding,
      epsilon: precision == .single ? Double(Float.ulpOfOne) : .ulpOfOne,
      meanSquare: conditions.meanSquare, squareSum: scaling.windowSquareSum / Double(grid.parts))
  }

  /// The `count` strongest peaks, strongest first.
  mutating func strongest(_ count: Int) -> [Peak] {
    accepted = []
    centres = []
    guard count > 0 else { return [] }
    var queue = PeakQueue<Candidate>()
    let parts = Double(spectrum.grid.parts)
    for row in 0..<rows.count where standsOut(rows.greatest[row], row) {
      let magnitude = rows.greatest[row].squareRoot() * parts
      queue.push(.row(row), key: magnitude * scallop, bin: rows.bins[row])
    }
    guard queue.top != nil else { return [] }
    let humps = Set(rows.humps().map(\.row))
    var seen: Set<Int> = []
    while accepted.count < count, let candidate = queue.pop() {
      switch candidate {
      case .row(let row):
        consider(
          rows.bins[row], rows.greatest[row], row, isHump: humps.contains(row), isBounded: false,
          &queue, &seen)
      case .bin(let bin, let power, let row):
        consider(bin, power, row, isHump: false, isBounded: false, &queue, &seen)
      case .bounded(let bin, let power, let row, let isHump):
        consider(bin, power, row, isHump: isHump, isBounded: true, &queue, &seen)
      case .found(let found):
        if isWanted(found) { accepted.append(found) }
      }
    }
    return accepted.map(peak)
  }

  private func peak(_ found: Found) -> Peak {
    let parts = Double(spectrum.grid.parts)
    let power = found.magnitude / parts * (found.magnitude / parts)
    let noise = max(floor.powers[found.row], roundingFloor.samples)
    return Peak(
      frequency: found.frequency,
      level: spectrum.level(magnitude: found.magnitude, bin: found.bin),
      aboveFloor: noise > 0 ? 10 * log10(power / noise) : nil, shape: found.shape,
      a4: conditions.a4)
  }

  // MARK: What stands out

  /// Whether a power in a row is above the noise floor and what rounding may have made.
  private func standsOut(_ power: Double, _ row: Int) -> Bool {
    let local = floor.powers[row]
    guard power > roundingFloor.transform,
      power > falseAlarm.ratio(floorBins: floor.binCounts[row]) * max(local, roundingFloor.samples)
    else { return false }
    // Where there is no more noise than rounding makes, nothing keeps it from making lines: dither would be
    // 3 times as strong, in the mean of two channels 1.5 times.
    let scatter = 1 + 3 / max(floor.binCounts[row], 1).squareRoot()
    guard local < 1.25 * scatter * roundingFloor.samples else { return true }
    let amplitude =
      2 * power.squareRoot() * Double(spectrum.grid.parts) / spectrum.scaling.windowSum
    return amplitude * amplitude / 2 > roundingFloor.samplesMeanSquare
  }

  /// Whether a bin stands out of those right beside it, too.
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
        // The rest of the main lobe stays in; the median sees to that.
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
  ) {
    guard isBounded || seen.insert(bin).inserted, !isBesideStronger(bin, power, row) else { return }
    let grid = spectrum.grid
    let frequency = grid.frequency(of: bin)
    let magnitude = power.squareRoot() * Double(grid.parts)
    guard !isExplained(magnitude, bin) else { return }
    let isNarrow = isNarrow(power, bin, row)
    guard isNarrow || (isHump && !isNearNote(frequency)) else { return }
    if grid.isUnpaired(bin) {
      // Without a partner on the other side there is nothing between the bins to find.
      let found = Found(
        bin: bin, row: row, frequency: frequency, magnitude: magnitude,
        shape: isNarrow ? .line : .note)
      return queue.push(.found(found), key: found.magnitude, bin: bin)
    }
    let shape = BinShape(engine, bin, magnitude, kernel)
    guard shape.isMaximum, shape.isLikeSine || !isNearNote(frequency) else { return }
    guard isBounded || queue.top ?? 0 <= magnitude * shape.gain else {
      // Others may be stronger.
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
    if isNarrow { addNeighbours(of: local, row, &queue) }
    let (distance, maximum) = local.maximum()
    let isSteady =
      isNarrow && local.residual(at: distance, kernel, within: min(lobe, local.reach)) <= 0.1
    let found = Found(
      bin: bin, row: row, frequency: frequency + distance * grid.spacing, magnitude: maximum,
      shape: isSteady ? .line : .note)
    queue.push(.found(found), key: maximum, bin: bin)
  }

  /// Other maxima near a candidate, which need not be the strongest bins of their rows.
  private func addNeighbours(
    of local: LocalSpectrum, _ row: Int, _ queue: inout PeakQueue<Candidate>
  ) {
    let parts = Double(spectrum.grid.parts)
    guard local.reach > lobe + 1 else { return }
    for distance in -local.reach + 1..<local.reach where abs(distance) > lobe {
      let magnitude = local.magnitude(ofBin: distance)
      let bin = local.bin + distance
      guard magnitude > local.magnitude(ofBin: distance - 1),
        magnitude >= local.magnitude(ofBin: distance + 1), let row = rows.row(of: bin),
        rows.bins[row] != bin
      else { continue }
      let power = magnitude / parts * (magnitude / parts)
      guard standsOut(power, row), isNarrow(power, bin, row) else { continue }
      queue.push(.bin(bin, power: power, row: row), key: magnitude * scallop, bin: bin)
    }
  }

  /// Whether a row beside has a stronger bin within the main lobe.
  private func isBesideStronger(_ bin: Int, _ power: Double, _ row: Int) -> Bool {
    for other in [row - 1, row + 1] where other >= 0 && other < rows.count {
      if abs(rows.bins[other] - bin) <= 1, rows.greatest[other] > power { return true }
    }
    return false
  }

  /// Whether the side lobes of a stronger peak reach as high, within 6 dB.
  private func isExplained(_ magnitude: Double, _ bin: Int) -> Bool {
    accepted.contains {
      let distance = spectrum.grid.frequency(of: bin) - $0.frequency
      return magnitude
        <= 2 * $0.magnitude * kernel.envelope(distance / spectrum.grid.spacing)
    }
  }

  private func isNearNote(_ frequency: Double) -> Bool {
    accepted.contains { PeakDistance.note.isNearer($0.frequency, frequency) }
  }

  // MARK: Decisions

  /// Whether a peak is to be listed; all stronger ones are.
  private mutating func isWanted(_ found: Found) -> Bool {
    if isExplained(found.magnitude, found.bin) { return false }
    if let distance = conditions.distance,
      accepted.contains(where: { distance.isNearer($0.frequency, found.frequency) })
    {
      return false
    }
    if found.shape == .note, isNearNote(found.frequency) { return false }
    return !isSideband(found)
  }

  /// Whether a line belongs to a modulation (a vibrato, a tremolo) of a stronger line: it has an equal on
  /// the other side of a carrier.
  ///
  /// The spectrum of a sine that is modulated with a period is a comb of lines, symmetric about the
  /// carrier. The carrier may be weaker than the first lines beside it.
  private mutating func isSideband(_ found: Found) -> Bool {
    let near = accepted.filter { other in
      other.shape == .line && abs(other.frequency - found.frequency) <= Self.fastestModulation
        && PeakDistance.cents(200).isNearer(other.frequency, found.frequency)
    }
    let known = centres.filter {
      abs($0 - found.frequency) <= 4 * Self.fastestModulation
        && PeakDistance.cents(400).isNearer($0, found.frequency)
    }
    let carriers = near.filter { $0.magnitude > 1.12 * found.magnitude }.map(\.frequency)
    for centre in known + carriers {
      guard hasEqual(2 * centre - found.frequency, of: found) else { continue }
      if !centres.contains(centre) { centres.append(centre) }
      return true
    }
    for other in near {
      // The line is the carrier of a stronger pair.
      if hasEqual(2 * found.frequency - other.frequency, of: other) {
        centres.append(found.frequency)
        return true
      }
      // The line is the equal of a stronger one; the next pair of the comb tells a modulation from two
      // tones.
      let step = (found.frequency - other.frequency) / 2
      let centre = other.frequency + step
      if hasEqual(found.frequency, of: other), isLine(centre),
        let (third, fourth) = pair(centre - 2 * step, centre + 2 * step),
        max(third, fourth) <= 1.33 * min(third, fourth)
      {
        centres.append(centre)
        return true
      }
    }
    return false
  }

  /// Whether there is a maximum at a frequency with the level of a line, within 2.5 dB.
  private func hasEqual(_ frequency: Double, of line: Found) -> Bool {
    guard let magnitude = lineMagnitude(frequency) else { return false }
    return magnitude <= 1.33 * line.magnitude && line.magnitude <= 1.33 * magnitude
  }

  private func pair(_ first: Double, _ second: Double) -> (Double, Double)? {
    guard let one = lineMagnitude(first), let two = lineMagnitude(second) else { return nil }
    return (one, two)
  }

  private func isLine(_ frequency: Double) -> Bool { lineMagnitude(frequency) != nil }

  /// Magnitude of a maximum within a bin of a frequency that stands out; nil if there is none.
  private func lineMagnitude(_ frequency: Double) -> Double? {
    let (grid, parts) = (spectrum.grid, Double(spectrum.grid.parts))
    let nearest = Int((frequency / grid.spacing).rounded())
    guard nearest > 1, nearest < grid.count - 2, let row = rows.row(of: nearest) else { return nil }
    let local = engine.localSpectrum(around: nearest)
    guard local.reach >= 2 else { return nil }
    let best = [-1, 0, 1].max { local.magnitude(ofBin: $0) < local.magnitude(ofBin: $1) } ?? 0
    let magnitude = local.magnitude(ofBin: best)
    guard local.magnitude(ofBin: best - 1) <= magnitude,
      local.magnitude(ofBin: best + 1) <= magnitude,
      standsOut(magnitude / parts * (magnitude / parts), row)
    else { return nil }
    let centred = best == 0 ? local : engine.localSpectrum(around: nearest + best)
    return centred.maximum().magnitude
  }
}
