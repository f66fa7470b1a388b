// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavSpectrum

/// What is known of how a spectrum was made; nil where a file does not say.
public struct SpectrumFacts: Sendable, Equatable {
  /// Frames per second, in Hz.
  public var sampleRate: Int?
  /// N, zeros included, of one part.
  public var transformLength: Int?
  /// Samples that were used, all parts together.
  public var samples: Int?
  /// Number of parts; 1 for the exact method.
  public var parts: Int?
  /// Name of the window.
  public var window: String?
  /// `mix`, a number from 1, or `1-2` for half the difference of two.
  public var channel: String?
  /// Number of channels of the recording.
  public var channelCount: Int?
  /// How the samples were stored, such as `Signed 16 bit PCM`.
  public var encoding: String?
  /// Frames that were selected.
  public var frames: Int?
  /// Frames of the whole file.
  var fileFrames: Int?
  /// Lower and upper end of the band in Hz.
  public var band: ClosedRange<Double>?
  /// Number of bins in the band.
  public var binCount: Int?
  /// The part of the file that was analysed, in frames; nil for all of it.
  public var part: Range<Int>?

  /// Distance of bins in Hz.
  var spacing: Double? {
    guard let sampleRate, let transformLength, let parts else { return nil }
    return Double(sampleRate) / (Double(transformLength) * Double(parts))
  }

  /// The band that was asked for, as far as can be told.
  ///
  /// The lower end of one that begins at 0, or of all bins, is the first bin, because the axis is
  /// logarithmic; what is meant is seen by the number of bins.
  var requestedBand: FrequencyBand? {
    guard let band else { return nil }
    let known = FrequencyBand.between(low: band.lowerBound, high: band.upperBound)
    guard let sampleRate, let transformLength, let parts, let binCount else { return known }
    let grid = BinGrid(sampleRate: sampleRate, transformLength: transformLength, parts: parts)
    let fromZero = FrequencyBand.between(low: 0, high: band.upperBound)
    let candidates = [known, fromZero, .full]
    return candidates.first { grid.bins(in: $0).count == binCount } ?? known
  }

  /// Independent bins in a Hz: as many as the recording has seconds, zeros not counted.
  var binsPerHertz: Double? {
    guard let sampleRate, let samples else { return spacing.map { 1 / $0 } }
    return Double(samples) / Double(sampleRate)
  }

  /// Nothing is known.
  init() {}

  /// What an analysis says.
  init(_ analysis: Analysis) {
    let spectrum = analysis.spectrum
    sampleRate = spectrum.grid.sampleRate
    transformLength = spectrum.grid.transformLength
    samples = analysis.length.samples * spectrum.grid.parts
    parts = spectrum.grid.parts
    window = spectrum.scaling.windowName
    channel = analysis.selection.channel.description
    channelCount = analysis.file.channels
    encoding = analysis.file.encoding
    frames = analysis.selection.count
    fileFrames = analysis.file.frames
    band = spectrum.range
    binCount = spectrum.bins.count
    let selection = analysis.selection
    if selection.count < analysis.file.frames {
      part = selection.start..<selection.start + selection.count
    }
  }

  /// Makes sure that the numbers can be true.
  func require(of path: String) throws(ComparisonError) {
    let counts = [sampleRate, transformLength, samples, parts].compactMap { $0 }
    let isSound =
      counts.allSatisfy { (1...(1 << 48)).contains($0) } && (parts ?? 1) <= 4096
      // Bins times rates must not overflow.
      && Double(sampleRate ?? 1) * Double(transformLength ?? 1) < 0x1p62
      && (channel.map { $0 == "mix" || $0.wholeMatch(of: /[1-9]\d{0,4}(-[1-9]\d{0,4})?/) != nil }
        ?? true)
      && (band.map {
        ($0.lowerBound == 0 || $0.lowerBound >= FrequencyBand.lowest) && $0.upperBound < 1e12
          && $0.lowerBound < $0.upperBound
      } ?? true)
    guard isSound else {
      throw ComparisonError(
        .unusable, "\(path) says of itself what cannot be; make it again with wavfft")
    }
  }

  /// Bits of a sample of linear PCM; nil for floating point, other codings, and where it is not known.
  var bits: Int? {
    guard let encoding, encoding.contains("PCM") || !encoding.contains("float"),
      let match = encoding.firstMatch(of: /(\d+) bit/)
    else { return nil }
    return Int(match.1)
  }

  /// The first thing in which two spectra differ, as a clause; nil if they agree in all that both say.
  func difference(from reference: SpectrumFacts) -> String? {
    func differ<Value: Equatable>(
      _ name: String, _ own: Value?, _ other: Value?, _ text: (Value) -> String
    ) -> String? {
      guard let own, let other, own != other else { return nil }
      return "the \(name) is \(text(own)), that of the reference \(text(other))"
    }
    return differ("sampling rate", sampleRate, reference.sampleRate) { "\($0) Hz" }
      ?? differ("method", parts, reference.parts) {
        $0 == 1 ? "exact" : "decimated in \($0) parts"
      }
      ?? differ("number of samples", samples, reference.samples) { "\($0)" }
      ?? differ("transform length", transformLength, reference.transformLength) { "\($0)" }
      ?? differ("window", window, reference.window) { $0 }
      ?? differ("channel", channel, reference.channel) { $0 }
      ?? differ("band", band, reference.band) { "\($0.lowerBound):\($0.upperBound) Hz" }
  }
}

/// What one row of a spectrum stands for.
public enum RowKind: String, Sendable {
  /// A bin of the transform.
  case bins
  /// The strongest bin of a band.
  case bands
  /// A point of somebody else's curve.
  case points
}

/// A peak of a spectrum.
public struct SpectrumPeak: Sendable, Equatable {
  /// In Hz.
  public let frequency: Double
  /// In dB.
  public let level: Double
}

/// A spectrum as one side of a comparison.
public final class ComparedSpectrum {
  /// Path of the file it comes from.
  public let path: String
  /// What its rows stand for.
  public let kind: RowKind
  /// How it was made.
  public internal(set) var facts: SpectrumFacts
  /// Tolerances that a reference brings along.
  var learned: LearnedTolerances?
  /// That its length was made to fit, in a sentence.
  var lengthNote: String?
  /// Whether there are magnitudes, and not only levels.
  let hasMagnitudes: Bool
  let rows: any SpectrumRows
  /// Edges of bands in Hz, lower and upper; empty for other rows.
  let edges: [ClosedRange<Double>]
  /// Mean-square powers of bands, in FS^2; nil for other rows.
  let powers: [Double]?
  /// Peaks that are known better than from the rows; nil if there are none.
  let peaks: [SpectrumPeak]?
  /// The channels and their differences that a file holds beside the mix.
  var channels: [ComparedSpectrum] = []

  /// Puts a spectrum together.
  ///
  /// - Throws: ``ComparisonError`` when its numbers cannot be those of a spectrum.
  init(
    path: String, kind: RowKind, facts: SpectrumFacts, hasMagnitudes: Bool = true,
    rows: any SpectrumRows, edges: [ClosedRange<Double>] = [], powers: [Double]? = nil,
    peaks: [SpectrumPeak]? = nil
  ) throws(ComparisonError) {
    guard rows.count > 0 else {
      throw ComparisonError(.unusable, "\(path) has no rows; it holds no spectrum")
    }
    try facts.require(of: path)
    guard
      edges.allSatisfy({
        $0.lowerBound >= 0 && $0.upperBound < 1e12 && $0.lowerBound < $0.upperBound
      })
    else {
      throw ComparisonError(
        .unusable, "\(path) has bands whose edges are not numbers of at least 0 that rise")
    }
    self.path = path
    self.kind = kind
    self.facts = facts
    self.hasMagnitudes = hasMagnitudes
    self.rows = rows
    if let powers {
      guard powers.count == edges.count, powers.allSatisfy({ $0 >= 0 && $0 < .infinity }) else {
        throw ComparisonError(
          .unusable, "\(path) has bands whose powers are not numbers of at least 0")
      }
    }
    self.powers = powers
    self.edges = edges
    self.peaks = peaks
  }
}
