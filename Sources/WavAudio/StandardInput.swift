// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavSystem

/// A recording from standard input.
public enum StandardInput {
  /// The name of the recording in reports and messages.
  public static let name = "standard input"

  /// Reads standard input to its end and stores it as a seekable file.
  ///
  /// A regular file is not copied, but opened again.
  ///
  /// - Parameters:
  ///   - memoryLimit: The most bytes that may be kept in memory while there is a disk; by default a third
  ///     of the available memory.
  ///   - folder: The folder for a longer recording, spelled; by default the temporary folder.
  /// - Returns: A descriptor for ``AudioSource/open(_:name:)``; the caller closes it.
  /// - Throws: ``AudioError``, also when standard input is a terminal; `SystemError` when neither
  ///   memory
  ///   nor disk can hold it.
  public static func receive(
    memoryLimit: Int? = nil, folder: String? = nil
  ) throws -> FileDescriptor {
    let input = FileDescriptor.standardInput
    let status = try reading { try input.stat() }
    if isatty(STDIN_FILENO) == 1 {
      throw AudioError(
        .request,
        "\(name) is a terminal; pipe a recording into it: sox music.flac -t wav - | wavfft -")
    }
    if status.type == .directory {
      throw AudioError(.noInput, "\(name) is a folder; name an audio file in it")
    }
    if status.type == .regular, (try? input.seek(offset: 0, from: .current)) == 0,
      let file = try? OpenFile(reopening: input)
    {
      return file.release()
    }
    let spool = try Spool(of: name, memoryLimit: memoryLimit, folder: folder)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = try reading { try buffer.withUnsafeMutableBytes { try input.read(into: $0) } }
      if count == 0 { return spool.release().release() }
      try spool.append(buffer.span.bytes.extracting(0..<count))
    }
  }

  private static func reading<Result>(_ calls: () throws -> Result) throws(AudioError) -> Result {
    do throws(Errno) {
      return try systemCall(calls)
    } catch {
      throw AudioError(.noInput, "\(name) cannot be read: \(error)")
    }
  }
}
