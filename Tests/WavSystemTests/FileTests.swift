// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import WavSystem

/// Files read to their end, names of any bytes, and descriptors closed by their owners.
@Suite struct FileTests {
  /// Longer than any piece that is read at once.
  private let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

  @Test func filesAreReadToTheirEnd() throws {
    try withFolder { folder in
      let path = FilePath(folder.appending(path: "x").path)
      try Data(bytes).write(to: folder.appending(path: "x"))
      #expect(try WavSystem.contents(of: path) == bytes)
      let file = try OpenFile(path, .readOnly)
      #expect(try file.descriptor.readToEnd(fromAbsoluteOffset: 123) == Array(bytes[123...]))
      #expect(try file.descriptor.readToEnd(fromAbsoluteOffset: 200_000).isEmpty)
      // The offset of the file has not moved.
      #expect(try file.descriptor.readToEnd() == bytes)
      #expect(try file.descriptor.readToEnd().isEmpty)
    }
  }

  @Test func missingFilesHaveAReason() {
    do {
      _ = try WavSystem.contents(of: "/nowhere/at/all")
      Issue.record("a file was there")
    } catch {
      #expect(error == .noSuchFileOrDirectory)
    }
    #expect(textFile("/nowhere/at/all") == nil)
    #expect(textFile("/proc/self/stat")?.isEmpty == false)
  }

  @Test func ownersCloseTheirFiles() throws {
    var number: Int32 = -1
    do {
      let file = try OpenFile("/dev/null", .readOnly)
      number = file.descriptor.rawValue
      #expect(fcntl(number, F_GETFD) == FD_CLOEXEC)
    }
    // Another test may have received the number meanwhile; it is then not /dev/null.
    let target = try? FileManager.default.destinationOfSymbolicLink(
      atPath: "/proc/self/fd/\(number)")
    #expect(target != "/dev/null")
  }

  @Test(arguments: [
    [], [0x61, 0x2e, 0x77], Array("Für Elise 🎹.wav".utf8), [0xff], [0x62, 0xff, 0xfe, 0x2e, 0x77],
    // Incomplete, too long, half of a surrogate pair, beyond Unicode.
    [0xc3], [0xe2, 0x82], [0x61, 0xf0, 0x9f, 0x8e], [0xc0, 0xaf], [0xed, 0xa0, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    // The name itself has scalars that encode bytes; their neighbours do not.
    [0xee, 0xbe, 0x80], [0xee, 0xbf, 0xbf, 0xff], [0xee, 0xbd, 0xbf], [0xef, 0x80, 0x80],
    Array(0x80...0xff),
  ])
  func spelledBytesComeBack(bytes: [UInt8]) {
    let text = spelled(bytes)
    #expect(
      FilePath(spelled: text).withPlatformString {
        UnsafeRawBufferPointer(start: $0, count: strlen($0)).elementsEqual(bytes)
      })
    if let plain = String(validating: bytes, as: UTF8.self), bytes.first != 0xee {
      #expect(text == plain)
    }
  }

  @Test func differentBytesAreSpelledDifferently() {
    let names: [[UInt8]] = [
      [0xff], [0xfe], [0xef, 0xbf, 0xbd], [0xee, 0xbf, 0xbf], [0xee, 0xbf],
      [0x5c, 0x78, 0x46, 0x46],
    ]
    #expect(Set(names.map { Array(spelled($0).utf8) }).count == names.count)
  }

  @Test func namesOfAnyBytesAreListedAndOpened() throws {
    try withFolder { folder in
      let name = spelled([0x62, 0xff, 0xfe, 0x2e, 0x77])
      let path = "\(folder.path)/\(name)"
      try Data("plain".utf8).write(to: folder.appending(path: "a"))
      let output = try OutputFile(path: path)
      try output.write("contents")
      try OutputFile.commit([output])
      let found = try entries(of: FilePath(folder.path)).map(\.name)
      #expect(found == ["a", name])
      #expect(
        try WavSystem.contents(of: FilePath(spelled: path)) == Array("contents".utf8))
      #expect(OutputFile.isSameFile(path, "\(folder.path)/./\(name)"))
      #expect(!OutputFile.isSameFile(path, "\(folder.path)/a"))
      removeFile(path)
      #expect(try entries(of: FilePath(folder.path)).map(\.name) == ["a"])
    }
  }

  @Test func aSlashAtTheEndAsksForAFolder() throws {
    try withFolder { folder in
      let file = folder.appending(path: "x").path
      try Data().write(to: URL(filePath: file))
      #expect(throws: Errno.notDirectory) {
        try WavSystem.contents(of: FilePath(spelled: file + "/"))
      }
      #expect(throws: SystemError.self) { try OutputFile(path: folder.path + "/new/") }
      #expect(try TestSupport.contents(folder) == ["x"])
    }
  }
}
