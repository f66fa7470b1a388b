// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavBatch
import WavComparison
import WavExport
import WavWorkers

/// An error as a sentence: what went wrong, with the values, and the way out by the options there are.
func sentence(_ error: any Error) -> String {
  switch error {
  case let error as AnalysisError:
    switch error {
    case .tookTooLong(let path, let seconds):
      "\(path) took longer than \(significant(seconds, 6)) s (--timeout); raise it, or leave the file "
        + "out with --exclude"
    }
  case let error as GivenUpBlock:
    "\(error.attempts) workers \(predicate(error.end)) in block \(error.block) of "
      + "\(error.blockCount) of stage \"\(error.stage)\"; please report this with the file"
  case let error as LostFile:
    "\(error.path) could not be analysed: "
      + (error.block.attempts == 1 ? "the worker" : "\(error.block.attempts) workers in a row")
      + " \(predicate(error.block.end))"
  case let error as ComparisonError: error.sentence.text(.options)
  default: "\(error)"
  }
}

/// What was put right, as a sentence.
func sentence(_ warning: PoolWarning) -> String {
  switch warning {
  case .replaced(let process, let time, let place):
    "worker \(process) made no progress for \(seconds(time)) "
      + (place.map { "in block \($0.block) of stage \"\($0.stage)\"" } ?? "between two blocks")
      + " and is replaced"
  }
}

/// How a worker died, as the predicate of a sentence.
private func predicate(_ end: WorkerEnd) -> String {
  switch end {
  case .signal(let signal): "ended by \(nameOfSignal(signal))"
  case .exit(let status): "ended by exit status \(status)"
  case .stalled(let time): "made no progress for \(seconds(time)) (--stall-timeout)"
  case .overdue(let time): "took longer than \(seconds(time)) (--timeout)"
  }
}

/// A time in words, without decimals where there are none: `60 s`.
private func seconds(_ time: Double) -> String {
  time == time.rounded() ? "\(Int(time)) s" : "\(time) s"
}
