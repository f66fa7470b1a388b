// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing
import WavSystem

@testable import WavBatch

/// The index page of a batch: names, links, and how its file is recognised.
struct FolderIndexTests {
  private let options = OptionsInWords(text: "wavfft 1.0 format=html", hash: "0123456789abcdef")

  @Test(arguments: [
    (["in/a.wav", "in/b.wav"], "in/"), (["in/x/a.wav", "in/y/b.wav"], "in/"),
    (["in/x/a.wav", "in/xy/b.wav"], "in/"), (["/a.wav", "/b.wav"], "/"),
    (["/m/a.wav"], "/m/"), (["a.wav", "in/b.wav"], ""), (["a.wav"], ""), ([], ""),
    // Strings that Swift takes as equal are two folders.
    (["caf\u{e9}/a.wav", "cafe\u{301}/a.wav"], ""),
    (["in/\u{301}a.wav", "in/\u{301}b.wav"], "in/"),
  ])
  func namesAreBelowTheCommonFolder(paths: [String], folder: String) {
    #expect(FolderIndex.commonFolder(paths) == folder)
  }

  @Test func referencesAreEncodedByteByByte() {
    #expect(percentEncoded("a-Z_0.9~/x") == "a-Z_0.9~/x")
    #expect(percentEncoded("a b%20?#:&=+;\"'<>") == "a%20b%2520%3F%23%3A%26%3D%2B%3B%22%27%3C%3E")
    #expect(percentEncoded("ü/\n\t") == "%C3%BC/%0A%09")
    #expect(percentEncoded("e\u{301}") == "e%CC%81")
    let latin: [UInt8] = [0x6c, 0xe9, 0xff]
    #expect(percentEncoded(spelled(latin)) == "l%E9%FF")
  }

  @Test func theWayBetweenFolders() throws {
    try withFolder { root in
      for path in ["a/b", "c d/e"] {
        try FileManager.default.createDirectory(
          at: root.appending(path: path), withIntermediateDirectories: true)
      }
      try FileManager.default.createSymbolicLink(
        atPath: root.appending(path: "link").path, withDestinationPath: "c d/e")
      func path(_ name: String) -> String { root.appending(path: name).path }
      #expect(relativePath(from: path("a"), to: path("a")) == "")
      #expect(relativePath(from: path("a"), to: path("a/b")) == "b/")
      #expect(relativePath(from: path("a/b"), to: path("a")) == "../")
      #expect(relativePath(from: path("a/b"), to: path("c d/e")) == "../../c d/e/")
      #expect(relativePath(from: path("a"), to: path("link")) == "../c d/e/")
    }
  }

  @Test func changedFilesAreRecognised() throws {
    try withFolder { folder in
      let records = [FileRecord(path: "in/a.wav", status: .error, error: "no", options: options)]
      let url = folder.appending(path: "index.html")
      let file = try FolderIndex(records, options).file(at: url.path)
      try OutputFile.commit([file])
      let whole = [UInt8](try Data(contentsOf: url))
      #expect(FolderIndex.isWhole(whole))
      for place in [0, 500, whole.count / 2, whole.count - 1] {
        var changed = whole
        changed[place] ^= 1
        #expect(!FolderIndex.isWhole(changed), "\(place)")
      }
      #expect(!FolderIndex.isWhole(whole.dropLast()))
      #expect(!FolderIndex.isWhole(whole + [10]))
      #expect(!FolderIndex.isWhole([]))
    }
  }
}
