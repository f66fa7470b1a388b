// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavExport
import WavSpectrum
import WavSystem
import WavWorkers

/// How the tables of an analysis are made, as far as it is known before the work; nil if no table says it.
func tableFacts(
  _ request: AnalysisRequest, _ shape: TransformShape, _ file: SoundFile,
  _ selection: SampleSelection
) -> TableFacts? {
  guard request.header != .plain else { return nil }
  var facts = TableFacts()
  facts["schema"] = .text(DocumentSchema.table)
  facts["program"] = .text("wavfft")
  facts["version"] = .text(programVersion)
  facts.add(file, selection, request)
  facts.add(shape)
  let bands = shape.bands
  facts["band_low_hz"] = .number(bands.edges[0])
  facts["band_high_hz"] = .number(bands.edges[bands.count])
  facts["points"] = .integer(shape.grid.bins(in: shape.band).count)
  if let scheme = request.bandScheme {
    facts["bands"] = .text(scheme.description)
    facts["weighting"] = .text((request.weighting ?? .z).rawValue)
  }
  facts["level_reference"] = .text(ReportDocument.levelReference)
  if let reference = request.reference {
    facts["reference_offset_db"] = .number(reference.offset)
    facts["reference_unit"] = .text(reference.unit)
  }
  if shape.segments != nil { facts["density_reference"] = .text(ReportDocument.densityReference) }
  return facts
}

extension TableFacts {
  /// The recording, and what was selected of it.
  fileprivate mutating func add(
    _ file: SoundFile, _ selection: SampleSelection, _ request: AnalysisRequest
  ) {
    self["input"] = .text(file.path)
    self["container"] = .text(file.container)
    self["encoding"] = .text(file.encoding)
    self["sample_rate_hz"] = .integer(file.sampleRate)
    self["channels"] = .integer(file.channels)
    self["frames"] = .integer(file.frames)
    self["channel"] = .text(selection.channel.description)
    self["start_frame"] = .integer(selection.start)
    self["selected_frames"] = .integer(selection.count)
    let isTruncated =
      request.salvages && file.truncation != nil && selection.start + selection.count == file.frames
    if isTruncated { self["status"] = .text("truncated") }
  }

  /// The transform.
  fileprivate mutating func add(_ shape: TransformShape) {
    let (grid, scaling, method) = (shape.grid, shape.scaling, shape.method)
    self["method"] = .text(method.name.rawValue)
    self["parts"] = .integer(grid.parts)
    self["parameters"] = .text(
      method.texts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        .joined(separator: "; "))
    self["precision"] = .text(shape.precision.rawValue)
    self["used_samples"] = .integer(
      shape.segments?.usedCount ?? shape.length.samples * grid.parts)
    self["transform_length"] = .integer(grid.transformLength)
    self["zeros"] = .integer(shape.length.zeros)
    self["bin_spacing_hz"] = .number(grid.spacing)
    self["limit_hz"] = .number(grid.limit)
    self["window"] = .text(scaling.windowName)
    self["window_sum"] = .number(scaling.windowSum)
    self["window_square_sum"] = .number(scaling.windowSquareSum)
    self["noise_bandwidth_hz"] = .number(scaling.noiseBandwidth(sampleRate: grid.sampleRate))
    guard let segments = shape.segments else { return }
    let density = PowerDensity(
      segments: segments, segmentation: method.segmentation, grid: grid, scaling: scaling,
      window: method.window)
    self["segments"] = .integer(segments.count)
    self["segment_length"] = .integer(segments.length)
    self["segment_hop"] = .integer(segments.hop)
    self["degrees_of_freedom"] = .number(density.statistics.degreesOfFreedom)
    guard let cells = shape.cells else { return }
    self["segments_per_column"] = .integer(cells.segmentsPerColumn)
    self["reduction"] = .text(cells.reduction == .maximum ? "max" : "mean")
  }

  /// The facts of a table with columns of each channel.
  var ofEachChannel: TableFacts {
    var facts = self
    facts["channel"] = .text("each")
    return facts
  }
}

extension Analysis {
  /// What its tables have in comments; nil for none.
  var commentedFacts: TableFacts? { request.header == .comments ? tableFacts : nil }

  /// What the elements of its plain array are, and the coordinates of its dimensions; nil for columns with names.
  fileprivate var plainArray: (values: String, axes: [TableSidecar.Axis])? {
    let grid = spectrum.grid
    let bins = spectrum.bins
    let frequencies = TableSidecar.Axis(
      "frequency_hz", first: grid.frequency(of: bins.lowerBound), step: grid.spacing,
      count: bins.count)
    if request.points == .all, request.values == .complex { return ("complex", [frequencies]) }
    guard bandLevels == nil, case .levels(let cells, let density) = kind else { return nil }
    guard request.points == .all else {
      let time = TableSidecar.Axis(
        "time_s", first: cells.times.lowerBound + cells.secondsPerColumn / 2,
        step: cells.secondsPerColumn, count: cells.columnCount)
      return ("level_dbfs", [time, TableSidecar.Axis("frequency_hz", cells.rowFrequencies)])
    }
    let (segments, rate) = (density.segments, Double(file.sampleRate))
    let time = TableSidecar.Axis(
      "time_s", first: (Double(selection.start) + Double(segments.length) / 2) / rate,
      step: Double(segments.hop) / rate, count: segments.count)
    return ("level_dbfs", [time, frequencies])
  }
}

/// Opens the document beside a table.
///
/// It has no name of its own among the outputs, so only one that the program wrote for this table is replaced.
///
/// - Throws: `RunFailure` when another file is there, or it cannot be created.
public func openSidecar(of table: OutputFile) throws(RunFailure) -> OutputFile {
  guard table.isSeekable else {
    throw RunFailure(
      .request,
      "\(table.path) is no regular file, and how it was made is to be written beside it; name a file"
    )
  }
  let isNew = try requireReplaceableSidecar(of: table.path)
  return try failing(as: .cannotCreateOutput) { () throws(SystemError) in
    let file = try OutputFile(path: TableSidecar.path(of: table.path))
    file.mustBeNew = isNew
    return file
  }
}

/// Refuses to replace what is in the place of the document beside a table, unless the program wrote it for this table.
///
/// - Returns: Whether nothing is there.
/// - Throws: `RunFailure` that says what is there.
private func requireReplaceableSidecar(of table: String) throws(RunFailure) -> Bool {
  let path = TableSidecar.path(of: table)
  guard let status = try? status(of: path, ofLink: true) else { return true }
  let found = TableSidecar(path: path)
  let isLink = status.type == .symbolicLink
  if !isLink, found?.isReplaceable(beside: table) == true { return false }
  let reason: Sentence =
    switch found {
    case _ where isLink: "what is there is a link"
    case nil: "wavfft did not write what is there"
    case let found? where found.isUnchanged: "what is there was written for another table"
    case _?: "what is there is not as wavfft wrote it"
    }
  throw RunFailure(
    .cannotCreateOutput,
    "\(path) is in the way: how \(table) was made is to be written there, and \(reason); move it away, or "
      + "choose another name")
}

extension SpectrumOutput {
  /// Refuses to give the document beside a table its name if somebody has changed what is there since it was opened.
  ///
  /// If the name is free, the document from now on refuses to replace a file of that name.
  func requireReplaceableSidecar() throws(RunFailure) {
    guard let sidecar else { return }
    sidecar.mustBeNew = try WavAnalysis.requireReplaceableSidecar(of: file.path)
  }

  /// Comments before a table; none if the format has none.
  func comments(of facts: TableFacts?) -> [UInt8] {
    format.takesComments ? facts?.comments ?? [] : []
  }

  /// Writes the document beside a table, whose bytes must all be written.
  func writeSidecar(_ facts: TableFacts?, _ analysis: Analysis) throws {
    guard let sidecar, let facts else { return }
    let array = format == .npy ? analysis.plainArray : nil
    let document = try TableSidecar(facts, of: file, values: array?.values, array?.axes)
    try sidecar.write(document.json())
  }
}
