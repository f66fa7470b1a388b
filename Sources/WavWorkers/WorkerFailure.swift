// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
import WavSystem

/// A reason why work cannot be done, in a form that a worker can pass to the coordinator.
public struct WorkerFailure: Error, CustomStringConvertible, Sendable {
  /// The kind of failure; decides the exit status.
  public enum Kind: Int32, Sendable {
    /// The input is not usable audio.
    case input = 1
    /// The system refused memory or another resource.
    case system
    /// An output could not be written.
    case output
    /// Workers died repeatedly.
    case worker
    /// An output would replace a file that the program did not write.
    case occupied
  }

  /// The kind of failure.
  public let kind: Kind
  /// One sentence.
  public let description: String
  /// Why the kernel refused a system call; nil if none was refused.
  public let errno: Errno?
  /// What can be done about it, for the program to put into words.
  public let remedies: Remedies

  /// Describes a failure in one sentence.
  public init(kind: Kind, _ description: String, errno: Errno? = nil, remedies: Remedies = []) {
    self.kind = kind
    self.description = description
    self.errno = errno
    self.remedies = remedies
  }

  /// A system call that failed, as a failure of this kind.
  public init(kind: Kind, _ error: SystemError) {
    self.init(kind: kind, error.description, errno: error.errno, remedies: error.remedies)
  }
}

/// A signal ended the run; the code that catches this cleans up and ends by the same signal.
public struct Interruption: Error, Sendable {
  /// The signal: `SIGINT`, `SIGTERM` or `SIGHUP`.
  public let signal: Int32

  /// Describes an interruption.
  public init(signal: Int32) { self.signal = signal }
}
