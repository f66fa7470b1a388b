// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavAudio
import WavBatch
import WavComparison
import WavExport
import WavSystem
import WavWorkers

/// An error as a sentence: what is wrong, with values, and the remedy as an option.
func sentence(_ error: any Error) -> String {
  switch error {
  case let error as AnalysisError: sentence(error)
  case let error as ComparisonError:
    error.sentence.text(.options) + (error.cause.map { sentence($0) } ?? "")
  case let error as GivenUpBlock:
    "\(error.attempts) workers \(predicate(error.end)) in block \(error.block) of "
      + "\(error.blockCount) of stage \"\(error.stage)\"; please report this with the file"
  case let error as LostFile:
    "\(error.path) could not be analysed: "
      + (error.block.attempts == 1 ? "the worker" : "\(error.block.attempts) workers in a row")
      + " \(predicate(error.block.end))"
  case let error as SystemError: sentence(error.description, error.remedies)
  case let error as AudioError: sentence(error.description, error.remedies)
  case let error as WorkerFailure: sentence(error.description, error.remedies)
  default: "\(error)"
  }
}

/// A sentence with its remedies as options.
private func sentence(_ problem: String, _ remedies: Remedies) -> String {
  let words: [(Remedies, String)] = [
    (.smallerLength, "choose a smaller --length"),
    (.part, "analyse a part with --duration"),
    (.partsOrSinglePrecision, "use --parts or --precision single"),
    (.singlePrecision, "use --precision single"),
    (.salvage, "analyse what is there with --salvage"),
    (.partBeforeDamage, "analyse a part before that with --duration"),
    (.otherPart, "leave that place out with --start and --duration"),
    (.doublePrecision, "analyse with --precision double"),
    (.otherScratchFolder, "name one with --scratch-dir"),
    (.moreMemory, "allow more with --memory"),
  ]
  let ways = words.filter { remedies.contains($0.0) }.map(\.1)
  guard !ways.isEmpty else { return problem }
  return problem + (remedies.contains(.afterAnother) ? ", or " : "; ")
    + ways.joined(separator: ", or ")
}

private func sentence(_ error: AnalysisError) -> String {
  switch error {
  case .tookTooLong(let path, let seconds):
    "\(path) took longer than \(significant(seconds, 6)) s (--timeout); raise it, or leave the file "
      + "out with --exclude"
  case .tooManyParts(let parts, let samples, let path):
    "--parts \(parts) is more than the \(samples) samples of \(path); choose at most \(samples)"
  case .lengthTooShort(let samples):
    "--length is shorter than the \(samples) samples to transform; choose at least \(samples)"
  case .bandAboveLimit(let low, let high, let grid):
    "--band \(inHertz(low)):\(inHertz(high)) holds no bin: "
      + (grid.parts > 1
        ? "\(grid.parts) parts show" : "a sampling rate of \(grid.sampleRate) Hz shows")
      + " nothing above \(inHertz(grid.limit)) Hz"
  case .bandBetweenBins(let low, let high, let grid):
    "--band \(inHertz(low)):\(inHertz(high)) holds no bin: bins are \(inHertz(grid.spacing)) Hz "
      + "apart; widen the band"
  case .tooManyRows(let count, let path, let format, let most, let others):
    "--points all has \(grouped(count)) rows for \(path), and \(format.uppercased()) takes at most "
      + "\(grouped(most)); write \(alternatives(others)), or narrow the --band"
  case .emptyWindow(let window, let samples):
    "--window \(window.rawValue) leaves nothing of \(samples) sample; choose rectangular, or a "
      + "longer part"
  case .overflow(let path, let precision):
    "\(path): the spectrum is too large for \(precision.rawValue) precision; "
      + (precision == .single ? "analyse with --precision double" : "scale the samples down")
  }
}

private func inHertz(_ frequency: Double) -> String { significant(frequency, 7) }

/// A repaired problem as a sentence.
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

/// A time in words, without unnecessary decimals: `60 s`.
private func seconds(_ time: Double) -> String {
  time == time.rounded() ? "\(Int(time)) s" : "\(time) s"
}
