// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum
import WavSystem

/// Why a recording could not be analysed.
public enum AnalysisError: ExplainedError {
  /// It took longer than ``AnalysisRequest/timeLimit``.
  case tookTooLong(path: String, seconds: Double)
  /// There are more parts than samples.
  case tooManyParts(Int, samples: Int, path: String)
  /// The requested transform length is less than the number of samples.
  case lengthTooShort(LengthRule, samples: Int)
  /// A segment is longer than the recording.
  case segmentTooLong(Int, SegmentRule, samples: Int, path: String)
  /// A segment has fewer than two samples.
  case segmentTooShort(SegmentRule, sampleRate: Int)
  /// The band, in Hz, is above the highest frequency of the samples.
  case bandAboveLimit(low: Double, high: Double, BinGrid)
  /// The band, in Hz, is between two bins.
  case bandBetweenBins(low: Double, high: Double, BinGrid)
  /// No band of a scheme is in the band.
  case noProportionalBand(BandScheme, FrequencyBand, BinGrid)
  /// A format does not take a kind of result; `others` are the extensions of formats that do.
  case untakenResult(path: String, format: String, result: String, others: [String])
  /// A format or a pipe cannot hold every bin of every segment.
  case everySegment(path: String, format: String)
  /// A spectrogram has more cells than memory should hold.
  case tooManyCells(columns: Int, rows: Int)
  /// The format cannot hold this many rows; `others` are the extensions of formats that can.
  case tooManyRows(Int, path: String, format: String, most: Int, others: [String])
  /// A page without data takes more than its size allows.
  case pageTooSmall(path: String, size: Int, least: Int)
  /// A page of every bin has more bytes than a browser opens.
  case pageTooLarge(path: String, byteCount: Int)
  /// The window is zero at all samples.
  case emptyWindow(Window, samples: Int)
  /// Magnitudes exceed the range of the arithmetic.
  case overflow(path: String, Precision)

  /// The kind of failure.
  public var kind: ErrorKind {
    switch self {
    case .tookTooLong: .failed
    case .overflow: .unusable
    case .tooManyParts, .lengthTooShort, .segmentTooLong, .segmentTooShort, .bandAboveLimit,
      .bandBetweenBins,
      .noProportionalBand, .everySegment, .untakenResult,
      .tooManyRows, .tooManyCells, .pageTooSmall, .pageTooLarge,
      .emptyWindow:
      .request
    }
  }

  /// What is wrong, with the values, and the way out.
  public var sentence: Sentence {
    switch self {
    case .tookTooLong(let path, let seconds):
      "\(path) took longer than \(significant(seconds, 6)) s (\(.timeout)); raise it, or leave the file out with "
        + "\(.exclusion)"
    case .tooManyParts(let parts, let samples, let path):
      "\(.parts) \(parts) is more than the \(samples) samples of \(path); choose at most \(samples)"
    case .lengthTooShort(let length, let samples):
      "\(.length) \(length) is shorter than the \(samples) samples to transform; choose at least \(samples)"
    case .segmentTooLong(let length, let rule, let samples, let path):
      rule == .samples(length)
        ? "\(.segment) of \(grouped(length)) samples is longer than the \(grouped(samples)) samples of \(path); "
          + "choose at most \(grouped(samples)), or none"
        : "\(rule.setting) \(rule.typed) makes segments of \(grouped(length)) samples, and that is longer than the "
          + "\(grouped(samples)) samples of \(path); choose shorter segments, or none"
    case .segmentTooShort(let rule, let rate):
      "\(rule.setting) \(rule.typed) is less than two samples at \(rate) Hz; choose longer segments"
    case .bandAboveLimit(let low, let high, let grid):
      "\(.band) \(inHertz(low)):\(inHertz(high)) holds no bin: "
        + (grid.parts > 1
          ? "\(grid.parts) parts show" : "a sampling rate of \(grid.sampleRate) Hz shows")
        + " nothing above \(inHertz(grid.limit)) Hz"
    case .bandBetweenBins(let low, let high, let grid):
      "\(.band) \(inHertz(low)):\(inHertz(high)) holds no bin: bins are \(inHertz(grid.spacing)) Hz apart; "
        + "widen the band"
    case .noProportionalBand(let scheme, let band, let grid):
      "\(.band) \(band.typed) has the midband frequency of no \(scheme) band below \(inHertz(grid.limit)) Hz; widen it"
    case .untakenResult(let path, let format, let result, let others):
      "\(path): \(format.uppercased()) cannot show \(result); write \(alternatives(others))"
    case .everySegment(let path, let format):
      "\(.everyBin) of a spectrogram is an array of every segment, which \(format.uppercased()) in \(path) cannot hold; "
        + "write a file .npy, or leave it out for a reduced table"
    case .tooManyCells(let columns, let rows):
      "\(grouped(columns)) columns with \(grouped(rows)) rows are too many cells; choose \(.columns) and \(.points) "
        + "whose product is at most \(grouped(SpectrogramChoice.mostCells)), or \(.everyBin)"
    case .tooManyRows(let count, let path, let format, let most, let others):
      "\(.everyBin) has \(grouped(count)) rows for \(path), and \(format.uppercased()) takes at most "
        + "\(grouped(most)); write \(alternatives(others)), or narrow the \(.band)"
    case .pageTooSmall(let path, let size, let least):
      "\(.pageSize) \(grouped(size)) is too small for the page of \(path); choose at least \(grouped(least)) bytes"
    case .pageTooLarge(let path, let bytes):
      "the page of every bin of \(path) would have \(readableBytes(bytes)), and browsers open at most "
        + "\(readableBytes(PageSize.most)); choose a \(.pageSize) in bytes, or narrow the \(.band)"
    case .emptyWindow(let window, let samples):
      "\(.window) \(window.rawValue) leaves nothing of \(samples) sample; choose rectangular, or a longer part"
    case .overflow(let path, let precision):
      "\(path): the spectrum is too large for \(precision.rawValue) precision; "
        + (precision == .single ? "analyse with \(.doublePrecision)" : "scale the samples down")
    }
  }
}

private func inHertz(_ frequency: Double) -> String { significant(frequency, 7) }

extension SegmentRule {
  /// What the rule was chosen by.
  fileprivate var setting: Sentence {
    if case .resolution = self { return "\(.resolution)" }
    return "\(.segment)"
  }
}
