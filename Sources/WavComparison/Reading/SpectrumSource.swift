// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAnalysis
import WavAudio
import WavExport
import WavSpectrum
import WavSystem
import WavTransforms

/// Opens either side of a comparison: a spectrum file, or an audio file, which is analysed.
public struct SpectrumSource {
  /// How to analyse audio files, as far as the reference does not decide it.
  public var request: AnalysisRequest
  /// The options of the request that the user gave.
  public var chosen: ChosenOptions
  /// The description of plain arrays of magnitudes.
  public var array: PlainArray?
  /// By how many frames the lengths of recordings may differ.
  public var lengthTolerance = 0

  /// A source with the options of the command line.
  public init(_ request: AnalysisRequest, chosen: ChosenOptions, array: PlainArray?) {
    self.request = request
    self.chosen = chosen
    self.array = array
  }

  /// Whether a file is a NumPy array without frequencies, or one that cannot be read.
  public static func mayBePlainArray(_ path: String) -> Bool {
    guard fileExtension(of: path) == Exporter.npy.fileExtension else { return false }
    return (try? NumPyTable(path))?.columns.count ?? 1 == 1
  }

  /// Opens the reference.
  ///
  /// - Throws: ``ComparisonError``, or what `analyze` throws.
  @available(*, noasync)
  public func reference(_ path: String) throws -> ComparedSpectrum {
    if SpectrumReader(extension: fileExtension(of: path)) != nil, !exists(path) {
      throw ComparisonError(
        .noInput,
        "there is no reference \(path); write it with \(.update) if the spectrum is as it should be"
      )
    }
    return try ComparedSpectrum.fromFile(path, array) ?? analysed(path, request)
  }

  /// Opens the spectrum to compare with a reference; audio is analysed with the reference's
  /// parameters.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - reference: The reference.
  ///   - ignoresParameters: Whether given options may contradict the reference; they then take
  ///     precedence.
  /// - Returns: The spectrum.
  /// - Throws: ``ComparisonError``, or what `analyze` throws.
  @available(*, noasync)
  public func spectrum(
    _ path: String, like reference: ComparedSpectrum, ignoresParameters: Bool
  ) throws -> ComparedSpectrum {
    if let spectrum = try ComparedSpectrum.fromFile(path, array) { return spectrum }
    var request = request(like: reference)
    if let contradiction = chosen.contradiction(to: request, reference.facts), !ignoresParameters {
      throw ComparisonError(
        .incomparable,
        "cannot compare \(path) with \(reference.path): \(contradiction); leave it out, or use "
          + "\(.ignoredParameters)")
    }
    chosen.apply(to: &request)
    try adjustLength(of: path, in: &request, to: reference)
    do {
      return try lengthAdjusted(analysed(path, request), to: reference)
    } catch let error as any ExplainedError where error.kind == .request {
      // The file does not have the channel or part of the reference.
      throw ComparisonError(
        .incomparable, "cannot compare \(path) with \(reference.path): \(error.sentence)")
    }
  }

  /// A channel of an audio file that is the same as a reference of another channel; nil if there is
  /// none.
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
    let count = try openAfterTrial(request).channels
    var rules = rules
    (rules.isResampling, rules.ignoresParameters) = (false, true)
    for other in 1...max(count, 1) where other != channel {
      request.channel = .single(other - 1)
      let spectrum = try analysed(path, request)
      if try Comparison(spectrum, reference, rules).isSame { return other }
    }
    return nil
  }

  /// The request with the parameters of a reference, as far as known.
  public func request(like reference: ComparedSpectrum) -> AnalysisRequest {
    var request = request
    let facts = reference.facts
    if let method = facts.method {
      request.method = request.method.with(method)
      if method.isSegmented { request.method.segmentation = method.segmentation }
    }
    if let window = facts.window.flatMap(Window.init) { request.method.window = window }
    if let channel = facts.channel {
      let numbers = channel.split(separator: "-").compactMap { Int($0) }
      request.channel =
        numbers.count == 2
        ? .difference(numbers[0] - 1, numbers[1] - 1)
        : numbers.count == 1 ? .single(numbers[0] - 1) : .mix
    }
    if let band = facts.requestedBand { request.band = band }
    if let length = facts.transformLength, request.method.isSegmented {
      request.method.segmentation.segment = .samples(length)
    } else if let length = facts.transformLength, let samples = facts.samples,
      let parts = facts.parts
    {
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
      // Only the full band has DC.
      if facts.band == nil, (try? reference.rows.frequency(of: 0)) == 0 { request.band = .full }
    case .bands:
      if let count = bandCount(reference, request.band) { request.points = .bands(count) }
    case .points: break
    }
    return request
  }

  /// Number of bands of a reference, from the width of one band: bands without a bin have no row.
  ///
  /// Nil if the band is not known precisely enough.
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
  ///   - request: How to analyse it.
  ///   - name: The name of the spectrum, if it differs from that of the file.
  /// - Returns: The spectrum.
  /// - Throws: ``ComparisonError``, or what `analyze` throws.
  func analysed(
    _ path: String, _ request: AnalysisRequest, name: String? = nil
  ) throws -> ComparedSpectrum {
    var request = request
    request.path = path
    // Enough peaks to find counterparts for peaks of the reference that are not among the strongest
    // here.
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
    // All bins may exceed the memory: write them to a file, which is removed as soon as it is
    // mapped.
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

  /// A recording of a few frames may have no bin in the band.
  private func requireRows(
    _ count: Int, _ path: String, _ facts: SpectrumFacts
  ) throws(ComparisonError) {
    guard count == 0 else { return }
    let frames = (facts.isSegmented ? facts.frames : facts.samples) ?? 0
    throw ComparisonError(
      .incomparable,
      "\(grouped(frames)) frame\(frames == 1 ? "" : "s") of \(path) \(frames == 1 ? "was" : "were") analysed, "
        + "and there is no bin in the band; compare more of it, or use \(.fullBand)")
  }
}
