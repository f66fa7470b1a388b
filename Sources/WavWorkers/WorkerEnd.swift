// SPDX-License-Identifier: GPL-2.0-or-later

/// How a worker came to its end before its block was done.
public enum WorkerEnd: Sendable, Equatable {
  /// A signal ended it.
  case signal(Int32)
  /// It ended by itself, with a status.
  case exit(status: Int32)
  /// It made no progress for so many seconds, and was killed.
  case stalled(seconds: Double)
  /// It was in work for longer than so many seconds, and was killed.
  case overdue(seconds: Double)

  /// What `waitpid` says of a process.
  init(status: Int32) {
    let signal = status & 0x7f
    self = signal == 0 ? .exit(status: (status >> 8) & 0xff) : .signal(signal)
  }
}

/// A block in which too many workers died; without it the run has no result.
public struct GivenUpBlock: Error, Sendable {
  /// Name of its stage.
  public let stage: String
  /// The block, counted in its stage.
  public let block: Int
  /// How many blocks the stage has.
  public let blockCount: Int
  /// How many workers died in it.
  public let attempts: Int
  /// How the last of them died.
  public let end: WorkerEnd
}

/// What went wrong in a run and was put right.
public enum PoolWarning: Sendable {
  /// A worker made no progress for so many seconds, in a block of a stage or between two blocks (nil), and
  /// is replaced.
  case replaced(process: Int32, seconds: Double, place: (stage: String, block: Int)?)
}
