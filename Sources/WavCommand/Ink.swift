// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import Synchronization
import WavSystem

/// Colours and weights of printed text, by the escape sequences of terminals (ECMA-48).
struct Ink: Equatable {
  /// Whether text is coloured; otherwise it stays as it is.
  let isOn: Bool

  /// How text looks.
  enum Look: String {
    case bold = "1"
    case red = "31"
    case green = "32"
    case yellow = "33"
  }

  init(isOn: Bool) { self.isOn = isOn }

  /// Colours, if a choice and the environment want them.
  ///
  /// A choice other than `auto` decides. `NO_COLOR` (no-color.org) and the terminal `dumb` turn colours off,
  /// `CLICOLOR_FORCE` turns them on where there is no terminal.
  init(_ choice: ColorOption, isTerminal: Bool, environment: (String) -> String?) {
    func isSet(_ name: String) -> Bool { environment(name).map { !$0.isEmpty } ?? false }
    isOn =
      switch choice {
      case .always: true
      case .never: false
      case .auto:
        !isSet("NO_COLOR")
          && (isSet("CLICOLOR_FORCE") && environment("CLICOLOR_FORCE") != "0"
            || isTerminal && environment("TERM") != "dumb")
      }
  }

  /// Colours on stdout.
  static func ofReport(_ options: GeneralOptions) -> Ink {
    Ink(
      options.color, isTerminal: isatty(STDOUT_FILENO) == 1, environment: environmentVariable)
  }

  /// Colours on stderr, where the options may not have been parsed.
  static var ofErrors: Ink {
    Ink(
      choiceOfErrors.withLock { $0 }, isTerminal: isatty(STDERR_FILENO) == 1,
      environment: environmentVariable)
  }

  /// The last choice in some arguments, for errors.
  static func chooseForErrors(_ arguments: [String]) {
    let values = arguments.indices.compactMap { index in
      arguments[index] == "--color" && index + 1 < arguments.count
        ? arguments[index + 1]
        : arguments[index].hasPrefix("--color=") ? String(arguments[index].dropFirst(8)) : nil
    }
    guard let choice = values.compactMap(ColorOption.init(rawValue:)).last else { return }
    choiceOfErrors.withLock { $0 = choice }
  }

  private static let choiceOfErrors = Mutex(ColorOption.auto)

  /// A text in a look.
  func callAsFunction(_ look: Look, _ text: some StringProtocol) -> String {
    isOn && !text.isEmpty ? "\u{1b}[\(look.rawValue)m\(text)\u{1b}[0m" : String(text)
  }

  /// A report with its headings in bold: the first line, and what begins at the left edge.
  func report(_ text: String) -> String {
    guard isOn else { return text }
    return edited(text) { index, line in
      guard index == 0 || line.first?.isLetter == true else { return line }
      // A label, and its text behind spaces.
      let end = index == 0 ? line.endIndex : line.firstRange(of: "  ")?.lowerBound ?? line.endIndex
      return self(.bold, line[..<end]) + line[end...]
    }
  }

  /// A report on comparisons with its verdicts in colours.
  func verdicts(_ text: String) -> String {
    guard isOn else { return text }
    let looks: [(String, Look)] = [
      ("same", .green), ("different", .red), ("missing", .red), ("extra", .red),
      ("not comparable", .yellow),
    ]
    return edited(text) { _, line in
      guard let (verdict, look) = looks.first(where: { line.hasPrefix($0.0 + ":") }) else {
        return line
      }
      return self(look, verdict) + line.dropFirst(verdict.count)
    }
  }

  private func edited(_ text: String, _ edit: (Int, String) -> String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .map { edit($0.offset, String($0.element)) }.joined(separator: "\n")
  }
}
