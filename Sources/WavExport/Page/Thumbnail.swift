// SPDX-License-Identifier: GPL-2.0-or-later

import FoundationEssentials
import Glibc
import WavSpectrum

/// The curve of a spectrum in a hundred bytes, for the index page of many recordings.
///
/// The columns are equally wide on a logarithmic axis. Each has the level of its strongest bin, in half decibels.
public struct Thumbnail: Codable, Equatable, Sendable {
  /// The lower end of the axis in Hz.
  public let lowHz: Double
  /// The upper end of the axis in Hz.
  public let highHz: Double
  /// The level of each column: ``silence``, ``noBin``, or twice its distance in dB from -120.5 dBFS.
  public let levels: Data

  /// Number of columns of a new thumbnail.
  public static let columnCount = 96
  /// The code of silence, and of levels below -120 dBFS.
  public static let silence: UInt8 = 0
  /// The code of a column without bins.
  public static let noBin: UInt8 = 255
  /// The code of 0 dBFS.
  public static let fullScale: UInt8 = 241
  /// The axis has at most this ratio of frequencies: a full band begins near 0 Hz.
  private static let widest = 1e4

  /// The thumbnail with these levels.
  public init(lowHz: Double, highHz: Double, levels: Data) {
    self.lowHz = lowHz
    self.highHz = highHz
    self.levels = levels
  }

  /// The thumbnail of a spectrum; nil if no frequency of its axis is in the recording.
  public init?(_ spectrum: Spectrum) {
    let high = min(spectrum.range.upperBound, spectrum.grid.limit)
    let low = max(spectrum.range.lowerBound, high / Self.widest)
    guard low < high else { return nil }
    var levels = [UInt8](repeating: Self.noBin, count: Self.columnCount)
    for row in spectrum.rows where row.frequency >= low && row.frequency <= high {
      let place = log(row.frequency / low) / log(high / low)
      let index = min(Int(place * Double(Self.columnCount)), Self.columnCount - 1)
      let code = Self.code(row.level)
      if levels[index] == Self.noBin || levels[index] < code { levels[index] = code }
    }
    self.init(
      lowHz: Double(significant(low, 4)) ?? low, highHz: Double(significant(high, 4)) ?? high,
      levels: Data(levels))
  }

  /// The code of a level in dBFS; the highest one stands for all levels above, too.
  static func code(_ level: Double) -> UInt8 {
    guard level > -.infinity else { return silence }
    return UInt8(max(0, min(254, (2 * level).rounded() + Double(fullScale))))
  }

  /// The same with `count` columns, which divides their number: the strongest of neighbours.
  func levels(count: Int) -> [UInt8] {
    let width = max(1, levels.count / max(count, 1))
    let all = Array(levels)
    return (0..<count).map { column in
      let run = all[min(column * width, all.count)..<min((column + 1) * width, all.count)]
      return run.filter { $0 != Self.noBin }.max() ?? Self.noBin
    }
  }
}
