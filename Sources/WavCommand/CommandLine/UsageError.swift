// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavExport
import WavSystem

/// The sentence for arguments that could not be parsed.
///
/// ArgumentParser checks what is missing before what it does not know, and lists values without a guess. Here a
/// misspelt option or value comes first, and the nearest one is named.
struct UsageError {
  let arguments: [String]
  /// ArgumentParser's message.
  let message: String

  var sentence: String {
    unknownCommand ?? unknownOption ?? severalRecordings ?? invalidValue ?? message
  }

  /// The sentence for the first option that the command does not have; nil if it has all of them.
  private var unknownOption: String? {
    let type = CommandOptions.command(of: arguments)
    let options = CommandOptions(type)
    var words = arguments[...]
    if type != Analyze.self || words.first == Analyze._commandName { words = words.dropFirst() }
    while let word = words.popFirst(), word != "--" {
      guard word.hasPrefix("--") else { continue }
      let name = String(word.prefix { $0 != "=" })
      if let takesValue = options.takesValue(name) {
        if takesValue, name == word { _ = words.popFirst() }
        continue
      }
      let others = Wavfft.configuration.subcommands.filter {
        $0 != type && CommandOptions($0).takesValue(name) != nil
      }
      let hint =
        others.isEmpty
        ? similarWord(to: name, among: options.names).map { ". Did you mean '\($0)'?" } ?? ""
        : ". It goes with \(alternatives(others.map { $0.spokenName }))."
      return "Unknown option '\(name)'\(hint)"
    }
    return nil
  }

  /// The sentence for a value that is none of a few words.
  private var invalidValue: String? {
    let pattern =
      /The value '(.*)' is invalid for '(--[a-z0-9-]+)( <.*>)?'\. Please provide one of (.*)/
    guard let match = message.wholeMatch(of: pattern.dotMatchesNewlines()) else { return nil }
    // Short lists are quoted, long ones have a line for each value.
    let quoted = match.4.matches(of: /'([^']+)'/).map { String($0.1) }
    let listed = match.4.matches(of: /- (\S+)/).map { String($0.1) }
    let values = quoted.isEmpty ? listed : quoted
    return "The value '\(match.1)' is invalid for '\(match.2)'. "
      + question(String(match.1), among: values) + "Choose \(alternatives(values))."
  }

  /// The sentence for more recordings than one; nil if the words that are too many are no files.
  private var severalRecordings: String? {
    guard CommandOptions.command(of: arguments) == Analyze.self else { return nil }
    let pattern = /(?:Unexpected argument|\d+ unexpected arguments:) ('.*')/
    guard let match = message.wholeMatch(of: pattern.dotMatchesNewlines()) else { return nil }
    let words = match.1.dropFirst().dropLast().split(separator: "', '")
    guard !words.isEmpty, words.allSatisfy({ exists(String($0)) }) else { return nil }
    return
      "\(words[0]) is one more recording than wavfft analyses at once; wavfft batch analyses several, "
      + "wavfft overlay shows several in one figure"
  }

  /// The sentence for a first word that is nearly the name of a command.
  private var unknownCommand: String? {
    guard arguments.count > 1, let word = arguments.first, !word.hasPrefix("-") else { return nil }
    return Self.misspeltCommand(word)
  }

  /// The sentence for a word that is no file, but nearly the name of a command; nil for others.
  static func misspeltCommand(_ word: String) -> String? {
    guard !exists(word),
      let name = similarWord(
        to: word, among: Wavfft.configuration.subcommands.map { $0._commandName }),
      name != word
    else { return nil }
    return "There is no command or file \(word). Did you mean wavfft \(name)?"
  }
}
