// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// `wavfft formats`: what is read and written.
struct FormatListTests {
  private struct Document: Decodable {
    struct Entry: Decodable {
      let name: String
      let extensions: [String]
    }

    struct Output: Decodable {
      let name: String
      let kind: String
      let results: [String]
      let everyBin: [String]
    }

    let schema: String
    let recordings: [Entry]
    let codings: [String]
    let spectra: [String]
    let outputs: [Output]
  }

  @Test func listIsThatOfTheLibraries() throws {
    let result = try Program.run(["formats", "--json"])
    #expect(result.status == 0)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let list = try decoder.decode(Document.self, from: Data(result.output.utf8))
    #expect(list.schema == "wavfft-formats/1")
    func extensions(_ name: String) -> [String]? {
      list.recordings.first { $0.name.hasPrefix(name) }?.extensions
    }
    #expect(extensions("WAV (Microsoft)") == ["wav", "wave"])
    #expect(extensions("FLAC") == ["flac"])
    #expect(extensions("OGG") == ["oga", "ogg", "opus"])
    // It has no header.
    #expect(extensions("RAW") == nil)
    #expect(list.codings.contains("Signed 16 bit PCM"))
    #expect(list.spectra == ["json", "npy", "csv", "tsv", "txt"])
    #expect(list.outputs.map(\.name) == ["csv", "json", "npy", "svg", "png", "pdf", "html"])
    #expect(
      list.outputs.map(\.kind) == ["table", "table", "table", "figure", "figure", "figure", "page"])
    // JSON has the axes of a spectrogram, but no levels.
    #expect(
      list.outputs.filter { !$0.results.contains("spectrogram") }.map(\.name) == ["json"])
    // A spectrogram of every bin is an array, one of pages and other tables is reduced.
    let lines = ["spectrum", "density"]
    #expect(
      list.outputs.map(\.everyBin) == [lines, lines, lines + ["spectrogram"], [], [], [], lines])
  }

  @Test func textHasTheSame() throws {
    let text = try Program.run(["formats"]).output
    #expect(text.contains("  WAV (Microsoft)                     .wav .wave\n"))
    #expect(
      text.contains("\n  .html .htm  page: spectrum*, density*, bands, spectrogram\n"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let version = try Program.run(["--version"]).output
    for line in version.split(separator: "\n").dropFirst() {
      let words = line.split(separator: " ")
      #expect(text.contains("\n  \(words[0])") && text.contains(" \(words[1]), "))
    }
  }
}
