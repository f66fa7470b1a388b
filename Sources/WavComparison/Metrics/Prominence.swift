// SPDX-License-Identifier: GPL-2.0-or-later

/// How far levels stand out of what surrounds them: the median of the columns beside them.
///
/// Noise has columns of much the same height, for each is the strongest of many bins; a line stands alone.
struct Prominence {
  private let curve: SpectrumCurve
  /// Columns on either side; 64 of 2048 over three octaves of ten are two semitones each way.
  private static let reach = 32

  /// Looks at a curve from low to high frequencies.
  init(_ curve: SpectrumCurve) { self.curve = curve }

  /// How many dB a level at a frequency is above the median of what surrounds it.
  func prominence(of level: Double, at frequency: Double) -> Double {
    guard !curve.isEmpty else { return 0 }
    var (low, high) = (0, curve.count)
    while low < high {
      let middle = (low + high) / 2
      if curve[middle].frequency < frequency { low = middle + 1 } else { high = middle }
    }
    let around = (low - Self.reach...low + Self.reach)
      .filter { curve.indices.contains($0) && abs($0 - low) > 1 }
      .map { curve[$0].level }.sorted()
    guard !around.isEmpty else { return .infinity }
    let median = around[around.count / 2]
    // Of nothing everything stands out.
    return median == -.infinity ? (level > median ? .infinity : 0) : level - median
  }
}
