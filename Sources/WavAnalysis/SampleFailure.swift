// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavStages
import WavSystem
import WavTransforms
import WavWorkers

extension Stage {
  /// The same work, with a sentence that names the sample if the samples have no finite transform, or the
  /// file if it cannot be read.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - firstFrame: Index in the file of the signal's first frame.
  /// - Returns: The stage.
  func namingSamples(of path: String, from firstFrame: Int) -> Stage {
    rethrowing { error in
      if let error = error as? AudioError { return WorkerFailure(error) }
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

extension WorkerFailure {
  /// A reason why the input cannot be read, in a form that a worker can pass to the coordinator.
  init(_ error: AudioError) {
    self.init(
      kind: error.kind == .system ? .system : .input, error.description, remedies: error.remedies)
  }
}
