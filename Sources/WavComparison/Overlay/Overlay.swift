// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAnalysis
import WavExport
import WavSpectrum
import WavSystem

/// Several spectra on one frequency axis: in each of the same bands the strongest bin of each of them.
public struct Overlay {
  /// The spectra.
  public let spectra: [OverlaidSpectrum]
  /// A short name of each, all of them different.
  public let names: [String]
  /// The edges of the bands in Hz, rising.
  public let edges: [Double]
  /// For each spectrum the level in each band in dBFS; nil where it has no bin.
  public let levels: [[Double?]]

  let reference: LevelReference?
  let a4: Double
  let choice: FigureChoice
  let curves: [OverlaidCurve]

  /// Reduces spectra to common bands.
  ///
  /// - Throws: ``ComparisonError`` when a spectrum has nothing in the band.
  init(
    _ spectra: [OverlaidSpectrum], names: [String], band: FrequencyBand?, count: Int,
    _ request: AnalysisRequest
  ) throws(ComparisonError) {
    self.spectra = spectra
    self.names = names
    reference = request.reference
    a4 = request.a4
    choice = request.figure
    let common = Self.range(spectra, band)
    let edges = Self.edges(common, count)
    self.edges = edges
    var levels: [[Double?]] = []
    var curves: [OverlaidCurve] = []
    var isExplicit = false
    if case .between? = band { isExplicit = true }
    for (spectrum, name) in zip(spectra, names) {
      let bands = try spectrum.levels(between: edges, hasDC: !isExplicit)
      guard bands.contains(where: { $0 != nil }) else {
        throw ComparisonError(
          .request,
          "\(spectrum.path) has no bin from \(significant(common.lowerBound, 7)) to "
            + "\(significant(common.upperBound, 7)) Hz; widen \(.band)")
      }
      levels.append(bands.map { $0?.level })
      curves.append(
        OverlaidCurve(
          name: name,
          rows: zip(bands, zip(edges, edges.dropFirst())).compactMap { band, edges in
            band.map {
              LevelRow(
                frequency: max($0.frequency, edges.0), level: $0.level,
                edges: edges.0...max(edges.1, $0.frequency))
            }
          }))
    }
    self.levels = levels
    self.curves = curves
  }

  /// The chosen band, or the frequencies of all spectra together.
  private static func range(
    _ spectra: [OverlaidSpectrum], _ band: FrequencyBand?
  ) -> ClosedRange<Double> {
    let low = spectra.map(\.range.lowerBound).min() ?? 20
    let high = spectra.map(\.range.upperBound).max() ?? 20000
    guard case .between(let bottom, let top)? = band else { return low...max(high, low * 1.01) }
    return (bottom > 0 ? bottom : min(low, top / 2))...top
  }

  /// The edges of bands of equal width on a logarithmic axis, as those of `LogBands`.
  private static func edges(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
    let ratio = log(range.upperBound / range.lowerBound) / Double(count)
    return (0...count).map {
      $0 == count ? range.upperBound : range.lowerBound * exp(ratio * Double($0))
    }
  }

  /// The figure.
  public func figure() -> Scene {
    var text = figureText
    let bands = "strongest bins in \(grouped(edges.count - 1)) bands"
    text.subtitle = text.subtitle.isEmpty ? bands : "\(text.subtitle), \(bands)"
    return OverlayFigure(
      curves, over: edges[0]...edges[edges.count - 1], text: text, a4: a4, choice: choice
    ).scene()
  }

  var figureText: FigureText {
    let isSilent = levels.allSatisfy { $0.allSatisfy { $0 ?? -.infinity == -.infinity } }
    let title =
      spectra.count <= 3 ? "Spectra of " + enumeration(names) : "\(spectra.count) spectra"
    let peaks = zip(names, spectra).map { name, spectrum in
      "\(name): "
        + (spectrum.peak.map {
          "strongest at \(significant($0.frequency, 6)) Hz with \(fixed($0.level, 1)) dBFS"
        } ?? "no peak stands out")
    }
    return FigureText(
      title: title, subtitle: commonFactsInWords,
      description: "\(spectra.count) spectra in one figure, levels in dBFS. "
        + (peaks + notes).map { $0 + "." }.joined(separator: " "),
      emptiness: isSilent ? "All of them are silent here" : nil, remarks: notes,
      reference: reference)
  }
}
