// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSpectrum

@testable import WavExport

@Suite struct TerminalPlotTests {
  private static let kinds: [TerminalCharacters] = [.braille, .blocks, .ascii]

  /// Rows of equal width on a logarithmic axis from 20 Hz to 20 kHz.
  private func rows(_ count: Int, level: (Int) -> Double) -> [LevelRow] {
    (0..<count).map { index in
      let low = 20 * pow(1000, Double(index) / Double(count))
      let high = 20 * pow(1000, Double(index + 1) / Double(count))
      return LevelRow(
        frequency: (low * high).squareRoot(), level: level(index), edges: low...high)
    }
  }

  private func plot(
    _ rows: [LevelRow], width: Int = 80, _ kind: TerminalCharacters = .braille,
    areBars: Bool = false
  ) -> [String] {
    TerminalPlot(width: width, characters: kind)
      .levels(rows, over: 20...20000, unit: "dBFS", areBars: areBars)
  }

  /// Dots of each column of dots, counted from the characters.
  private func heights(_ lines: [String], _ kind: TerminalCharacters, margin: Int) -> [Int] {
    let cells = lines.dropFirst().dropLast(2).map { Array($0.dropFirst(margin)) }
    let columns = (cells.map(\.count).max() ?? 0) * kind.across
    return (0..<columns).map { column in
      cells.reduce(0) { sum, line in
        let index = column / kind.across
        guard index < line.count, let scalar = line[index].unicodeScalars.first else { return sum }
        switch kind {
        case .braille:
          guard scalar.value > 0x2800 else { return sum }
          let mask: UInt32 = column % 2 == 0 ? 0x47 : 0xb8
          return sum + ((scalar.value - 0x2800) & mask).nonzeroBitCount
        case .blocks: return sum + (scalar == "█" ? 2 : scalar == "▄" ? 1 : 0)
        case .ascii: return sum + (scalar == ":" ? 2 : scalar == "." ? 1 : 0)
        }
      }
    }
  }

  @Test(arguments: [40, 41, 80, 133, 200], kinds)
  func axesHaveExactlyTheWidth(width: Int, kind: TerminalCharacters) {
    for areBars in [false, true] {
      let lines = plot(rows(300) { Double($0 % 83) - 120 }, width: width, kind, areBars: areBars)
      #expect(cellCount(lines[lines.count - 2]) == width)
      #expect(lines.allSatisfy { cellCount($0) <= width && !$0.hasSuffix(" ") })
      #expect((10...17).contains(lines.count), "\(lines.count)")
    }
  }

  @Test func widthsStayWithinLimits() {
    #expect(TerminalPlot(width: 1, characters: .ascii).width == 40)
    #expect(TerminalPlot(width: 1000, characters: .ascii).width == 200)
  }

  /// The column of a sine is the highest, and where its frequency is.
  @Test(arguments: kinds, [0, 300, 1234, 4095])
  func theColumnOfASineIsTheHighest(kind: TerminalCharacters, place: Int) throws {
    let lines = plot(rows(4096) { $0 == place ? -3 : -110 + Double($0 % 7) }, kind)
    let heights = heights(lines, kind, margin: 5)
    let most = try #require(heights.max())
    #expect(heights.filter { $0 == most }.count == 1)
    let expected = (Double(place) + 0.5) / 4096 * Double(75 * kind.across)
    #expect(heights.firstIndex(of: most) == Int(expected))
  }

  /// A dot is a fixed number of decibels.
  @Test(arguments: kinds)
  func heightsAreLevels(kind: TerminalCharacters) throws {
    let count = 75 * kind.across
    let level = { (column: Int) in -99 * Double(column) / Double(count - 1) }
    let lines = plot(rows(count, level: level), kind)
    let heights = heights(lines, kind, margin: 5)
    // 0 dB is in the middle of its row.
    let cells = Array(lines.dropFirst().dropLast(2))
    let row = try #require(cells.firstIndex { $0.hasPrefix("   0") })
    let bottom = -10 * (Double(cells.count - row) - 0.5)
    let decibels = 10 / Double(kind.down)
    #expect(heights.count == count)
    for (column, height) in heights.enumerated() {
      let exact = (level(column) - bottom) / decibels
      #expect(abs(Double(height) - exact) <= 0.5 + 1e-9, "\(column): \(height), \(exact)")
    }
  }

  @Test func labelsAreInTheRowOfTheirLevel() throws {
    for top in stride(from: -150.0, through: 40, by: 10) {
      for range in [30.0, 55, 85, 120, 150, 400] {
        let lines = plot(rows(100) { top - range * Double($0) / 99 })
        let labels = lines.dropFirst().dropLast(2).map { line in
          Double(line.prefix { $0 != "┤" && $0 != "│" }.trimmingCharacters(in: .whitespaces))
        }
        let known = labels.enumerated().compactMap { row, label in label.map { (row, $0) } }
        #expect(known.count >= 3, "\(lines)")
        let step = (known[0].1 - known[1].1) / Double(known[1].0 - known[0].0)
        #expect([5, 10, 20].contains(step))
        #expect(known.allSatisfy { $0.1 == known[0].1 - step * Double($0.0 - known[0].0) })
        #expect(labels.count <= 14)
      }
    }
  }

  @Test func silenceIsNotPlotted() {
    #expect(plot(rows(100) { _ in -.infinity }).isEmpty)
    #expect(plot([]).isEmpty)
  }

  @Test(arguments: kinds)
  func silentBandsAreEmptyColumns(kind: TerminalCharacters) {
    let lines = plot(rows(75 * kind.across) { $0 < 30 ? -.infinity : -20 }, kind)
    let heights = heights(lines, kind, margin: 4)
    #expect(heights.prefix(28).allSatisfy { $0 == 0 })
    #expect(heights.dropFirst(34).allSatisfy { $0 > 0 })
    #expect(!lines.joined().contains("inf") && !lines.joined().contains("nan"))
  }

  /// Bins that are far apart are connected; silence between them is not bridged.
  @Test func fewBinsAreConnected() {
    func narrow(_ frequency: Double, _ level: Double) -> LevelRow {
      LevelRow(
        frequency: frequency, level: level, edges: frequency * 0.999...frequency * 1.001)
    }
    let lines = plot([narrow(25, -60), narrow(16000, 0)])
    let heights = heights(lines, .braille, margin: 4).filter { $0 > 0 }
    #expect(heights.count > 130)
    #expect(zip(heights, heights.dropFirst()).allSatisfy { $0 <= $1 })
    let broken = plot([narrow(25, -60), narrow(400, -.infinity), narrow(16000, 0)])
    #expect(self.heights(broken, .braille, margin: 4).filter { $0 > 0 }.count == 2)
  }

  @Test func barsAreSeparate() {
    let bars = heights(plot(rows(10) { _ in -10 }, areBars: true), .braille, margin: 4)
    #expect(bars.split(separator: 0).count == 10)
    let curve = heights(plot(rows(10) { _ in -10 }), .braille, margin: 4)
    #expect(curve.split(separator: 0).count == 1)
  }

  @Test func frequenciesAreLabelledWhereTheyAre() throws {
    let lines = plot(rows(100) { _ in -10 }, width: 100)
    let (axis, labels) = (Array(lines[lines.count - 2]), Array(lines[lines.count - 1]))
    for (label, frequency) in [("100", 100.0), ("1k", 1000), ("10k", 10000)] {
      let text = String(labels)
      let range = try #require(text.range(of: " \(label) "))
      let start = text.distance(from: text.startIndex, to: range.lowerBound) + 1
      let column = start + (label.count - 1) / 2
      #expect(axis[column] == "┬")
      #expect(column - 4 == Int(log10(frequency / 20) / 3 * 96))
    }
    #expect(String(labels).hasSuffix("Hz"))
  }

  @Test func aNarrowBandHasRoundTicks() throws {
    let row = LevelRow(frequency: 440, level: -10, edges: 439...441)
    let lines = TerminalPlot(width: 80, characters: .braille)
      .levels([row], over: 439...441, unit: "dBFS")
    #expect(try #require(lines.last).contains("440"))
  }

  /// On a linear axis equal distances are equal numbers of Hz.
  @Test func aLinearAxisHasEvenTicks() throws {
    let rows = (0..<200).map { index in
      let low = 20 + 99.9 * Double(index)
      return LevelRow(
        frequency: low + 50, level: index == 149 ? -10 : -90, edges: low...low + 99.9)
    }
    var choice = FigureChoice()
    choice.spacing = .linear
    let lines = TerminalPlot(width: 105, characters: .blocks)
      .levels(rows, over: 20...20000, unit: "dBFS", choice: choice)
    let axis = Array(lines[lines.count - 2])
    let ticks = axis.indices.filter { axis[$0] == "┬" }
    #expect(ticks.count >= 3)
    #expect(Set(zip(ticks, ticks.dropFirst()).map { $1 - $0 }).count <= 2)
    #expect(lines[lines.count - 1].contains("15000"))
    // The strongest row is at 14,975 Hz: three quarters of the way.
    let found = heights(lines, .blocks, margin: 5)
    let highest = try #require(found.firstIndex(of: found.max() ?? 0))
    #expect(abs(highest - 75) <= 1)
  }

  /// Twice the amplitude is twice the height.
  @Test func amplitudesAreProportional() throws {
    var choice = FigureChoice()
    choice.scale = .amplitude
    let levels = (0..<100).map { 20 * log10(0.009 * Double($0 + 1)) }
    for kind in Self.kinds {
      let lines = TerminalPlot(width: 100, characters: kind)
        .levels(rows(100) { levels[$0] }, over: 20...20000, unit: "dBFS", choice: choice)
      #expect(lines[0].hasSuffix("FS") && !lines[0].contains("dBFS"))
      let margin = lines[lines.count - 2].prefix { $0 != kind.level.corner }.count + 1
      // The line of the axis is 0, half a row below the dots.
      let found = heights(lines, kind, margin: margin).map { Double($0) + Double(kind.down) / 2 }
      let top = try #require(found.max())
      for share in [0.25, 0.5, 0.75] {
        let height = found[Int(share * Double(found.count))]
        #expect(abs(height / top - share) < 0.04, "\(kind) \(share)")
      }
    }
  }

  /// Amplitudes have labels from 0 at steps of 1, 2 or 5, each in the row whose middle has its value.
  @Test(arguments: kinds)
  func amplitudesHaveRoundTicksFromZero(kind: TerminalCharacters) throws {
    var choice = FigureChoice()
    choice.scale = .amplitude
    for number in 0..<200 {
      let greatest = 1e-6 * pow(10, 0.035 * Double(number))
      let lines = TerminalPlot(width: 100, characters: kind).levels(
        rows(100) { 20 * log10(greatest * Double($0 + 1) / 100) }, over: 20...20000, unit: "dBFS",
        choice: choice)
      let rows = lines.dropFirst().dropLast()
      #expect((10...15).contains(rows.count), "\(lines)")
      // Rows above the line of the axis, and their labels.
      let labels = rows.reversed().enumerated().compactMap { row, line in
        Double(line.prefix { !"┤└│+|".contains($0) }.filter { $0 != " " }).map { (row, $0) }
      }
      try #require((3...8).contains(labels.count), "\(lines)")
      #expect(labels[0] == (0, 0))
      let (first, step) = labels[1]
      let digit = step / pow(10, (log10(step) + 1e-9).rounded(.down))
      #expect([1.0, 2, 5].contains { abs($0 - digit) < 1e-9 }, "\(step)")
      for (index, label) in labels.enumerated() {
        #expect(label.0 == first * index && abs(label.1 / step - Double(index)) < 1e-9)
      }
      let top = (Double(rows.count) - 0.5) * step / Double(first)
      #expect(greatest <= top + 1e-9 * top && greatest > 0.8 * top)
    }
  }

  @Test(arguments: [(-75.0, -15.0), (-40, -28), (-300, 0), (-21, -20)])
  func levelsHaveTheirRange(low: Double, high: Double) throws {
    var choice = FigureChoice()
    choice.levelRange = low...high
    let lines = TerminalPlot(width: 80, characters: .ascii)
      .levels(rows(300) { Double($0) - 300 }, over: 20...20000, unit: "dBFS", choice: choice)
    #expect((4...20).contains(lines.count), "\(lines.count)")
    let labels = lines.dropFirst().compactMap { line in
      Double(line.prefix { $0 != "+" }.filter { $0 != " " })
    }
    #expect(labels.allSatisfy { (low - 20...high + 20).contains($0) } && !labels.isEmpty)
  }

  @Test func shadesHaveTheirRange() throws {
    let grid = LevelGrid(
      times: 0...4, columnCount: 4, frequencyEdges: [100, 200],
      levels: [-95, -75, -45, -5], reduction: .maximum)
    let plot = TerminalPlot(width: 44, characters: .ascii)
    let lines = plot.shades(grid, spacing: .logarithmic, levels: -100...0)
    #expect(try #require(lines.last).contains("dBFS from . -80 : -60 * -40 # -20"))
    let shades = Set(lines[3].dropFirst(5))
    #expect(shades == [" ", ".", ":", "#"])
  }

  @Test func charactersFollowTheEnvironment() {
    func characters(_ variables: [String: String]) -> TerminalCharacters {
      TerminalCharacters { variables[$0] }
    }
    #expect(characters(["LANG": "de_DE.UTF-8"]) == .braille)
    #expect(characters(["LC_ALL": "", "LC_CTYPE": "C.utf8", "LANG": "C"]) == .braille)
    #expect(characters(["LC_ALL": "C", "LANG": "de_DE.UTF-8"]) == .ascii)
    #expect(characters([:]) == .ascii)
    #expect(characters(["LANG": "en_US.UTF-8", "TERM": "linux"]) == .blocks)
  }

  @Test(arguments: kinds, [40, 90, 200])
  func theStrongestCellHasTheStrongestShade(kind: TerminalCharacters, width: Int) throws {
    // A tone in the second half of the time, of the highest of four octaves.
    let levels = (0..<1600).map { cell -> Float in
      let (column, row) = cell.quotientAndRemainder(dividingBy: 4)
      return row == 3 && column >= 200 ? -7 : -90 + Float(column % 3)
    }
    let grid = LevelGrid(
      times: 0...20, columnCount: 400, frequencyEdges: [100, 200, 400, 800, 1600], levels: levels,
      reduction: .maximum)
    let lines = TerminalPlot(width: width, characters: kind).shades(grid, spacing: .logarithmic)
    #expect(lines.allSatisfy { cellCount($0) <= width })
    #expect(lines.count == 16)
    let strongest = try #require(kind.shades.last)
    let margin = width - lines[13].filter { $0 == kind.level.line || $0 == kind.level.tick }.count
    for (row, line) in lines[1...12].enumerated() {
      let cells = line.dropFirst(margin)
      #expect(cells.contains(strongest) == (row < 3), "\(lines)")
      guard row < 3 else { continue }
      let first = cells.distance(
        from: cells.startIndex, to: try #require(cells.firstIndex(of: strongest)))
      #expect(abs(first - (width - margin) / 2) <= 1)
    }
  }

  @Test func aSilentSpectrogramIsNotPlotted() {
    let grid = LevelGrid(
      times: 0...1, columnCount: 2, frequencyEdges: [1, 2],
      levels: [-.infinity, -.infinity], reduction: .mean)
    let plot = TerminalPlot(width: 80, characters: .ascii)
    #expect(plot.shades(grid, spacing: .linear).isEmpty)
  }
}
