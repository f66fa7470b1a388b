// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Compares averages over segments with those of `scipy.signal.welch` (fixtures/make_fixtures.py).
@Suite struct SegmentReferenceTests {
  private static let cases: [[String]] = {
    let path = Program.fixture("segments/cases.csv")
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",").map(String.init)
    }
  }()

  /// Densities and powers of a case.
  private func expected(_ number: Int) throws -> (density: [Double], power: [Double]) {
    let path = Program.fixture("segments/\(number).npy")
    let data = try Data(contentsOf: URL(filePath: path))
    let header = 10 + Int(data[8]) + 256 * Int(data[9])
    let numbers = data.dropFirst(header).withUnsafeBytes { bytes in
      (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
    }
    return (Array(numbers.prefix(numbers.count / 2)), Array(numbers.suffix(numbers.count / 2)))
  }

  @Test func thereAreCases() { #expect(Self.cases.count >= 18) }

  @Test(arguments: cases.indices, ["single", "double"])
  func everyBinAgrees(number: Int, precision: String) throws {
    let words = Self.cases[number]
    try #require(words.count == 7)
    let (density, power) = try expected(number)
    try withFolder { folder in
      let result = try Program.run(
        [
          Program.fixture("\(words[0]).wav"), "--method", "welch", "--channel", words[1],
          "--segment", words[2], "--overlap", words[3] + "%", "--average", words[4],
          "--detrend", words[5], "--window", words[6], "--precision", precision,
          "--band", "full", "--points", "all", "--out", "x.csv",
        ], in: folder)
      #expect(result.status == 0, "\(result.error)")
      let found = try table(folder.appending(path: "x.csv"))
      #expect(
        found.header == "frequency_hz,magnitude,level_dbfs,density_fs2_per_hz,density_db")
      try #require(found.rows.count == density.count)
      let tolerance = precision == "single" ? 1e-5 : 1e-10
      // Where the mean is subtracted the lowest bins are rounding errors, in SciPy, too.
      // In single precision weak bins have the rounding errors of strong ones.
      let least = (density.max() ?? 0) * (precision == "single" ? 1e-4 : 1e-6)
      var worst = [0.0, 0.0, 0.0]
      for (bin, row) in found.rows.enumerated() where density[bin] > least {
        worst[0] = max(worst[0], abs(row[3] / density[bin] - 1))
        worst[1] = max(worst[1], abs(row[4] - 10 * log10(density[bin])))
        // A sine of amplitude 1 has the power 1/2 and 0 dBFS; an unpaired bin has the power 1.
        let isUnpaired = bin == 0 || 2 * bin == Int(words[2])
        let level = 10 * log10(power[bin] * (isUnpaired ? 1 : 2))
        worst[2] = max(worst[2], abs(row[2] - level))
      }
      #expect(worst[0] <= tolerance)
      #expect(worst[1] <= 5 * tolerance)
      #expect(worst[2] <= 5 * tolerance)
    }
  }
}
