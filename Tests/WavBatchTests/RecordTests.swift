// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavExport
import WavSystem

@testable import WavBatch

/// Records read back as they were written.
struct RecordTests {
  private var records: [FileRecord] {
    let options = OptionsInWords(text: "wavfft 1.0 band=20.0:20000.0", hash: "0123456789abcdef")
    var done = FileRecord(path: "a, \"b\"\nc.wav", status: .ok, options: options)
    done.channel = "2"
    done.durationS = 10.5
    done.sampleRateHz = 44100
    done.channels = 2
    done.frames = 463_050
    done.transformLength = 463_050
    done.rmsDbfs = -29.57005
    done.centroidHz = 784.3
    done.peaks = [
      FileRecord.Peak(frequencyHz: 440, levelDbfs: -6.02, note: "A4"),
      FileRecord.Peak(frequencyHz: 0.001, levelDbfs: -100, note: nil),
    ]
    done.lossShare = 0.875
    done.energyAboveLimit = 1e-7
    done.seconds = 0.012
    done.output = "a, \"b\"\nc.2"
    done.outputBytes = ["csv": 12, "svg": 345]
    done.inputChanged = "2026-01-02T03:04:05.000000006Z"
    var silent = done
    silent.path = "silence.wav"
    silent.rmsDbfs = nil
    silent.centroidHz = nil
    silent.peaks = []
    let failed = FileRecord(
      path: "ü.wav", status: .error, error: "ü.wav is empty; \"really\", yes", options: options)
    return [done, silent, failed]
  }

  @Test func summariesWithoutTheTimeOfChangeAreWhole() {
    let older = records.map { record in
      var record = record
      record.inputChanged = nil
      return record
    }
    let text = CSVRecords.text(older, hasChanges: false)
    #expect(!text.contains("input_changed"))
    #expect(CSVRecords.isWhole(text))
    #expect(CSVRecords.isWhole(CSVRecords.text(records)))
    #expect(CSVRecords.records(in: text) == older)
  }

  @Test func curvesReadBack() throws {
    var curved = records
    curved[0].thumbnail = Thumbnail(
      lowHz: 20, highHz: 3999.5, levels: Data([0, 255, 254, 62, 63, 251, 255]))
    let text = CSVRecords.text(curved)
    #expect(text.contains(",20.0 3999.5 AP/+Pj/7/w==,"))
    #expect(CSVRecords.isWhole(text))
    #expect(CSVRecords.records(in: text) == curved)
    #expect(!CSVRecords.text(records).contains("thumbnail"))
    let lines = try JSONRecords.sealedText(curved)
    #expect(JSONRecords.isSealed(lines))
    #expect(JSONRecords.records(in: lines) == curved)
  }

  @Test func tablesReadBack() {
    #expect(CSVRecords.records(in: CSVRecords.text(records)) == records)
  }

  @Test func objectsReadBack() throws {
    #expect(JSONRecords.records(in: try JSONRecords.text(records)) == records)
  }

  @Test func silenceHasALevel() {
    #expect(
      CSVRecords.text(records).contains("silence.wav,ok,,2,10.5,44100,2,463050,463050,-inf,,"))
  }

  @Test func withoutBinsThereIsNoLevel() throws {
    var short = records[1]
    short.hasNoBins = true
    let text = CSVRecords.text([short])
    #expect(text.contains("silence.wav,ok,,2,10.5,44100,2,463050,463050,,,"))
    #expect(CSVRecords.isWhole(text))
    #expect(CSVRecords.records(in: text) == [short])
    #expect(JSONRecords.records(in: try JSONRecords.text([short])) == [short])
  }

  @Test func incompleteLinesAreSkipped() throws {
    let text = try JSONRecords.text(records)
    #expect(JSONRecords.records(in: String(text.dropLast(20))) == Array(records.dropLast()))
    let table = CSVRecords.text(records)
    #expect(CSVRecords.records(in: String(table.dropLast(60))) == Array(records.dropLast()))
  }

  // MARK: Detection of changed summaries

  @Test func changedSummariesAreRecognised() throws {
    let table = CSVRecords.text(records, bands: ["63", "250:500"])
    let objects = try JSONRecords.sealedText(records)
    #expect(CSVRecords.isWhole(table))
    #expect(CSVRecords.isWhole(CSVRecords.text([])))
    #expect(JSONRecords.isSealed(objects))
    #expect(objects.contains("\"schema\":\"wavfft-record/1\""))
    // Lines of another version may mean something else.
    let later = try JSONRecords.text(records).replacing("wavfft-record/1", with: "wavfft-record/2")
      .split(separator: "\n").map {
        $0.dropLast() + ",\"line_digest\":\"\(ContentDigest.of(String($0)))\"}\n"
      }.joined()
    #expect(!JSONRecords.isSealed(later))
    for (text, isWhole) in [(table, CSVRecords.isWhole), (objects, JSONRecords.isSealed)] {
      for changed in [
        text.replacing("463050", with: "463051", maxReplacements: 1), text + "x",
        String(text.dropLast()), text.replacing("silence.wav", with: "Silence.wav"),
        text.replacing("\n", with: "\r\n"), "x" + text, text + "a,b\n", text + "\n",
        "path,level\na.wav,3\n",
      ] { #expect(!isWhole(changed), "\(changed)") }
    }
    #expect(JSONRecords.records(in: objects) == records)
  }

  // MARK: Spreadsheets

  @Test(arguments: [
    "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "''@x", "'", "''", "'x", "=",
  ])
  func namesAreNoFormulas(name: String) throws {
    let options = OptionsInWords(text: name, hash: "0")
    var record = FileRecord(path: name, status: .ok, options: options)
    record.output = name
    record.outputBytes = [:]
    record.peaks = []
    let failed = FileRecord(path: name, status: .error, error: name, options: options)
    let text = CSVRecords.text([record, failed])
    #expect(CSVRecords.records(in: text) == [record, failed])
    let cells = text.split(separator: "\n").dropFirst().flatMap { $0.split(separator: ",") }
    for cell in cells {
      let bare = cell.drop { $0 == "\"" }
      let isNumber = bare == "-inf" || Double(bare) != nil && bare != "+1" && bare != "-1"
      #expect(isNumber || !["=", "+", "-", "@", "\t", "\r"].contains(bare.first), "\(cell)")
    }
  }

  /// In Excel semicolons separate columns in some languages.
  @Test func namesAreOneCellForOtherSeparators() {
    let record = FileRecord(
      path: "a;=1+1", status: .error, error: "b\t=2",
      options: OptionsInWords(text: "o", hash: "0"))
    let text = CSVRecords.text([record])
    #expect(text.contains("\n\"a;=1+1\",error,\"b\t=2\","))
    #expect(CSVRecords.records(in: text) == [record])
  }

  @Test func numbersStayNumbers() throws {
    let line = try #require(
      CSVRecords.text(records).split(separator: "\n").first { $0.contains("-29.5") })
    #expect(line.contains(",-29.57005,"))
    #expect(!line.contains("'"))
  }

  // MARK: Separate columns

  @Test func bandsAndTheStrongestPeakHaveColumns() throws {
    var record = records[0]
    record.path = "a.wav"
    record.bandLevels = ["63": -40.25, "250:500": Double?.none]
    let bands = ["63", "125", "250:500"]
    let text = CSVRecords.text([record], bands: bands)
    let header = try #require(text.split(separator: "\n").first).split(separator: ",")
    let fields = text.split(separator: "\n")[1].split(
      separator: ",", omittingEmptySubsequences: false)
    func field(_ name: String) -> Substring? { header.firstIndex(of: name[...]).map { fields[$0] } }
    #expect(field("band_63_dbfs") == "-40.25")
    #expect(field("band_125_dbfs") == "", "the spectrum does not tell")
    #expect(field("band_250-500_dbfs") == "-inf", "silence")
    #expect(field("peak_hz") == "440.0")
    #expect(field("peak_dbfs") == "-6.02")
    #expect(field("peak_note") == "A4")
    #expect(CSVRecords.records(in: text) == [record])
    #expect(JSONRecords.records(in: try JSONRecords.text([record])) == [record])
  }
}

/// Bands that are columns of the summary.
struct SummaryBandTests {
  @Test(arguments: [
    ("63", 63.0957, 56.2341, 70.7946), ("125", 125.893, 112.202, 141.254),
    ("1000", 1000, 891.251, 1122.02), ("31.5", 31.6228, 28.1838, 35.4813),
    ("16000", 15848.9, 14125.4, 17782.8), ("1.25", 1.25893, 1.12202, 1.41254),
  ])
  func nominalFrequenciesAreThirdOctaves(name: String, middle: Double, low: Double, high: Double)
    throws
  {
    // IEC 61260-1:2014, table E.1 and the edges that follow.
    let band = try #require(SummaryBand(name))
    #expect(band.name == name)
    #expect(abs(band.low / low - 1) < 1e-5)
    #expect(abs(band.high / high - 1) < 1e-5)
    #expect(abs((band.low * band.high).squareRoot() / middle - 1) < 1e-5)
  }

  @Test func edgesCanBeGiven() throws {
    let band = try #require(SummaryBand("250:500.5"))
    #expect(band.low == 250)
    #expect(band.high == 500.5)
    #expect(band.name == "250:500.5")
  }

  @Test(arguments: [
    "", "64", "0", "-63", "x", "5:1", "1:1", "1:2:3", ":", "63 ", "nan", "1:inf", "-1:5",
  ])
  func otherTextsAreRefused(text: String) {
    #expect(SummaryBand(text) == nil)
  }
}
