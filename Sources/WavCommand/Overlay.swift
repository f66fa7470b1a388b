// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavAnalysis
import WavComparison
import WavExport
import WavSpectrum
import WavSystem
import WavWorkers

/// `wavfft overlay A B`: several spectra in one figure.
struct OverlayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "overlay",
    abstract: "Draw the spectra of several recordings in one figure.",
    usage: "wavfft overlay <file> <file> ... [options]",
    discussion: """
      Each file is a recording, which is analysed, or a spectrum that wavfft wrote (CSV, JSON, NPY). Up to \
      \(OverlaySource.mostSpectra) of them become the curves of one figure, with a legend: in each of the same \
      log-spaced bands the strongest bin of each file, in dBFS. Levels of noise depend on the \
      noise bandwidth of a bin: the report says if it differs.

      Examples:
        wavfft overlay before.wav after.wav --out overlay.svg
        wavfft overlay take*.flac --method welch --out takes.png --out takes.csv
        wavfft overlay old.json new.wav --out change.pdf
        wavfft overlay left.wav right.wav --out overlay.html

      Verdicts for tests: wavfft compare --help. All channels of one recording: --channel each.

      Exit status: as for wavfft <file>.
      """)

  @Argument(
    help: "Audio files, or spectra that wavfft wrote, from two on.",
    completion: .recordingsAndSpectra)
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "Write the overlay to a file; its extension chooses the format: "
        + OverlayFormat.extensions.joined(separator: ", ")
        + " (tables have a column for each file). Can be given more than once.",
      valueName: "path"), completion: .outputs)
  var out: [String] = []

  @Option(help: ArgumentHelp("What stdout gets: text or none.", valueName: "kind"))
  var report = OverlayReportOption.text

  @Option(
    help: ArgumentHelp(
      "A progress bar on stderr: auto (on a terminal, for long work), always or never.",
      valueName: "when"))
  var progress = ProgressOption.auto

  @OptionGroup var page: PageOptions
  @OptionGroup(title: "Analysis of audio files") var spectrum: SpectrumOptions<OverlaidSpectra>
  @OptionGroup(title: "Analysis of audio files") var reading: ReadingOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions
  @OptionGroup(title: "General") var general: GeneralOptions

  func validate() throws {
    guard files.count >= 2 else {
      throw ValidationError(
        "An overlay has at least two spectra, and \(files[0]) is one; use wavfft \(files[0]).")
    }
    guard files.count <= OverlaySource.mostSpectra else {
      throw ValidationError(
        "\(files.count) files are too many for one overlay; name at most \(OverlaySource.mostSpectra)."
      )
    }
    if files.contains("-") {
      throw ValidationError(
        "overlay reads files; analyse standard input first (wavfft - --out new.json) and overlay that."
      )
    }
    for path in out where OverlayFormat(path) == nil {
      throw ValidationError(
        "--out \(path) has no extension for an overlay\(nearestExtension(path, OverlayFormat.extensions)); choose \(alternatives(OverlayFormat.extensions))."
      )
    }
    if spectrum.isEachChannel {
      throw ValidationError(
        "--channel each has several spectra; use it on a single file, or choose one channel.")
    }
    if spectrum.method == .spectrogram {
      throw ValidationError(
        "An overlay has no time; choose --method welch, or leave --method out.")
    }
    if spectrum.points == .all {
      throw ValidationError(
        "The bins of different files do not lie at the same frequencies; choose a number for --points, up to "
          + "\(Points.most).")
    }
    try requireUses()
  }

  /// Refuses options that would do nothing.
  private func requireUses() throws {
    let formats = out.compactMap { OverlayFormat($0)?.exporter }
    let shown = Views(formats)
    try spectrum.figure.requireUse(in: shown)
    _ = try page.size(for: formats)
    try Views([.figure, .page]).require(spectrum.a4.map { _ in "--a4" }, among: shown)
    try Views([.figure, .page]).require(reading.reference.map { _ in "--reference" }, among: shown)
    guard files.allSatisfy(OverlaySource.isSpectrum) else {
      return try Views.page.require(
        reading.peaks != nil ? "--peaks" : spectrum.peakDistance.map { _ in "--peak-distance" },
        among: shown)
    }
    if let option = spectrum.givenForRecordings.first ?? reading.peaks.map({ _ in "--peaks" }) {
      throw ValidationError(withoutRecordings(option))
    }
  }

  func run() throws {
    // Outputs are opened before any work, so that a wrong name costs no time.
    var outputs: [(format: OverlayFormat, file: OutputFile)] = []
    for path in out {
      guard let format = OverlayFormat(path) else { continue }
      try requireLibrary(for: path, format.renderer)
      outputs.append((format, try openOutput(path, inputs: files)))
    }
    try requireDistinct(outputs.map(\.file))
    var request = spectrum.request(path: "")
    reading.apply(to: &request)
    request.memoryLimit = memory.memory
    request.scratchFolder = memory.scratch.scratchDir
    request.page = try page.size(for: outputs.map(\.format.exporter))
    request.sharesPage = request.page == nil ? nil : files.count
    announceSidecars(beside: files)
    let bar = ProgressBar(progress)
    let overlay = try OverlaySource(request, band: spectrum.band).overlay(
      files, progress: bar.show,
      warn: { warning in
        bar.clear()
        announce(warning.description)
      })
    bar.clear()
    do {
      for (format, file) in outputs {
        try format.write(overlay, to: file, hasEveryBin: request.page == .everyBin)
      }
    } catch let error as SystemError {
      throw RunFailure(error, as: .cannotWriteOutput)
    }
    try commit(outputs.map { SpectrumOutput(format: $0.format.exporter, file: $0.file) })
    if report == .text {
      try printToStandardOutput(
        Ink.ofReport(general).report(overlay.textReport) + ConfiguredArguments.lineOfReport)
    }
  }
}

/// The values of `--report` of an overlay.
enum OverlayReportOption: String, ExpressibleByArgument, CaseIterable {
  case text
  case none
}

/// A format of overlays.
enum OverlayFormat {
  case figure(FigureRenderer)
  case page
  case csv
  case json

  /// The extensions of all formats.
  static let extensions =
    FigureRenderer.all.map { ".\($0.name)" }
    + [Exporter.html, .csv, .json].map { ".\($0.fileExtension)" }

  /// The format of a file by its extension.
  init?(_ path: String) {
    let name = fileExtension(of: path)
    if let renderer = FigureRenderer(extension: name) {
      self = .figure(renderer)
    } else if Exporter.html.extensions.contains(name) {
      self = .page
    } else if name == Exporter.csv.fileExtension {
      self = .csv
    } else if name == Exporter.json.fileExtension {
      self = .json
    } else {
      return nil
    }
  }

  /// The format of spectra with the same extension.
  var exporter: Exporter {
    switch self {
    case .figure(let renderer): Exporter(figure: renderer)
    case .page: .html
    case .csv: .csv
    case .json: .json
    }
  }

  /// What draws its figures; nil for tables.
  var renderer: FigureRenderer? { exporter.figure }

  /// Writes an overlay.
  func write(_ overlay: Overlay, to file: OutputFile, hasEveryBin: Bool) throws {
    switch self {
    case .figure(let renderer): try WavAnalysis.write(overlay.figure(), as: renderer, to: file)
    case .page:
      try WavAnalysis.write(overlay.page(), hasEveryBin: hasEveryBin, to: file, announce)
    case .csv: try file.write(overlay.csv())
    case .json: try file.write(try overlay.json())
    }
  }
}
