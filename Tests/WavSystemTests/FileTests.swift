// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import WavSystem

/// Files that are read to their end, names of any bytes, and descriptors that their owners close.
@Suite struct FileTests {
  /// Longer than any piece that is read at a time.
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

  @Test func whatIsNotThereHasAReason() {
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
    // Another test may have been given the number meanwhile; it is no /dev/null then.
    let target = try? FileManager.default.destinationOfSymbolicLink(
      atPath: "/proc/self/fd/\(number)")
    #expect(target != "/dev/null")
  }

  @Test func namesOfAnyBytesAreListedAndOpened() throws {
    try withFolder { folder in
      let name: [UInt8] = [0x62, 0xff, 0xfe, 0x2e, 0x77]
      let component = try #require(FilePath.Component(bytes: name))
      let path = FilePath(folder.path).appending(component)
      try Data("plain".utf8).write(to: folder.appending(path: "a"))
      let output = try OutputFile(path, name: "shown")
      try output.write("contents")
      try OutputFile.commit([output])
      let found = try entries(of: FilePath(folder.path))
      #expect(found.map(\.isReadable) == [true, false])
      #expect(found.map(\.component.bytes) == [[0x61], name])
      #expect(
        try found.map { try WavSystem.contents(of: FilePath(folder.path).appending($0.component)) }
          == [Array("plain".utf8), Array("contents".utf8)])
      #expect(OutputFile.isSameFile(path, FilePath(folder.path).appending(found[1].component)))
      #expect(!OutputFile.isSameFile(path, FilePath(folder.path).appending(found[0].component)))
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
