// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Compares the program with spectra that NumPy computed (fixtures/make_fixtures.py).
@Suite struct ReferenceTests {
  /// Every reference: NAME.METHOD.csv, where METHOD is `exact` or `decimated-P`, or an .npy array
  /// of the magnitudes.
  ///
  /// Those of bach.wav and complex ones have their own tests.
  private static let references: [String] = {
    let folder = Program.fixture("reference")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { !$0.hasPrefix("bach") && !$0.contains(".complex.") }.sorted()
  }()

  private static func audioFile(of stem: Substring) -> String {
    for kind in ["wav", "flac", "aiff"] {
      let path = Program.fixture("\(stem).\(kind)")
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    return Program.fixture(String(stem))
  }

  @Test func thereAreReferences() { #expect(Self.references.count >= 30) }

  @Test(arguments: references, ["single", "double"])
  func everyBinAgrees(reference: String, precision: String) throws {
    let pieces = reference.split(separator: ".")
    let method = pieces[pieces.count - 2].split(separator: "-")
    let stem = pieces.dropLast(2).joined(separator: ".")
    var arguments = [Self.audioFile(of: stem[...]), "--band", "full", "--points", "all"]
    if method.count == 2 { arguments += ["--parts", String(method[1])] }
    // Rows of frequency, magnitude and level; an array has only magnitudes.
    let expected =
      pieces.last == "npy"
      ? try array(reference).map { [.nan, $0, .nan] }
      : try table(URL(filePath: Program.fixture("reference/\(reference)"))).rows
    try withFolder { folder in
      let result = try Program.run(
        arguments + ["--precision", precision, "--out", "x.csv"], in: folder)
      #expect(result.status == 0, "\(result.error)")
      let found = try table(folder.appending(path: "x.csv"))
      #expect(found.header == "frequency_hz,magnitude,level_dbfs")
      try #require(found.rows.count == expected.count)
      #expect(found.rows.allSatisfy { $0.count == 3 && !$0.contains { $0.isNaN } })
      let tolerance = precision == "single" ? 1e-6 : 1e-12
      let greatest = expected.map { $0[1] }.max() ?? 0
      let highest = found.rows.last?[0] ?? 0
      // One expectation for each column: an expectation for each row would take longer than the
      // program.
      var worst = [0.0, 0.0, 0.0]
      func note(_ column: Int, _ error: Double) { worst[column] = max(worst[column], error) }
      for (row, reference) in zip(found.rows, expected) {
        if !reference[0].isNaN { note(0, abs(row[0] - reference[0])) }
        note(1, abs(row[1] - reference[1]))
        // Levels are compared where they are meaningful, not in rounding noise.
        if reference[1] > 1e-3 * greatest, !reference[2].isNaN {
          note(2, abs(row[2] - reference[2]))
        }
        if reference[1] == 0, greatest == 0 { note(2, row[2] == -.infinity ? 0 : .infinity) }
      }
      #expect(worst[0] <= tolerance * highest)
      #expect(worst[1] <= tolerance * greatest)
      #expect(worst[2] < 0.01)
    }
  }

  /// A NumPy array of little-endian doubles.
  private func array(_ name: String) throws -> [Double] {
    let data = try Data(contentsOf: URL(filePath: Program.fixture("reference/\(name)")))
    let header = 10 + Int(data[8]) + 256 * Int(data[9])
    return data.dropFirst(header).withUnsafeBytes { bytes in
      (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
    }
  }

  private func expectBach(
    _ reference: String, every step: Int, _ options: [String], precision: String
  ) throws {
    let expected = try array(reference)
    try withFolder { folder in
      let result = try Program.run(
        [Program.fixture("bach.wav"), "--points", "all", "--precision", precision]
          + ["--out", "x.csv"] + options, in: folder)
      #expect(result.status == 0, "\(result.error)")
      let rows = try table(folder.appending(path: "x.csv")).rows
      let found = stride(from: 0, to: rows.count, by: step).map { rows[$0][1] }
      try #require(found.count == expected.count)
      let greatest = expected.max() ?? 0
      let error = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
      #expect(error <= (precision == "single" ? 1e-6 : 1e-12) * greatest)
    }
  }

  @Test(arguments: ["single", "double"]) func bachDecimated(precision: String) throws {
    try expectBach("bach.decimated-8.npy", every: 1, ["--parts", "8"], precision: precision)
  }

  @Test(arguments: ["single", "double"]) func bachExact(precision: String) throws {
    try expectBach("bach.exact-every-16th.npy", every: 16, [], precision: precision)
  }
}
