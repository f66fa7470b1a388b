// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavStages
import WavSystem
import WavTransforms

extension Stage {
  /// The same work, with a sentence that names the sample if the samples have no finite transform.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - firstFrame: Index in the file of the signal's first frame.
  /// - Returns: The stage.
  func namingSamples(of path: String, from firstFrame: Int) -> Stage {
    rethrowing { error in
      switch error as? UnusableSamples {
      case nil: return error
      case .notFinite(let index, let value)?:
        return AudioError(
          .unusable,
          "\(path): frame \(firstFrame + index) is \(value), not a finite number; mend the file, or leave that "
            + "place out with \(.start) and \(.duration)")
      case .tooLarge(let precision)?:
        return AudioError(
          .unusable,
          "\(path): the samples are too large for \(precision.rawValue) precision; "
            + (precision == .single
              ? "analyse with \(.doublePrecision)" : "scale them down"))
      }
    }
  }
}
