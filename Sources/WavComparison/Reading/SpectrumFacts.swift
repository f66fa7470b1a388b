// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavExport
import WavSpectrum
import WavSystem

/// How a spectrum was made, as far as known; nil for what a file does not tell.
public struct SpectrumFacts: Sendable, Equatable {
  /// Frames per second, in Hz.
  public var sampleRate: Int?
  /// N, zeros included, of one part.
  public var transformLength: Int?
  /// Number of samples used, all parts together.
  public var samples: Int?
  /// The method with its parts, without other parameters; with 1 part it is exact.
  var method: MethodDescription?
  /// Number of parts; 1 for the exact method.
  public var parts: Int? { method?.parts }
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
  /// Degrees of freedom of each averaged power; nil unless powers were averaged over segments.
  public var degreesOfFreedom: Double?
  /// Equivalent noise bandwidth of a bin in Hz.
  public var noiseBandwidth: Double?
  /// The part of the file that was analysed, in frames; nil for all of it.
  public var part: Range<Int>?

  /// Whether it is the mix of all channels, as far as that is known.
  var isMix: Bool { channel ?? "mix" == "mix" }

  /// Distance of bins in Hz.
  var spacing: Double? {
    guard let sampleRate, let transformLength, let parts else { return nil }
    return Double(sampleRate) / (Double(transformLength) * Double(parts))
  }

  /// The requested band, as far as it can be inferred.
  ///
  /// The axis is logarithmic, so that for a band from 0, or for all bins, the lower end is the
  /// first bin. The number of bins tells which band was requested.
  var requestedBand: FrequencyBand? {
    guard let band else { return nil }
    let known = FrequencyBand.between(low: band.lowerBound, high: band.upperBound)
    guard let sampleRate, let transformLength, let parts, let binCount else { return known }
    let grid = BinGrid(sampleRate: sampleRate, transformLength: transformLength, parts: parts)
    let fromZero = FrequencyBand.between(low: 0, high: band.upperBound)
    let candidates = [known, fromZero, .full]
    return candidates.first { grid.bins(in: $0).count == binCount } ?? known
  }

  /// Whether powers were averaged over segments, whose length the transform has.
  var isSegmented: Bool { method?.isSegmented ?? false }

  /// Independent bins per Hz: as many as the recording has seconds, without padding.
  ///
  /// An average over segments has nu / 2 independent powers in each bin. Neighbouring bins are independent but for the
  /// window: in units of bins, powers are correlated over N sum w^4 / (sum w^2)^2.
  var binsPerHertz: Double? {
    if let degreesOfFreedom {
      return spacing.map { degreesOfFreedom / 2 / ($0 * Window.correlatedBins(of: window)) }
    }
    guard let sampleRate, let samples else { return spacing.map { 1 / $0 } }
    return Double(samples) / Double(sampleRate)
  }

  /// Where a table says them.
  var header = TableHeader.plain

  /// No facts.
  init() {}

  /// The facts of an analysis.
  init(_ analysis: Analysis) {
    let spectrum = analysis.spectrum
    sampleRate = spectrum.grid.sampleRate
    transformLength = spectrum.grid.transformLength
    samples = analysis.length.samples * spectrum.grid.parts
    note(analysis.request.method)
    channel = analysis.selection.channel.description
    channelCount = analysis.file.channels
    encoding = analysis.file.encoding
    frames = analysis.selection.count
    fileFrames = analysis.file.frames
    band = spectrum.range
    binCount = spectrum.bins.count
    degreesOfFreedom = analysis.density?.statistics.degreesOfFreedom
    noiseBandwidth = spectrum.scaling.noiseBandwidth(sampleRate: spectrum.grid.sampleRate)
    let selection = analysis.selection
    if selection.count < analysis.file.frames {
      part = selection.start..<selection.start + selection.count
    }
  }

  /// Checks that the numbers are possible.
  func require(of path: String) throws(ComparisonError) {
    let counts = [sampleRate, transformLength, samples, parts].compactMap { $0 }
    let isSound =
      counts.allSatisfy { (1...(1 << 48)).contains($0) } && (parts ?? 1) <= 4096
      // The product of bin and rate must not overflow.
      && Double(sampleRate ?? 1) * Double(transformLength ?? 1) < 0x1p62
      && (channel.map { $0 == "mix" || $0.wholeMatch(of: /[1-9]\d{0,4}(-[1-9]\d{0,4})?/) != nil }
        ?? true)
      && (degreesOfFreedom.map { (1...1e12).contains($0) } ?? true)
      && (band.map {
        ($0.lowerBound == 0 || $0.lowerBound >= FrequencyBand.lowest) && $0.upperBound < 1e12
          && $0.lowerBound < $0.upperBound
      } ?? true)
    guard isSound else {
      throw .impossible(path)
    }
  }

  /// The first parameter of segments in which two spectra of one method differ, as a clause.
  private func differenceOfSegments(from reference: SpectrumFacts) -> String? {
    guard let method, let other = reference.method else { return nil }
    for parameter in MethodDescription.parameters {
      guard let own = parameter.text(method), let other = parameter.text(other), own != other
      else { continue }
      return "the \(parameter.name) of segments is \(own), that of the reference \(other)"
    }
    return nil
  }

  /// Number of samples if the bins depend on it; an average over segments is comparable whatever the recording's length.
  private var ownSamples: Int? { isSegmented ? nil : samples }

  /// Bits of a sample of linear PCM; nil for floating point and other codings, and if unknown.
  var bits: Int? {
    guard let encoding, encoding.contains("PCM") || !encoding.contains("float"),
      let match = encoding.firstMatch(of: /(\d+) bit/)
    else { return nil }
    return Int(match.1)
  }

  /// The first fact in which two spectra differ, as a clause; nil if all facts known for both
  /// agree.
  func difference(from reference: SpectrumFacts) -> String? {
    func differ<Value: Equatable>(
      _ name: String, _ own: Value?, _ other: Value?, _ text: (Value) -> String
    ) -> String? {
      guard let own, let other, own != other else { return nil }
      return "the \(name) is \(text(own)), that of the reference \(text(other))"
    }
    return differ("sampling rate", sampleRate, reference.sampleRate) { "\($0) Hz" }
      ?? differ("method", method?.withDefaults, reference.method?.withDefaults) { $0.inWords }
      ?? differenceOfSegments(from: reference)
      ?? differ("number of samples", ownSamples, reference.ownSamples) { "\($0)" }
      ?? differ(
        isSegmented ? "length of segments" : "transform length", transformLength,
        reference.transformLength
      ) { "\($0)" }
      ?? differ("window", window, reference.window) { $0 }
      ?? differ("channel", channel, reference.channel) { $0 }
      ?? differ("band", band, reference.band) {
        "\(numeral($0.lowerBound)):\(numeral($0.upperBound)) Hz"
      }
  }
}

extension SpectrumFacts {
  /// Independent bins per Hz of the difference of two spectra; nil if unknown.
  static func binsPerHertz(_ spectrum: SpectrumFacts, _ reference: SpectrumFacts) -> Double? {
    let (own, other) = (spectrum.binsPerHertz, reference.binsPerHertz)
    guard spectrum.isSegmented, reference.isSegmented, let own, let other else {
      return other ?? own
    }
    // The variances of the two add up.
    return 2 / (1 / own + 1 / other)
  }
}

extension Window {
  /// Bins over which powers are correlated under a long window; a window that is not known counts as rectangular.
  fileprivate static func correlatedBins(of name: String?) -> Double {
    let window = name.flatMap(Window.init) ?? .rectangular
    let points = 1024
    let squares = (0..<points).map {
      let weight = window.weight(at: Double($0) / Double(points))
      return weight * weight
    }
    let sum = squares.reduce(0, +)
    return Double(points) * squares.reduce(0) { $0 + $1 * $1 } / (sum * sum)
  }
}
