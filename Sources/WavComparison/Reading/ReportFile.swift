// SPDX-License-Identifier: GPL-2.0-or-later

import FoundationEssentials
import WavAnalysis
import WavExport
import WavSpectrum
import WavSystem

/// The name that a document has for its schema, whatever else is in it.
private struct SchemaOfDocument: Decodable {
  let schema: String?
}

/// Refuses a document of another version, whose members may mean something else, and the description of a table.
private func requireKnown(_ schema: String?, _ path: String) throws(ComparisonError) {
  guard let schema else { return }
  if DocumentSchema.isVersion(schema, of: DocumentSchema.spectrum) {
    throw .version(path, schema, DocumentSchema.spectrum)
  }
  if schema == DocumentSchema.table
    || DocumentSchema.isVersion(schema, of: DocumentSchema.table)
  {
    throw ComparisonError(
      .unusable, "\(path) says how a table was made, and holds no spectrum; name the table")
  }
}

/// Whether a file is a document or a table of a version that is not known here.
///
/// A table says its version in its first line, or in the document beside it.
func isOfOtherVersion(_ path: String) -> Bool {
  func schema(_ path: String) -> String? {
    (try? MappedFile.contents(of: path))
      .flatMap { try? JSONDecoder().decode(SchemaOfDocument.self, from: $0) }?.schema
  }
  guard fileExtension(of: path) != "json" else {
    return schema(path).map { DocumentSchema.isVersion($0, of: DocumentSchema.spectrum) } ?? false
  }
  let firstLine = (try? MappedFile(path)).map { file in
    withExtendedLifetime(file) {
      String(decoding: file.bytes.prefix(100).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
  }
  let comment = TableFacts(comments: [Substring(firstLine ?? "")]).text("schema")
  return [comment, schema(TableSidecar.path(of: path))].contains { schema in
    schema.map { DocumentSchema.isVersion($0, of: DocumentSchema.table) } ?? false
  }
}

extension ComparisonError {
  /// A document or a table of another version of its schema.
  static func version(_ path: String, _ schema: String, _ known: String) -> ComparisonError {
    ComparisonError(
      .unusable,
      "\(path) has the format \(schema), and this version of wavfft reads \(known); use a version that knows it, "
        + "or make it again with this one")
  }
}

extension ComparedSpectrum {
  /// A spectrum from wavfft's JSON, which includes how it was made.
  static func fromReport(_ path: String) throws(ComparisonError) -> ComparedSpectrum {
    let data = try MappedFile.contents(of: path)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let document = try? decoder.decode(ReferenceDocument.self, from: data) else {
      try requireKnown((try? decoder.decode(SchemaOfDocument.self, from: data))?.schema, path)
      if data.first == UInt8(ascii: "[") { throw .channels(path) }
      // The first row of a table of every bin follows the first brace.
      if String(decoding: data.prefix(200), as: UTF8.self).contains("\"real\":") {
        throw ComparisonError(
          .unusable,
          "\(path) holds complex numbers, and spectra are compared by magnitudes; make it again without "
            + "\(.complexValues)")
      }
      throw ComparisonError(
        .unusable, "\(path) is no spectrum that wavfft wrote; make one with \(.output) \(path)")
    }
    let report = document.report
    try requireKnown(report.schema, path)
    guard let rows = report.spectrum else {
      if report.proportionalBands != nil { throw .bands(path) }
      throw ComparisonError(
        .unusable,
        "\(path) is a report without the spectrum; write it with \(.output), not with \(.jsonReport)"
      )
    }
    var facts = SpectrumFacts()
    facts.sampleRate = report.input.sampleRateHz
    facts.transformLength = report.transform.length
    facts.samples = report.transform.segments?.length ?? report.transform.usedSamples
    let transform = report.transform
    guard
      let method = MethodDescription(
        name: transform.method, parts: transform.parts, parameters: transform.parameters)
    else {
      throw .impossible(path)
    }
    facts.note(method)
    facts.degreesOfFreedom = transform.segments?.degreesOfFreedom
    facts.window = report.transform.window.name
    facts.noiseBandwidth = report.transform.window.noiseBandwidthHz
    facts.channel = report.input.channel
    facts.channelCount = report.input.channels
    facts.encoding = report.input.encoding
    facts.frames = report.input.selectedFrames
    let input = report.input
    // Rows of bins have no edges.
    let isBins = rows.allSatisfy { $0.lowHz == nil && $0.highHz == nil }
    let edges: [(Double, Double)] = isBins ? [] : rows.map { ($0.lowHz ?? .nan, $0.highHz ?? .nan) }
    let ranges = edges + [(report.band.lowHz, report.band.highHz)]
    guard ranges.allSatisfy({ $0.0 <= $0.1 }),
      // No file has that many frames, and sums of them do not overflow.
      [input.startFrame, input.selectedFrames, input.frames].allSatisfy({
        (0...(1 << 48)).contains($0)
      })
    else {
      throw .impossible(path)
    }
    facts.band = report.band.lowHz...report.band.highHz
    facts.binCount = report.band.points
    if input.selectedFrames < input.frames {
      facts.part = input.startFrame..<input.startFrame + input.selectedFrames
    }
    let powers = isBins ? [] : rows.compactMap(\.power)
    let mix = try ComparedSpectrum(
      path: path, kind: isBins ? .bins : .bands, facts: facts,
      rows: StoredRows(
        frequency: rows.map(\.frequencyHz), magnitude: rows.map(\.magnitude),
        level: rows.map { $0.levelDbfs ?? -.infinity }),
      edges: edges.map { $0.0...$0.1 }, powers: powers.count == rows.count ? powers : nil,
      peaks: report.peaks.map { SpectrumPoint(frequency: $0.frequencyHz, level: $0.levelDbfs) })
    mix.learned = document.tolerances
    guard mix.learned?.isSound ?? true else {
      throw ComparisonError(
        .unusable, "\(path) has tolerances that are none; make it again with \(.learning)")
    }
    for table in document.channelSpectra ?? [] {
      mix.channels.append(try table.spectrum(beside: mix))
    }
    return mix
  }
}
