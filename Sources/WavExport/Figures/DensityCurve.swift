// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum

/// The mean density of a spectrum, on the axis of levels: both axes differ by a constant, the bandwidth of a bin.
struct DensityCurve {
  /// A point of the curve.
  struct Value {
    /// The edges of its band in Hz.
    let edges: ClosedRange<Double>
    /// Its lowest and its highest bin in Hz.
    let bins: ClosedRange<Double>
    /// Level in dBFS of a bin with the mean density; minus infinity for silence.
    let level: Double
    /// Around the mean density, where the true one is with a probability of 95 %, in dB; nil if that is not known.
    let interval: ClosedRange<Double>?
  }

  /// From low to high frequencies.
  let values: [Value]
  /// Level minus density in dB.
  private let shift: Double

  /// Points of a curve without averages in an octave: single bins of noise scatter by 5.6 dB, the mean of many does
  /// not.
  static let pointsPerOctave = 24.0
  /// Bands are drawn as steps if half of them are at least this wide.
  private static let leastStep = 30.0

  /// The curve of a spectrum; `density` tells how certain it is if it was averaged over segments.
  ///
  /// An average has a point for each row, other spectra have 24 in an octave.
  init(_ spectrum: Spectrum, averaged density: PowerDensity?) {
    let (grid, band) = (spectrum.grid, spectrum.band)
    let bandwidth = spectrum.scaling.noiseBandwidth(sampleRate: grid.sampleRate)
    // A sine of amplitude 1 has the power 1/2 and 0 dBFS.
    let shift = 10 * log10(2 * bandwidth)
    self.shift = shift
    var known: [Int: ClosedRange<Double>] = [:]
    let rows = density == nil ? Self.wideRows(of: spectrum) : spectrum.rows
    values = rows.map { row in
      let bins = grid.binCount(of: row, in: band)
      let interval = density.map { density in
        // The mean of several bins is surer; a window makes neighbours alike.
        known[bins]
          ?? density.statistics.interval(
            ofMeans: max(1, Double(bins) * grid.spacing / bandwidth))
      }
      known[bins] = interval
      return Value(
        edges: row.lowEdge...row.highEdge, bins: Self.bins(of: row, count: bins, grid),
        level: PowerDensity.decibels(grid.density(of: row, in: band)) + shift, interval: interval)
    }
  }

  /// The frequencies of the lowest and the highest bin of a row, in Hz.
  private static func bins(of row: BandRow, count: Int, _ grid: BinGrid) -> ClosedRange<Double> {
    let first = min(grid.firstBin(atOrAbove: row.lowEdge), row.bin)
    return grid.frequency(of: first)...grid.frequency(of: max(first + count - 1, row.bin))
  }

  /// The rows merged, so that each is at least the wanted fraction of an octave wide.
  private static func wideRows(of spectrum: Spectrum) -> [BandRow] {
    guard let first = spectrum.rows.first, let last = spectrum.rows.last else { return [] }
    let factor = exp2(1 / pointsPerOctave)
    var edges = [first.lowEdge]
    for row in spectrum.rows.dropFirst() where row.lowEdge >= (edges.last ?? 0) * factor {
      edges.append(row.lowEdge)
    }
    return spectrum.rows(betweenEdges: edges + [last.highEdge])
  }

  /// Ticks of the density at the right of an axis of levels.
  ///
  /// In the unit of a reference a density is the level of the noise in a band of 1 Hz: a sine with the power of
  /// 1 FS² has 3 dBFS.
  func ticks(beside axis: LevelAxis, _ reference: LevelReference?) -> [Scene.Tick] {
    let offset = reference.map { $0.offset + 10 * log10(2) } ?? 0
    let steps = EvenSteps(
      axis.low - shift + offset, axis.high - shift + offset, most: axis.mostTicks)
    return steps.labelled.map {
      Scene.Tick(
        position: axis.position($0 - offset + shift), label: significant($0, 6).replacingMinus())
    }
      + steps.marked.map {
        Scene.Tick(position: axis.position($0 - offset + shift), label: "", kind: .minor)
      }
  }

  /// What densities are in, as the title of an axis.
  static func title(_ reference: LevelReference?) -> String {
    reference.map { "Noise in a band of 1 Hz in \($0.unit)" } ?? "Density in dB re 1 FS²/Hz"
  }

  /// The curve and, around it, where the true density probably is.
  ///
  /// Wide bands are steps from edge to edge, others are points in the middle of their bins. A curve is one or the
  /// other, though on a linear axis bands become wider with their frequencies.
  func elements(_ frequencies: FrequencyAxis, _ levels: LevelAxis) -> [Scene.Element] {
    let widths = values.map {
      frequencies.position($0.edges.upperBound) - frequencies.position($0.edges.lowerBound)
    }.sorted()
    let isStepped = !widths.isEmpty && widths[widths.count / 2] >= Self.leastStep
    var lines: [Scene.Line] = []
    var areas: [[Point]] = []
    for run in values.split(whereSeparator: { !($0.level > -.infinity) }) {
      func line(_ shift: (ClosedRange<Double>?) -> Double) -> [Point] {
        run.flatMap { value in
          places(value, frequencies, isStep: isStepped || run.count == 1).map {
            Point($0, levels.position(value.level + shift(value.interval)))
          }
        }
      }
      lines.append(.through(line { _ in 0 }))
      if run.contains(where: { $0.interval != nil }) {
        areas.append(
          line { $0?.upperBound ?? 0 } + line { $0?.lowerBound ?? 0 }.reversed())
      }
    }
    return (areas.isEmpty ? [] : [.areas(.certainty, areas)])
      + (lines.isEmpty ? [] : [.lines(.noise, lines)])
  }

  private func places(
    _ value: Value, _ frequencies: FrequencyAxis, isStep: Bool
  ) -> [Double] {
    let (left, right) = (
      frequencies.position(value.edges.lowerBound), frequencies.position(value.edges.upperBound)
    )
    if isStep { return [left, right] }
    let ends = (
      frequencies.position(value.bins.lowerBound), frequencies.position(value.bins.upperBound)
    )
    return [(ends.0 + ends.1) / 2]
  }
}
