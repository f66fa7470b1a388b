// SPDX-License-Identifier: GPL-2.0-or-later

import WavWorkers

/// Records the seconds of each phase of a run.
final class PhaseClock {
  private(set) var timings: [Timing] = []
  private var last = monotonicSeconds()

  /// Ends a phase that began at the last mark.
  func mark(_ phase: String) {
    let now = monotonicSeconds()
    timings.append(Timing(phase: phase, seconds: now - last))
    last = now
  }

  /// Adds phases that were timed elsewhere and end now.
  func add(_ phases: [Timing]) {
    timings += phases
    last = monotonicSeconds()
  }
}
