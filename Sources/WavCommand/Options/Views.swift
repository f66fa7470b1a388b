// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavExport
import WavSystem

/// Where a run shows its result: what options of figures can act on.
struct Views: OptionSet {
  let rawValue: Int

  /// A figure among the outputs.
  static let figure = Views(rawValue: 1)
  /// A page among the outputs.
  static let page = Views(rawValue: 2)
  /// A plot at the end of the report, at least on a terminal.
  static let plot = Views(rawValue: 4)
  /// The rows of a spectrogram, in every output.
  static let rows = Views(rawValue: 8)

  init(rawValue: Int) { self.rawValue = rawValue }

  /// The figures and pages among some formats.
  init(_ formats: some Sequence<Exporter>) {
    self = []
    for format in formats {
      if format.figure != nil { insert(.figure) }
      if format.isPage { insert(.page) }
    }
  }

  /// What an option is for, and the extensions to write for it: of figures and pages.
  private var inWords: (kinds: String, extensions: String) {
    let figures = contains(.figure) ? FigureRenderer.all.map(\.name) : []
    let pages = contains(.page) ? [Exporter.html.fileExtension] : []
    let kinds =
      (figures.isEmpty ? [] : ["figures"]) + (pages.isEmpty ? [] : ["pages"])
    return (enumeration(kinds), alternatives((figures + pages).map { ".\($0)" }))
  }

  /// Refuses an option that is for these views, where a run has none of them.
  ///
  /// - Parameters:
  ///   - option: Its name; nil if it was not given.
  ///   - shown: The views of the run.
  ///   - obstacle: Why the run can have none of them, as the subject of a sentence; nil if it can.
  /// - Throws: `ValidationError`.
  func require(_ option: String?, among shown: Views, unless obstacle: String? = nil) throws {
    guard let option, isDisjoint(with: shown) else { return }
    let words = inWords
    guard let obstacle else {
      throw ValidationError(
        "\(option) is for \(words.kinds); write \(words.extensions), or leave it out.")
    }
    throw ValidationError(
      "\(option) is for \(words.kinds), and \(obstacle) writes none; leave it out.")
  }
}
