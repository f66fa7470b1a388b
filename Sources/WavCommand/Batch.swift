// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import CShims
import Glibc
import WavAnalysis
import WavAudio
import WavBatch
import WavExport
import WavSystem
import WavWorkers

/// `wavfft batch PATH... --out-dir DIR`: the spectra of many files.
struct Batch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compute the spectra of all audio files in folders.",
    usage: "wavfft batch <path> ... --out-dir <dir> [options]",
    discussion: """
      Analyses files and folders with all that is in them, several files at a time, and writes the \
      outputs and a summary to a folder, with pages (--format html) also an index page of them. A \
      file that fails does not stop the others. Hidden files are left out.

      Examples:
        wavfft batch recordings/ --out-dir spectra/
        wavfft batch recordings/ --out-dir spectra/ --format csv --resume
        wavfft batch recordings/ --out-dir spectra/ --shard 2/4

      Exit status: 0 all files are done, 1 some failed, 64 bad usage, 66 no such input, 71 the \
      system refused memory or processes, 73 or 74 the outputs could not be written.
      """)

  @Argument(help: "Audio files, and folders of them.", completion: .recordings)
  var path: [String]

  @OptionGroup(title: "Spectrum") var spectrum: SpectrumOptions<WholeAnalysis>
  @OptionGroup(title: "Spectrum") var rows: RowOptions
  @OptionGroup(title: "Spectrum") var reading: ReadingOptions
  @OptionGroup(title: "Batch") var batch: BatchOptions
  @OptionGroup(title: "General") var general: GeneralOptions

  func validate() throws {
    try rows.validate(with: spectrum)
    if spectrum.figure.title != nil {
      throw ValidationError("--title would be that of every figure; leave it out.")
    }
    var shown = Views(batch.formats)
    if spectrum.method == .spectrogram { shown.insert(.rows) }
    try spectrum.figure.requireUse(in: shown)
    // Reports, and tables that say how they were made, have it, too.
    if !batch.formats.contains(.json), batch.tables.header == .plain {
      try Views([.figure, .page]).require(
        reading.reference.map { _ in "--reference" }, among: shown)
    }
    if path.contains("-") {
      throw ValidationError("batch reads files and folders; standard input is for wavfft -.")
    }
    if path.contains("") { throw ValidationError("A path is empty; name files or folders.") }
    if case .between(let low, let high) = spectrum.band ?? .audible,
      let outside = batch.summaryBands.first(where: { $0.low < low || $0.high > high })
    {
      throw ValidationError(
        "--summary-bands \(outside.name) reaches from \(significant(outside.low, 5)) to "
          + "\(significant(outside.high, 5)) Hz, out of the band that is analysed; widen --band, or "
          + "use --band full.")
    }
  }

  func run() throws {
    let request = try self.request()
    for format in request.formats {
      try requireLibrary(for: "\(request.outputFolder)/*.\(format.fileExtension)", format.figure)
    }
    shim_set_last_words("wavfft: stopped by a signal; run again with --resume to go on\n")
    let line = BatchProgressLine(batch.progress)
    let runner: BatchRunner
    do {
      runner = try BatchRunner(
        request,
        reportError: { sentence in
          line.clear()
          announce(sentence)
        },
        warn: { warning in
          line.clear()
          announce(warning.description)
        })
    } catch let error as SystemError {
      throw RunFailure(error, as: .cannotCreateOutput)
    }
    let result = try runner.run(progress: line.show)
    line.clear()
    if let signal = result.signal {
      let words =
        "wavfft: stopped by a signal; \(result.done + result.failed) of \(result.files) files are in "
        + "\(printable(result.summaryPath)), run again with --resume for the others\n"
      shim_set_last_words(words)
      throw Interruption(signal: signal)
    }
    try printReport(result)
    guard result.failed == 0 else { throw ExitCode(ExitStatus.answerIsNo.rawValue) }
  }

  private func request() throws -> BatchRequest {
    var analysis = spectrum.request(path: "")
    rows.apply(to: &analysis, of: spectrum)
    reading.apply(to: &analysis)
    analysis.timeLimit = batch.timeout
    analysis.scratchFolder = batch.scratch.scratchDir
    let inputs = try InputTree.inputs(
      path, FileFilter(include: batch.include, exclude: batch.exclude), outputFolder: batch.outDir)
    var request = BatchRequest(inputs: inputs, outputFolder: batch.outDir, analysis: analysis)
    request.channels = spectrum.isEachChannel ? .each : .one
    request.formats = batch.formats
    request.analysis.page = try batch.page.size(for: request.formats)
    request.analysis.header = batch.tables.header
    request.summaryFormat = batch.summaryFormat
    request.shard = batch.shard
    request.isResuming = batch.resume
    request.isForcing = batch.force
    request.summaryBands = batch.summaryBands
    request.stopsAtFailure = batch.failFast
    request.retries = batch.retries
    request.memoryLimit = batch.memory
    request.recordsSeconds = batch.timings
    return request
  }

  private func printReport(_ result: BatchResult) throws {
    switch batch.report {
    case .text:
      let ink = Ink.ofReport(general)
      var text = batchReport(result)
      if result.failed > 0 {
        let words = "\(grouped(result.failed)) failed"
        text = text.replacing(words, with: ink(.red, words), maxReplacements: 1)
      }
      try printToStandardOutput(text + ConfiguredArguments.lineOfReport)
    case .json:
      try printToStandardOutput(
        try batchReportJSON(result, defaults: ConfiguredArguments.defaults))
    case .none: break
    }
  }
}

/// `wavfft batch-merge DIR...`: one summary of several shards.
struct BatchMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Merge the summaries of the shards of a batch into one.",
    usage: "wavfft batch-merge <dir> ...",
    discussion: """
      After wavfft batch --shard 1/4 … --shard 4/4 the folder of outputs has four summaries. This \
      makes one of them, as if the batch had been run in one piece, and removes the four; so it does \
      with their index pages. If the shards had folders of their own, name all of them; the summary \
      goes to the first, the outputs stay where they are.

      Exit status: 0 all files are done, 1 some failed, 64 bad usage, 65 a shard is missing, not finished \
      or damaged, 66 there is no summary of a shard, 73 or 74 the summary could not be written.
      """)

  @Argument(help: "Folders of outputs.", completion: .directory)
  var dir: [String]

  @OptionGroup(title: "General") var general: GeneralOptions

  func run() throws {
    let merge = try SummaryMerge(folders: dir)
    try printToStandardOutput(
      "\(grouped(merge.files)) \(merge.files == 1 ? "file" : "files"), \(grouped(merge.failed)) failed; "
        + "summary in \(printable(merge.path))"
        + "\(merge.indexPath.map { ", index in \(printable($0))" } ?? "")\n")
    guard merge.failed == 0 else { throw ExitCode(ExitStatus.answerIsNo.rawValue) }
  }
}
