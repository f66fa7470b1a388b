// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// A file of a batch, and the path of its outputs.
struct BatchJob {
  let input: BatchInput
  /// Path of the outputs below the output folder, without extension.
  let stem: String

  /// The key of its records.
  var key: PathKey { PathKey(input.path) }
}

/// What a run of a batch, or of a shard, has to do, and what earlier runs have done.
struct BatchPlan {
  /// The files of this run, in the order of their paths.
  let jobs: [BatchJob]
  /// Records of files that an earlier run has done, in the order of their paths.
  let earlier: [FileRecord]
  /// Number of these files.
  let earlierCount: Int

  /// Divides the inputs into files to do and files that are done.
  ///
  /// - Parameters:
  ///   - request: The batch.
  ///   - known: The records of a file that an earlier run has done with the same options; nil if
  ///     there are
  ///     none.
  init(_ request: BatchRequest, known: (BatchJob) -> [FileRecord]?) {
    let stems = OutputNames(request.inputs, hasIndex: request.writesIndex).stems
    var (jobs, earlier) = ([BatchJob](), [FileRecord]())
    let own = request.inputs.indices.filter { request.shard?.has($0) ?? true }
    for index in own {
      let job = BatchJob(input: request.inputs[index], stem: stems[index])
      guard var records = known(job) else {
        jobs.append(job)
        continue
      }
      if !request.recordsSeconds {
        for index in records.indices { records[index].seconds = nil }
      }
      earlier += records
    }
    self.jobs = jobs
    self.earlier = earlier
    earlierCount = own.count - jobs.count
  }

  /// Divides the inputs by the accounts of the output folder if the batch resumes an earlier one;
  /// otherwise all files are to do.
  init(_ request: BatchRequest, _ accounts: [SummaryFolder.Account]) {
    let resumption = request.isResuming ? Resumption(request, accounts) : nil
    self.init(request) { resumption?.records(of: $0.input, stem: $0.stem) }
  }
}
