// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing
import WavAnalysis
import WavExport

@testable import WavBatch

/// An input counts as the same only if every recorded field agrees.
@Suite struct InputStampTests {
  @Test func eachPartOfAStampCounts() throws {
    try withFolder { folder in
      let file = folder.appending(path: "a.wav")
      try Data("12345".utf8).write(to: file)
      let stamp = try #require(InputStamp(path: file.path))
      let request = AnalysisRequest(path: "a.wav", method: .exact, workers: 0)
      var record = FileRecord(
        path: "a.wav", status: .ok,
        options: OptionsInWords(request, channel: "mix", formats: []))
      #expect(!stamp.agrees(with: record), "nothing is known")
      record.inputBytes = stamp.bytes
      record.inputModified = stamp.modified
      record.inputInode = stamp.inode
      #expect(stamp.agrees(with: record), "a record of an earlier version")
      record.inputChanged = stamp.changed
      #expect(stamp.agrees(with: record))

      let changes: [(inout FileRecord) -> Void] = [
        { $0.inputBytes = 6 }, { $0.inputModified = "2001-02-03T04:05:06.000000007Z" },
        { $0.inputInode = stamp.inode + 1 },
        { $0.inputChanged = "2001-02-03T04:05:06.000000007Z" }, { $0.inputBytes = nil },
      ]
      for change in changes {
        var other = record
        change(&other)
        #expect(!stamp.agrees(with: other))
      }
    }
  }
}
