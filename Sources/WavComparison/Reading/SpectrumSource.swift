// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAnalysis
import WavAudio
import WavExport
import WavSpectrum
import WavSystem
import WavTransforms

/// Opens either side of a comparison: a spectrum that is there, or an audio file that is analysed first.
public struct SpectrumSource {
  /// How audio files are analysed, as far as the reference does not say.
  public var request: AnalysisRequest
  /// The options among them that were given.
  public var chosen: ChosenOptions
  /// What a plain array of magnitudes is.
  public var array: PlainArray?
  /// By how many frames recordings may differ in length.
  public var lengthTolerance = 0

  /// A source with the options of the command line.
  public init(_ request: AnalysisRequest, chosen: ChosenOptions, array: PlainArray?) {
    self.request = request
    self.chosen = chosen
    self.array = array
  }

  /// Opens the reference.
  ///
  /// - Throws: ``ComparisonError``, or what `analyze` throws.
  @available(*, noasync)
  public func reference(_ path: String) throws -> ComparedSpectrum {
    try ComparedSpectrum.fromFile(path, array) ?? analysed(path, request)
  }

  /// Opens the spectrum that is held against a reference; audio is analysed with its parameters.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - reference: What it is going to be held against.
  ///   - ignoresParameters: Whether options that were given may say otherwise than the reference; they
  ///     come first then.
  /// - Returns: The spectrum.
  /// - Throws: ``ComparisonError``, or what `analyze` throws.
  @available(*, noasync)
  public func spectrum(
    _ path: String, like reference: ComparedSpectrum, ignoresParameters: Bool
  ) throws -> ComparedSpectrum {
    if let spectrum = try ComparedSpectrum.fromFile(path, array) { return spectrum }
    var request = request(like: reference)
    if let contradiction = chosen.contradiction(to: request), !ignoresParameters {
      throw ComparisonError(
        .incomparable,
        "cannot compare \(path) with \(reference.path): \(contradiction); leave it out, or use "
          + "\(.ignoredParameters)")
    }
    chosen.apply(to: &request)
    try adjustLength(of: path, in: &request, to: reference)
    do {
      return try lengthAdjusted(analysed(path, request), to: reference)
    } catch
      where (error as? AnalysisError)?.isRequest ?? ((error as? AudioError)?.kind == .request)
    {
      // The file does not have what the reference was made of.
      throw ComparisonError(
        .incomparable, "cannot compare \(path) with \(reference.path): ", because: error)
    }
  }

  /// A channel of an audio file that is the same as a reference of another channel; nil if there is none.
  ///
  /// - Throws: What `analyze` throws.
  @available(*, noasync)
  public func swappedChannel(
    of path: String, like reference: ComparedSpectrum, _ rules: ComparisonRules
  ) throws -> Int? {
    guard let channel = reference.facts.channel.flatMap({ Int($0) }),
      try ComparedSpectrum.fromFile(path, array) == nil
    else { return nil }
    var request = request(like: reference)
    request.path = path
    let count = try openContained(request).channels
    var rules = rules
    (rules.isResampling, rules.ignoresParameters) = (false, true)
    for other in 1...max(count, 1) where other != channel {
      request.channel = .single(other - 1)
      let spectrum = try analysed(path, request)
      if try Comparison(spectrum, reference, rules).isSame { return other }
    }
    return nil
  }

  /// The request with what is known of a reference, whatever was given.
  public func request(like reference: ComparedSpectrum) -> AnalysisRequest {
    var request = request
    let facts = reference.facts
    if let method = facts.method { request.method = request.method.with(method) }
    if let window = facts.window.flatMap(Window.init) { request.method.window = window }
    if let channel = facts.channel {
      let numbers = channel.split(separator: "-").compactMap { Int($0) }
      request.channel =
        numbers.count == 2
        ? .difference(numbers[0] - 1, numbers[1] - 1)
        : numbers.count == 1 ? .single(numbers[0] - 1) : .mix
    }
    if let band = facts.requestedBand { request.band = band }
    if let length = facts.transformLength, let samples = facts.samples, let parts = facts.parts {
      request.method.length = samples / parts < length ? .fixed(length) : .exact
    }
    if let part = facts.part, let rate = facts.sampleRate, request.start == nil,
      request.duration == nil
    {
      request.start = Double(part.lowerBound) / Double(rate)
      request.duration = Double(part.count) / Double(rate)
    }
    switch reference.kind {
    case .bins:
      request.points = .all
      // Only the whole spectrum has DC.
      if facts.band == nil, (try? reference.rows.frequency(of: 0)) == 0 { request.band = .full }
    case .bands:
      if let count = bandCount(reference, request.band) { request.points = .bands(count) }
    case .points: break
    }
    return request
  }

  /// Bands of a reference, from the width of one of them: those without any bin have no row.
  ///
  /// Nil if the band is not known well enough to tell.
  private func bandCount(_ reference: ComparedSpectrum, _ band: FrequencyBand) -> Int? {
    guard let last = reference.edges.last, last.lowerBound > 0 else { return nil }
    let range: ClosedRange<Double>
    if let known = reference.facts.band {
      range = known
    } else if case .between(let low, let high) = band, low > 0 {
      range = low...high
    } else {
      return nil
    }
    let count =
      log(range.upperBound / range.lowerBound) / log(last.upperBound / last.lowerBound)
    guard count >= 0.5, count < 65537, abs(count - count.rounded()) < 1e-3 * count else {
      return nil
    }
    return Int(count.rounded())
  }

  /// Analyses an audio file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - request: How it is analysed.
  ///   - name: What the spectrum is called, if not like the file.
  /// - Returns: The spectrum.
  /// - Throws: ``ComparisonError``, or what `analyze` throws.
  func analysed(
    _ path: String, _ request: AnalysisRequest, name: String? = nil
  ) throws -> ComparedSpectrum {
    var request = request
    request.path = path
    // Counterparts for peaks of the reference that are not among the strongest here.
    request.peaks = 4 * PeakPair.most
    guard request.points == .all else {
      let analysis = try analyze(request, isCommitting: false)
      try requireRows(analysis.rows.count, path, SpectrumFacts(analysis))
      return try ComparedSpectrum(
        path: name ?? path, kind: .bands, facts: SpectrumFacts(analysis),
        rows: StoredRows(
          frequency: analysis.rows.map(\.frequency), magnitude: analysis.rows.map(\.magnitude),
          level: analysis.rows.map(\.level)),
        edges: analysis.rows.map { $0.lowEdge...max($0.lowEdge, $0.highEdge) },
        powers: analysis.rows.map(\.power),
        peaks: analysis.peaks.map { SpectrumPoint(frequency: $0.frequency, level: $0.level) })
    }
    // Every bin may be more than memory holds: a file, gone as soon as it is mapped.
    let file = "\(temporaryFolder())/wavfft.\(getpid()).\(UInt32.random(in: .min ... .max)).npy"
    let output = try OutputFile(path: file)
    let analysis = try analyze(
      request, outputs: [SpectrumOutput(format: .npy, file: output)], isCommitting: false)
    try OutputFile.commit([output], isSyncing: false, isLast: false)
    defer { removeFile(file) }
    let table = try NumPyTable(file)
    try requireRows(table.count, path, SpectrumFacts(analysis))
    return try ComparedSpectrum(
      path: name ?? path, kind: .bins, facts: SpectrumFacts(analysis), rows: table,
      peaks: analysis.peaks.map { SpectrumPoint(frequency: $0.frequency, level: $0.level) })
  }

  /// A few frames have no bin in the band.
  private func requireRows(
    _ count: Int, _ path: String, _ facts: SpectrumFacts
  ) throws(ComparisonError) {
    guard count == 0 else { return }
    let frames = facts.samples ?? 0
    throw ComparisonError(
      .incomparable,
      "\(grouped(frames)) frame\(frames == 1 ? "" : "s") of \(path) \(frames == 1 ? "was" : "were") analysed, "
        + "and there is no bin in the band; compare more of it, or use \(.fullBand)")
  }
}
