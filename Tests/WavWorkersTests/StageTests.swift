// SPDX-License-Identifier: GPL-2.0-or-later

import Testing
import WavStages

@testable import WavWorkers

/// Stages performed in the calling process.
struct StageTests {
  private struct Refused: Error {}

  @Test func blocksAreDoneInOrderStageByStage() throws {
    var steps: [String] = []
    func stage(_ name: String, _ count: Int) -> Stage {
      Stage(
        name: name, blockCount: count, perform: { steps.append("\(name)\($0)") },
        commit: { steps.append("+\($0)") })
    }
    let seconds = try perform([stage("a", 2), stage("none", 0), stage("b", 1)])
    #expect(steps == ["a0", "+0", "a1", "+1", "b0", "+0"])
    #expect(seconds.count == 3)
    #expect(seconds.allSatisfy { $0 >= 0 })
  }

  @Test func nothingIsCommittedOfABlockThatFails() {
    var committed: [Int] = []
    let stage = Stage(
      name: "fails", blockCount: 3, perform: { if $0 == 1 { throw Refused() } },
      commit: { committed.append($0) })
    #expect(throws: Refused.self) { try perform([stage]) }
    #expect(committed == [0])
  }
}
