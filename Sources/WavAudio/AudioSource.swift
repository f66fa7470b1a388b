// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Where a recording is.
public enum AudioSource: Sendable {
  /// In the file at a path.
  case file(String)
  /// In a file that is open already and stays so; reports and messages call it `name`.
  case open(Int32, name: String)

  /// What it is called in reports and messages.
  public var name: String {
    switch self {
    case .file(let path): path
    case .open(_, let name): name
    }
  }

  var hasPath: Bool { if case .file = self { true } else { false } }

  /// How another program is told to read it.
  var argument: String {
    guard case .file(let path) = self else { return "-" }
    let isPlain = path.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
        || "./_-+,".utf8.contains($0)
    }
    return isPlain && !path.isEmpty
      ? path
      : "'"
        + path.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
  }

  /// Opens it for reading, with an offset of its own.
  func open() throws(AudioError) -> (Int32, FileIdentity) {
    let path: String
    switch self {
    case .file(let name):
      path = name
      var status = stat()
      guard stat(path, &status) == 0 else { throw Self.cannotRead(path) }
      switch status.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFDIR: throw AudioError(.noInput, "\(path) is a folder; name an audio file in it")
      default:
        throw AudioError(
          .noInput, "\(path) is not a regular file; save the audio to a file, or pipe it: wavfft -")
      }
    case .open(let descriptor, _): path = "/proc/self/fd/\(descriptor)"
    }
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0, let identity = FileIdentity(descriptor) else {
      throw Self.cannotRead(name)
    }
    guard identity.byteCount > 0 else {
      close(descriptor)
      throw AudioError(.unusable, "\(name) is empty (0 bytes)")
    }
    return (descriptor, identity)
  }

  /// The error that `errno` tells of.
  private static func cannotRead(_ path: String) -> AudioError {
    let isShortage = [EMFILE, ENFILE, ENOMEM].contains(errno)
    return AudioError(
      isShortage ? .system : .noInput,
      "\(path) cannot be read: \(String(cString: strerror(errno)))"
        + (isShortage ? "; raise the limits (ulimit -n) or end other programs" : ""))
  }
}
