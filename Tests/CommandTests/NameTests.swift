// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing

/// Files whose names are not UTF-8, on the command line, in folders and as outputs.
@Suite struct NameTests {
  /// Runs a script in a folder with the file `bach.wav`; `$bad` is a name that is not UTF-8,
  /// without extension.
  private func run(_ script: String, _ body: (Program.Result, URL) throws -> Void) throws {
    try withFolder { folder in
      try FileManager.default.copyItem(
        atPath: Program.fixture("bach.wav"), toPath: folder.appending(path: "bach.wav").path)
      let setUp = "bad=$(printf 'b\\377d\\356\\276\\200')\n"
      try body(try Program.shell(setUp + script, in: folder), folder)
    }
  }

  @Test func theCommandLineNamesInputsAndOutputs() throws {
    let script = """
      mv bach.wav "$bad.wav"
      wavfft "$bad.wav" --out "$bad.csv" --out "$bad.svg" && wc -l < "$bad.csv"
      wavfft "$bad.wav" --channel each --points all --report none --out "$bad.csv"
      test -f "$bad.1.csv" && test -f "$bad.2.csv" && test -f "$bad.svg" && echo there
      """
    try run(script) { result, _ in
      #expect(result.error == "")
      #expect(result.status == 0)
      #expect(result.output.hasPrefix("b\\xFFd\\xEE\\xBE\\x80.wav\n"))
      #expect(result.output.hasSuffix("there\n"))
    }
  }

  @Test func errorsShowTheBytes() throws {
    try run("wavfft \"$bad\"") { result, _ in
      #expect(result.status == 66)
      #expect(
        result.error
          == "wavfft: b\\xFFd\\xEE\\xBE\\x80 cannot be read: No such file or directory\n")
    }
    try run("wavfft bach.wav --window \"$bad\"") { result, _ in
      #expect(result.status == 64)
      #expect(result.error.contains("b\\xFFd"))
    }
  }

  @Test func batchesKeepTheNames() throws {
    let script = """
      mkdir -p "in/$bad" && cp bach.wav "in/$bad/$bad.wav" && mv bach.wav in/good.wav
      wavfft batch in --out-dir out --format csv && wavfft batch in --out-dir out --format csv --resume
      test -s "out/$bad/$bad.csv" && cmp "out/$bad/$bad.csv" out/good.csv && echo there
      wavfft compare --batch out out
      """
    try run(script) { result, folder in
      #expect(result.error == "")
      #expect(result.status == 0)
      #expect(result.output.contains("2 done, 0 failed"))
      #expect(result.output.contains("there\n"))
      let summary = try String(
        contentsOf: folder.appending(path: "out/summary.csv"), encoding: .utf8)
      #expect(summary.contains("in/b\u{efff}d\u{efee}\u{efbe}\u{ef80}/b"))
    }
  }
}
