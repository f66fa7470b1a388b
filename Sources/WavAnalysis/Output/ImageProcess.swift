// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport
import WavSystem
import WavWorkers

/// Writes a figure to a file.
///
/// - Parameters:
///   - figure: The figure.
///   - renderer: Encodes the figure.
///   - file: The file.
/// - Throws: `RunFailure` when it cannot be drawn, `SystemError` when it cannot be written.
@available(*, noasync)
public func write(
  _ figure: Scene, as renderer: FigureRenderer, to file: OutputFile
) throws {
  try write(to: file, isContained: renderer.usesImageLibrary) { try renderer.bytes(of: figure) }
}

/// Writes the bytes from an exporter to a file.
///
/// The libraries that draw images may start threads, which must not exist when the coordinator forks
/// again. In a process of its own a crash or a hang in these libraries does no harm, either.
///
/// - Parameters:
///   - file: The file.
///   - isContained: Whether to make the bytes in a process of its own.
///   - bytes: Makes the bytes.
/// - Throws: `RunFailure` when an image cannot be drawn, `SystemError` when the file cannot be
///   written, and what `bytes` throws.
@available(*, noasync)
func write(to file: OutputFile, isContained: Bool, _ bytes: () throws -> [UInt8]) throws {
  guard isContained else {
    do {
      return try file.write(bytes())
    } catch let error as ImageError {
      throw failure(file, error.reason)
    }
  }
  // The first byte tells whether an image or an error message follows.
  let outcome = outcomeOfTrial(seconds: 60) {
    do {
      return try [1] + bytes()
    } catch {
      return [0] + ((error as? ImageError)?.reason ?? "\(error)").utf8
    }
  }
  switch outcome {
  case .returned(let bytes) where bytes.first == 1: try file.write(bytes.dropFirst())
  case .returned(let bytes):
    throw failure(
      file,
      bytes.isEmpty
        ? "cairo ends the process that draws it; write .svg"
        : String(decoding: bytes.dropFirst(), as: UTF8.self))
  case .ended(SIGALRM): throw failure(file, "drawing it takes more than 60 s; write .svg")
  case .ended(SIGKILL):
    throw failure(file, "the process that drew it was killed; make room in memory, or write .svg")
  case .ended(let signal):
    throw failure(
      file,
      "cairo fails when it draws it, by \(nameOfSignal(signal)); raise limits on memory and processes "
        + "(ulimit -v, -u) if there are any, or write .svg")
  case .notStarted(let reason):
    throw failure(
      file,
      "there is no process to draw it (\(reason)); "
        + "\(reason.remedy ?? "raise the limit on processes (ulimit -u) or memory"), or write .svg")
  }
}

private func failure(_ file: OutputFile, _ reason: String) -> RunFailure {
  RunFailure(.cannotWriteOutput, "could not write \(file.path): \(reason)")
}
