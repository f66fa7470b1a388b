// SPDX-License-Identifier: GPL-2.0-or-later

import WavFFT

/// The strongest notes of recordings, several at a time.
///
///     swift run strongest-notes ../fixtures/bach.wav ../fixtures/sine-on-bin.wav
@main
struct StrongestNotes {
  static func main() async {
    let paths = CommandLine.arguments.dropFirst()
    let lines = await withTaskGroup(of: (Int, String).self) { group in
      for (index, path) in paths.enumerated() { group.addTask { (index, line(for: path)) } }
      var lines: [(Int, String)] = []
      for await line in group { lines.append(line) }
      return lines
    }
    for (_, line) in lines.sorted(by: { $0.0 < $1.0 }) { print(line) }
  }

  /// The notes of one recording.
  private static func line(for path: String) -> String {
    do {
      let recording = try Recording(path: path)
      var options = SpectrumOptions()
      options.method.window = .hann
      options.peaks = 5
      let notes = try recording.spectrum(options).peaks.compactMap(\.note?.name)
      return "\(path): \(notes.isEmpty ? "no notes" : notes.joined(separator: " "))"
    } catch {
      return "\(error)"
    }
  }
}
