// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum

/// Why a recording could not be analysed.
public enum AnalysisError: Error, CustomStringConvertible, Sendable {
  /// It took longer than ``AnalysisRequest/timeLimit``.
  case tookTooLong(path: String, seconds: Double)
  /// There are more parts than samples.
  case tooManyParts(Int, samples: Int, path: String)
  /// The requested transform length is less than the number of samples.
  case lengthTooShort(samples: Int)
  /// The band, in Hz, is above the highest frequency of the samples.
  case bandAboveLimit(low: Double, high: Double, BinGrid)
  /// The band, in Hz, is between two bins.
  case bandBetweenBins(low: Double, high: Double, BinGrid)
  /// The format cannot hold this many rows; `others` are the extensions of formats that can.
  case tooManyRows(Int, path: String, format: String, most: Int, others: [String])
  /// The window is zero at all samples.
  case emptyWindow(Window, samples: Int)
  /// Magnitudes exceed the range of the arithmetic.
  case overflow(path: String, Precision)

  /// The error as a sentence without remedies.
  public var description: String {
    switch self {
    case .tookTooLong(let path, let seconds):
      "\(path) took longer than \(significant(seconds, 6)) s"
    case .tooManyParts(let parts, let samples, let path):
      "\(parts) parts are more than the \(samples) samples of \(path)"
    case .lengthTooShort(let samples):
      "the length is shorter than the \(samples) samples to transform"
    case .bandAboveLimit(let low, let high, let grid):
      "there is nothing above \(significant(grid.limit, 7)) Hz, where the band from "
        + "\(significant(low, 7)) to \(significant(high, 7)) Hz lies"
    case .bandBetweenBins(let low, let high, let grid):
      "the band from \(significant(low, 7)) to \(significant(high, 7)) Hz lies between bins, which are "
        + "\(significant(grid.spacing, 7)) Hz apart"
    case .tooManyRows(let count, let path, let format, let most, _):
      "\(path) would have \(grouped(count)) rows, and \(format) takes at most \(grouped(most))"
    case .emptyWindow(let window, let samples):
      "the window \(window.rawValue) leaves nothing of \(samples) sample"
    case .overflow(let path, let precision):
      "\(path): the spectrum is too large for \(precision.rawValue) precision"
    }
  }

  /// Whether the request does not fit the recording.
  public var isRequest: Bool {
    switch self {
    case .tookTooLong, .overflow: false
    case .tooManyParts, .lengthTooShort, .bandAboveLimit, .bandBetweenBins, .tooManyRows,
      .emptyWindow:
      true
    }
  }
}
