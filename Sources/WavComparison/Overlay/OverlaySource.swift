// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavAudio
import WavExport
import WavSpectrum
import WavSystem
import WavWorkers

/// Reads the spectra of an overlay: audio files are analysed, spectra that wavfft wrote are read.
public struct OverlaySource {
  /// How to analyse audio files.
  public var request: AnalysisRequest
  /// The frequencies that the user chose; nil for those of all inputs together.
  public var band: FrequencyBand?

  /// The most spectra in an overlay.
  public static let mostSpectra = OverlayFigure.mostCurves

  /// A source with the options of the command line.
  public init(_ request: AnalysisRequest, band: FrequencyBand?) {
    self.request = request
    self.band = band
  }

  /// Reads all inputs.
  ///
  /// All of them are opened before the first one is analysed.
  ///
  /// - Parameters:
  ///   - paths: The files, at most ``mostSpectra``.
  ///   - progress: Called repeatedly with the share of the work done, 0 to 1.
  ///   - warn: Receives problems that were repaired.
  /// - Returns: The overlay.
  /// - Throws: ``ComparisonError``, or what `analyze` throws; the sentence names the file.
  @available(*, noasync)
  public func overlay(
    _ paths: [String], progress: (Double) -> Void = { _ in },
    warn: @escaping (PoolWarning) -> Void = { _ in }
  ) throws -> Overlay {
    precondition(paths.count <= Self.mostSpectra, "a curve for each spectrum")
    let opened = try paths.map { path in try naming(path) { try open(path) } }
    var spectra: [OverlaidSpectrum] = []
    for (index, (path, input)) in zip(paths, opened).enumerated() {
      func share(_ own: Double) { progress((Double(index) + own) / Double(paths.count)) }
      spectra.append(try naming(path) { try spectrum(path, input, share, warn) })
    }
    return try Overlay(
      spectra, names: distinctNames(paths), band: band, count: bandCount, request)
  }

  /// Whether a file is read as a spectrum, by its extension, instead of being analysed.
  public static func isSpectrum(_ path: String) -> Bool {
    SpectrumReader(extension: fileExtension(of: path)) != nil
  }

  private enum Input {
    case audio(SoundFile)
    case spectrum(ComparedSpectrum)
  }

  private func open(_ path: String) throws -> Input {
    guard Self.isSpectrum(path) else {
      var request = request
      request.path = path
      return .audio(try openAfterTrial(request))
    }
    if fileExtension(of: path) == Exporter.npy.fileExtension,
      try NumPyTable(path).columns.count == 1,
      TableSidecar(besideUnchanged: path)?.axisOfBins == nil
    {
      throw ComparisonError(
        .unusable, "\(path) holds values without frequencies; overlay a table that has them")
    }
    guard let spectrum = try ComparedSpectrum.fromFile(path, nil), spectrum.kind != .points else {
      throw ComparisonError(
        .unusable,
        "\(path) is a curve whose levels need not be in dBFS; overlay recordings, or spectra that wavfft wrote"
      )
    }
    return .spectrum(spectrum)
  }

  private func spectrum(
    _ path: String, _ input: Input, _ progress: (Double) -> Void,
    _ warn: @escaping (PoolWarning) -> Void
  ) throws -> OverlaidSpectrum {
    switch input {
    case .spectrum(let spectrum): return try OverlaidSpectrum(spectrum)
    case .audio(let file):
      var request = request
      request.path = path
      request.points = .bands(bandCount)
      if request.sharesPage == nil { request.peaks = 1 }
      return OverlaidSpectrum(
        path,
        try analyze(request, isCommitting: false, opened: file, progress: progress, warn: warn))
    }
  }

  private var bandCount: Int {
    if case .bands(let count) = request.points { return count }
    return AnalysisRequest.defaultBands
  }

  /// Runs a closure on a file; an error whose sentence does not name the file gets its path.
  private func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as any ExplainedError
      where !error.description.contains(path) && !(error is RunFailure)
    {
      throw ComparisonError(error.kind, "\(path): \(error.sentence)")
    }
  }
}
