// SPDX-License-Identifier: GPL-2.0-or-later

/// How a worker ended before its block was done.
public enum WorkerEnd: Sendable, Equatable {
  /// A signal ended it.
  case signal(Int32)
  /// It exited, with a status.
  case exit(status: Int32)
  /// It made no progress for this many seconds, and was killed.
  case stalled(seconds: Double)
  /// It held its block for longer than this many seconds, and was killed.
  case overdue(seconds: Double)

  /// Reads a status from `waitpid`.
  init(status: Int32) {
    let signal = status & 0x7f
    self = signal == 0 ? .exit(status: (status >> 8) & 0xff) : .signal(signal)
  }
}

/// A block in which too many workers died; without it the run has no result.
public struct GivenUpBlock: Error, Sendable {
  /// Name of its stage.
  public let stage: String
  /// The block, counted within its stage.
  public let block: Int
  /// Number of blocks of the stage.
  public let blockCount: Int
  /// Number of workers that died in the block.
  public let attempts: Int
  /// How the last of them ended.
  public let end: WorkerEnd
}

/// A problem of a run that was repaired.
public enum PoolWarning: Sendable {
  /// A worker made no progress for this many seconds, in a block of a stage or between two blocks
  /// (nil), and was replaced.
  case replaced(process: Int32, seconds: Double, place: (stage: String, block: Int)?)
}
