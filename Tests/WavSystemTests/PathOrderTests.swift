// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavSystem

/// Paths are ordered by their bytes, in any locale.
@Suite struct PathOrderTests {
  @Test func capitalsAndDigitsComeBeforeSmallLetters() {
    let paths = ["b", "a", "Z", "a b", "é", "10", "9", "a/b", "B"]
    let sorted = paths.sorted(by: precedes)
    #expect(sorted == ["10", "9", "B", "Z", "a", "a b", "a/b", "b", "é"])
  }
}
