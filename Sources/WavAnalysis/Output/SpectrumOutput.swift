// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum
import WavSystem

/// An output: a file that is not visible yet, and its format.
public struct SpectrumOutput {
  /// The format.
  public let format: Exporter
  /// The file.
  public let file: OutputFile
  /// The document beside a table that says how it was made; nil for none.
  public let sidecar: OutputFile?

  /// Describes an output.
  public init(format: Exporter, file: OutputFile, sidecar: OutputFile? = nil) {
    self.format = format
    self.file = file
    self.sidecar = sidecar
  }

  /// Its files, which get their names together.
  public var files: [OutputFile] { [file] + [sidecar].compactMap { $0 } }

  /// Gives outputs their names (`OutputFile.commit`), and removes what earlier ones say beside tables.
  ///
  /// - Parameters:
  ///   - outputs: The outputs.
  ///   - warn: Receives why such a document stays, as a sentence.
  /// - Throws: What `OutputFile.commit` throws; `RunFailure` when a document would replace what somebody has changed
  ///   during the run. Existing files are then unchanged.
  public static func commit(_ outputs: [SpectrumOutput], warn: (Sentence) -> Void) throws {
    // A name that somebody takes in this moment is that of a document: the old table then stays, too.
    let files = outputs.compactMap(\.sidecar) + outputs.map(\.file)
    try OutputFile.complete(files)
    for output in outputs { try output.requireReplaceableSidecar() }
    let left = outputs.filter { $0.format.isBareTable && $0.sidecar == nil }
      .compactMap { LeftSidecar(beside: $0.file) }
    try OutputFile.commit(files, isSyncing: false)
    left.compactMap { $0.remove() }.forEach(warn)
  }

  /// Writes the result of a finished analysis.
  ///
  /// - Precondition: The format takes it.
  func write(_ analysis: Analysis, _ cells: PageCells?, _ announce: (String) -> Void) throws {
    if format.isPage {
      guard let cells else { preconditionFailure("a page has cells") }
      return try WavAnalysis.write(
        try analysis.contents(cells), hasEveryBin: analysis.request.page == .everyBin, to: file,
        announce)
    }
    // A worker draws in its own process, which ends after its work.
    let isContained = format.figure?.usesImageLibrary == true && analysis.request.workers > 0
    try WavAnalysis.write(to: file, isContained: isContained) {
      try comments(of: analysis.commentedFacts) + bytes(of: analysis)
    }
  }

  private func bytes(of analysis: Analysis) throws -> [UInt8] {
    if let levels = analysis.bandLevels, let bands = format.bands {
      return try bands(BandsOfAnalysis(analysis: analysis, levels: levels))
    }
    switch analysis.kind {
    case .lines:
      if let lines = format.lines { return try lines(analysis) }
    case .density(let density):
      if let bytes = format.density { return try bytes(DensityOfAnalysis(analysis, density)) }
    case .levels(let grid, _):
      if let levels = format.levels {
        return try levels(LevelsOfAnalysis(analysis: analysis, grid: grid))
      }
    }
    preconditionFailure("\(format.name) does not take this result")
  }
}

/// Writes a page to a file.
///
/// - Parameters:
///   - contents: What is in it.
///   - hasEveryBin: Whether it has every bin, whatever its size.
///   - file: The file.
///   - announce: Receives the size of a page of every bin as a sentence, before it is written.
/// - Throws: `AnalysisError` when browsers do not open so large a page, `SystemError` when it cannot be written, and what
///   reading the bins throws.
public func write(
  _ contents: PageContents, hasEveryBin: Bool, to file: OutputFile, _ announce: (String) -> Void
) throws {
  let page = try contents.document()
  if hasEveryBin {
    guard page.byteCount <= PageSize.most else {
      throw AnalysisError.pageTooLarge(path: file.path, byteCount: page.byteCount)
    }
    announce("\(file.path) gets \(readableBytes(page.byteCount)), with every bin")
  }
  try page.write { bytes in try file.write(bytes) }
}

/// The levels over time of an analysis, for exporters.
private struct LevelsOfAnalysis: LevelResult {
  let analysis: Analysis
  let grid: LevelGrid

  func figure() -> Scene {
    let count = analysis.segmentsPerColumn
    return SpectrogramFigure(
      grid, text: spectrogramText(analysis, grid), spectraPerColumn: count...count,
      binSpacing: analysis.spectrum.grid.spacing, choice: analysis.request.figure
    ).scene()
  }
  func report() throws -> String { try analysis.report(withRows: true) }
}

func spectrogramText(_ analysis: Analysis, _ grid: LevelGrid) -> FigureText {
  let text = figureText(analysis)
  let limit = rateLimitInWords(analysis.file.sampleRate, to: analysis.spectrum.range.upperBound)
  let remarks = text.remarks + [limit?.capitalised].compactMap { $0 }
  let title = "Spectrogram of \(lastComponent(of: analysis.file.path))"
  var subtitle =
    "\(analysis.channelInWords), \(fixed(analysis.seconds, 1)) s at \(analysis.file.sampleRate) Hz"
  if let segments = analysis.density?.segments {
    let milliseconds = 1000 * Double(segments.length) / Double(analysis.file.sampleRate)
    subtitle +=
      ", \(grouped(segments.count)) segments of \(significant(milliseconds, 3)) ms, bins "
      + "\(significant(analysis.spectrum.grid.spacing, 3)) Hz apart, window \(analysis.spectrum.scaling.windowName)"
  }
  var description =
    "\(title): time to the right, frequency upwards from \(analysis.bandInWords), levels in dBFS as colours. "
  if let strongest = analysis.peaks.first {
    description +=
      "On average the strongest tone is at \(significant(strongest.frequency, 6)) Hz"
      + (strongest.note.map { " (\($0.name))" } ?? "") + ". "
  }
  return FigureText(
    title: title, subtitle: subtitle,
    description: description + remarks.map { $0.capitalised + ". " }.joined(),
    emptiness: text.emptiness, remarks: remarks, reference: text.reference)
}

/// The proportional bands of an analysis, for exporters.
private struct BandsOfAnalysis: BandResult {
  let analysis: Analysis
  let levels: BandLevels

  func figure() -> Scene {
    BandFigure(
      levels, text: bandFigureText(analysis, levels), a4: analysis.request.a4,
      choice: analysis.request.figure
    ).scene()
  }
  func report() throws -> String { try analysis.report(withRows: false) }
}

/// The texts of the figure of bands; see ``figureText(_:channels:)``.
func bandFigureText(
  _ analysis: Analysis, _ levels: BandLevels, channels: String? = nil
) -> FigureText {
  let text = figureText(analysis, channels: channels)
  let weighting =
    levels.weighting == .z ? "" : ", \(levels.weighting.rawValue)-weighted"
  let title = "\(levels.scheme.title) of \(lastComponent(of: analysis.file.path))"
  let audible = levels.entries.filter { $0.power > 0 }
  let hasFew = audible.contains(where: \.hasFewBins)
  let isCut = audible.contains { !$0.isComplete }
  let remarks =
    (hasFew ? ["Empty bars are less than five bins wide"] : [])
    + (isCut ? ["The highest band is cut at half the sampling rate"] : [])
  let strongest = audible.max { $0.weightedPower < $1.weightedPower }
  return FigureText(
    title: title, subtitle: text.subtitle,
    description: "\(title), \(analysis.methodInWords)\(weighting), levels in dB. "
      + (strongest.map {
        "The strongest is \($0.band.name) with \(fixed($0.weightedLevel, 1)) dB. "
      } ?? "")
      + (audible.isEmpty ? "" : "All together \(fixed(levels.weightedTotal, 1)) dB."),
    emptiness: text.emptiness, remarks: remarks,
    reference: text.reference)
}

/// The density of an analysis, for exporters.
private struct DensityOfAnalysis: DensityResult {
  let analysis: Analysis
  let density: PowerDensity

  init(_ analysis: Analysis, _ density: PowerDensity) {
    self.analysis = analysis
    self.density = density
  }

  var rows: [BandRow] { analysis.rows }
  var isSingle: Bool { analysis.isSingle }
  var band: FrequencyBand { analysis.request.band }
  var everyBin: [Double]? { analysis.request.points == .all ? analysis.everyBin?.magnitudes : nil }
  func figure() -> Scene { analysis.figure() }
  func report(withRows: Bool) throws -> String { try analysis.report(withRows: withRows) }
}

extension Analysis {
  /// The result for exporters of several channels.
  ///
  /// - Precondition: It is no spectrogram.
  var channelResult: ChannelResult {
    if let levels = bandLevels { return .bands(BandsOfAnalysis(analysis: self, levels: levels)) }
    if let density { return .density(DensityOfAnalysis(self, density)) }
    return .lines(self)
  }
}

extension Analysis: LineResult {
  /// Whether the numbers were computed in single precision.
  public var isSingle: Bool { precision == .single }

  /// The figure, with a column for each requested row.
  public func figure() -> Scene {
    SpectrumFigure(
      spectrum.with(rows: rows), peaks: peaks, loss: loss, text: figureText(self), a4: request.a4,
      density: density, choice: request.figure
    ).scene()
  }

  /// The report for a file of the spectrum, with or without rows.
  public func report(withRows: Bool) throws -> String {
    var document = ReportDocument(self, withTimings: false, ofFile: true)
    if withRows { document.spectrum = documentRows }
    return try document.json()
  }
}

/// The texts of the figure of a spectrum; `channels` says which channels it shows, if not that of the analysis.
func figureText(_ analysis: Analysis, channels: String? = nil) -> FigureText {
  let name = lastComponent(of: analysis.file.path)
  let grid = analysis.spectrum.grid
  let title = "Spectrum of \(name)"
  var description =
    "\(title), \(analysis.methodInWords), from \(analysis.bandInWords), levels in dBFS. "
  if let strongest = analysis.peaks.first {
    description +=
      "The strongest peak is at \(significant(strongest.frequency, 6)) Hz"
      + (strongest.note.map { " (\($0.name))" } ?? "")
      + " with \(fixed(strongest.level, 1)) dBFS. "
  }
  if let emptiness = analysis.emptinessInWords { description += emptiness + ". " }
  for remark in analysis.figureRemarks { description += remark.capitalised + ". " }
  if let loss = analysis.loss {
    description +=
      "Decimation loses everything above \(significant(loss.limit, 7)) Hz, "
      + "\(percent(loss.lostShare)) of the band."
  }
  return FigureText(
    title: title,
    subtitle:
      "\(channels ?? analysis.channelInWords), \(analysis.methodInWords), \(fixed(analysis.seconds, 1)) s at \(grid.sampleRate) Hz, "
      + "\(grouped(analysis.spectrum.bins.count)) bin\(analysis.spectrum.bins.count == 1 ? "" : "s") \(significant(grid.spacing, 3)) Hz apart, "
      + "window \(analysis.spectrum.scaling.windowName)",
    description: description, emptiness: analysis.emptinessInWords,
    remarks: analysis.figureRemarks, reference: analysis.request.reference)
}
