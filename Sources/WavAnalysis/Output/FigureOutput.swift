// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport
import WavSystem
import WavWorkers

/// Writes a figure to a file; an image is drawn in a process of its own unless this one is a worker.
///
/// The libraries that draw start threads, which must not be there when the coordinator forks again, and
/// what crashes or hangs in them harms nobody there.
///
/// - Parameters:
///   - figure: What to write.
///   - format: How to write it.
///   - file: Where to.
///   - isContained: Whether an image is drawn in a process of its own.
/// - Throws: `WorkerFailure` when it cannot be drawn, `SystemError` when it cannot be written.
@available(*, noasync)
public func write(
  _ figure: FigureDocument, as format: FigureFormat, to file: OutputFile, isContained: Bool = true
) throws {
  guard isContained, format != .svg else {
    do {
      return try file.write(format.bytes(of: figure))
    } catch let error as ImageError {
      throw failure(file, error.reason)
    }
  }
  // The first byte tells an image from a reason why there is none.
  let outcome = outcomeOfTrial(seconds: 60) {
    do throws(ImageError) {
      return try [1] + format.bytes(of: figure)
    } catch {
      return [0] + error.reason.utf8
    }
  }
  switch outcome {
  case .returned(let bytes) where bytes.first == 1: try file.write(bytes.dropFirst())
  case .returned(let bytes):
    throw failure(
      file,
      bytes.isEmpty
        ? "librsvg ends the process that draws it; write .svg"
        : String(decoding: bytes.dropFirst(), as: UTF8.self))
  case .ended(SIGALRM): throw failure(file, "drawing it takes more than 60 s; write .svg")
  case .ended(SIGKILL):
    throw failure(file, "the process that drew it was killed; make room in memory, or write .svg")
  case .ended(let signal):
    throw failure(
      file,
      "librsvg fails when it draws it, by \(nameOfSignal(signal)); raise limits on memory and processes "
        + "(ulimit -v, -u) if there are any, or write .svg")
  case nil:
    throw failure(
      file,
      "there is no process to draw it; raise the limits on processes and open files (ulimit -u, -n), "
        + "or write .svg")
  }
}

private func failure(_ file: OutputFile, _ reason: String) -> WorkerFailure {
  WorkerFailure(kind: .output, "could not write \(file.path): \(reason)")
}
