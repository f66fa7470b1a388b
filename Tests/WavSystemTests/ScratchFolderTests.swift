// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing

@testable import WavSystem

/// Where scratch files go.
@Suite struct ScratchFolderTests {
  /// Runs a body with a folder on a disk; not at all where there is none.
  private func withDisk(_ body: (String) throws -> Void) throws {
    try withFolder { if !isMemory($0.path) { try body($0.path) } }
  }

  private func refusal(_ choose: () throws(SystemError) -> ScratchFolder) -> SystemError? {
    do {
      let folder = try choose()
      Issue.record("\(folder.path) was chosen")
      return nil
    } catch {
      return error
    }
  }

  @Test func whatIsNamedCounts() throws {
    try withDisk { disk in
      let folders = [
        try ScratchFolder.choose(for: 1, named: disk, temporary: "/dev/shm"),
        try ScratchFolder.choose(for: 1, temporary: disk, others: []),
        // Even if another has more room.
        try ScratchFolder.choose(for: 1 << 60, named: disk, temporary: "/"),
        try ScratchFolder.choose(for: 1 << 60, temporary: disk),
      ]
      #expect(folders.allSatisfy { $0 == ScratchFolder(path: disk, warning: nil) })
    }
  }

  @Test func withoutAWordTheFirstThatServesIsTaken() throws {
    try withDisk { disk in
      for others in [["/nowhere", disk], ["/dev/shm", disk], [disk, "/"]] {
        let folder = try ScratchFolder.choose(for: 1, temporary: nil, others: others)
        #expect(folder == ScratchFolder(path: disk, warning: nil))
      }
      // If none has room enough, one with the most: the error tells how much that is.
      let folder = try ScratchFolder.choose(for: 1 << 60, temporary: nil, others: [disk])
      #expect(folder.path == disk)
    }
  }

  @Test func memoryIsPassedOverInWords() throws {
    guard isMemory("/dev/shm") else { return }
    try withDisk { disk in
      let chosen = try ScratchFolder.choose(for: 1, temporary: "/dev/shm", others: [disk])
      #expect(chosen.path == disk)
      #expect(chosen.warning == "TMPDIR is /dev/shm, which is memory; \(disk) is used instead")
    }
    let named = refusal { () throws(SystemError) in
      try ScratchFolder.choose(for: 1000, named: "/dev/shm")
    }
    #expect(
      named?.description == "could not keep 1.0 kB on a disk: No space left on device; "
        + "/dev/shm is memory, too; choose a folder on a disk (a scratch folder)"
    )
    let none = refusal { () throws(SystemError) in
      try ScratchFolder.choose(for: 1000, temporary: "/dev/shm", others: ["/nowhere"])
    }
    #expect(none?.description.contains("/dev/shm and /nowhere are memory, or not ") == true)
    #expect(none?.description.hasSuffix(", or name one with a scratch folder") == true)
  }

  @Test func whatIsNoFolderIsNamed() throws {
    for (named, temporary) in [("/nowhere", nil), (nil, "/nowhere"), ("/etc/passwd", nil)] {
      let error = refusal { () throws(SystemError) in
        try ScratchFolder.choose(for: 1, named: named, temporary: temporary)
      }
      let folder = named ?? temporary ?? ""
      #expect(error?.description.contains(" in \(folder): ") == true)
      #expect(
        error?.description.contains("; set TMPDIR to a folder that you may write to, or ") == true)
    }
  }
}
