// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

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
      switch (error as? any ExplainedError)?.kind {
      case .noInput: .noInput
      case .unusable: .unusableInput
      case .request, .incomparable: .request
      case .system: .system
      case .cannotCreateOutput, .cannotWriteOutput: .output
      case .failed, nil: .failed
      }
  }
}
