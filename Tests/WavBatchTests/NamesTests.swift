// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavBatch

/// Names of outputs, and the parts that shards take.
struct NamesTests {
  private func stems(_ names: String..., hasIndex: Bool = false) -> [String] {
    OutputNames(
      names.map { BatchInput(path: $0, name: $0, byteCount: 1, problem: nil) }, hasIndex: hasIndex
    ).stems
  }

  @Test func outputsMirrorTheirInputs() {
    #expect(stems("a/x.wav", "b/c.d/y.flac", "plain") == ["a/x", "b/c.d/y", "plain"])
  }

  @Test func equalNamesAreMadeDifferent() {
    #expect(stems("a.flac", "a.wav", "b.wav") == ["a.flac", "a.wav", "b"])
    // The whole name of one input is the name of another.
    let three = stems("a.flac", "a.wav", "a.wav.wav")
    #expect(Set(three).count == 3)
  }

  @Test func marksAreAddedUntilNamesDiffer() {
    let found = stems("x.flac", "x.wav", "x.wav.wav", "x.wav~.wav")
    #expect(Set(found).count == 4)
  }

  @Test func aFolderMayHaveTheNameOfAnOutput() {
    #expect(stems("a.csv/b.wav", "a.wav") == ["a.csv/b", "a.wav"])
  }

  /// Swift takes these strings as equal; a file system does not.
  @Test func namesAreBytes() {
    let found = stems("caf\u{e9}.wav", "cafe\u{301}.wav")
    #expect(found.map { Array($0.utf8).count } == [5, 6])
    // A combining mark is not part of the slash before it.
    #expect(stems("a/\u{301}x.wav", "a/\u{301}y.wav").map { Array($0.utf8).count } == [5, 5])
  }

  @Test func outputsDoNotReplaceTheSummary() {
    #expect(stems("summary.wav", "x/summary.wav") == ["summary.wav", "x/summary"])
    #expect(
      stems("summary.1-of-4.wav", "summary.old.wav") == ["summary.1-of-4.wav", "summary.old"])
  }

  @Test func outputsDoNotReplaceTheIndex() {
    #expect(
      stems("index.wav", "x/index.wav", "index.2-of-3.wav", "index.old.wav", hasIndex: true)
        == ["index.wav", "x/index", "index.2-of-3.wav", "index.old"])
    #expect(stems("index.wav", "index.2-of-3.wav") == ["index", "index.2-of-3"])
    #expect(stems("summary.wav", hasIndex: true) == ["summary.wav"])
  }

  @Test func channelsDoNotMeetOtherFiles() {
    // The first channel of a.wav is a.1.
    #expect(stems("a.1.wav", "a.wav") == ["a.1.wav", "a"])
  }

  @Test func aDotAtTheBeginningIsNoExtension() {
    #expect(stems("a/.wav", "b/.x.wav") == ["a/.wav", "b/.x"])
  }

  @Test(arguments: [1, 2, 3, 7]) func shardsTakeEachFileOnce(count: Int) throws {
    let shards = try (1...count).map { try #require(Shard($0, of: count)) }
    for index in 0..<20 { #expect(shards.count { $0.has(index) } == 1) }
  }

  @Test func aShardTakesEveryNthFileFromItsNumberOn() throws {
    let shard = try #require(Shard(2, of: 4))
    #expect((0..<12).filter(shard.has) == [1, 5, 9])
    #expect(try (0..<4).filter(#require(Shard(4, of: 4)).has) == [3])
  }

  @Test func shardsAreCountedFromOne() {
    #expect(Shard(0, of: 4) == nil)
    #expect(Shard(5, of: 4) == nil)
    #expect(Shard(1, of: 0) == nil)
  }

  /// First and last index and step of an array, and the position of one of its tasks.
  @Test(arguments: [(0, 3, 1, 2, 3), (1, 4, 1, 4, 4), (10, 30, 10, 20, 2), (7, 7, 1, 7, 1)])
  func slurmTasksAreShards(first: Int, last: Int, step: Int, task: Int, number: Int) throws {
    let count = (last - first) / step + 1
    let shard = Shard(slurmEnvironment: [
      "SLURM_ARRAY_TASK_ID": "\(task)", "SLURM_ARRAY_TASK_COUNT": "\(count)",
      "SLURM_ARRAY_TASK_MIN": "\(first)", "SLURM_ARRAY_TASK_MAX": "\(last)",
    ])
    #expect(try #require(shard) == Shard(number, of: count))
  }

  @Test func irregularArraysAreNoShards() {
    // --array=1,3,7: the second task cannot know that it is the second.
    let shard = Shard(slurmEnvironment: [
      "SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "1",
      "SLURM_ARRAY_TASK_MAX": "7",
    ])
    #expect(shard == nil)
    #expect(Shard(slurmEnvironment: [:]) == nil)
  }
}
