// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavExport
import WavSpectrum

/// Options that decide how figures are drawn.
struct FigureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Frequency axis of figures, and of the rows of a spectrogram: log or linear. (default: log)",
      valueName: "axis"))
  var axis: AxisChoice?

  @Option(
    help: ArgumentHelp(
      "What figures show upwards: dbfs (levels) or linear (amplitudes). (default: dbfs)",
      valueName: "scale"))
  var scale: LevelScale?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Levels in dBFS at the ends of a figure's axis, or of the first and the last colour of a spectrogram, such as "
        + "-100:-20. (default: those of the recording)",
      valueName: "low:high"), completion: .suggestions("-120:0", "-100:-20"),
    transform: LevelRange.init(parsing:))
  var levelRange: LevelRange?

  @Option(help: ArgumentHelp("Headline of figures. (default: the name of the file)"))
  var title: String?

  @Option(
    help: ArgumentHelp(
      "Size of figures in pixels of CSS, 600x400 to 10000x10000; .png has twice as many. (default: 1200 wide, as high "
        + "as its words need)",
      valueName: "widthxheight"), completion: .suggestions("1200x800", "1600x900", "1920x1080"),
    transform: FigureSize.init(parsing:))
  var size: FigureSize?

  @Option(
    help: ArgumentHelp(
      "Colours of figures: auto (in .svg as the reader prefers, else light), light, dark or print. (default: auto)",
      valueName: "theme"))
  var theme: FigureTheme?

  func validate() throws {
    if let title, title.allSatisfy(\.isWhitespace) {
      throw ValidationError("--title is empty; write a headline, or leave it out.")
    }
    if scale == .amplitude, levelRange != nil {
      throw ValidationError(
        "--level-range is in dBFS, and --scale linear shows amplitudes; leave one of them out.")
    }
  }

  /// Refuses options that no view of a run shows; see ``Views/require(_:among:unless:)``.
  func requireUse(in shown: Views, unless obstacle: String? = nil) throws {
    func require(_ isGiven: Bool, _ option: String, _ views: Views) throws {
      if isGiven { try views.require(option, among: shown, unless: obstacle) }
    }
    let all = Views([.figure, .page, .plot])
    try require(axis != nil, "--axis", all.union(.rows))
    try require(scale != nil, "--scale", all)
    try require(levelRange != nil, "--level-range", all)
    try require(title != nil, "--title", [.figure, .page])
    try require(size != nil, "--size", .figure)
    try require(theme != nil, "--theme", [.figure, .page])
  }

  /// The choice.
  var choice: FigureChoice {
    var choice = FigureChoice()
    if axis == .linear { choice.spacing = .linear }
    if let scale { choice.scale = scale }
    choice.levelRange = levelRange?.levels
    choice.title = title
    choice.size = size
    if let theme { choice.theme = theme }
    return choice
  }
}

extension LevelScale: ExpressibleByArgument {}
extension FigureTheme: ExpressibleByArgument {}

/// The values of `--axis`.
enum AxisChoice: String, ExpressibleByArgument, CaseIterable {
  case log
  case linear
}

/// The value of `--level-range`.
struct LevelRange {
  /// In dBFS.
  let levels: ClosedRange<Double>

  init(parsing argument: String) throws {
    let ends = argument.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
    guard ends.count == 2, let low = ends[0], let high = ends[1], low >= -1000, high <= 1000,
      high - low >= 1
    else {
      throw ValidationError("Write LOW:HIGH in dBFS, at least 1 dB apart, such as -100:-20.")
    }
    levels = low...high
  }
}

extension FigureSize {
  init(parsing argument: String) throws {
    let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1],
      let size = FigureSize(width: width, height: height)
    else {
      throw ValidationError("Write WIDTHxHEIGHT, 600x400 to 10000x10000, such as 1600x900.")
    }
    self = size
  }
}
