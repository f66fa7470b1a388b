// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
import WavSystem

/// Where a recording is.
public enum AudioSource: Sendable {
  /// The file at a path; reports and messages call it `name`.
  case file(FilePath, name: String)
  /// A file that is already open and stays open.
  case open(FileDescriptor, name: String)

  /// The file at a path.
  public static func file(_ path: String) -> AudioSource {
    .file(FilePath(spelled: path), name: path)
  }

  /// The name of the recording in reports and messages.
  public var name: String {
    switch self {
    case .file(_, let name), .open(_, let name): name
    }
  }

  /// The path; nil for a file that is already open.
  var path: FilePath? { if case .file(let path, _) = self { path } else { nil } }

  /// The argument with which another program can read it.
  var argument: String {
    guard case .file(_, let path) = self else { return "-" }
    let isPlain = path.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
        || "./_-+,".utf8.contains($0)
    }
    if isPlain, !path.isEmpty { return path }
    if path.unicodeScalars.contains(where: { spelledByte($0) != nil }) {
      // The bytes are shown as \xFF, which shells understand in these quotes.
      return "$'" + path.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
    return "'"
      + path.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }

  /// Opens it for reading, with a file offset of its own.
  func open() throws(AudioError) -> OpenFile {
    // Opening a pipe would wait for a writer.
    if let path { try requireRegularFile(path) }
    switch self {
    case .file(let path, _): return try reading { try OpenFile(path, .readOnly) }
    case .open(let descriptor, _):
      do {
        return try OpenFile(reopening: descriptor)
      } catch {
        throw .notReopened(name, error)
      }
    }
  }

  private func requireRegularFile(_ path: FilePath) throws(AudioError) {
    switch try reading({ try path.stat() }).type {
    case .regular: break
    case .directory:
      throw AudioError(
        .noInput,
        "\(name) is a folder; name an audio file in it, or analyse all of them with \(.batch)")
    default:
      throw AudioError(
        .noInput, "\(name) is not a regular file; save the audio to a file, or pipe it: wavfft -")
    }
  }

  /// Runs system calls whose failure means that the file cannot be read.
  func reading<Result: ~Copyable>(_ calls: () throws -> Result) throws(AudioError) -> Result {
    do throws(Errno) {
      return try systemCall(calls)
    } catch {
      let isShortage = [.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory].contains(error)
      throw AudioError(
        isShortage ? .system : .noInput,
        "\(name) cannot be read: \(error)"
          + (isShortage ? "; \(error.remedy ?? "end other programs")" : ""))
    }
  }
}
