// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// The chosen arithmetic is precise enough for the samples.
@Suite struct PrecisionTests {
  /// The precision in the report; also checks that the table is the same as with that precision
  /// requested.
  private func precision(of file: String) throws -> String {
    try withFolder { folder in
      func table(_ options: [String]) throws -> Data {
        let options = options + ["--points", "all", "--band", "full", "--report", "none"]
        let result = try Program.run([file, "--out", "x.csv"] + options, in: folder)
        #expect(result.status == 0)
        return try Data(contentsOf: folder.appending(path: "x.csv"))
      }
      let automatic = try table([])
      let (single, double) = (
        try table(["--precision", "single"]), try table(["--precision", "double"])
      )
      #expect(single != double)
      let report = try Program.run([file, "--report", "json"]).output
      let name = report.contains("\"precision\" : \"double\"") ? "double" : "single"
      #expect(automatic == (name == "double" ? double : single), "\(file)")
      return name
    }
  }

  @Test(arguments: [
    ("noise-8bit.wav", "single"), ("noise-16bit.wav", "single"), ("noise-16bit.flac", "single"),
    ("noise-24bit.wav", "double"), ("noise-24bit.flac", "double"), ("noise-24bit.aiff", "double"),
    ("noise-32bit.wav", "double"), ("noise-float.wav", "double"), ("noise-double.wav", "double"),
  ])
  func automaticPrecisionFollowsTheSamples(name: String, expected: String) throws {
    #expect(try precision(of: Program.fixture(name)) == expected)
  }
}
