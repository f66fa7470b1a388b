// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavBatch

/// Records survive being written and read.
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
    var silent = done
    silent.path = "silence.wav"
    silent.rmsDbfs = nil
    silent.centroidHz = nil
    silent.peaks = []
    let failed = FileRecord(
      path: "ü.wav", status: .error, error: "ü.wav is empty; \"really\", yes", options: options)
    return [done, silent, failed]
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

  @Test func linesThatWereCutOffAreLeftOut() throws {
    let text = try JSONRecords.text(records)
    #expect(JSONRecords.records(in: String(text.dropLast(20))) == Array(records.dropLast()))
    let table = CSVRecords.text(records)
    #expect(CSVRecords.records(in: String(table.dropLast(60))) == Array(records.dropLast()))
  }

  @Test func optionsThatDifferHaveOtherHashes() {
    // The digest of the empty text and of "a", from the definition of FNV-1a.
    #expect(OptionsInWords.hash("") == "cbf29ce484222325")
    #expect(OptionsInWords.hash("a") == "af63dc4c8601ec8c")
  }
}
