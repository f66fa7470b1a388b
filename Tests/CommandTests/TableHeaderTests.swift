// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Tables that say how they were made, and documents that name their schema; Tests/formats reads all kinds of them.
@Suite struct TableHeaderTests {
  private let bach = Program.fixture("bach.wav")
  private let sine = Program.fixture("sine-on-bin.wav")

  private func run(_ arguments: [String], in folder: URL, status: Int32 = 0) throws -> String {
    let result = try Program.run(arguments, in: folder)
    #expect(result.status == status, "\(arguments): \(result.error)")
    return status == 0 ? result.output : result.error
  }

  private func text(_ name: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  private func object(_ name: String, in folder: URL) throws -> [String: Any] {
    let data = try Data(contentsOf: folder.appending(path: name))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test(
    arguments: [
      [], ["--parts", "8"], ["--method", "welch"], ["--method", "spectrogram"],
      ["--points", "all", "--band", "440:441"], ["--points", "all", "--method", "welch"],
      ["--points", "all", "--values", "complex", "--band", "440:441"], ["--bands", "semitone"],
      ["--channel", "each"],
    ])
  func commentsAreBeforeTheSameTable(options: [String]) throws {
    try withFolder { folder in
      for (name, header) in [("p.csv", "plain"), ("c.csv", "comments")] {
        _ = try run([bach, "--out", name, "--header", header] + options, in: folder)
      }
      let (plain, whole) = (try text("p.csv", in: folder), try text("c.csv", in: folder))
      #expect(whole.hasPrefix("# schema: wavfft-table/1\n") && whole.hasSuffix("\n" + plain))
      let comments = whole.dropLast(plain.count).split(separator: "\n")
      #expect(comments.count >= 25 && comments.allSatisfy { $0.hasPrefix("# ") })
      #expect(comments.contains("# sample_rate_hz: 44100"))
      let channel = options.contains("--channel") ? "each" : "mix"
      #expect(comments.contains("# channel: \(channel)"))
    }
  }

  /// The signs of sharp notes would begin comments.
  @Test func sharpNotesAreInQuotes() throws {
    try withFolder { folder in
      _ = try run([bach, "--bands", "semitone", "--out", "x.csv"], in: folder)
      let lines = try text("x.csv", in: folder).split(separator: "\n")
      #expect(lines.contains { $0.hasSuffix(",\"C#4\"") } && lines.contains { $0.hasSuffix(",A4") })
    }
  }

  @Test(
    arguments: [("r.csv", "comments"), ("r.csv", "sidecar"), ("r.npy", "sidecar")],
    [
      ["--window", "flattop"], ["--parts", "4"], ["--start", "1", "--duration", "2"],
      ["--method", "welch", "--segment", "1000"],
    ])
  func recordingsAreAnalysedLikeTheTable(
    table: (name: String, header: String), options: [String]
  ) throws {
    try withFolder { folder in
      _ = try run([bach, "--out", table.name, "--header", table.header] + options, in: folder)
      let words = try run(
        ["compare", bach, table.name, "--tolerance-db", "0.001"], in: folder)
      #expect(words.hasPrefix("same"))
    }
  }

  @Test(arguments: [("r.csv", "comments"), ("r.npy", "sidecar")])
  func updatedTablesGoOnSayingHowTheyWereMade(name: String, header: String) throws {
    try withFolder { folder in
      let options = ["--window", "flattop", "--out", name, "--header", header]
      _ = try run([sine] + options, in: folder)
      _ = try run(["compare", bach, name, "--update"], in: folder)
      let facts = try text(header == "sidecar" ? "\(name).json" : name, in: folder)
      #expect(facts.contains("flattop") && facts.contains("bach.wav"))
      _ = try run(["compare", bach, name, "--tolerance-db", "0.001"], in: folder)
    }
  }

  @Test(arguments: ["20:20000", "full", "21000:22051"])
  func complexBinsAreComparedByTheirDocument(band: String) throws {
    try withFolder { folder in
      _ = try run(
        [
          bach, "--points", "all", "--values", "complex", "--window", "hann", "--band", band,
          "--out", "c.npy", "--header", "sidecar",
        ], in: folder)
      _ = try run(["compare", bach, "c.npy", "--tolerance-db", "0.001"], in: folder)
      try FileManager.default.removeItem(at: folder.appending(path: "c.npy.json"))
      let words = try run(["compare", bach, "c.npy"], in: folder, status: 64)
      #expect(words.contains("holds values without frequencies"))
    }
  }

  /// A pair that was renamed goes on saying how it was made; a document of another table is ignored, which is said.
  @Test(arguments: ["t.npy", "t.csv"])
  func aDocumentBelongsToItsTableByItsDigest(name: String) throws {
    try withFolder { folder in
      _ = try run([sine, "--window", "hann", "--out", name, "--header", "sidecar"], in: folder)
      let other = "u.\(name.suffix(3))"
      for ending in ["", ".json"] {
        try FileManager.default.moveItem(
          at: folder.appending(path: name + ending), to: folder.appending(path: other + ending))
      }
      let renamed = try Program.run(
        ["compare", sine, other, "--tolerance-db", "0.001"], in: folder)
      #expect(renamed.status == 0 && renamed.error.isEmpty, "\(renamed)")
      // Other numbers in as many bytes: nothing is known of the window, and the audio is analysed without one.
      _ = try run([sine, "--out", name], in: folder)
      try FileManager.default.moveItem(
        at: folder.appending(path: "\(other).json"), to: folder.appending(path: "\(name).json"))
      let sentence =
        "wavfft: \(name).json is ignored, because it does not describe \(name) as it is; write both again with "
        + "--header sidecar\n"
      let ignored = try Program.run(["compare", sine, name, "--tolerance-db", "0.001"], in: folder)
      #expect(ignored.status == 0 && ignored.error == sentence, "\(ignored)")
      #expect(
        try Program.run(["overlay", sine, name, "--report", "none"], in: folder).error == sentence)
    }
  }

  /// Without a document of its own, a table is not left with the old one.
  @Test(arguments: ["t.npy", "t.csv"])
  func theDocumentOfAnOldTableIsRemoved(name: String) throws {
    try withFolder { folder in
      let hann = [sine, "--window", "hann", "--out", name]
      _ = try run(hann + ["--header", "sidecar"], in: folder)
      // The bytes of the table may be the same: facts such as the input and the reference of levels are others.
      for options in [["--reference", "120:dB SPL"], ["--window", "hamming"]] {
        #expect(try Program.run(hann + options, in: folder).error.isEmpty)
        #expect(try contents(folder) == [name])
        _ = try run(hann + ["--header", "sidecar"], in: folder)
      }
      // One that was changed stays.
      let changed = try text("\(name).json", in: folder).replacing("hann", with: "Hann")
      try Data(changed.utf8).write(to: folder.appending(path: "\(name).json"))
      let words = try Program.run([sine, "--out", name], in: folder)
      #expect(words.status == 0)
      #expect(
        words.error
          == "wavfft: \(name).json does not belong to the new \(name), and stays because it is not as wavfft "
          + "wrote it; remove it if it is of no use\n")
      #expect(try text("\(name).json", in: folder) == changed)
      // What is no such document is nobody's business.
      try Data("{}".utf8).write(to: folder.appending(path: "\(name).json"))
      #expect(try Program.run(hann, in: folder).error.isEmpty)
      #expect(try text("\(name).json", in: folder) == "{}")
    }
  }

  /// The report of this run may have the name of the document of an old table.
  @Test func anOutputIsNotTakenForAnOldDocument() throws {
    try withFolder { folder in
      _ = try run([sine, "--out", "t.npy", "--header", "sidecar"], in: folder)
      _ = try run(
        [sine, "--window", "hann", "--out", "t.npy", "--out", "t.npy.json"], in: folder)
      #expect(try object("t.npy.json", in: folder)["schema"] as? String == "wavfft-spectrum/1")
    }
  }

  @Test func aDocumentThatSomebodyChangedIsNotReplaced() throws {
    try withFolder { folder in
      _ = try run([sine, "--out", "t.npy", "--header", "sidecar"], in: folder)
      let changed = try text("t.npy.json", in: folder).replacing(
        "\"sample_rate_hz\" : 8000", with: "\"sample_rate_hz\" : 48000")
      try Data(changed.utf8).write(to: folder.appending(path: "t.npy.json"))
      let table = try Data(contentsOf: folder.appending(path: "t.npy"))
      let hann = [sine, "--window", "hann", "--out", "t.npy", "--header", "sidecar"]
      let words = try run(hann, in: folder, status: 73)
      #expect(
        words.contains("t.npy.json is in the way") && words.contains("is not as wavfft wrote it"))
      #expect(try text("t.npy.json", in: folder) == changed)
      #expect(try Data(contentsOf: folder.appending(path: "t.npy")) == table)
      // Nor by an update, whose reference it describes.
      _ = try run(["compare", bach, "t.npy", "--update"], in: folder, status: 73)
      #expect(try text("t.npy.json", in: folder) == changed)
      #expect(try Data(contentsOf: folder.appending(path: "t.npy")) == table)
    }
  }

  /// A table becomes a reference with what it says of itself, not what the old reference said.
  @Test func updatesTakeTheDocumentAlong() throws {
    try withFolder { folder in
      let hann = [sine, "--window", "hann", "--out", "new.npy"]
      _ = try run(hann + ["--header", "sidecar"], in: folder)
      _ = try run([bach, "--out", "r.npy", "--header", "sidecar"], in: folder)
      _ = try run(["compare", "new.npy", "r.npy", "--update"], in: folder)
      let table = try #require(try object("r.npy.json", in: folder)["table"] as? [String: Any])
      #expect(table["file"] as? String == "r.npy")
      #expect(try object("r.npy.json", in: folder)["window"] as? String == "hann")
      _ = try run(["compare", sine, "r.npy", "--tolerance-db", "0.001"], in: folder)
      _ = try run([bach, "--out", "plain.npy"], in: folder)
      _ = try run(["compare", "plain.npy", "r.npy", "--update"], in: folder)
      #expect(!(try contents(folder)).contains("r.npy.json"))
    }
  }

  @Test func axesAreThoseOfTheTableInText() throws {
    try withFolder { folder in
      _ = try run(
        [
          bach, "--method", "spectrogram", "--columns", "7", "--points", "30", "--start", "3",
          "--out", "s.npy", "--header", "sidecar", "--out", "s.csv",
        ], in: folder)
      let lines = try text("s.csv", in: folder).split(separator: "\n").map {
        $0.split(separator: ",").map { Double($0) ?? .nan }
      }
      let description = try #require(
        try object("s.npy.json", in: folder)["table"] as? [String: Any])
      let axes = try #require(description["axes"] as? [[String: Any]])
      try #require(axes.count == 2)
      let first = try #require(axes[0]["first"] as? Double)
      let step = try #require(axes[0]["step"] as? Double)
      #expect(axes[0]["count"] as? Int == lines.count - 1)
      for (index, line) in lines.dropFirst().enumerated() {
        #expect(abs(first + Double(index) * step - line[0]) < 1e-6)
      }
      let values = try #require(axes[1]["values"] as? [Double])
      try #require(values.count == lines[0].count - 1)
      for (value, name) in zip(values, lines[0].dropFirst()) {
        #expect(abs(value - name) < 1e-12 * name)
      }
    }
  }

  @Test func aFileOfSomebodyElseIsNotReplaced() throws {
    try withFolder { folder in
      let place = folder.appending(path: "t.npy.json")
      try Data("{\"schema\":\"mine\"}".utf8).write(to: place)
      let words = try run(
        [sine, "--out", "t.npy", "--header", "sidecar"], in: folder, status: 73)
      #expect(words.contains("t.npy.json is in the way"))
      #expect(try contents(folder) == ["t.npy.json"])
      #expect(try text("t.npy.json", in: folder) == "{\"schema\":\"mine\"}")
      try FileManager.default.removeItem(at: place)
      for window in ["hann", "hamming"] {
        _ = try run(
          [sine, "--window", window, "--out", "t.npy", "--header", "sidecar"], in: folder)
        #expect(try object("t.npy.json", in: folder)["window"] as? String == window)
      }
    }
  }

  @Test func outputsInOnePlaceAreRefused() throws {
    try withFolder { folder in
      let words = try run(
        [sine, "--out", "t.npy", "--out", "t.npy.json", "--header", "sidecar"], in: folder,
        status: 64)
      #expect(words.contains("are the same file"))
      #expect(try contents(folder).isEmpty)
    }
  }

  @Test(arguments: [["x.svg", "sidecar"], ["x.npy", "comments"], ["x.json", "sidecar"]])
  func formatsWithoutSuchAHeaderAreRefused(case: [String]) throws {
    try withFolder { folder in
      let words = try run(
        [sine, "--out", `case`[0], "--header", `case`[1]], in: folder, status: 64)
      #expect(words.contains("--header \(`case`[1]) is for"))
      #expect(try contents(folder).isEmpty)
    }
  }

  // MARK: Batches

  @Test func documentsAreOutputsOfABatch() throws {
    try withFolder { folder in
      let inputs = folder.appending(path: "in")
      try FileManager.default.createDirectory(at: inputs, withIntermediateDirectories: true)
      for name in ["a.wav", "a.npy.wav"] {
        try FileManager.default.copyItem(
          atPath: sine, toPath: inputs.appending(path: name).path)
      }
      let batch = [
        "batch", "in", "--out-dir", "out", "--format", "npy,json", "--header", "sidecar",
      ]
      _ = try run(batch, in: folder)
      let out = folder.appending(path: "out")
      // The report of one is not the description of the table of the other.
      #expect(
        try contents(out) == [
          "a.json", "a.npy", "a.npy.json", "a.npy.wav.json", "a.npy.wav.npy", "a.npy.wav.npy.json",
          "summary.csv",
        ])
      #expect(try object("out/a.npy.json", in: folder)["schema"] as? String == "wavfft-table/1")
      #expect(try text("out/summary.csv", in: folder).contains("npy.json "))
      let again = try run(batch + ["--resume"], in: folder)
      #expect(again.contains("2 of them before"))
      try FileManager.default.removeItem(at: out.appending(path: "a.npy.json"))
      let missing = try run(batch + ["--resume"], in: folder)
      #expect(missing.contains("1 of them before"))
      #expect(try object("out/a.npy.json", in: folder)["input"] as? String == "in/a.wav")
    }
  }

  @Test(arguments: [[], ["--window", "hann"]])
  func aBatchRemovesTheDocumentsOfOldTables(options: [String]) throws {
    try withFolder { folder in
      let batch = ["batch", sine, bach, "--out-dir", "out", "--format", "npy,json"]
      _ = try run(batch + ["--header", "sidecar"], in: folder)
      let changed = folder.appending(path: "out/bach.npy.json")
      try (try text("out/bach.npy.json", in: folder) + " ").write(
        to: changed, atomically: true, encoding: .utf8)
      _ = try run(batch + options, in: folder)
      #expect(
        try contents(folder.appending(path: "out")) == [
          "bach.json", "bach.npy", "bach.npy.json", "sine-on-bin.json", "sine-on-bin.npy",
          "summary.csv",
        ])
    }
  }

  @Test func aBatchReplacesNoForeignDocument() throws {
    try withFolder { folder in
      let out = folder.appending(path: "out")
      try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
      let place = out.appending(path: "sine-on-bin.csv.json")
      try Data("mine".utf8).write(to: place)
      let batch = ["batch", sine, "--out-dir", "out", "--format", "csv", "--header", "sidecar"]
      let words = try run(batch, in: folder, status: 73)
      #expect(words.contains("sine-on-bin.csv.json is in the way"))
      #expect(try contents(out) == ["sine-on-bin.csv.json"])
    }
  }

  @Test func foldersAreComparedWithoutDocuments() throws {
    try withFolder { folder in
      for name in ["ours", "theirs"] {
        try FileManager.default.createDirectory(
          at: folder.appending(path: name), withIntermediateDirectories: true)
        _ = try run(
          [sine, "--out", "\(name)/a.npy", "--header", "sidecar"], in: folder)
      }
      let words = try run(["compare", "--batch", "ours", "theirs"], in: folder)
      #expect(words.contains("1 compared: 1 the same"))
    }
  }

  // MARK: Versions

  @Test func laterVersionsAreRefusedAndKept() throws {
    try withFolder { folder in
      _ = try run([sine, "--out", "r.json", "--out", "r.csv", "--header", "comments"], in: folder)
      for (name, kind) in [("r.json", "spectrum"), ("r.csv", "table")] {
        let later = try text(name, in: folder).replacing(
          "wavfft-\(kind)/1", with: "wavfft-\(kind)/2")
        try Data(later.utf8).write(to: folder.appending(path: name))
        let words = try run(["compare", sine, name], in: folder, status: 65)
        #expect(
          words.contains(
            "has the format wavfft-\(kind)/2, and this version of wavfft reads wavfft-\(kind)/1"))
        if name == "r.json" {
          _ = try run(["compare", sine, name, "--update"], in: folder, status: 65)
          #expect(try text(name, in: folder) == later)
        }
      }
    }
  }

  @Test func documentsWithoutASchemaAreRead() throws {
    try withFolder { folder in
      _ = try run([sine, "--out", "r.json"], in: folder)
      let old = try text("r.json", in: folder).replacing(
        "  \"schema\" : \"wavfft-spectrum/1\",\n", with: "")
      #expect(!old.contains("schema"))
      try Data(old.utf8).write(to: folder.appending(path: "r.json"))
      _ = try run(["compare", sine, "r.json"], in: folder)
      _ = try run(["overlay", sine, "r.json", "--report", "none"], in: folder)
    }
  }
}
