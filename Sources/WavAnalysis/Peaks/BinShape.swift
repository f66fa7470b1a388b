// SPDX-License-Identifier: GPL-2.0-or-later

import WavTransforms

/// What a bin and its two neighbours tell of the maximum between them, without a look at the transform
/// between the bins.
struct BinShape {
  /// Whether neither neighbour is stronger.
  let isMaximum: Bool
  /// How much stronger the maximum may be than the bin.
  let gain: Double
  /// Whether the three could be of a steady sine.
  let isLikeSine: Bool

  /// Compares a bin, which has a magnitude, with its neighbours.
  init(_ engine: any TransformEngine, _ bin: Int, _ magnitude: Double, _ kernel: WindowKernel) {
    let (below, above) = (engine.magnitude(of: bin - 1), engine.magnitude(of: bin + 1))
    isMaximum = max(below, above) <= magnitude
    // The ratio of the greater neighbour to the strongest bin rises with the distance of a sine from the
    // bin, 0 to a half; that of no distance is met by several of them where windows are flat.
    let ratio = max(below, above) / magnitude
    var (low, high) = (0.0, 0.5)
    for _ in 0..<12 {
      let middle = (low + high) / 2
      if kernel.response(1 - middle) / kernel.response(middle) < ratio {
        low = middle
      } else {
        high = middle
      }
    }
    let top = kernel.response(high)
    // What is no sine may be a little stronger still: of 900 maxima of music one by a factor of 1.12.
    gain = 1.1 * kernel.response(0) / top
    let other = abs(kernel.response(1 + high)) / top
    isLikeSine = abs(min(below, above) / magnitude - other) <= 0.3
  }
}
