// SPDX-License-Identifier: GPL-2.0-or-later

import WavStages
import WavSystem
import WavTransforms
import WavWorkers

extension Stage {
  /// The same work; samples without a finite transform are named in a sentence.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - firstFrame: Frame of the file that is the first of the signal.
  /// - Returns: The stage.
  func namingSamples(of path: String, from firstFrame: Int) -> Stage {
    rethrowing { error in
      switch error as? UnusableSamples {
      case nil: return error
      case .notFinite(let index, let value)?:
        return WorkerFailure(
          kind: .input,
          "\(path): frame \(firstFrame + index) is \(value), not a finite number; mend the file",
          remedies: [.otherPart, .afterAnother])
      case .tooLarge(let precision)?:
        return precision == .single
          ? WorkerFailure(
            kind: .input, "\(path): the samples are too large for single precision",
            remedies: .doublePrecision)
          : WorkerFailure(
            kind: .input,
            "\(path): the samples are too large for double precision; scale them down")
      }
    }
  }
}
