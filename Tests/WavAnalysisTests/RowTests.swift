// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing
import WavSpectrum
import WavTransforms

@testable import WavAnalysis

/// Rows of bands and of all bins, compared with the definition of the transform.
@Suite struct RowTests {
  private let samples = noise(600).map { $0 + 0.05 }

  /// Bins 40/3 Hz apart.
  private let spacing = 8000.0 / 600

  private func level(_ magnitude: Double, _ bin: Int) -> Double {
    20 * log10((bin == 0 || bin == 300 ? 1 : 2) * magnitude / 600)
  }

  private func power(_ magnitude: Double, _ bin: Int) -> Double {
    (bin == 0 || bin == 300 ? 1 : 2) * magnitude * magnitude / (600 * 600)
  }

  @Test(arguments: [1, 7, 100, 4096, 5000])
  func everyRowIsWhatItsBinsAre(points: Int) throws {
    let expected = definition(samples)
    try withFolder { folder in
      let found = try analysis(of: samples, in: folder) {
        $0.points = .bands(points)
        $0.band = .full
      }
      #expect(found.rows.count <= points)
      #expect(points > 300 || found.rows.count > points / 3)
      var seen = 0
      for row in found.rows {
        #expect(row.lowEdge < row.highEdge)
        let bins = (0...300).filter {
          let frequency = Double($0) * spacing
          // Nyquist is the end of the last band, and belongs to it.
          return row.lowEdge <= frequency * (1 + 1e-12)
            && (frequency < row.highEdge * (1 - 1e-12) || $0 == 300 && row.highEdge == 4000)
        }
        let strongest = try #require(bins.max { expected[$0] < expected[$1] })
        #expect(row.bin == strongest)
        #expect(abs(row.frequency - Double(strongest) * spacing) < 1e-9)
        #expect(abs(row.magnitude / expected[strongest] - 1) < 1e-9)
        #expect(abs(row.level - level(expected[strongest], strongest)) < 1e-6)
        let sum = bins.reduce(0) { $0 + power(expected[$1], $1) }
        #expect(abs(row.power / sum - 1) < 1e-9)
        seen += bins.count
      }
      #expect(seen == 301, "every bin is in one row")
      // Parseval: the powers add up to the mean square of the samples.
      let meanSquare = samples.reduce(0) { $0 + $1 * $1 } / 600
      #expect(abs(found.rows.reduce(0) { $0 + $1.power } / meanSquare - 1) < 1e-12)
    }
  }

  @Test func rowsAreThoseOfTheBandAlone() throws {
    try withFolder { folder in
      let found = try analysis(of: samples, in: folder) {
        $0.points = .bands(10)
        $0.band = .between(low: 500, high: 1000)
      }
      #expect(found.rows.count == 10)
      #expect(found.rows[0].lowEdge == 500 && found.rows[9].highEdge == 1000)
      for (row, next) in zip(found.rows, found.rows.dropFirst()) {
        #expect(row.highEdge == next.lowEdge)
        #expect(abs(row.highEdge / row.lowEdge - pow(2, 0.1)) < 1e-12)
      }
    }
  }

  @Test(arguments: [Precision.single, .double])
  func everyBinIsWritten(precision: Precision) throws {
    let expected = definition(samples)
    try withFolder { folder in
      _ = try analysis(of: samples, in: folder, outputs: [.csv, .npy]) {
        $0.points = .all
        $0.band = .full
        $0.method.precision = precision
      }
      let (header, rows) = try table(folder.appending(path: "x.csv"))
      #expect(header == "frequency_hz,magnitude,level_dbfs")
      try #require(rows.count == 301)
      let array = try Data(contentsOf: folder.appending(path: "x.npy"))
      let start = 10 + Int(array[8]) + 256 * Int(array[9])
      let rowBytes = precision == .single ? 16 : 24
      try #require(array.count == start + 301 * rowBytes)
      let (tolerance, ofLevel) = precision == .single ? (1e-5, 1e-3) : (1e-10, 1e-8)
      array.withUnsafeBytes { bytes in
        for bin in 0...300 {
          let place = start + bin * rowBytes
          let numbers =
            [bytes.loadUnaligned(fromByteOffset: place, as: Double.self)]
            + (1...2).map {
              precision == .single
                ? Double(bytes.loadUnaligned(fromByteOffset: place + 4 + 4 * $0, as: Float.self))
                : bytes.loadUnaligned(fromByteOffset: place + 8 * $0, as: Double.self)
            }
          for row in [rows[bin], numbers] {
            #expect(abs(row[0] - Double(bin) * spacing) < 1e-6)
            #expect(abs(row[1] / expected[bin] - 1) < tolerance)
            #expect(abs(row[2] - level(expected[bin], bin)) < ofLevel)
          }
        }
      }
    }
  }

  @Test func partsAddUpTheirMagnitudes() throws {
    let parts = (0..<3).map { part in
      definition(stride(from: part, to: 600, by: 3).map { samples[$0] })
    }
    try withFolder { folder in
      let found = try analysis(
        of: samples, in: folder, method: .decimated(parts: 3), outputs: [.csv]
      ) {
        $0.points = .all
        $0.band = .full
      }
      let rows = try table(folder.appending(path: "x.csv")).rows
      try #require(rows.count == 101)
      for bin in 0...100 {
        let sum = parts.reduce(0) { $0 + $1[bin] }
        #expect(abs(rows[bin][0] - Double(bin) * spacing) < 1e-6)
        #expect(abs(rows[bin][1] / sum - 1) < 1e-10)
      }
      // The parts contain all of the energy: it folds back, and the powers still add up.
      let meanSquare = samples.reduce(0) { $0 + $1 * $1 } / 600
      #expect(abs(found.rows.reduce(0) { $0 + $1.power } / meanSquare - 1) < 1e-12)
    }
  }

  @Test func aWindowKeepsTheLevelOfASine() throws {
    let sine = (0..<600).map { 0.1 * sin(2 * .pi * 60 * Double($0) / 600) }
    try withFolder { folder in
      for window in Window.allCases {
        let found = try analysis(of: sine, in: folder) { $0.method.window = window }
        let strongest = try #require(found.rows.max { $0.level < $1.level })
        #expect(abs(strongest.level + 20) < 1e-6, "\(window)")
        #expect(abs(strongest.frequency - 800) < 1e-9)
        // By Parseval's theorem half the squared amplitude.
        #expect(abs(found.rows.reduce(0) { $0 + $1.power } - 0.005) < 1e-9, "\(window)")
      }
    }
  }
}
