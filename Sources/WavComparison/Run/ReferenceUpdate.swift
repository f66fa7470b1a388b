// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavExport
import WavSystem

/// Writes a reference from a spectrum or from an audio file.
public struct ReferenceUpdate {
  private let source: SpectrumSource
  private let warn: (Sentence) -> Void

  /// Prepares an update.
  ///
  /// - Parameters:
  ///   - source: How to analyse audio, as far as the old reference does not decide it.
  ///   - warn: Receives a warning if the old reference cannot be read and its parameters are lost, or if what it says of
  ///     itself stays beside the new one.
  public init(_ source: SpectrumSource, warn: @escaping (Sentence) -> Void) {
    self.source = source
    self.warn = warn
  }

  /// The reference to replace, which tells how it was made; nil if there is none.
  ///
  /// A damaged spectrum, for instance with conflict markers of version control, is replaced; a file that wavfft did not
  /// write is not, even if it can be read.
  private func known(_ reference: String) throws -> ComparedSpectrum? {
    guard exists(reference) else { return nil }
    do {
      let known = try source.reference(reference)
      guard SpectrumReader(extension: fileExtension(of: reference)) == nil || hasOwnForm(reference)
      else {
        throw ComparisonError(
          .unusable,
          "\(reference) is not replaced, because nothing in it tells that wavfft wrote it; move it away, or name another "
            + "file")
      }
      return known
    } catch let error as ComparisonError where error.kind == .unusable {
      guard hasOwnForm(reference) else { throw error }
      warn("\(error.sentence); it is written anew, and says nothing of how it was made")
      return nil
    }
  }

  /// Replaces a reference by a spectrum, or by that of an audio file, as a whole.
  ///
  /// Audio is analysed as for the old reference, except for given options.
  ///
  /// - Returns: A description of the reference, in words.
  /// - Throws: ``ComparisonError`` when the formats do not fit, and what `analyze` throws.
  @available(*, noasync)
  public func write(_ path: String, to reference: String) throws -> String {
    let known = try known(reference)
    let (own, other) = (fileExtension(of: path), fileExtension(of: reference))
    if SpectrumReader(extension: own) != nil {
      guard own == other else {
        throw ComparisonError(
          .request,
          "\(path) cannot become \(reference), which is of another format; name a .\(own) file, or "
            + "update from the audio file")
      }
      // Only a file that can be read as a spectrum becomes a reference.
      _ = try ComparedSpectrum.fromFile(path, source.array)
      let bytes = try MappedFile.contents(of: path)
      let file = try OutputFile(path: reference)
      try file.write(bytes)
      // The copy goes on saying how it was made.
      let sidecar = try TableSidecar(besideUnchanged: path).map { document in
        var document = document
        document.table.file = lastComponent(of: reference)
        let copy = try openSidecar(of: file)
        try copy.write(document.json())
        return copy
      }
      let left = sidecar == nil ? LeftSidecar(beside: file) : nil
      try OutputFile.commit([file] + [sidecar].compactMap { $0 })
      left?.remove().map(warn)
      return "a copy of \(path)"
    }
    guard let format = Exporter(extension: other), format.isComparable else {
      // Begin with the format that contains most.
      let tables = [.json] + Exporter.ofLines.filter { $0.isComparable && $0 != .json }
      let choice = alternatives(tables.map { ".\($0.fileExtension)" })
      throw ComparisonError(
        .request, "\(reference) must be \(choice) to be written from an audio file")
    }
    var request = known.map { source.request(like: $0) } ?? source.request
    source.chosen.apply(to: &request)
    request.path = path
    // A table goes on saying how it was made.
    request.header = known?.facts.header ?? .plain
    let file = try OutputFile(path: reference)
    let output = SpectrumOutput(
      format: format, file: file,
      sidecar: request.header == .sidecar
        ? try openSidecar(of: file) : nil)
    // With all bins, the channels would multiply the size of the file.
    let isWhole = format == .json && request.channel == .mix && request.points != .all
    let analysis = try analyze(
      request, outputs: isWhole ? [] : [output],
      isCommitting: false)
    guard !analysis.rows.isEmpty else {
      throw ComparisonError(
        .unusable,
        "\(path) has no bin in the band and would be a reference without rows; use \(.fullBand)")
    }
    var words = "the spectrum of \(path): \(analysis.optionsInWords)"
    if isWhole {
      let channels = try source.views(path, request, channels: analysis.file.channels)
      // Learned tolerances are kept, whatever the sound.
      for channel in channels {
        channel.learned =
          known?.channels.first { $0.facts.channel == channel.facts.channel }?.learned
      }
      var report = ReportDocument(analysis, withTimings: false, ofFile: true)
      report.spectrum = analysis.documentRows
      try file.write(
        jsonText(ReferenceDocument(report: report, channels: channels, learned: known?.learned)))
      if !channels.isEmpty { words += ", and its \(analysis.file.channels) channels" }
    }
    try SpectrumOutput.commit([output], warn: warn)
    return words
  }
}

extension Exporter {
  /// Whether a comparison can read what it writes.
  fileprivate var isComparable: Bool {
    lines != nil && SpectrumReader(extension: fileExtension) != nil
  }
}
