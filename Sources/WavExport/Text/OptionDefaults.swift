// SPDX-License-Identifier: GPL-2.0-or-later

/// Options that a user's file of defaults has added to a command, for reports: with them on the command line the
/// result is the same.
public struct OptionDefaults: Codable, Sendable, Equatable {
  /// The file, as a user would name it: `~/.config/wavfft/config`.
  public let file: String
  /// The options: `--theme=dark`.
  public let options: [String]

  /// Options from a file.
  public init(file: String, options: [String]) {
    self.file = file
    self.options = options
  }

  /// Options and file for people.
  public var inWords: String {
    printable("\(options.joined(separator: " ")) (from \(file))")
  }
}
