// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
import WavSystem

/// A reason why a run cannot continue, in a form that a worker can pass to the coordinator.
public struct RunFailure: ExplainedError {
  /// The kind of failure.
  public let kind: ErrorKind
  /// One sentence.
  public let sentence: Sentence
  /// Why the kernel refused a system call; nil if none was refused.
  public let errno: Errno?

  /// Describes a failure in one sentence.
  public init(_ kind: ErrorKind, _ sentence: Sentence, errno: Errno? = nil) {
    self.kind = kind
    self.sentence = sentence
    self.errno = errno
  }

  /// Another error as a failure; of the same kind if none is given.
  public init(_ error: any Error, as kind: ErrorKind? = nil) {
    let own = (error as? any ExplainedError)?.kind
    let errno = (error as? SystemError)?.errno ?? (error as? RunFailure)?.errno
    self.init(kind ?? own ?? .system, Sentence(error), errno: errno)
  }
}

/// Runs system calls, and reports their failure as a failure of a kind.
public func failing<Result: ~Copyable>(
  as kind: ErrorKind, _ calls: () throws(SystemError) -> Result
) throws(RunFailure) -> Result {
  do throws(SystemError) {
    return try calls()
  } catch {
    throw RunFailure(error, as: kind)
  }
}

/// A signal ended the run; the code that catches this cleans up and ends by the same signal.
public struct Interruption: Error, Sendable {
  /// The signal: `SIGINT`, `SIGTERM` or `SIGHUP`.
  public let signal: Int32

  /// Describes an interruption.
  public init(signal: Int32) { self.signal = signal }
}
