// SPDX-License-Identifier: GPL-2.0-or-later

/// How far levels are above their surroundings, the median of the neighbouring columns.
///
/// Columns of noise have similar levels, because each is the strongest of many bins; a line stands
/// out.
struct Prominence {
  private let curve: SpectrumCurve
  /// Number of columns on either side; with 2048 columns for three octaves of ten, 64 are two
  /// semitones each way.
  private static let reach = 32

  /// Takes a curve from low to high frequencies.
  init(_ curve: SpectrumCurve) { self.curve = curve }

  /// How many dB a level at a frequency is above the median of its surroundings.
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
    // Above silence everything stands out.
    return median == -.infinity ? (level > median ? .infinity : 0) : level - median
  }
}
