// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavExport

/// Widths are cells of a terminal, not characters.
@Suite struct TerminalCellsTests {
  @Test(arguments: [
    ("", 0), ("C#-1", 4), ("20–20000 Hz", 11), ("音楽.wav", 8), ("ｗａｖ", 6), ("한국", 4),
    ("e\u{301}", 1), ("\u{1112}\u{1161}\u{11ab}", 2), ("🎵", 2), ("⣿░█┤", 4), ("a\u{200b}b", 2),
    ("−5", 2), ("カ\u{3099}", 2), ("soft\u{ad}", 5),
  ])
  func textsTakeTheirCells(text: String, cells: Int) {
    #expect(cellCount(text) == cells)
  }

  /// Every column ends at the same cell in each line, whatever is in it.
  @Test func tablesAreAlignedForAnyText() {
    let names = ["A4", "C#-1", "G#10", "", "音", "e\u{301}", "🎵🎵"]
    let numbers = ["1234567.890", "0.001", "-159.53", "-inf", "1e+300"]
    let rows = names.flatMap { name in numbers.map { [$0, name, "+7"] } }
    for namesFirst in [false, true] {
      let lines = tableLines(["Hz", "note", "cents"], rows, namesFirst: namesFirst)
      let widths = Set(lines.map(cellCount))
      #expect(widths.count == 1, "\(lines)")
      // The columns are as wide as the widest text: two spaces, the text, three spaces …
      #expect(widths.first == 28)
    }
    let short = tableLines([], [["a", "1"], ["音楽"]], namesFirst: true)
    #expect(short == ["  a      1", "  音楽"])
  }

  @Test func labelsReachTheirColumn() {
    #expect(labelled("音", "x", at: 4) == "音  x")
    #expect(labelled("long", "x", at: 2) == "long x")
    #expect(rightAligned(["音", "b"], [4, 3]) == "  音  b")
  }
}
