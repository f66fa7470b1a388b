// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavAudio
import WavComparison
import WavExport

extension CompletionKind {
  /// Recordings, by the extensions of the formats that libsndfile reads.
  static var recordings: CompletionKind { files(SoundFile.extensions.sorted()) }

  /// Recordings, and files with a spectrum.
  static var recordingsAndSpectra: CompletionKind {
    files(SoundFile.extensions.sorted() + SpectrumReader.extensions)
  }

  /// Outputs of any format.
  static var outputs: CompletionKind { files(Exporter.all.flatMap(\.extensions)) }

  /// Files with one of these extensions, in lower or upper case, and folders.
  static func files(_ extensions: [String]) -> CompletionKind {
    .file(extensions: extensions + extensions.map { $0.uppercased() })
  }

  /// Amounts of memory.
  static var sizes: CompletionKind { .suggestions("500M", "1G", "4G", "16G") }

  /// Values to begin with; others are valid, too.
  static func suggestions(_ values: String...) -> CompletionKind { suggestions(values) }

  /// Values to begin with; others are valid, too.
  static func suggestions(_ values: [String]) -> CompletionKind {
    // In zsh a description follows a colon.
    .list(
      CompletionShell.requesting == .zsh ? values.map { $0.replacing(":", with: "\\:") } : values)
  }
}
