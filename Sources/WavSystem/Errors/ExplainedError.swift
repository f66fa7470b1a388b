// SPDX-License-Identifier: GPL-2.0-or-later

/// The kind of an error; decides the exit status.
public enum ErrorKind: Int32, Sendable {
  /// There is no such input, or it cannot be opened.
  case noInput = 1
  /// The input is not usable.
  case unusable
  /// Two inputs were made in different ways and cannot be compared.
  case incomparable
  /// The request makes no sense, or does not fit the input.
  case request
  /// The system refused memory or another resource.
  case system
  /// An output would replace another file, or its folder cannot be used.
  case cannotCreateOutput
  /// An output could not be written.
  case cannotWriteOutput
  /// The work failed: it took too long, or its processes died repeatedly.
  case failed
}

/// An error with a kind, and a sentence: what is wrong, with values, and the remedy.
public protocol ExplainedError: Error, CustomStringConvertible {
  /// The kind of the error.
  var kind: ErrorKind { get }
  /// What is wrong, and the remedy.
  var sentence: Sentence { get }
}

extension ExplainedError {
  /// The sentence, with settings in plain words.
  public var description: String { sentence.text(SettingNames()) }
}

extension Sentence {
  /// The sentence of an error.
  public init(_ error: any Error) {
    self = (error as? any ExplainedError)?.sentence ?? "\("\(error)")"
  }
}
