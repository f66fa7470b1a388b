// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Compares levels over time with those of `scipy.signal.spectrogram` (fixtures/make_fixtures.py).
@Suite struct SpectrogramReferenceTests {
  /// One line of the list of cases.
  struct Reference: Sendable, CustomTestStringConvertible {
    let number: Int
    let words: [String]

    var segment: Int { Int(words[2]) ?? 0 }
    var binCount: Int { segment / 2 + 1 }
    var rate: Double { Double(words[7]) ?? .nan }
    /// The middle of the first segment.
    var firstTime: Double { Double(words[6]) ?? .nan }
    var testDescription: String { words.joined(separator: " ") }

    var options: [String] {
      [
        Program.fixture("\(words[0]).wav"), "--method", "spectrogram", "--channel", words[1],
        "--segment", words[2], "--overlap", words[3] + "%", "--detrend", words[4],
        "--window", words[5],
      ]
    }

    /// Densities and powers: [segment][bin], one after the other.
    func expected() throws -> (density: [Double], power: [Double]) {
      let array = try Array2D(URL(filePath: Program.fixture("spectrograms/\(number).npy")))
      return (
        Array(array.numbers.prefix(array.numbers.count / 2)),
        Array(array.numbers.suffix(array.numbers.count / 2))
      )
    }

    /// A sine of amplitude 1 has the power 1/2 and 0 dBFS; an unpaired bin has the power 1.
    func factor(_ bin: Int) -> Double { bin == 0 || 2 * bin == segment ? 1 : 2 }
  }

  private static let references: [Reference] = {
    let path = Program.fixture("spectrograms/cases.csv")
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").dropFirst().enumerated().map {
      Reference(number: $0.offset, words: $0.element.split(separator: ",").map(String.init))
    }
  }()

  @Test func thereAreReferences() {
    #expect(Self.references.count >= 6 && Self.references.allSatisfy { $0.words.count == 8 })
  }

  @Test(arguments: references, ["single", "double"])
  func everyBinOfEverySegmentAgrees(reference: Reference, precision: String) throws {
    let (density, power) = try reference.expected()
    try withFolder { folder in
      let result = try Program.run(
        reference.options + [
          "--precision", precision, "--band", "full", "--points", "all", "--out", "x.npy",
          "--report", "json",
        ], in: folder)
      #expect(result.status == 0, "\(result.error)")
      let found = try Array2D(folder.appending(path: "x.npy"))
      #expect(found.type == (precision == "single" ? "<f4" : "<f8"))
      let segments = power.count / reference.binCount
      try #require(found.shape == [segments, reference.binCount])
      let report = try Report(result.output)
      let bandwidth = try report.number("transform", "window", "noise_bandwidth_hz")
      let isSingle = precision == "single"
      var (errors, compared) = (0, 0)
      for segment in 0..<segments {
        let row = segment * reference.binCount..<(segment + 1) * reference.binCount
        let greatest = power[row].max() ?? 0
        for index in row where power[index] > 1e-4 * greatest {
          let bin = index - row.lowerBound
          let own = pow(10, found.numbers[index] / 10) / reference.factor(bin)
          // Weak bins have the rounding errors of strong ones: about a unit in the magnitude.
          let tolerance =
            isSingle ? 1e-6 + 3e-7 * (greatest / power[index]).squareRoot() : 1e-10
          let worst = max(
            abs(own / power[index] - 1), abs(own / bandwidth / density[index] - 1))
          if !(worst <= tolerance) { errors += 1 }
          compared += 1
        }
      }
      #expect(errors == 0)
      #expect(compared > power.count / 50)
    }
  }

  /// Cells of several segments and bins have the greatest of their powers, or the mean.
  @Test(arguments: references, ["max", "mean"])
  func cellsReduceTheirPowers(reference: Reference, reduction: String) throws {
    let (_, power) = try reference.expected()
    let segments = power.count / reference.binCount
    let columns = 5
    try withFolder { folder in
      // DC and half the sampling rate are not paired; they are left out.
      let highest = 0.49 * reference.rate
      let result = try Program.run(
        reference.options + [
          "--precision", "double", "--band", "1:\(highest)", "--points", "7", "--axis", "linear",
          "--columns", "\(columns)", "--reduce", reduction, "--out", "x.csv", "--out", "x.npy",
          "--report", "json",
        ], in: folder)
      #expect(result.status == 0, "\(result.error)")
      let report = try Report(result.output)
      let perColumn = (segments + columns - 1) / columns
      #expect(try report.number("spectrogram", "segments_per_column") == Double(perColumn))
      #expect(try report.number("spectrogram", "rows") == 7)
      #expect(try report.text("spectrogram", "reduction") == reduction)
      #expect(try report.text("spectrogram", "axis") == "linear")
      let hop = Double(reference.segment - reference.segment * (Int(reference.words[3]) ?? 0) / 100)
      let seconds = try report.number("spectrogram", "seconds_per_column")
      #expect(abs(seconds - Double(perColumn) * hop / reference.rate) < 1e-12)
      let first = try report.number("spectrogram", "first_time_s")
      // The middle of all segments of the first column.
      let middle = reference.firstTime + Double(perColumn - 1) / 2 * hop / reference.rate
      #expect(abs(first - middle) < 1e-12)
      let low = try report.number("spectrogram", "low_hz")
      let high = try report.number("spectrogram", "high_hz")
      #expect(low == 1 && high == highest)

      let found = try table(folder.appending(path: "x.csv"))
      let array = try Array2D(folder.appending(path: "x.npy"))
      try #require(array.shape == [found.rows.count, 7])
      #expect(found.rows.count == (segments + perColumn - 1) / perColumn)
      #expect(array.numbers == found.rows.flatMap { $0.dropFirst().map { Double(Float($0)) } })
      let middles = found.header.split(separator: ",").dropFirst().map { Double($0) ?? .nan }
      for (column, row) in found.rows.enumerated() {
        #expect(abs(row[0] - (first + Double(column) * seconds)) < 1e-9)
        let own = column * perColumn..<min((column + 1) * perColumn, segments)
        for number in 0..<7 {
          let edges = (number...number + 1).map { low + (high - low) * Double($0) / 7 }
          #expect(abs(middles[number] - (edges[0] + edges[1]) / 2) < 1e-6)
          let powers = own.flatMap { segment in
            (0..<reference.binCount).filter { bin in
              let frequency = Double(bin) * reference.rate / Double(reference.segment)
              return frequency >= edges[0] && frequency < edges[1] && frequency > low
            }.map { power[segment * reference.binCount + $0] }
          }
          let expected =
            reduction == "max" ? powers.max() ?? .nan : powers.reduce(0, +) / Double(powers.count)
          #expect(abs(row[number + 1] - 10 * log10(2 * expected)) < 1e-4)
        }
      }
    }
  }
}
