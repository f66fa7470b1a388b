// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

extension FilePath {
  /// The path that text says.
  ///
  /// A slash at the end asks for a folder, as a dot behind it does, which a `FilePath` keeps.
  public init(spelled text: String) {
    let isFolder = text.utf8.count > 1 && text.utf8.last == UInt8(ascii: "/")
    self.init(isFolder ? text + "." : text)
  }

  /// The file behind symbolic links; the path itself if there is none.
  var resolved: FilePath {
    guard let real = withPlatformString({ realpath($0, nil) }) else { return self }
    defer { free(real) }
    return FilePath(platformString: real)
  }

  /// The folder that holds what the path names.
  var folder: FilePath {
    let folder = removingLastComponent()
    return folder.isEmpty ? FilePath(".") : folder
  }
}

extension FilePath.Component {
  /// A name of these bytes; nil if they are none.
  init?(bytes: some Sequence<UInt8>) {
    self.init(platformString: bytes.map { CInterop.PlatformChar(bitPattern: $0) } + [0])
  }

  /// The bytes of the name.
  var bytes: [UInt8] {
    withPlatformString { UnsafeRawBufferPointer(start: $0, count: strlen($0)).map { $0 } }
  }
}
