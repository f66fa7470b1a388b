// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
import WavSystem

/// A reason why work cannot be done, in a form that crosses from a worker to the coordinator.
public struct WorkerFailure: Error, CustomStringConvertible, Sendable {
  /// Whose fault it is; decides the exit status.
  public enum Kind: Int32, Sendable {
    /// The input is not usable audio.
    case input = 1
    /// The system refused memory or another resource.
    case system
    /// An output could not be written.
    case output
    /// A worker died, again and again.
    case worker
    /// An output would replace a file that the program did not write.
    case occupied
  }

  /// Whose fault it is.
  public let kind: Kind
  /// One sentence.
  public let description: String
  /// Why the kernel refused a system call; nil if it was none.
  public let errno: Errno?
  /// What can be done, if the program offers it.
  public let remedies: Remedies

  /// Describes a failure in one sentence.
  public init(kind: Kind, _ description: String, errno: Errno? = nil, remedies: Remedies = []) {
    self.kind = kind
    self.description = description
    self.errno = errno
    self.remedies = remedies
  }

  /// What the system refused, as somebody's fault.
  public init(kind: Kind, _ error: SystemError) {
    self.init(kind: kind, error.description, errno: error.errno, remedies: error.remedies)
  }
}

/// The run was ended by a signal; whoever catches this cleans up and dies by the same signal.
public struct Interruption: Error, Sendable {
  /// The signal: `SIGINT`, `SIGTERM` or `SIGHUP`.
  public let signal: Int32

  /// Describes an interruption.
  public init(signal: Int32) { self.signal = signal }
}
