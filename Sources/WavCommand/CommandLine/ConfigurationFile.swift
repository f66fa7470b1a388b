// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavExport
import WavSystem

/// A user's file of options, one on each line: the defaults of the command line.
struct ConfigurationFile {
  /// An option of the file.
  struct Line: Equatable {
    let number: Int
    /// The command of the heading above; nil for lines above all headings, which are for every command.
    let command: String?
    /// The option as one argument: `--theme=dark`.
    let argument: String

    /// The name of the option: `--theme`.
    var option: String { String(argument.prefix { $0 != "=" }) }
  }

  /// An error of the file; the sentence names its line and the way out.
  struct Problem: Error, ExplainedError {
    let kind = ErrorKind.request
    let sentence: Sentence
    /// The sentence without the way out.
    let finding: String

    init(_ file: String, line: Int? = nil, _ reason: String) {
      let place = line.map { ", line \($0)" } ?? ""
      finding = "\(file)\(place): \(reason)"
      sentence = "\(finding); correct it, or pass --no-config"
    }
  }

  private static let mostBytes = 65536

  /// The path as a user would name it.
  let name: String
  let lines: [Line]

  /// The file that the environment names; nil if there is none.
  ///
  /// `WAVFFT_CONFIG` names the file, and an empty one says that there is none; else it is `wavfft/config` in the
  /// folder of `XDG_CONFIG_HOME`, or in `~/.config`, where it may be missing.
  static func ofUser(_ environment: (String) -> String?) throws -> ConfigurationFile? {
    if let path = environment("WAVFFT_CONFIG") {
      return path.isEmpty ? nil : try ConfigurationFile(path, isNamed: true, environment)
    }
    let home = environment("HOME").flatMap { $0.isEmpty ? nil : $0 }
    // By the specification of base directories a relative path counts as none.
    let folder =
      environment("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? home.map { $0 + "/.config" }
    guard let folder else { return nil }
    return try ConfigurationFile("\(folder)/wavfft/config", isNamed: false, environment)
  }

  /// Reads a file; nil if it may be missing and is.
  private init?(_ path: String, isNamed: Bool, _ environment: (String) -> String?) throws {
    name = Self.spoken(path, home: environment("HOME"))
    let bytes: [UInt8]?
    do throws(Errno) {
      let status = try status(of: path)
      // A pipe would wait for a writer, and a device may have no end; /dev/null is a way to say none.
      let isReadable =
        path == "/dev/null" || status.type == .regular && status.size <= Self.mostBytes
      bytes = isReadable ? try contents(of: FilePath(spelled: path)) : nil
    } catch {
      if !isNamed, [.noSuchFileOrDirectory, .notDirectory].contains(error) { return nil }
      throw Problem(name, "it cannot be read (\(error))")
    }
    guard let bytes else {
      throw Problem(name, "it is no file of at most \(grouped(Self.mostBytes)) bytes")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Problem(name, "it is not text in UTF-8")
    }
    lines = try Self.lines(of: text, name)
  }

  /// The lines of a text.
  static func lines(of text: String, _ name: String) throws -> [Line] {
    var command: String?
    var found: [Line] = []
    // A mark of the byte order is no part of the text, and a line may end as on Windows.
    let text = text.first == "\u{feff}" ? text.dropFirst() : text[...]
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in lines.enumerated() {
      let number = index + 1
      let words = trimmed(line)
      if words.isEmpty || words.hasPrefix("#") { continue }
      if words.hasPrefix("["), words.hasSuffix("]") {
        command = try heading(trimmed(words.dropFirst().dropLast()), name, number)
      } else {
        found.append(
          Line(
            number: number, command: command, argument: try argument(words, command, name, number)))
      }
    }
    return found
  }

  private static func heading(_ word: String, _ name: String, _ number: Int) throws -> String {
    let commands = CommandOptions.ofAllCommands.map(\.command)
    guard commands.contains(word) else {
      throw Problem(
        name, line: number,
        "[\(word)] is no command. \(question(word, among: commands))Choose "
          + alternatives(commands.map { "[\($0)]" }))
    }
    return word
  }

  /// A line as one argument: a value may follow a space or an equals sign.
  private static func argument(
    _ words: String, _ command: String?, _ name: String, _ number: Int
  ) throws -> String {
    guard words.hasPrefix("--") else {
      throw Problem(
        name, line: number, "\(words) is no option; write one on each line, such as --theme=dark")
    }
    let option = String(words.prefix { $0 != "=" && !$0.isWhitespace })
    var value = words.dropFirst(option.count)
    let isFollowed = !value.isEmpty
    value = value.drop(while: \.isWhitespace)
    if value.first == "=" { value = value.dropFirst().drop(while: \.isWhitespace) }
    if let reason = refusals[option] {
      throw Problem(name, line: number, "\(option) \(reason), and belongs on the command line")
    }
    let tables = CommandOptions.ofAllCommands
    let possible = command.map { command in tables.filter { $0.command == command } } ?? tables
    guard let takesValue = possible.lazy.compactMap({ $0.takesValue(option) }).first else {
      let others = tables.filter { $0.takesValue(option) != nil }.map { "[\($0.command)]" }
      let names = Set(possible.flatMap(\.names)).subtracting(refusals.keys).sorted()
      throw Problem(
        name, line: number,
        others.isEmpty
          ? "\(option) is no option\(similarWord(to: option, among: names).map { "; did you mean \($0)?" } ?? "")"
          : "\(option) is no option of [\(command ?? "")], but of \(alternatives(others))")
    }
    // Without its value an option would take the next argument.
    guard takesValue ? !value.isEmpty : !isFollowed else {
      throw Problem(
        name, line: number,
        takesValue ? "\(option) needs a value, \(option)=…" : "\(option) takes no value")
    }
    return takesValue ? "\(option)=\(value)" : option
  }

  /// Options that no file may give, and why.
  private static let refusals: [String: String] = [
    "--out": "writes files", "--out-dir": "writes files", "--junit": "writes a file",
    "--update": "replaces a file", "--learn": "replaces a file", "--resume": "decides what is done",
    "--force": "replaces files", "--batch": "decides what is done",
    "--shard": "decides what is done", "--include": "chooses inputs",
    "--exclude": "chooses inputs", "--mask": "names an input", "--version": "is a question",
    "--help": "is a question", "--no-config": "turns this file off", "--json": "is for programs",
  ]

  private static func trimmed(_ text: some StringProtocol) -> String {
    var text = Substring(text)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// A path below the home folder with `~`.
  private static func spoken(_ path: String, home: String?) -> String {
    guard let home, home.count > 1, path.hasPrefix(home + "/") else { return path }
    return "~" + path.dropFirst(home.count)
  }
}
