// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser

/// The options of a command, as its help lists them.
struct CommandOptions: Sendable {
  /// The name of the command: `batch`.
  let command: String
  /// The options in the order of the help, and whether a value follows.
  let all: [(name: String, takesValue: Bool)]

  /// The names of the options.
  var names: [String] { all.map(\.name) }

  /// Whether a value follows an option; nil if the command has no such option.
  func takesValue(_ name: String) -> Bool? { all.first { $0.name == name }?.takesValue }

  init(_ type: any ParsableCommand.Type) {
    command = type._commandName
    // In so wide a help every option begins a line of its own.
    let pattern = /\ \ (?:-\w, )?(--[a-z0-9-]+)(?:\/(--[a-z0-9-]+))?( <)?/
    var found: [(String, Bool)] = []
    for line in Wavfft.helpMessage(for: type, columns: 10_000).split(separator: "\n") {
      guard let match = line.prefixMatch(of: pattern) else { continue }
      found.append((String(match.output.1), match.output.3 != nil))
      if let inverse = match.output.2 { found.append((String(inverse), false)) }
    }
    all = found
  }

  /// The options of all commands.
  static let ofAllCommands = Wavfft.configuration.subcommands.map(CommandOptions.init)

  /// The command that these arguments call; `analyze` if they name none.
  static func command(of arguments: [String]) -> any ParsableCommand.Type {
    Wavfft.configuration.subcommands.first { $0._commandName == arguments.first } ?? Analyze.self
  }
}

extension ParsableCommand {
  /// The command as a user calls it: `wavfft batch`, and `wavfft` for the analysis of a file.
  static var spokenName: String {
    self == Analyze.self ? "wavfft" : "wavfft \(_commandName)"
  }
}
