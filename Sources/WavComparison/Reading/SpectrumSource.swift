// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAnalysis
import WavAudio
import WavRendering
import WavSharedMemory
import WavSpectrum
import WavTransforms

/// Opens either side of a comparison: a spectrum that is there, or an audio file that is analysed first.
public struct SpectrumSource {
  /// How audio files are analysed, as far as the reference does not say.
  public var request: AnalysisRequest
  /// What a plain array of magnitudes is.
  public var array: PlainArray?

  /// A source with the options of the command line.
  public init(_ request: AnalysisRequest, array: PlainArray?) {
    self.request = request
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
  /// - Throws: ``ComparisonError``, or what `analyze` throws.
  @available(*, noasync)
  public func spectrum(_ path: String, like reference: ComparedSpectrum) throws -> ComparedSpectrum
  {
    try ComparedSpectrum.fromFile(path, array) ?? analysed(path, request(like: reference))
  }

  /// A channel of an audio file that is the same as a reference of another channel; nil if there is none.
  ///
  /// - Throws: What `analyze` throws.
  @available(*, noasync)
  public func swappedChannel(
    of path: String, like reference: ComparedSpectrum, _ tolerances: Tolerances
  ) throws -> Int? {
    guard let channel = reference.facts.channel.flatMap({ Int($0) }),
      try ComparedSpectrum.fromFile(path, array) == nil
    else { return nil }
    var request = request(like: reference)
    request.path = path
    let count = try openContained(request).channels
    for other in 1...max(count, 1) where other != channel {
      request.channel = .single(other - 1)
      let spectrum = try analysed(path, request)
      let comparison = try Comparison(
        spectrum, reference, tolerances, ignoresParameters: true, workers: max(request.workers, 1))
      if comparison.isSame { return other }
    }
    return nil
  }

  /// The request with what is known of a reference.
  public func request(like reference: ComparedSpectrum) -> AnalysisRequest {
    var request = request
    let facts = reference.facts
    if let parts = facts.parts {
      request.method = parts == 1 ? .exact : .decimated(parts: parts)
    }
    if let window = facts.window.flatMap(Window.init) { request.window = window }
    if let channel = facts.channel {
      request.channel = Int(channel).map { .single($0 - 1) } ?? .mix
    }
    if let band = facts.band {
      request.band = .between(low: band.lowerBound, high: band.upperBound)
    }
    if let length = facts.transformLength, let samples = facts.samples, let parts = facts.parts {
      // Zeros at the end are repeated; a file of another length shows in the number of samples.
      if samples / parts < length { request.length = .fast } else { request.length = .exact }
    }
    switch reference.kind {
    case .bins: request.points = .all
    case .bands: request.points = .bands(bandCount(reference) ?? 4096)
    case .points: break
    }
    return request
  }

  /// Bands of a reference, from the width of one of them: those without any bin have no row.
  private func bandCount(_ reference: ComparedSpectrum) -> Int? {
    guard let first = reference.edges.first, let last = reference.edges.last,
      first.lowerBound > 0, last.upperBound > last.lowerBound
    else { return nil }
    let band = reference.facts.band ?? 20...20000
    let width = log(last.upperBound / last.lowerBound)
    return Int((log(band.upperBound / band.lowerBound) / width).rounded())
  }

  /// Analyses an audio file.
  private func analysed(_ path: String, _ request: AnalysisRequest) throws -> ComparedSpectrum {
    var request = request
    request.path = path
    guard request.points == .all else {
      let analysis = try analyze(request)
      return ComparedSpectrum(
        path: path, kind: .bands, facts: SpectrumFacts(analysis),
        rows: StoredRows(
          frequency: analysis.rows.map(\.frequency), magnitude: analysis.rows.map(\.magnitude),
          level: analysis.rows.map(\.level)),
        edges: analysis.rows.map { $0.lowEdge...max($0.lowEdge, $0.highEdge) },
        peaks: analysis.peaks.map { SpectrumPeak(frequency: $0.frequency, level: $0.level) })
    }
    // Every bin may be more than memory holds: a file, gone as soon as it is mapped.
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let name = "\(folder)/wavfft.\(getpid()).\(UInt32.random(in: .min ... .max)).npy"
    let analysis = try analyze(
      request, outputs: [SpectrumOutput(format: .npy, file: try OutputFile(path: name))])
    defer { unlink(name) }
    let table = try NumPyTable(name)
    return ComparedSpectrum(
      path: path, kind: .bins, facts: SpectrumFacts(analysis), rows: table,
      peaks: analysis.peaks.map { SpectrumPeak(frequency: $0.frequency, level: $0.level) })
  }
}
