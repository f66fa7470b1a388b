// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavExport
import WavSpectrum

extension Overlay {
  /// The page of all spectra: recordings with their bins, if these were kept, others with the common bands.
  public func page() -> PageContents {
    var description = PageDescription(
      .lines, figureText,
      band: PageDescription.Band(lowHz: edges[0], highHz: edges[edges.count - 1]),
      program: "wavfft \(programVersion)")
    if let title = choice.title { description.use(figureText, title: title) }
    description.a4Hz = a4
    if choice.spacing == .linear { description.axis = "linear" }
    description.facts = zip(names, spectra).map { name, spectrum in
      [printable(name), facts(spectrum)]
    }
    var whole = PageContents(description, [])
    for (index, spectrum) in spectra.enumerated() {
      whole.append(spectrum.page ?? rows(index), names: [names[index]])
    }
    return whole
  }

  /// How a spectrum was made, in a few words.
  private func facts(_ spectrum: OverlaidSpectrum) -> String {
    let facts = spectrum.facts
    let words = [
      facts.method?.inWords, facts.sampleRate.map { "\($0) Hz" },
      facts.spacing.map { "bins \(significant($0, 3)) Hz apart" },
      facts.window.map { "window \($0)" },
    ].compactMap { $0 }
    return words.isEmpty
      ? "a table, which does not say how it was made" : words.joined(separator: ", ")
  }

  /// A curve of the common bands.
  private func rows(_ index: Int) -> PageContents {
    let (rows, facts) = (curves[index].rows, spectra[index].facts)
    var description = PageDescription(
      .lines, figureText, band: PageDescription.Band(lowHz: 0, highHz: 0), program: "")
    var series = PageDescription.Series(
      name: names[index],
      limitHz: facts.sampleRate.map { Double($0) / Double(2 * (facts.parts ?? 1)) }
        ?? spectra[index].range.upperBound)
    series.sampleRate = facts.sampleRate
    series.rows = PageDescription.Rows(frequency: 0, low: 1, high: 2, level: 3)
    description.series = [series]
    return PageContents(
      description,
      [
        PageArray(rows.map(\.frequency)), PageArray(rows.map(\.edges.lowerBound)),
        PageArray(rows.map(\.edges.upperBound)), PageArray(rows.map { PageLevel.code($0.level) }),
      ])
  }
}
