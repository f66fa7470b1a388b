// SPDX-License-Identifier: GPL-2.0-or-later

import Testing
import WavAnalysis
import WavSystem
import WavWorkers

@testable import WavBatch

private let someOptions = OptionsInWords(text: "wavfft 1.0", hash: "0123456789abcdef")

private func input(_ path: String, bytes: Int = 0) -> BatchInput {
  BatchInput(path: path, name: path, byteCount: bytes, problem: nil)
}

private func done(_ path: String, channel: String = "mix") -> FileRecord {
  var record = FileRecord(path: path, status: .ok, options: someOptions)
  record.channel = channel
  record.seconds = 1.5
  return record
}

private func failed(_ path: String) -> FileRecord {
  FileRecord(path: path, status: .error, error: "\(path) is damaged", options: someOptions)
}

/// The files that a run has to do, and those that are done.
struct BatchPlanTests {
  private func request(_ change: (inout BatchRequest) -> Void = { _ in }) -> BatchRequest {
    var request = BatchRequest(
      inputs: ["a.wav", "b.wav", "c.flac", "d.wav"].map { input($0) }, outputFolder: "out",
      analysis: AnalysisRequest(path: "", method: .exact, workers: 1))
    change(&request)
    return request
  }

  @Test func finishedFilesAreNotJobs() {
    let plan = BatchPlan(request()) { $0.input.path == "b.wav" ? [done("b.wav")] : nil }
    #expect(plan.jobs.map(\.input.path) == ["a.wav", "c.flac", "d.wav"])
    #expect(plan.jobs.map(\.stem) == ["a", "c", "d"])
    #expect(plan.earlier == [done("b.wav")])
    #expect(plan.earlierCount == 1)
  }

  /// Without --resume no file counts as done, whatever is in the folder.
  @Test func nothingIsDoneUnlessTheBatchGoesOn() {
    let plan = BatchPlan(request(), [])
    #expect(plan.jobs.count == 4 && plan.earlierCount == 0)
  }

  @Test func aShardHasItsPart() {
    let plan = BatchPlan(request { $0.shard = Shard(2, of: 2) }) { _ in nil }
    #expect(plan.jobs.map(\.input.path) == ["b.wav", "d.wav"])
  }

  @Test func secondsOfEarlierRunsGoIfTheyAreNotWanted() {
    let all = BatchPlan(request { $0.recordsSeconds = false }) { [done($0.input.path)] }
    #expect(all.earlier.allSatisfy { $0.seconds == nil })
    #expect(all.jobs.isEmpty && all.earlierCount == 4)
  }
}

/// The files that a run has finished so far.
struct BatchTallyTests {
  private let jobs = ["a", "b", "c", "d"].enumerated().map {
    BatchJob(input: input($1, bytes: $0 + 1), stem: $1)
  }

  /// Errors are in the order of jobs, and each is reported once.
  @Test func errorsComeInTheOrderOfJobs() {
    var tally = BatchTally(jobs)
    tally.add([failed("c")])
    #expect(tally.newErrors().isEmpty)
    tally.add([done("a"), failed("b")])
    #expect(tally.newErrors() == ["b is damaged", "c is damaged"])
    #expect(tally.newErrors().isEmpty)
    #expect(tally.newErrors(isLast: true).isEmpty)
  }

  /// A batch that was stopped reports all errors so far.
  @Test func aStoppedBatchReportsAllErrors() {
    var tally = BatchTally(jobs)
    tally.add([failed("d"), failed("b")])
    #expect(tally.newErrors(isLast: true) == ["b is damaged", "d is damaged"])
    #expect(!tally.isComplete)
  }

  /// A worker that dies after writing its records leaves the file to another worker.
  @Test func aFileCountsOnce() {
    var tally = BatchTally(jobs)
    tally.add([failed("b")])
    tally.add([done("b"), done("d")])
    #expect(tally.failedCount == 1)
    #expect(tally.finishedBytes == 6)
    tally.add([done("a"), done("c")])
    #expect(tally.isComplete)
    let progress = tally.progress(seconds: 2, slowest: nil)
    #expect(progress.files == 4 && progress.finished == 4 && progress.failed == 1)
    #expect(progress.byteCount == 10 && progress.finishedBytes == 10)
  }

  @Test func recordsAreSortedByPathAndChannel() {
    var tally = BatchTally(jobs)
    tally.add([done("d", channel: "2"), done("d", channel: "1"), done("a")])
    let records = tally.records(with: [done("c"), done("b", channel: "1"), done("b", channel: "2")])
    #expect(records.map(\.path) == ["a", "b", "b", "c", "d", "d"])
    #expect(records.compactMap(\.channel) == ["mix", "1", "2", "mix", "1", "2"])
  }
}

/// The marks of workers, and errors that are not the fault of a file.
struct BatchFailureTests {
  @Test func marksStay() throws {
    let marks = try SharedMarks(jobCount: 5)
    #expect(marks.postponed.isEmpty && !marks.hasFailure)
    marks.postpone(4)
    marks.postpone(1)
    marks.postpone(4)
    #expect(marks.postponed == [1, 4] && !marks.hasFailure)
    marks.noteFailure()
    #expect(marks.postponed == [1, 4] && marks.hasFailure)
  }

  @Test func aBatchWithoutJobsHasMarks() throws {
    let marks = try SharedMarks(jobCount: 0)
    #expect(marks.postponed.isEmpty && !marks.hasFailure)
  }

  @Test func aFullFolderEndsTheBatch() {
    let full = RunFailure(SystemError(.noSpace, purpose: "write a"), as: .cannotWriteOutput)
    let taken = RunFailure(.cannotCreateOutput, "a is in the way")
    for failure in [full, taken] {
      #expect(throws: RunFailure.self) { try requireRoom(after: failure) }
    }
    let denied = RunFailure(
      SystemError(.permissionDenied, purpose: "write a"), as: .cannotWriteOutput)
    let damaged = RunFailure(SystemError(.noSpace, purpose: "read a"), as: .unusable)
    for failure in [denied, damaged] {
      #expect(throws: Never.self) { try requireRoom(after: failure) }
    }
  }
}
