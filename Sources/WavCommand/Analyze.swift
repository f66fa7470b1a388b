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

      Folders of files: wavfft batch --help. Regression tests: wavfft compare --help. Several \
      recordings in one figure: wavfft overlay --help. Formats that are read and written: wavfft \
      formats. What this machine offers: wavfft doctor.

      Exit status: 0 done, 64 bad usage, 65 not usable audio, 66 no such input, 70 a worker kept \
      failing, 71 the system refused memory or processes, 73 or 74 the output could not be written.
      """)

  @Argument(help: "The audio file; - is standard input.", completion: .recordings)
  var file: String

  @OptionGroup(title: "Spectrum") var spectrum: SpectrumOptions<WholeAnalysis>
  @OptionGroup(title: "Spectrum") var rows: RowOptions
  @OptionGroup(title: "Spectrum") var reading: ReadingOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Memory") var memory: MemoryOptions
  @OptionGroup(title: "General") var general: GeneralOptions

  func validate() throws {
    try rows.validate(with: spectrum)
    var shown = Views(try output.formats)
    if output.canPlot { shown.insert(.plot) }
    if spectrum.method == .spectrogram { shown.insert(.rows) }
    try spectrum.figure.requireUse(in: shown)
    try requireWords(shown)
    if file.isEmpty { throw ValidationError("The name of the file is empty; name a file, or -.") }
    if let sentence = UsageError.misspeltCommand(file) { throw ValidationError(sentence) }
    if areChannelsApart, output.out.contains("-") {
      throw ValidationError(
        "--channel each has several files here, and --out - one place; name files.")
    }
  }

  /// Refuses options on what results are called where nothing calls them anything.
  private func requireWords(_ shown: Views) throws {
    let hasReport = output.report != .none && !output.out.contains("-")
    guard !hasReport, shown.isDisjoint(with: [.figure, .page]),
      try !output.formats.contains(.json)
    else { return }
    // Bands of notes lie as A4 says, and tables can say what the reference is.
    let given = [
      rows.bands == nil ? spectrum.a4.map { _ in "--a4" } : nil,
      output.tables.header == .plain ? reading.reference.map { _ in "--reference" } : nil,
    ]
    if let option = given.compactMap({ $0 }).first {
      throw ValidationError(
        "\(option) is for reports, figures and pages, and there is none of them; leave it out.")
    }
  }

  /// Whether each channel has outputs of its own: tables with a row for every bin are written while a channel is
  /// analysed, and images of levels over time are not drawn above each other.
  private var areChannelsApart: Bool {
    spectrum.isEachChannel && (spectrum.points == .all || spectrum.method == .spectrogram)
  }

  func run() throws {
    var request = spectrum.request(path: file)
    rows.apply(to: &request, of: spectrum)
    reading.apply(to: &request)
    request.page = try output.pageSize()
    request.header = output.tables.header
    request.memoryLimit = memory.memory
    request.scratchFolder = memory.scratch.scratchDir
    // Outputs are opened before any work, so that a wrong name costs no time; those of each channel
    // as soon as the number of channels is known.
    let shared = try prepareOutputs(suffix: "", where: { _ in !areChannelsApart })
    if file == "-" {
      request.path = StandardInput.name
      request.descriptor = try StandardInput.receive(
        memoryLimit: memory.memory.map { $0 / 16 }, folder: memory.scratch.scratchDir)
    }
    let opened = try openAfterTrial(request)
    let channels: [ChannelSelection] =
      spectrum.isEachChannel ? (0..<opened.channels).map { .single($0) } : [request.channel]
    if spectrum.isEachChannel { try requireFigures(of: channels.count, in: shared) }
    let apart = try channels.indices.map { index in
      try prepareOutputs(suffix: ".\(index + 1)") { _ in areChannelsApart }
    }
    let outputs = apart.flatMap { $0 } + shared
    try requireDistinct(outputs.flatMap(\.files))
    if spectrum.isEachChannel, shared.contains(where: \.format.isPage) {
      request.sharesPage = channels.count
    }
    let analyses = try channels.enumerated().map { index, channel in
      request.channel = channel
      return try analyze(request, opened, apart[index] + (spectrum.isEachChannel ? [] : shared))
    }
    if spectrum.isEachChannel { try writeChannels(analyses, to: shared, announce: announce) }
    try commit(outputs)
    try printReports(analyses)
  }

  /// Refuses figures of more channels than a reader can tell apart.
  private func requireFigures(of channels: Int, in outputs: [SpectrumOutput]) throws(RunFailure) {
    guard channels > OverlayFigure.mostCurves,
      let figure = outputs.first(where: { $0.format.figure != nil || $0.format.isPage })
    else { return }
    let tables = Exporter.all.filter { $0.channels != nil && $0.figure == nil }
    throw RunFailure(
      .request,
      "\(figure.file.path): a figure or page shows at most \(OverlayFigure.mostCurves) channels, and \(file) has "
        + "\(channels); choose one of them with --channel, or write a table "
        + "(\(alternatives(tables.map { ".\($0.fileExtension)" })))")
  }

  /// Prepares the outputs of some formats; the suffix is inserted before their extensions.
  private func prepareOutputs(
    suffix: String, where isWanted: (Exporter) -> Bool
  ) throws -> [SpectrumOutput] {
    let outputs: [SpectrumOutput] = try output.out.compactMap { path in
      let format = try output.format(of: path)
      guard isWanted(format) else { return nil }
      try requireLibrary(for: path, format.figure)
      let file = try open(path, suffix: suffix)
      return SpectrumOutput(
        format: format, file: file,
        sidecar: output.tables.header == .sidecar && format.isBareTable
          ? try openSidecar(of: file) : nil)
    }
    try requireDistinct(outputs.flatMap(\.files))
    return outputs
  }

  private func analyze(
    _ request: AnalysisRequest, _ opened: SoundFile, _ outputs: [SpectrumOutput]
  ) throws -> Analysis {
    let bar = ProgressBar(output.progress)
    let analysis = try WavAnalysis.analyze(
      request, outputs: outputs, isCommitting: false, opened: opened, progress: bar.show,
      announce: { sentence in
        bar.clear()
        announce(sentence)
      },
      warn: { warning in
        bar.clear()
        announce(warning.description)
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
      let plot = output.terminalPlot
      let ink = Ink.ofReport(general)
      text = analyses.map {
        ink.report(
          textReport(
            $0, withTimings: output.timings, plot: plot, defaults: ConfiguredArguments.defaults))
      }
      .joined(separator: "\n")
    case .json:
      let documents = try analyses.map {
        var document = ReportDocument($0, withTimings: output.timings)
        document.defaults = ConfiguredArguments.defaults
        return try document.json()
      }
      // A single document for one file; for each channel, an array of documents.
      text = spectrum.isEachChannel ? arrayOfReports(documents) : documents.joined()
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
    return try openOutput(name, inputs: [file])
  }
}
