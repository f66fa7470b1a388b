// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// File names cannot control a terminal or forge a line of a report.
@Suite struct ControlCharacterTests {
  /// A name with everything that could: C0, DEL, C1, marks of reading direction, and a forged line.
  private static let evil: String = {
    let codes =
      Array(1..<0x20) + Array(0x7f...0x9f) + [0x061c, 0x200e, 0x200f]
      + Array(0x2028...0x202e) + Array(0x2066...0x2069)
    let controls = String(String.UnicodeScalarView(codes.compactMap { Unicode.Scalar($0) }))
    return "x\nsame: \u{1b}[2Jforged\(controls)\u{9b}31m"
  }()

  private func expectHarmless(
    _ result: Program.Result, like plain: Program.Result, _ what: String
  ) {
    let evil = Set(Self.evil.unicodeScalars.filter { $0.value < 0x20 || $0.value >= 0x7f })
    for text in [result.output, result.error] {
      let found = text.unicodeScalars.filter { evil.contains($0) && $0 != "\n" }
      #expect(found.isEmpty, "\(what): \(found.map(\.value))")
    }
    let lines = { (text: String) in text.split(separator: "\n").count }
    #expect(lines(result.output) == lines(plain.output), "\(what): \(result.output)")
    #expect(lines(result.error) == lines(plain.error), "\(what): \(result.error)")
    #expect(
      !(result.output + result.error).split(separator: "\n").contains {
        $0.hasPrefix("same: \u{1b}")
      })
  }

  @Test func namesAreHarmlessEverywhere() throws {
    try withFolder { folder in
      let tone = wav(pcm16((0..<2000).map { Int16(8000 * sin(0.3 * Double($0))) }))
      let other = wav(pcm16((0..<2000).map { Int16(6000 * sin(0.5 * Double($0))) }))
      /// Runs commands with a plain name and with the evil one, each in a folder of its own.
      func run(_ name: String) throws -> [(String, Program.Result)] {
        let own = folder.appending(path: UUID().uuidString)
        for sub in ["a", "b", "empty"] {
          try FileManager.default.createDirectory(
            at: own.appending(path: sub), withIntermediateDirectories: true)
        }
        func write(_ data: Data, _ path: String) throws {
          // Foundation does not normalise this path, but URLs would.
          #expect(FileManager.default.createFile(atPath: own.path + "/" + path, contents: data))
        }
        try write(tone, "a/\(name).wav")
        try write(other, "b/\(name).wav")
        try write(tone, "b/only.\(name).wav")
        try write(Data("no audio".utf8), "\(name).bad")
        let audio = "a/\(name).wav"
        let commands: [(String, [String])] = [
          ("report", [audio]), ("JSON", [audio, "--report", "json"]),
          ("missing", ["\(name).none"]), ("not audio", ["\(name).bad"]),
          ("output", [audio, "--out", "\(name)/x.csv"]),
          ("kind of output", [audio, "--out", name]),
          ("the same output twice", [audio, "--out", "\(name).csv", "--out", "\(name).csv"]),
          ("reference", [audio, "--report", "none", "--out", "\(name).json"]),
          ("update", ["compare", audio, "\(name).new.json", "--update"]),
          ("the same", ["compare", audio, "\(name).json"]),
          ("different", ["compare", "b/\(name).wav", "\(name).json"]),
          ("different as JSON", ["compare", "b/\(name).wav", "\(name).json", "--report", "json"]),
          ("not comparable", ["compare", "\(name).bad", "\(name).json"]),
          ("pairs", ["compare", "--batch", "a", "b"]),
          ("extra", ["compare", "--batch", "b", "a"]),
          ("batch", ["batch", audio, "\(name).bad", "--out-dir", "o\(name)", "--no-timings"]),
          ("batch as JSON", ["batch", audio, "--out-dir", "p\(name)", "--report", "json"]),
          ("shards", ["batch", audio, "--out-dir", "s\(name)", "--shard", "1/1"]),
          ("merge", ["batch-merge", "s\(name)"]),
          ("no shards", ["batch-merge", "empty\(name)"]),
        ]
        return try commands.map { ($0.0, try Program.run($0.1, in: own)) }
      }
      for ((what, result), (_, plain)) in zip(try run(Self.evil), try run("plain")) {
        #expect(result.status == plain.status, "\(what): \(result.error)")
        expectHarmless(result, like: plain, what)
        if what == "JSON" {
          // The JSON has the exact name.
          let data = Data(result.output.utf8)
          let document = try JSONSerialization.jsonObject(with: data) as? [String: Any]
          let input = document?["input"] as? [String: Any]
          let path = (input?["path"] as? String).map { Array($0.unicodeScalars) }
          #expect(path == Array("a/\(Self.evil).wav".unicodeScalars))
        }
      }
    }
  }
}
