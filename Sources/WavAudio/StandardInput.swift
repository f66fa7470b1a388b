// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSystem

/// A recording that comes through standard input.
public enum StandardInput {
  /// What it is called in reports and messages.
  public static let name = "standard input"

  /// Reads standard input to its end and keeps it where it can be read in any order.
  ///
  /// A regular file is not copied but opened anew.
  ///
  /// - Returns: A descriptor for ``AudioSource/open(_:name:)``; the caller closes it.
  /// - Throws: ``AudioError``, also when standard input is a terminal, and `SystemError` when there is no
  ///   room for all of it.
  public static func receive() throws -> Int32 {
    var status = stat()
    guard fstat(STDIN_FILENO, &status) == 0 else { throw cannotRead(errno) }
    if isatty(STDIN_FILENO) == 1 {
      throw AudioError(
        .request,
        "\(name) is a terminal; pipe a recording into it: sox music.flac -t wav - | wavfft -")
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw AudioError(.noInput, "\(name) is a folder; name an audio file in it")
    }
    if status.st_mode & S_IFMT == S_IFREG, lseek(STDIN_FILENO, 0, SEEK_CUR) == 0 {
      let file = open("/proc/self/fd/\(STDIN_FILENO)", O_RDONLY | O_CLOEXEC)
      if file >= 0 { return file }
    }
    let spool = try Spool(of: name)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw cannotRead(errno)
      }
      try buffer.withUnsafeBytes {
        try spool.append(UnsafeRawBufferPointer(rebasing: $0[..<count]))
      }
    }
    return spool.release()
  }

  private static func cannotRead(_ code: Int32) -> AudioError {
    AudioError(.noInput, "\(name) cannot be read: \(String(cString: strerror(code)))")
  }
}
