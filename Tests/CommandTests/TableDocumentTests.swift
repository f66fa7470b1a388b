// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Documents beside tables that must neither be lost nor tell what is not true.
@Suite struct TableDocumentTests {
  private let bach = Program.fixture("bach.wav")
  private let sine = Program.fixture("sine-on-bin.wav")

  private func text(_ name: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// Writes a table with its document.
  private func write(_ name: String, in folder: URL) throws {
    let result = try Program.run([sine, "--out", name, "--header", "sidecar"], in: folder)
    #expect(result.status == 0, "\(result.error)")
  }

  // MARK: Links

  @Test func linksAreNeitherFollowedNorRemoved() throws {
    try withFolder { folder in
      _ = try Program.shell("mkdir b c; ln -s ../b/x.npy.json c/x.npy.json", in: folder)
      try write("b/x.npy", in: folder)
      let document = try text("b/x.npy.json", in: folder)
      let hann = [sine, "--window", "hann", "--out", "c/x.npy"]
      let refused = try Program.run(hann + ["--header", "sidecar"], in: folder)
      #expect(refused.status == 73)
      #expect(
        refused.error.contains("c/x.npy.json is in the way")
          && refused.error.contains("what is there is a link"), "\(refused.error)")
      #expect(try contents(folder.appending(path: "c")) == ["x.npy.json"])
      let plain = try Program.run(hann, in: folder)
      #expect(plain.status == 0)
      #expect(
        plain.error
          == "wavfft: c/x.npy.json does not belong to the new c/x.npy, and stays because it is a link; remove it "
          + "if it is of no use\n")
      #expect(try text("b/x.npy.json", in: folder) == document)
      let link = folder.appending(path: "c/x.npy.json").path
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "../b/x.npy.json")
    }
  }

  // MARK: Documents that cannot be removed

  @Test func aDocumentThatCannotBeRemovedIsNamed() throws {
    guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else {
      return
    }
    try withFolder { folder in
      try write("t.npy", in: folder)
      // In such a folder only the owner of a file may remove it.
      let result = try Program.shell(
        """
        chown 64999 t.npy; chmod 1777 .
        setpriv --reuid=64999 --regid=64999 --clear-groups wavfft '\(sine)' --out t.npy
        """, in: folder)
      #expect(result.status == 0)
      #expect(
        result.error
          == "wavfft: t.npy.json does not belong to the new t.npy, and stays because it could not be removed "
          + "(Operation not permitted); remove it if it is of no use\n")
    }
  }
}
