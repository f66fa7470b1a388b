// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import Synchronization
import WavExport

/// The arguments of a call, with the defaults of the user's file in front of them.
///
/// A default is taken if the command has the option, the user did not give it, and it goes with the rest of the
/// command line; others are left out, so that a file of defaults never makes a call impossible. Of lines that do not
/// go with each other those below the command's heading hold, then later ones.
struct ConfiguredArguments {
  let all: [String]
  /// The defaults that were taken; nil for none.
  let defaults: OptionDefaults?

  /// - Parameters:
  ///   - arguments: What the user wrote.
  ///   - file: The file of defaults.
  ///   - problem: ArgumentParser's message if it cannot parse arguments; else nil.
  /// - Throws: `ConfigurationFile.Problem` for a file that cannot be read, and a value that the option does not take.
  init(
    _ arguments: [String], _ file: () throws -> ConfigurationFile?,
    problem: ([String]) -> String?
  ) throws {
    guard !Self.areQuestion(arguments), let file = try file(), !file.lines.isEmpty else {
      all = arguments
      defaults = nil
      return
    }
    let type = CommandOptions.command(of: arguments)
    let options = CommandOptions(type)
    let isNamed = arguments.first == type._commandName
    let own = Array(arguments.dropFirst(isNamed ? 1 : 0))
    let given = options.given(in: own)
    var candidates = file.lines.filter { line in
      [nil, options.command].contains(line.command) && options.takesValue(line.option) != nil
        && given.isDisjoint(with: [line.option, Self.inverse(line.option)])
    }
    // The last of several lines for an option holds, and those of a command come after those of all.
    candidates.sort {
      ($0.command == nil ? 0 : 1, $0.number) < ($1.command == nil ? 0 : 1, $1.number)
    }
    candidates = candidates.enumerated().filter { index, line in
      !candidates[(index + 1)...].contains {
        [line.option, Self.inverse(line.option)].contains($0.option)
      }
    }.map(\.element)

    func spliced(_ lines: [ConfigurationFile.Line]) -> [String] {
      (isNamed ? [type._commandName] : []) + lines.map(\.argument) + own
    }
    var taken: [ConfigurationFile.Line] = []
    /// Takes lines that go with all that is taken; else says why they do not.
    func take(_ lines: [ConfigurationFile.Line]) -> String? {
      let tried = candidates.filter { (taken + lines).contains($0) }
      let message = problem(spliced(tried))
      if message == nil { taken = tried }
      return message
    }
    // Those of the command come first, of others the later ones; a default may need another one that comes after it.
    var ranked = Array(candidates.reversed())
    var isChanged = true
    while isChanged {
      isChanged = false
      for line in ranked where !taken.contains(line) {
        guard let message = take([line]) else {
          isChanged = true
          continue
        }
        if let reason = Self.reason(message, about: line.option) {
          guard Self.isTakenElsewhere(line, problem) else {
            throw ConfigurationFile.Problem(file.name, line: line.number, reason)
          }
          ranked.removeAll { $0 == line }
          continue
        }
        // It brings one of less weight that its refusal names, as --overlap does a method.
        let named = Self.options(in: message)
        let others = ranked.drop { $0 != line }.dropFirst()
        if others.contains(where: {
          !taken.contains($0) && named.contains($0.option) && take([line, $0]) == nil
        }) {
          isChanged = true
        }
      }
    }
    all = spliced(taken)
    defaults = taken.isEmpty ? nil : OptionDefaults(file: file.name, options: taken.map(\.argument))
  }

  /// What is wrong with the value of a line that some command does not take; nil if one of its commands takes it.
  static func wrongValue(
    of line: ConfigurationFile.Line, problem: ([String]) -> String?
  ) -> String? {
    var found: String?
    for options in CommandOptions.ofAllCommands
    where (line.command ?? options.command) == options.command
      && options.takesValue(line.option) != nil
    {
      // A call that is complete, because what is missing would be the first error.
      let folder = options.command == Batch._commandName ? ["--out-dir=x"] : []
      let files = [Analyze._commandName, Batch._commandName].contains(options.command) ? 1 : 2
      let call = [options.command, line.argument] + folder + Array(repeating: "x", count: files)
      guard let message = problem(call), let reason = reason(message, about: line.option) else {
        return nil
      }
      found = found ?? reason
    }
    return found
  }

  /// Whether another command takes the value of a line for all.
  private static func isTakenElsewhere(
    _ line: ConfigurationFile.Line, _ problem: ([String]) -> String?
  ) -> Bool {
    line.command == nil && wrongValue(of: line, problem: problem) == nil
  }

  /// Whether a call only asks for a help text or the version, or wants no defaults.
  private static func areQuestion(_ arguments: [String]) -> Bool {
    let questions: Set = [
      "-h", "--help", "--version", "--no-config", "--help-hidden", "--experimental-dump-help",
    ]
    return arguments.isEmpty || arguments[0] == "help" || !questions.isDisjoint(with: arguments)
  }

  /// The option that undoes a flag: `--no-timings`.
  private static func inverse(_ option: String) -> String {
    option.hasPrefix("--no-") ? "--" + option.dropFirst(5) : "--no-" + option.dropFirst(2)
  }

  /// What is wrong with the value of an option in a message; nil if it only does not go with others.
  private static func reason(_ message: String, about option: String) -> String? {
    let isOfValue =
      message.contains("' is invalid for '\(option)")
      || message.prefixMatch(of: /(--[a-z0-9-]+) is (?:-?[0-9]|empty|-?inf|-?nan)/)?.1
        == option[...]
    guard isOfValue else { return nil }
    let sentence = UsageError(arguments: [], message: message).sentence
    return String(sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...])
  }

  /// The names of options in a sentence.
  private static func options(in sentence: String) -> Set<String> {
    Set(sentence.matches(of: /--[a-z0-9-]+/).map { String($0.output) })
  }

  /// The defaults of the running call.
  static let inUse = Mutex<OptionDefaults?>(nil)
  static var defaults: OptionDefaults? { inUse.withLock { $0 } }

  /// What to add to an error that speaks of a default, which the user did not write: ` (--start=10 is from …)`.
  static func origin(of sentence: String) -> String {
    guard let defaults,
      let option = defaults.options.first(where: { option in
        options(in: sentence).contains(String(option.prefix { $0 != "=" }))
      })
    else { return "" }
    return " (\(option) is from \(defaults.file), which --no-config ignores)"
  }

  /// The line about defaults at the end of a text report; empty without defaults.
  static var lineOfReport: String { defaults.map { "Defaults: \($0.inWords)\n" } ?? "" }
}

extension CommandOptions {
  /// The options among the words of a call.
  func given(in words: [String]) -> Set<String> {
    var rest = words[...]
    var found: Set<String> = []
    while let word = rest.popFirst(), word != "--" {
      guard word.hasPrefix("--") else { continue }
      let name = String(word.prefix { $0 != "=" })
      found.insert(name)
      if takesValue(name) == true, name == word { _ = rest.popFirst() }
    }
    return found
  }

}
