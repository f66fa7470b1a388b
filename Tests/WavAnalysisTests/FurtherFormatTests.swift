// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing
import WavSpectrum

@testable import WavAnalysis
@testable import WavExport

/// Tab-separated values: a format that the program does not have.
private struct TSV: BinTable {
  static let exporter = Exporter(name: "tabs", extensions: ["tsv", "tab"], everyBin: TSV()) {
    result in
    let lines = result.rows.map { "\($0.frequency)\t\($0.magnitude)\t\($0.level)\n" }
    return Array(("frequency_hz\tmagnitude\tlevel_dbfs\n" + lines.joined()).utf8)
  }

  func header(rowCount: Int, of kind: BinBlock.Kind) -> [UInt8] { Array("bins \(rowCount)\n".utf8) }
  func rowByteCount(of kind: BinBlock.Kind) -> Int? { nil }

  func append(_ block: BinBlock, to buffer: inout RowBuffer) {
    for index in 0..<block.bins.count {
      buffer.append("\(block.frequency(index))")
      switch block.values {
      case .single(let magnitudes, let levels):
        buffer.append("\t\(magnitudes[index])\t\(levels[index])\n")
      case .double(let magnitudes, let levels):
        buffer.append("\t\(magnitudes[index])\t\(levels[index])\n")
      case .complexSingle(let numbers):
        buffer.append("\t\(numbers[index].x)\t\(numbers[index].y)\n")
      case .complexDouble(let numbers):
        buffer.append("\t\(numbers[index].x)\t\(numbers[index].y)\n")
      }
    }
  }

  func footer(_ result: any LineResult) -> [UInt8] { Array("rows \(result.rows.count)\n".utf8) }
}

/// A further format needs only a value in the list of exporters.
@Suite struct FurtherFormatTests {
  private let samples = noise(40000)

  private func lines(
    _ folder: URL, _ change: (inout AnalysisRequest) -> Void
  ) throws -> (table: [[Substring]], Analysis) {
    let found = try analysis(of: samples, in: folder, outputs: [TSV.exporter], change)
    let text = try String(contentsOf: folder.appending(path: "x.tsv"), encoding: .utf8)
    return (text.split(separator: "\n").map { $0.split(separator: "\t") }, found)
  }

  @Test func bandsAreExported() throws {
    try withFolder { folder in
      let (table, found) = try lines(folder) { $0.points = .bands(50) }
      #expect(table.first == ["frequency_hz", "magnitude", "level_dbfs"])
      #expect(
        table.dropFirst().map { $0.compactMap { Double($0) } }
          == found.rows.map { [$0.frequency, $0.magnitude, $0.level] })
    }
  }

  /// Blocks of rows with different lengths, between a header and a footer.
  @Test(arguments: [MethodDescription.exact, .decimated(parts: 2)])
  func everyBinIsStreamed(method: MethodDescription) throws {
    try withFolder { folder in
      var rows: [[Double]] = []
      for exporter in [TSV.exporter, .csv] {
        let found = try analysis(of: samples, in: folder, method: method, outputs: [exporter]) {
          $0.points = .all
          $0.band = .full
          $0.method.precision = .double
        }
        let path = folder.appending(path: "x.\(exporter.fileExtension)")
        let table = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
        let count = 20000 / method.parts + 1
        guard exporter != .csv else {
          try #require(table.count == count + 1)
          for (line, row) in zip(table.dropFirst(), rows) {
            let numbers = line.split(separator: ",").compactMap { Double($0) }
            #expect(abs(numbers[0] - row[0]) < 1e-9 && numbers[1...] == row[1...])
          }
          continue
        }
        #expect(table.first == "bins \(count)")
        #expect(table.last == "rows \(found.rows.count)")
        rows = table.dropFirst().dropLast().map {
          $0.split(separator: "\t").compactMap { Double($0) }
        }
        #expect(rows.count == count && rows.allSatisfy { $0.count == 3 })
      }
    }
  }

  @Test func extensionsNameTheFormat() {
    #expect(TSV.exporter.fileExtension == "tsv")
    #expect(TSV.exporter != .csv && TSV.exporter == Exporter(name: "tabs", lines: nil))
    for exporter in Exporter.all {
      #expect(Exporter(named: exporter.name) == exporter)
      for ending in exporter.extensions { #expect(Exporter(extension: ending) == exporter) }
    }
    let endings = Exporter.all.flatMap(\.extensions)
    #expect(Set(endings).count == endings.count, "an extension means one format")
    #expect(Set(Exporter.all.map(\.name)).count == Exporter.all.count)
    #expect(Exporter(named: "tabs") == nil && Exporter(extension: "tab") == nil)
    // A figure, a table or a page.
    #expect(
      Exporter.all.allSatisfy { exporter in
        [exporter.figure != nil, exporter.everyBin != nil, exporter.isPage].filter { $0 }.count == 1
      })
  }

  /// README.md cannot be derived from the list; this test names a format that it lacks.
  @Test func theReadmeNamesEveryFormat() throws {
    let root = (0..<3).reduce(URL(filePath: #filePath)) { path, _ in
      path.deletingLastPathComponent()
    }
    let text = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    for exporter in Exporter.all {
      #expect(text.contains(".\(exporter.fileExtension)"), "\(exporter.name)")
    }
  }
}
