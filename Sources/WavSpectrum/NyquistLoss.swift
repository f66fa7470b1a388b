// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// What decimation into P parts removes from a recording.
///
/// Each part is sampled at fs / P, so by the sampling theorem it shows nothing above fs / (2P) (H.
/// Nyquist 1928, C. Shannon 1949). The energy above that limit is not just lost: it folds back
/// (aliases) into the range that is kept.
public struct NyquistLoss: Sendable, Equatable {
  /// The new limit fs / (2P) in Hz.
  public let limit: Double
  /// The limit of the whole recording, fs / 2, in Hz.
  public let originalLimit: Double
  /// Share of the band's width in Hz that lies above the limit, 0 to 1.
  public let lostShare: Double
  /// Number of octaves of the band that lie above the limit.
  public let lostOctaves: Double
  /// Number of octaves of the whole band; nil for a band that begins at 0 Hz, which has infinitely
  /// many.
  public let bandOctaves: Double?
  /// Estimated share of the signal's energy above the limit, 0 to 1; nil for silence.
  public let energyShareAbove: Double?
  /// How ``energyShareAbove`` was found.
  public let energyMethod: EnergyMethod
  /// Where below the limit more than half of the power is estimated to have folded back, in Hz, from low to high.
  public let foldedRanges: [ClosedRange<Double>]

  /// Ways to find the share of energy above the limit.
  public enum EnergyMethod: String, Sendable {
    /// One periodogram of all samples: the share is exact.
    case wholeRecording = "periodogram of the whole recording"
    /// Periodograms of segments, averaged: an estimate.
    case segments = "averaged periodograms"
  }

  /// The loss within `band`.
  ///
  /// Only frequencies up to fs / 2 count; for the full band, all of them.
  public init(
    grid: BinGrid, band: FrequencyBand, energyShareAbove: Double?,
    energyMethod: EnergyMethod = .segments, foldedRanges: [ClosedRange<Double>] = []
  ) {
    self.energyMethod = energyMethod
    self.foldedRanges = Self.joined(foldedRanges, tolerance: 1e-9 * grid.limit)
    limit = grid.limit
    originalLimit = grid.recordingLimit
    self.energyShareAbove = energyShareAbove
    let low: Double
    let high: Double
    switch band {
    case .full: (low, high) = (0, originalLimit)
    case .between(let bottom, let top): (low, high) = (bottom, min(top, originalLimit))
    }
    let cut = min(max(limit, low), high)
    lostShare = high > low ? (high - cut) / (high - low) : 0
    lostOctaves = high > low ? log2(high / cut) : 0
    bandOctaves = low == 0 ? nil : high > low ? log2(high / low) : 0
  }

  /// Ranges in ascending order, those that overlap or touch as one.
  private static func joined(
    _ ranges: [ClosedRange<Double>], tolerance: Double
  ) -> [ClosedRange<Double>] {
    ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { joined, range in
      if let last = joined.last, range.lowerBound <= last.upperBound + tolerance {
        joined[joined.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
  }
}
