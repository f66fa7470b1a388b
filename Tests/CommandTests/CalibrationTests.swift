// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// `--reference`: figures in the unit of a calibration, tables in dBFS.
@Suite struct CalibrationTests {
  /// Labels of the level axis at the left edge, by their position.
  private func labels(_ drawing: String) -> [String: Double] {
    let pattern = /<text class="end" x="76" y="([\d.]+)">(.?[\d.]+)<\/text>/
    return Dictionary(
      drawing.matches(of: pattern).compactMap { match in
        Double(match.2.replacing("\u{2212}", with: "-")).map { (String(match.1), $0) }
      }, uniquingKeysWith: { first, _ in first })
  }

  private func drawing(_ arguments: [String], in folder: URL) throws -> String {
    let result = try Program.run(
      [Program.fixture("noise-16bit.wav"), "--out", "x.svg", "--out", "x.csv"] + arguments,
      in: folder)
    #expect(result.status == 0, "\(result.error)")
    return try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
  }

  @Test(arguments: [[], ["--method", "welch"], ["--bands", "third-octave", "--window", "hann"]])
  func levelsAreShiftedInFiguresAlone(method: [String]) throws {
    try withFolder { folder in
      let plain = try drawing(method, in: folder)
      let table = try Data(contentsOf: folder.appending(path: "x.csv"))
      let calibrated = try drawing(method + ["--reference", "100:dB SPL"], in: folder)
      #expect(try Data(contentsOf: folder.appending(path: "x.csv")) == table)
      let (levels, shifted) = (labels(plain), labels(calibrated))
      #expect(levels.count >= 4 && levels.count == shifted.count)
      for (place, level) in levels { #expect(shifted[place] == level + 100) }
      #expect(calibrated.contains("Level in dB SPL (full-scale sine = 100)"))
      #expect(!plain.contains("SPL") && plain.contains("Level in dBFS (full-scale sine = 0)"))
    }
  }

  @Test func theReportAndJSONNameIt() throws {
    try withFolder { folder in
      let file = Program.fixture("noise-16bit.wav")
      let text = try Program.run([file, "--reference", "94:dB SPL"], in: folder).output
      #expect(text.contains("\nReference    0 dBFS is 94 dB SPL, in figures"))
      let json = try Program.run(
        [file, "--reference", "-26.5:dBV", "--report", "json"], in: folder
      ).output
      let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      let reference = try #require(object?["reference"] as? [String: Any])
      #expect(reference["offset_db"] as? Double == -26.5 && reference["unit"] as? String == "dBV")
    }
  }

  @Test(arguments: ["94", "94:", ":dB", "x:dB", "2000:dB", "94: ", "1:\u{1b}[2J", "nan:dB"])
  func nonsenseIsRefused(reference: String) throws {
    let result = try Program.run(
      [Program.fixture("noise-16bit.wav"), "--reference", reference])
    #expect(result.status == 64 && result.error.contains("such as \"94:dB SPL\""))
  }

  @Test func comparisonsAreInDBFS() throws {
    let file = Program.fixture("noise-16bit.wav")
    let result = try Program.run(["compare", file, file, "--reference", "94:dB SPL"])
    #expect(
      result.status == 64
        && result.error.contains("It goes with wavfft, wavfft batch or wavfft overlay"))
  }
}
