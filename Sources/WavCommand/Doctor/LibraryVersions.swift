// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavAudio
import WavExport
import WavTransforms

/// A library that the program uses, and its version; nil if it is not installed.
struct LibraryVersion: Encodable {
  let name: String
  let version: String?
  /// What it is for.
  let purpose: String

  /// All of them, the needed ones first.
  static var all: [LibraryVersion] {
    func number(_ text: String, after prefix: String) -> String {
      text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    }
    return [
      LibraryVersion(
        name: "FFTW", version: number(transformLibraryVersion(), after: "fftw-"),
        purpose: "transforms"),
      LibraryVersion(
        name: "libsndfile", version: number(SoundFile.libraryVersion, after: "libsndfile-"),
        purpose: "reads recordings"),
      LibraryVersion(name: "libpng", version: ImageLibraries.png, purpose: "writes .png"),
      LibraryVersion(
        name: "cairo", version: ImageLibraries.cairo, purpose: "draws .png and .pdf"),
      LibraryVersion(
        name: "pango", version: ImageLibraries.pango,
        purpose: "sets names in further scripts in .png and .pdf"),
    ]
  }
}
