// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavAudio
import WavSystem
import WavWorkers

/// A reason why there is no spectrum, as a sentence with the remedy.
public struct WavFFTError: Error, CustomStringConvertible, Sendable {
  /// The kind of failure.
  public enum Kind: Sendable {
    /// There is no such file, or it cannot be opened.
    case noInput
    /// The file is not usable audio.
    case unusableInput
    /// The request does not fit the recording.
    case request
    /// The system refused memory or another resource.
    case system
    /// An output could not be written.
    case output
    /// The work failed.
    case failed
  }

  /// The kind of failure.
  public let kind: Kind
  /// One sentence.
  public let description: String

  init(_ error: any Error) {
    description = "\(error)"
    kind =
      switch error {
      case let error as AudioError:
        switch error.kind {
        case .noInput: .noInput
        case .unusable: .unusableInput
        case .request: .request
        case .system: .system
        }
      case let error as WorkerFailure:
        switch error.kind {
        case .input: .unusableInput
        case .system: .system
        case .output, .occupied: .output
        case .worker: .failed
        }
      case is SystemError: .system
      case let error as AnalysisError where error.isRequest: .request
      case AnalysisError.overflow: .unusableInput
      case is UnknownFormat: .request
      default: .failed
      }
  }
}
