// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavExport
import WavSystem

/// Comparison of recordings whose lengths differ slightly, if that is allowed.
extension SpectrumSource {
  /// The source for two audio files: both are analysed up to the length of the shorter one.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - reference: The reference.
  /// - Returns: Such a source, and a sentence on it, if the lengths differ by no more than is
  ///   allowed.
  /// - Throws: What opening the files throws.
  @available(*, noasync)
  public func aligningLengths(
    _ path: String, _ reference: String
  ) throws -> (source: SpectrumSource, note: String?) {
    guard lengthTolerance > 0, isAudio(path), isAudio(reference), request.duration == nil,
      // Averages over segments do not depend on the length of the recording.
      !request.method.isSegmented
    else {
      return (self, nil)
    }
    var opening = request
    opening.path = path
    let file = try openAfterTrial(opening)
    opening.path = reference
    let other = try openAfterTrial(opening)
    let distance = file.frames - other.frames
    guard distance != 0, abs(distance) <= lengthTolerance, file.sampleRate == other.sampleRate
    else {
      return (self, nil)
    }
    let first = ((request.start ?? 0) * Double(file.sampleRate)).rounded()
    let common = Double(min(file.frames, other.frames)) - first
    guard common > 0 else { return (self, nil) }
    try Self.requireSmall(
      distance, of: Int(Double(max(file.frames, other.frames)) - first), path, reference)
    var source = self
    source.request.duration = common / Double(file.sampleRate)
    return (
      source,
      "\(path) is \(Self.inWords(distance)) than the reference; the \(grouped(Int(common))) frames that both "
        + "have were compared"
    )
  }

  /// Adjusts the request for an audio file to the length of a reference that is a spectrum.
  func adjustLength(
    of path: String, in request: inout AnalysisRequest, to reference: ComparedSpectrum
  ) throws {
    guard lengthTolerance > 0, !isAudio(reference.path), reference.facts.part == nil,
      !reference.facts.isSegmented, request.start == nil, request.duration == nil,
      let wanted = reference.facts.frames,
      let length = reference.facts.transformLength
    else { return }
    request.path = path
    let file = try openAfterTrial(request)
    let distance = file.frames - wanted
    guard distance != 0, abs(distance) <= lengthTolerance else { return }
    try Self.requireSmall(distance, of: max(file.frames, wanted), path, reference.path)
    if distance > 0 {
      request.duration = Double(wanted) / Double(file.sampleRate)
    } else {
      request.method.length = .fixed(length)
    }
  }

  /// A spectrum that may have another length than its reference, treated as having the same.
  func lengthAdjusted(
    _ spectrum: ComparedSpectrum, to reference: ComparedSpectrum
  ) -> ComparedSpectrum {
    guard lengthTolerance > 0, let wanted = reference.facts.frames,
      let frames = spectrum.facts.fileFrames, frames != wanted,
      abs(frames - wanted) <= lengthTolerance, !isAudio(reference.path),
      reference.facts.part == nil, !reference.facts.isSegmented
    else { return spectrum }
    spectrum.lengthNote =
      "\(spectrum.path) is \(Self.inWords(frames - wanted)) than the reference; "
      + (frames > wanted ? "its end was left out" : "silence was added at its end")
    spectrum.facts.samples = reference.facts.samples
    spectrum.facts.frames = wanted
    spectrum.facts.part = nil
    return spectrum
  }

  /// Refuses lengths that differ by more than a tenth of the longer one: the common part of a short
  /// and a long recording tells nothing about the rest.
  private static func requireSmall(
    _ distance: Int, of longer: Int, _ path: String, _ reference: String
  ) throws(ComparisonError) {
    guard !isSmall(distance, of: longer) else { return }
    throw ComparisonError(
      .incomparable,
      "cannot compare \(path) with \(reference): it is \(inWords(distance)) than the reference, more than a tenth "
        + "of \(grouped(longer)); \(.lengthTolerance) is for lengths that differ a little")
  }

  /// Whether a difference of lengths may be allowed.
  static func isSmall(_ distance: Int, of longer: Int) -> Bool { abs(distance) <= longer / 10 }

  private static func inWords(_ distance: Int) -> String {
    "\(grouped(abs(distance))) frame\(abs(distance) == 1 ? "" : "s") "
      + (distance > 0 ? "longer" : "shorter")
  }
}

extension ComparedSpectrum {
  /// Whether the length of the recording was adjusted to that of its reference.
  public var isOfOtherLength: Bool { lengthNote != nil }
}

extension Comparison {
  /// Refuses recordings of different lengths if the common part of one is silent, because it tells
  /// nothing about the rest.
  ///
  /// - Throws: ``ComparisonError`` of the kind `incomparable`.
  public func requireSound() throws(ComparisonError) {
    let signals = [self] + channels
    // A different number of channels is a difference anyway, and a mix can be silent although its
    // channels are not.
    guard channelViolation == nil, !channels.isEmpty || (facts.reference.channelCount ?? 1) == 1
    else { return }
    let floor = Tolerances.standardFloor
    let isSilent = signals.allSatisfy { $0.totals.greatestLevel <= floor }
    guard isSilent || signals.allSatisfy({ $0.totals.greatestReferenceLevel <= floor }) else {
      return
    }
    throw ComparisonError(
      .incomparable,
      "cannot compare \(path) with \(referencePath): their lengths differ, and what they have in common is silent "
        + "in \(isSilent ? path : referencePath)")
  }
}
