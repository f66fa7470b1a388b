// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage

extension FileDescriptor {
  /// Reads from the file offset to the end; works for pipes, too.
  ///
  /// - Complexity: O(number of bytes).
  public func readToEnd() throws(Errno) -> [UInt8] {
    try readToEnd { buffer, _ in try read(into: buffer) }
  }

  /// Reads from an offset of a file to its end; does not move the file offset.
  ///
  /// - Complexity: O(number of bytes).
  public func readToEnd(fromAbsoluteOffset start: Int) throws(Errno) -> [UInt8] {
    try readToEnd { buffer, done in
      try read(fromAbsoluteOffset: Int64(start + done), into: buffer)
    }
  }

  private func readToEnd(
    _ read: (_ buffer: UnsafeMutableRawBufferPointer, _ done: Int) throws -> Int
  ) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try systemCall { try piece.withUnsafeMutableBytes { try read($0, bytes.count) } }
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
  }
}

/// The whole contents of a file.
public func contents(of path: FilePath) throws(Errno) -> [UInt8] {
  let file = try OpenFile(path, .readOnly)
  return try file.descriptor.readToEnd()
}

/// The size in bytes of the regular file at a path; nil if there is none.
package func size(ofRegularFile path: String) -> Int? {
  guard let status = try? status(of: path), status.type == .regular else { return nil }
  return Int(status.size)
}

/// The contents of the regular file at a path; nil if there is none that can be read, or it has more bytes.
package func contents(ofRegularFile path: String, atMost most: Int) -> [UInt8]? {
  // Opening a pipe would wait for a writer.
  guard let size = size(ofRegularFile: path), size <= most else { return nil }
  return try? contents(of: FilePath(spelled: path))
}

/// The text of a file, such as the kernel's files on a process; nil if it cannot be read.
public func textFile(_ path: FilePath) -> String? {
  (try? contents(of: path)).map { String(decoding: $0, as: UTF8.self) }
}
