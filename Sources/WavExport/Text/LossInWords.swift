// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

extension NyquistLoss {
  /// The lost octaves: `2.86 of 9.97 octaves`, or `the upper 3 octaves` of a band that begins at 0
  /// Hz, which has infinitely many.
  public var octavesInWords: String {
    let lost = significant(lostOctaves, 3)
    guard let bandOctaves else { return "the upper \(lost) octaves" }
    return "\(lost) of \(significant(bandOctaves, 3)) octaves"
  }

  /// The lost part of the band: `86.3 % of it is gone, 2.86 of 9.97 octaves`.
  public var bandInWords: String {
    lostShare > 0
      ? "\(percent(lostShare)) of it is gone, \(octavesInWords)" : "nothing of it is gone"
  }
}
