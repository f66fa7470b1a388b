// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem
import WavWorkers

/// What workers tell each other and the coordinator in passing: which files are left to all workers together,
/// and whether any has failed.
///
/// Marks are only ever set, each by a single write of a byte, so that nobody has to lock them.
final class SharedMarks {
  /// A byte for each job, and one behind them.
  private let region: SharedRegion
  private let jobCount: Int

  /// Marks for so many jobs, none of them set.
  ///
  /// - Throws: `WorkerFailure` when there is no memory.
  init(jobCount: Int) throws(WorkerFailure) {
    self.jobCount = jobCount
    do {
      region = try SharedRegion(byteCount: jobCount + 1, purpose: "the list of large files")
    } catch {
      throw WorkerFailure(kind: .system, error)
    }
  }

  private func mark(_ index: Int) -> UnsafeMutablePointer<UInt8> {
    region.pages.pointer(at: index, to: UInt8.self)
  }

  /// Leaves a job to all workers together.
  func postpone(_ job: Int) { mark(job).pointee = 1 }

  /// The jobs that are left, in their order.
  var postponed: [Int] { (0..<jobCount).filter { mark($0).pointee == 1 } }

  /// Whether any file has failed.
  var hasFailure: Bool { mark(jobCount).pointee != 0 }

  /// Notes that a file has failed.
  func noteFailure() { mark(jobCount).pointee = 1 }
}
