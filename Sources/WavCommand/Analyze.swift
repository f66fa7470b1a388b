// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import Glibc
import WavAnalysis
import WavAudio
import WavRendering
import WavSharedMemory

/// `wavfft FILE`: the spectrum of one file.
struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compute the spectrum of an audio file.",
    usage: "wavfft <file> [options]",
    discussion: """
      Reads anything libsndfile reads (WAV, RF64, W64, AIFF, CAF, FLAC, Ogg Vorbis, Opus, MP3) and \
      computes the spectrum of the whole recording at full resolution, on every core.

      Examples:
        wavfft bach.wav --out spectrum.svg
        wavfft bach.wav --parts 8 --out spectrum.svg --out spectrum.csv
        wavfft hum.flac --band 45:55 --points all --out hum.csv

      Exit status: 0 done, 64 bad usage, 65 not usable audio, 66 no such input, 70 a worker kept \
      failing, 71 the system refused memory or processes, 73 or 74 the output could not be written.
      """)

  @Argument(help: "The audio file.", completion: .file())
  var file: String

  @OptionGroup(title: "Spectrum") var spectrum: SpectrumOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    if let twice = output.out.first(where: { path in output.out.count { $0 == path } > 1 }) {
      throw OutputError(
        status: .usage, description: "--out \(twice) is given twice; leave one of them out")
    }
    switch spectrum.channel {
    case .mix: try finish([try analyze(.mix, suffix: "")])
    case .single(let index): try finish([try analyze(.single(index), suffix: "")])
    case .each:
      let channels = try SoundFile(path: file).channels
      let analyses = try (0..<channels).map { index in
        try analyze(.single(index), suffix: ".\(index + 1)")
      }
      try finish(analyses)
    }
  }

  private func analyze(_ channel: ChannelSelection, suffix: String) throws -> Analysis {
    // Outputs are opened before any work, so that a wrong name costs no time.
    let outputs = try output.out.map { path in
      SpectrumOutput(format: try output.format(of: path), file: try open(path, suffix: suffix))
    }
    let bar = ProgressBar(output.progress)
    let analysis = try WavAnalysis.analyze(
      spectrum.request(path: file, channel: channel), outputs: outputs, progress: bar.show,
      warn: { warning in
        bar.clear()
        printToStandardError("wavfft: \(printable(warning))\n")
      })
    bar.clear()
    return analysis
  }

  /// Prints the reports, unless stdout got the spectrum.
  private func finish(_ analyses: [Analysis]) throws {
    guard !output.out.contains("-") else { return }
    let text: String
    switch output.report {
    case .text:
      text = analyses.map { textReport($0, withTimings: output.timings) }.joined(separator: "\n")
    case .json:
      let documents = try analyses.map {
        try ReportDocument($0, withTimings: output.timings, withRows: false).json()
      }
      // One document for one file; of each channel, an array of them.
      text =
        spectrum.channel == .each
        ? "[\n" + documents.map { $0.dropLast() }.joined(separator: ",\n") + "\n]\n"
        : documents.joined()
    case .none: return
    }
    do {
      try print(text, to: STDOUT_FILENO)
    } catch {
      throw OutputError(status: .cannotWriteOutput, description: "\(error)")
    }
  }

  /// Prepares an output; a suffix goes before the extension.
  private func open(_ path: String, suffix: String) throws -> OutputFile {
    var name = path
    if path != "-", let dot = path.lastIndex(of: ".") {
      name.insert(contentsOf: suffix, at: dot)
    }
    if path != "-", OutputFile.isSameFile(name, file) {
      throw OutputError(
        status: .cannotCreateOutput,
        description: "--out \(name) is the input itself; choose another name")
    }
    do {
      return try path == "-" ? OutputFile(standardOutput: ()) : OutputFile(path: name)
    } catch {
      throw OutputError(status: .cannotCreateOutput, description: "\(error)")
    }
  }
}
