// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import Glibc
import WavAnalysis
import WavAudio
import WavExport
import WavSamples
import WavSystem
import WavWorkers

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
        wavfft room.wav --method welch --out noise.svg
        wavfft song.flac --method spectrogram --out song.png
        wavfft song.flac --out song.html
        wavfft street.wav --bands third-octave --weighting A --method welch
        ffmpeg -i talk.m4a -f wav - | wavfft -

      Folders of files: wavfft batch --help. Regression tests: wavfft compare --help.

      Exit status: 0 done, 64 bad usage, 65 not usable audio, 66 no such input, 70 a worker kept \
      failing, 71 the system refused memory or processes, 73 or 74 the output could not be written.
      """)

  @Argument(help: "The audio file; - is standard input.", completion: .file())
  var file: String

  @OptionGroup(title: "Spectrum") var spectrum: SpectrumOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions

  func validate() throws {
    try spectrum.validateValues()
    if file.isEmpty { throw ValidationError("The name of the file is empty; name a file, or -.") }
    if spectrum.isEachChannel, output.out.contains("-") {
      throw ValidationError(
        "--channel each has several spectra, and --out - one place; name files.")
    }
  }

  func run() throws {
    var request = spectrum.request(path: file)
    request.page = try output.pageSize()
    request.memoryLimit = memory.memory
    request.scratchFolder = memory.scratch.scratchDir
    // Outputs are opened before any work, so that a wrong name costs no time; with `--channel
    // each`, as soon as the number of channels is known.
    let only = spectrum.isEachChannel ? nil : try [prepareOutputs(suffix: "")]
    if file == "-" {
      request.path = StandardInput.name
      request.descriptor = try StandardInput.receive(
        memoryLimit: memory.memory.map { $0 / 16 }, folder: memory.scratch.scratchDir)
    }
    let opened = try openAfterTrial(request)
    let channels: [ChannelSelection] =
      spectrum.isEachChannel ? (0..<opened.channels).map { .single($0) } : [request.channel]
    let outputs = try only ?? channels.indices.map { try prepareOutputs(suffix: ".\($0 + 1)") }
    let files = outputs.flatMap { $0 }.map(\.file)
    try requireDistinct(files)
    let analyses = try zip(channels, outputs).map { channel, outputs in
      request.channel = channel
      return try analyze(request, opened, outputs)
    }
    try failing(as: .cannotWriteOutput) { () throws(SystemError) in try OutputFile.commit(files) }
    try printReports(analyses)
  }

  /// Prepares all outputs of one channel; the suffix is inserted before their extensions.
  private func prepareOutputs(suffix: String) throws -> [SpectrumOutput] {
    let outputs = try output.out.map { path in
      let format = try output.format(of: path)
      try requireLibrary(for: path, format.figure)
      return SpectrumOutput(format: format, file: try open(path, suffix: suffix))
    }
    try requireDistinct(outputs.map(\.file))
    return outputs
  }

  private func requireDistinct(_ files: [OutputFile]) throws {
    for (index, file) in files.enumerated() {
      guard let target = file.target,
        let other = files[..<index].first(where: { $0.target == target })
      else { continue }
      throw RunFailure(
        .request, "--out \(other.path) and \(file.path) are the same file; leave one of them out"
      )
    }
  }

  private func analyze(
    _ request: AnalysisRequest, _ opened: SoundFile, _ outputs: [SpectrumOutput]
  ) throws -> Analysis {
    let bar = ProgressBar(output.progress)
    let analysis = try WavAnalysis.analyze(
      request, outputs: outputs, isCommitting: false, opened: opened, progress: bar.show,
      announce: { sentence in
        bar.clear()
        printToStandardError("wavfft: \(printable(sentence))\n")
      },
      warn: { warning in
        bar.clear()
        printToStandardError("wavfft: \(printable(warning.description))\n")
      })
    bar.clear()
    return analysis
  }

  /// Prints the reports, unless the spectrum goes to stdout.
  private func printReports(_ analyses: [Analysis]) throws {
    guard !output.out.contains("-") else { return }
    let text: String
    switch output.report {
    case .text:
      text = analyses.map { textReport($0, withTimings: output.timings) }.joined(separator: "\n")
    case .json:
      let documents = try analyses.map {
        try ReportDocument($0, withTimings: output.timings).json()
      }
      // A single document for one file; for each channel, an array of documents.
      text =
        spectrum.isEachChannel
        ? "[\n" + documents.map { $0.dropLast() }.joined(separator: ",\n") + "\n]\n"
        : documents.joined()
    case .none: return
    }
    try printToStandardOutput(text)
  }

  /// Prepares an output; the suffix is inserted before the extension.
  private func open(_ path: String, suffix: String) throws -> OutputFile {
    var name = path
    if path != "-", let dot = path.lastIndex(of: ".") {
      name.insert(contentsOf: suffix, at: dot)
    }
    if path != "-", OutputFile.isSameFile(name, file == "-" ? "/proc/self/fd/0" : file) {
      throw RunFailure(
        .cannotCreateOutput, "--out \(name) is the input itself; choose another name")
    }
    return try failing(as: .cannotCreateOutput) { () throws(SystemError) in
      try path == "-" ? OutputFile(standardOutput: ()) : OutputFile(path: name)
    }
  }
}
