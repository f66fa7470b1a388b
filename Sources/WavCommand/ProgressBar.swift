// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport
import WavWorkers

/// A progress bar on stderr, for work that takes long.
final class ProgressBar {
  private let isWanted: Bool
  private let start = monotonicSeconds()
  private let delay: Double
  private var isVisible = false

  private static let width = 40

  init(_ option: ProgressOption) {
    switch option {
    case .auto: (isWanted, delay) = (isatty(STDERR_FILENO) == 1, 0.5)
    case .always: (isWanted, delay) = (true, 0)
    case .never: (isWanted, delay) = (false, 0)
    }
  }

  deinit { clear() }

  /// Draws the bar; `share` is the share of the work done, 0 to 1.
  func show(_ share: Double) {
    let elapsed = monotonicSeconds() - start
    guard isWanted, elapsed >= delay else { return }
    isVisible = true
    let done = Int((share * Double(Self.width)).rounded(.down))
    let bar = String(repeating: "#", count: done) + String(repeating: ".", count: Self.width - done)
    let left = share > 0.02 ? ", \(fixed(elapsed * (1 - share) / share, 0)) s left" : ""
    printToStandardError("\r[\(bar)] \(fixed(100 * share, 0)) %\(left)\u{1b}[K")
  }

  /// Removes the bar.
  func clear() {
    guard isVisible else { return }
    isVisible = false
    printToStandardError("\r\u{1b}[K")
  }
}
