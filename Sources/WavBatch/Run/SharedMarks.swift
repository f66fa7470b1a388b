// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem
import WavWorkers

/// Marks that workers set for each other and for the coordinator.
///
/// They tell which files are left for all workers together, and whether any file has failed.
///
/// Marks are never cleared, and each is set by writing a single byte, so they need no lock.
final class SharedMarks {
  /// A byte for each job, and one after them for failures.
  private let region: SharedRegion
  private let jobCount: Int

  /// Marks for this many jobs, none of them set.
  ///
  /// - Throws: `RunFailure` when memory is short.
  init(jobCount: Int) throws(RunFailure) {
    self.jobCount = jobCount
    region = try failing(as: .system) { () throws(SystemError) in
      try SharedRegion(byteCount: jobCount + 1, purpose: "the list of large files")
    }
  }

  private func mark(_ index: Int) -> UnsafeMutablePointer<UInt8> {
    region.pages.pointer(at: index, to: UInt8.self)
  }

  /// Leaves a job for all workers together.
  func postpone(_ job: Int) { mark(job).pointee = 1 }

  /// The jobs left for all workers together, in order.
  var postponed: [Int] { (0..<jobCount).filter { mark($0).pointee == 1 } }

  /// Whether any file has failed.
  var hasFailure: Bool { mark(jobCount).pointee != 0 }

  /// Notes that a file has failed.
  func noteFailure() { mark(jobCount).pointee = 1 }
}
