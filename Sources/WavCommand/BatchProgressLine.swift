// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import WavBatch
import WavExport

/// The progress of a batch on stderr: on a terminal one line that is redrawn, otherwise a line
/// every 10 seconds.
final class BatchProgressLine {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let isWanted: Bool
  private let delay: Double
  private var isVisible = false
  private var lastLine = 0.0

  private static let barWidth = 20
  private static let secondsBetweenLines = 10.0

  init(_ option: ProgressOption) {
    switch option {
    case .auto: (isWanted, delay) = (isTerminal, 0.5)
    case .always: (isWanted, delay) = (true, 0)
    case .never: (isWanted, delay) = (false, 0)
    }
  }

  deinit { clear() }

  /// Shows the progress.
  func show(_ progress: BatchProgress) {
    guard isWanted, progress.seconds >= delay else { return }
    if isTerminal {
      isVisible = true
      let line = bar(progress) + " " + facts(progress)
      // One column stays free: after the last column some terminals begin a new line.
      let width = max(20, Int(shim_terminal_width(STDERR_FILENO)) - 1)
      printToStandardError("\r\(line.prefix(width))\u{1b}[K")
    } else if progress.seconds - lastLine >= Self.secondsBetweenLines {
      lastLine = progress.seconds
      printToStandardError(facts(progress) + "\n")
    }
  }

  /// Removes the line from a terminal.
  func clear() {
    guard isVisible else { return }
    isVisible = false
    printToStandardError("\r\u{1b}[K")
  }

  private func bar(_ progress: BatchProgress) -> String {
    let done = Int(share(progress) * Double(Self.barWidth))
    return "[" + String(repeating: "#", count: done)
      + String(repeating: ".", count: Self.barWidth - done) + "]"
  }

  private func facts(_ progress: BatchProgress) -> String {
    let seconds = max(progress.seconds, 0.001)
    var facts = ["\(grouped(progress.finished))/\(grouped(progress.files)) files"]
    if progress.failed > 0 { facts.append("\(grouped(progress.failed)) failed") }
    if progress.finished > 0 {
      facts.append("\(significant(Double(progress.finished) / seconds, 3)) files/s")
      facts.append("\(significant(Double(progress.finishedBytes) / 1e6 / seconds, 3)) MB/s")
    }
    let share = share(progress)
    if share > 0.02 { facts.append("\(duration(seconds * (1 - share) / share)) left") }
    if let slowest = progress.slowest, slowest.seconds >= 0.5 {
      facts.append("\(printable(slowest.path)) for \(duration(slowest.seconds))")
    }
    return facts.joined(separator: ", ")
  }

  /// Share of the work done, by bytes.
  private func share(_ progress: BatchProgress) -> Double {
    progress.byteCount > 0 ? Double(progress.finishedBytes) / Double(progress.byteCount) : 0
  }

  /// A time for people: `12 s`, `3 min 20 s`, `2 h 5 min`.
  private func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    switch whole {
    case ..<100: return "\(whole) s"
    case ..<6000: return "\(whole / 60) min \(whole % 60) s"
    default: return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
  }
}
