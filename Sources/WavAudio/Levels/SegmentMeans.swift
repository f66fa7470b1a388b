// SPDX-License-Identifier: GPL-2.0-or-later

/// The means of segments of equal length, from which the standard error of the mean follows.
struct SegmentMeans {
  private let frames: Int
  private var current = SampleLevels()
  private var means: [Double] = []

  /// Segments of this many frames.
  init(frames: Int) { self.frames = frames }

  /// Appends samples that are a segment or a part of one.
  mutating func append(_ levels: SampleLevels) {
    current.merge(levels)
    guard current.count >= frames else { return }
    if current.count == frames { means.append(current.mean) }
    current = SampleLevels()
  }

  /// Standard error of the mean; nil for less than eight segments.
  var standardError: Double? {
    guard means.count >= 8 else { return nil }
    let count = Double(means.count)
    let mean = means.reduce(0, +) / count
    let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    return (variance / count).squareRoot()
  }
}
