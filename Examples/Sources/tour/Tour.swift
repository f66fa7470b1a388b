// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import WavFFT

/// What the library does with a recording, one question after the other (docs/guides/swift.md).
///
///     swift run tour ../fixtures/bach.wav
@main
struct Tour {
  static func main() {
    do {
      let recording = try Recording(path: CommandLine.arguments.dropFirst().first ?? "bach.wav")
      print("\(recording.frames) frames at \(recording.sampleRate) Hz")
      try printPeaks(of: recording)
      try printNoise(of: recording)
      try printBands(of: recording)
      try printBins(of: recording)
      try writeFiles(of: recording)
      try explainErrors(of: recording)
    } catch {
      print(error)
      exit(1)
    }
  }

  /// Numbers in a text.
  static func format(_ text: String, _ numbers: Double...) -> String {
    String(format: text, arguments: numbers)
  }

  /// The three strongest notes of the last chord.
  static func printPeaks(of recording: Recording) throws(WavFFTError) {
    var options = SpectrumOptions()
    options.method.window = .hann
    options.start = 22
    options.duration = 2.5
    options.peaks = 3
    let spectrum = try recording.spectrum(options)
    for peak in spectrum.peaks {
      guard let note = peak.note else { continue }
      print(format("%.3f Hz, %.2f dBFS,", peak.frequency, peak.level), note.name, peak.shape)
    }
  }

  /// Density of the noise near 10 kHz.
  static func printNoise(of recording: Recording) throws(WavFFTError) {
    var options = SpectrumOptions()
    options.method = .welch
    options.method.segmentation.segment = .resolution(10)
    options.band = .between(low: 9000, high: 11000)
    let spectrum = try recording.spectrum(options)
    guard let row = spectrum.rows.first(where: { $0.frequency >= 10_000 }),
      let density = spectrum.density(of: row)
    else { return }
    let decibels = PowerDensity.decibels(density)
    print(format("%.1f dB re 1 FS²/Hz at %.0f Hz", decibels, row.frequency))
  }

  /// Level in dB(A), and the strongest third octave.
  static func printBands(of recording: Recording) throws(WavFFTError) {
    var options = SpectrumOptions()
    options.bands = .thirdOctave
    options.weighting = .a
    guard let levels = try recording.spectrum(options).bandLevels else { return }
    let strongest = levels.entries.max { $0.power < $1.power }
    let total = format("%.2f dB(A)", levels.weightedTotal)
    print(total, "- the strongest band:", strongest?.band.name ?? "none")
  }

  /// Every bin from 440 to 442 Hz: the strongest of them.
  static func printBins(of recording: Recording) throws(WavFFTError) {
    var options = SpectrumOptions()
    options.band = .between(low: 440, high: 442)
    options.keepsEveryBin = true
    options.method.precision = .double
    guard let bins = try recording.spectrum(options).everyBin,
      let strongest = (0..<bins.count).max(by: { bins.magnitudes[$0] < bins.magnitudes[$1] })
    else { return }
    let (frequency, level) = (bins.frequency(at: strongest), bins.level(at: strongest))
    print(bins.count, "bins, the strongest at", format("%.3f Hz with %.2f dBFS", frequency, level))
  }

  /// A figure and a table, as the program writes them.
  static func writeFiles(of recording: Recording) throws(WavFFTError) {
    let spectrum = try recording.spectrum(writing: ["bach.svg", "bach.csv"])
    print(spectrum.rows.count, "rows written")
  }

  /// An error has a kind, for programs, and a sentence, for people.
  static func explainErrors(of recording: Recording) throws(WavFFTError) {
    var options = SpectrumOptions()
    options.start = 100
    do {
      _ = try recording.spectrum(options)
    } catch {
      switch error.kind {
      case .noInput, .unusableInput: print("choose another file:", error)
      case .request: print("choose other options:", error)
      case .system, .output, .failed: throw error
      }
    }
  }
}
