// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// Text that encodes any bytes, such as those of a file name, without loss.
///
/// To the kernel a path is bytes; reports, records and the command line are text. UTF-8 is kept as
/// it is. Every other byte, 80 to FF, becomes a scalar in a private area, U+EF80 to U+EFFF, as in
/// MirBSD (its OPTU encodings). If a name has such a scalar itself, its three bytes are encoded in
/// the same way.
///
/// - Complexity: O(number of bytes).
public func spelled(_ bytes: some Collection<UInt8>) -> String {
  if let text = String(validating: bytes, as: UTF8.self), !hasSpelledBytes(text) { return text }
  var text = String.UnicodeScalarView()
  var rest = Array(bytes)[...]
  while let first = rest.first {
    let length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
    if let scalar = String(validating: rest.prefix(length), as: UTF8.self)?.unicodeScalars.first,
      spelledByte(scalar) == nil
    {
      text.append(scalar)
      rest = rest.dropFirst(length)
    } else {
      text.append(Unicode.Scalar(0xef00 + UInt16(first)) ?? "\u{fffd}")
      rest = rest.dropFirst()
    }
  }
  return String(text)
}

/// The bytes of a C string as spelled text.
public func spelled(_ text: UnsafePointer<CChar>) -> String {
  spelled(UnsafeRawBufferPointer(start: text, count: strlen(text)))
}

/// A variable of the environment as spelled text, since it may be a path; nil if it is not set.
public func environmentVariable(_ name: String) -> String? {
  getenv(name).map { spelled($0) }
}

/// The byte that a scalar of spelled text encodes; nil if the scalar is itself.
public func spelledByte(_ scalar: Unicode.Scalar) -> UInt8? {
  (0xef80...0xefff).contains(scalar.value) ? UInt8(scalar.value & 0xff) : nil
}

private func hasSpelledBytes(_ text: String) -> Bool {
  // The UTF-8 of every such scalar begins with this byte.
  text.utf8.contains(0xee) && text.unicodeScalars.contains { spelledByte($0) != nil }
}

extension FilePath {
  /// The path that spelled text encodes.
  ///
  /// A `FilePath` drops a slash at the end, which asks for a folder, but keeps a dot after it.
  public init(spelled text: String) {
    let isFolder = text.utf8.count > 1 && text.utf8.last == UInt8(ascii: "/")
    let path = isFolder ? text + "." : text
    guard hasSpelledBytes(path) else {
      self.init(path)
      return
    }
    let bytes = path.unicodeScalars.flatMap { scalar in
      spelledByte(scalar).map { [$0] } ?? Array(String(scalar).utf8)
    }
    self.init(platformString: bytes.map { CInterop.PlatformChar(bitPattern: $0) } + [0])
  }

  /// The path with symbolic links resolved; the path itself if it leads to no file.
  public var resolved: FilePath {
    guard let real = withPlatformString({ realpath($0, nil) }) else { return self }
    defer { free(real) }
    return FilePath(platformString: real)
  }

  /// The folder of the file.
  var folder: FilePath {
    let folder = removingLastComponent()
    return folder.isEmpty ? FilePath(".") : folder
  }
}

extension FilePath.Component {
  /// A name of these bytes; nil if there are none.
  init?(bytes: some Sequence<UInt8>) {
    self.init(platformString: bytes.map { CInterop.PlatformChar(bitPattern: $0) } + [0])
  }

  /// The bytes of the name.
  var bytes: [UInt8] {
    withPlatformString { UnsafeRawBufferPointer(start: $0, count: strlen($0)).map { $0 } }
  }
}
