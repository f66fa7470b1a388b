// SPDX-License-Identifier: GPL-2.0-or-later

import CSndfile

/// A format of recordings that libsndfile reads without further information.
public struct SoundFormat: Sendable {
  /// Its name, in libsndfile's words: `WAV (Microsoft)`.
  public let name: String
  /// The extensions of its files, in lower case.
  public let extensions: [String]

  /// Every format that the installed libsndfile has.
  public static var all: [SoundFormat] {
    facts(SFC_GET_FORMAT_MAJOR_COUNT, SFC_GET_FORMAT_MAJOR).compactMap { info in
      // Raw samples have no header with rate and format.
      guard let name = info.name, let first = info.extension.map({ String(cString: $0) }),
        first != "raw"
      else { return nil }
      return SoundFormat(
        name: String(cString: name), extensions: [first] + (furtherExtensions[first] ?? []))
    }
  }

  /// The codings of samples, in libsndfile's words: `Signed 16 bit PCM`.
  public static var codings: [String] {
    facts(SFC_GET_FORMAT_SUBTYPE_COUNT, SFC_GET_FORMAT_SUBTYPE).compactMap {
      $0.name.map { String(cString: $0) }
    }
  }

  /// libsndfile has one extension for each format.
  private static let furtherExtensions = [
    "aiff": ["aif", "aifc"], "au": ["snd"], "m1a": ["mp1", "mp2", "mp3"],
    "oga": ["ogg", "opus"], "wav": ["wave"],
  ]

  private static func facts(_ count: Int, _ command: Int) -> [SF_FORMAT_INFO] {
    var number: Int32 = 0
    sf_command(nil, Int32(count), &number, Int32(MemoryLayout<Int32>.size))
    return (0..<max(number, 0)).compactMap { index in
      var info = SF_FORMAT_INFO()
      info.format = index
      let size = Int32(MemoryLayout<SF_FORMAT_INFO>.size)
      return sf_command(nil, Int32(command), &info, size) == 0 ? info : nil
    }
  }
}
