// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

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

  /// As the predicate of a sentence.
  public var predicate: Sentence {
    switch self {
    case .signal(let signal): "ended by \(nameOfSignal(signal))"
    case .exit(let status): "ended by exit status \(status)"
    case .stalled(let time): "made no progress for \(inSeconds(time)) (\(.stallTimeout))"
    case .overdue(let time): "took longer than \(inSeconds(time)) (\(.timeout))"
    }
  }
}

/// A time in words, without unnecessary decimals: `60 s`.
private func inSeconds(_ time: Double) -> String {
  time == time.rounded() ? "\(Int(time)) s" : "\(time) s"
}

/// A block in which too many workers died; without it the run has no result.
public struct GivenUpBlock: ExplainedError {
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
  /// Always ``ErrorKind/failed``.
  public var kind: ErrorKind { .failed }
  /// Where the workers died, and how the last did.
  public var sentence: Sentence {
    "\(attempts) workers \(end.predicate) in block \(block) of \(blockCount) of stage \"\(stage)\"; please "
      + "report this with the file"
  }
}

/// A problem of a run that was repaired.
public enum PoolWarning: CustomStringConvertible, Sendable {
  /// A worker made no progress for this many seconds, in a block of a stage or between two blocks
  /// (nil), and was replaced.
  case replaced(process: Int32, seconds: Double, place: (stage: String, block: Int)?)

  /// The problem as a sentence.
  public var description: String {
    switch self {
    case .replaced(let process, let time, let place):
      "worker \(process) made no progress for \(inSeconds(time)) "
        + (place.map { "in block \($0.block) of stage \"\($0.stage)\"" } ?? "between two blocks")
        + " and is replaced"
    }
  }
}
