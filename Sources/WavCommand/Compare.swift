// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavAnalysis
import WavComparison
import WavExport
import WavSpectrum
import WavSystem
import WavWorkers

/// `wavfft compare A REFERENCE`: regression tests against reference spectra.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Hold a spectrum, or an audio file, against a reference spectrum.",
    usage: "wavfft compare <spectrum> <reference> [options]",
    discussion: """
      Either side is a spectrum that wavfft wrote (CSV, JSON, NPY), a table of frequencies and levels \
      in text, a NumPy array of magnitudes, or an audio file, which is analysed first with the \
      parameters of the reference. Spectra that were made differently are not compared.

      Examples:
        wavfft compare build/amp.wav references/amp.json
        wavfft compare new.csv old.csv --tolerance-db 0.5 --out difference.svg
        wavfft compare --batch spectra/ references/ --junit report.xml
        wavfft compare build/amp.wav references/amp.json --update
        wavfft compare --batch spectra/ references/ --update
        wavfft compare --learn a.wav b.wav c.wav references/synth.json

      Exit status: 0 the same, 1 different, 2 the two cannot be compared, or not all references could be \
      updated, 64 and above as for wavfft <file>.
      """)

  @Argument(
    help: ArgumentHelp(
      "The spectrum or audio file, or with --batch a folder; then what it is held against. With --learn several "
        + "renders, then the reference.", valueName: "spectrum> <reference"),
    completion: .recordingsAndSpectra)
  var files: [String]

  @OptionGroup(title: "Tolerances, all of which must hold") var tolerance: ToleranceOptions

  @Flag(help: "Reduce the finer of the two to the rows of the coarser one, strongest row by row.")
  var resample = false

  @Flag(help: "Compare levels although rate, length, window, method or channel differ.")
  var ignoreParameters = false

  @Flag(help: "Compare the files of two folders pair by pair, by their paths without extensions.")
  var batch = false

  @Flag(
    help:
      "Write the reference anew from the spectrum, for when the change is wanted; with --batch all of a folder."
  )
  var update = false

  @Flag(
    help: ArgumentHelp(
      "Write a reference whose tolerances come from how repeated renders differ: A B C reference.json."
    ))
  var learn = false

  @Option(
    help: ArgumentHelp(
      "Write a figure of both curves and their difference, or a page: \(outputsInWords). Can be given more than once.",
      valueName: "path"), completion: .outputs)
  var out: [String] = []

  @Option(
    help: ArgumentHelp("Write a JUnit XML report for CI servers.", valueName: "path"),
    completion: .files(["xml"]))
  var junit: String?

  @Option(help: ArgumentHelp("What stdout gets: text, json or none.", valueName: "kind"))
  var report = ReportOption.text

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Sampling rate of a plain NumPy array of magnitudes, in Hz; with --length, its N.",
      valueName: "hz"), completion: .suggestions("44100", "48000", "96000"))
  var rate: Int?

  @OptionGroup(title: "Analysis of audio files, as far as the reference does not say")
  var options: SpectrumOptions<ComparedSpectra>
  @OptionGroup(title: "General") var general: GeneralOptions

  private var spectrum: String { files[0] }
  private var reference: String { files[files.count - 1] }

  func validate() throws {
    if learn {
      guard files.count >= 3 else {
        throw ValidationError("--learn needs at least two renders and the reference to be written.")
      }
      if batch || update || !out.isEmpty || junit != nil || report == .json {
        throw ValidationError(
          "--learn compares nothing; leave out --batch, --update, --out, --junit and --report json."
        )
      }
    } else if files.count != 2 {
      throw ValidationError(
        "Name a spectrum and its reference, two files; \(files.count == 1 ? "there is one" : "there are \(files.count)")."
      )
    }
    for out in out where FigureRenderer(extension: fileExtension(of: out)) == nil && !isPage(out) {
      throw ValidationError(
        "--out \(out) must be a figure or a page, \(outputsInWords)\(nearestExtension(out, outputExtensions))."
      )
    }
    if update, !out.isEmpty {
      throw ValidationError("--update compares nothing; leave out --out.")
    }
    if batch, !out.isEmpty {
      throw ValidationError("--out is for one pair; leave out --batch.")
    }
    if update, junit != nil || report == .json {
      throw ValidationError("--update compares nothing; leave out --junit and --report json.")
    }
    if spectrum == "-" || reference == "-" {
      throw ValidationError(
        "compare reads files; analyse standard input first (wavfft - --out new.json) and compare that."
      )
    }
    if options.isEachChannel {
      throw ValidationError("--channel each has several spectra; compare one at a time.")
    }
    if options.method == .spectrogram {
      throw ValidationError(
        "compare holds averages against each other, not levels over time; choose --method welch.")
    }
    if let rate, rate < 1 { throw ValidationError("--rate is \(rate); choose at least 1 Hz.") }
    try requireUses()
  }

  /// Refuses options that would do nothing.
  private func requireUses() throws {
    let shown = Views(out.compactMap { Exporter(extension: fileExtension(of: $0)) })
    let obstacle = batch ? "--batch" : update ? "--update" : learn ? "--learn" : nil
    try options.figure.requireUse(in: shown, unless: obstacle)
    // Sentences name notes, too.
    if update || learn || report == .none && junit == nil {
      try Views([.figure, .page]).require(
        options.a4.map { _ in "--a4" }, among: shown, unless: obstacle)
    }
    // Folders that cannot be searched are the error of the run.
    let inputs =
      batch
      ? (try? FolderPairs(spectrum, reference))?.files
      : learn ? Array(files.dropLast()) : files
    if let inputs { try requireRecording(among: inputs) }
  }

  /// Refuses options on how recordings are analysed, where all files are spectra.
  private func requireRecording(among files: [String]) throws {
    if rate != nil, !files.contains(where: SpectrumSource.mayBePlainArray) {
      throw ValidationError(
        "--rate is that of a plain NumPy array of magnitudes, and no file is one; leave it out.")
    }
    guard files.allSatisfy(OverlaySource.isSpectrum) else { return }
    // They describe a plain array of magnitudes.
    let isDescribed = rate != nil ? ["--length", "--parts", "--band"] : []
    let given =
      options.givenForRecordings
      + [options.band.map { _ in "--band" }, options.points.map { _ in "--points" }]
      .compactMap { $0 }
    if let option = given.first(where: { !isDescribed.contains($0) }) {
      throw ValidationError(withoutRecordings(option))
    }
  }

  func run() throws {
    if update { return batch ? try updateReferences() : try updateReference() }
    if learn { return try learnReference() }
    let folders = batch ? try FolderPairs(spectrum, reference) : nil
    let inputs = folders?.files ?? [spectrum, reference]
    for path in out { try requireOther(path, "--out", than: inputs) }
    try requireOther(junit, "--junit", than: inputs)
    for path in out {
      try requireLibrary(for: path, FigureRenderer(extension: fileExtension(of: path)))
    }
    let runner = ComparisonRunner(try request())
    // Outputs are opened before any work, so that a wrong name costs no time.
    let outputs = try Outputs(figures: out.map(open), junit: junit.map(open))
    try requireDistinct(outputs.figures + [outputs.junit].compactMap { $0 })
    announceSidecars(
      beside: folders.map { $0.pairs.flatMap { [$0.spectrum, $0.reference] } } ?? inputs)
    let suite: ComparisonSuite
    if let folders {
      suite = try runner.test(
        folders, report: text(of:), reportError: announce)
    } else {
      suite = ComparisonSuite([try test(runner, outputs)])
    }
    try outputs.write(junitReport(suite))
    try outputs.commit()
    switch report {
    case .none: break
    case .json: try printToStandardOutput(batch ? try suite.json() : suite.reports)
    case .text:
      let text = batch ? suite.text : suite.reports
      try printToStandardOutput(
        Ink.ofReport(general).verdicts(text) + ConfiguredArguments.lineOfReport)
    }
    switch suite.verdict {
    case .same: break
    case .different: throw ExitCode(ExitStatus.answerIsNo.rawValue)
    case .incomparable: throw ExitCode(ExitStatus.incomparable.rawValue)
    }
  }

  /// Compares the named pair; an error goes to the test report, too, and ends the program.
  private func test(_ runner: ComparisonRunner, _ outputs: Outputs) throws -> ComparisonCase {
    do {
      return try runner.test(FilePair(spectrum, reference)) { comparison in
        try outputs.write(comparison, options.figure.choice)
        return try text(of: comparison)
      }
    } catch let interruption as Interruption {
      throw interruption
    } catch {
      let reason = sentence(error)
      // The report of an earlier run would claim success.
      let failed = ComparisonCase(name: reference, outcome: .failed(reason))
      try Outputs(figures: [], junit: outputs.junit).finish(junitReport(ComparisonSuite([failed])))
      if report == .json {
        try printToStandardOutput(
          notComparedJSON(reference, "not comparable", reason, path: spectrum))
      }
      throw error
    }
  }

  /// The printed report of a comparison.
  private func text(of comparison: Comparison) throws -> String {
    report == .json
      ? try comparison.json(defaults: ConfiguredArguments.defaults)
      : batch ? printable(comparison.verdictLine) + "\n" : comparison.textReport
  }

  private func request() throws -> ComparisonRequest {
    var rules = ComparisonRules(try tolerance.tolerances())
    rules.isResampling = resample
    rules.ignoresParameters = ignoreParameters
    rules.workers = max(source.request.workers, 1)
    rules.names = .options
    if let a4 = options.a4 { rules.a4 = a4 }
    return ComparisonRequest(source, rules)
  }

  private var source: SpectrumSource {
    var array: PlainArray?
    if let rate, case .fixed(let length) = options.length {
      array = PlainArray(
        sampleRate: rate, transformLength: length, parts: options.parts ?? 1,
        band: options.band ?? .audible)
    }
    var source = SpectrumSource(
      options.request(path: ""), chosen: options.chosen, array: array)
    source.lengthTolerance = tolerance.toleranceLength
    return source
  }

  private func updateReference() throws {
    try requireOther(reference, "the reference", than: [spectrum])
    announceSidecars(beside: files)
    let update = ReferenceUpdate(source) { announce($0.text(.options)) }
    try printNews(ofReference: { try update.write(spectrum, to: reference) })
  }

  /// Updates the references of a folder; those without a file, and files without a reference, are left for the user.
  private func updateReferences() throws {
    let folders = try FolderPairs(spectrum, reference)
    for pair in folders.pairs { try requireOther(pair.reference, "the reference", than: []) }
    if let shared = folders.sharedReference {
      let words =
        shared.spectrum == shared.reference
        ? "the reference \(shared.reference) is the input itself"
        : "the reference \(shared.reference) and \(shared.spectrum) are one file"
      throw RunFailure(.cannotCreateOutput, "\(words); give the reference a file of its own")
    }
    announceSidecars(beside: folders.pairs.map(\.reference))
    let update = ReferenceUpdate(source) { announce($0.text(.options)) }
    let failed = try update.write(
      folders, names: .options, report: printNews, reportError: announce)
    for path in folders.missing {
      announce("\(path) has no file in \(spectrum), and stays as it is")
    }
    for path in folders.extra {
      announce("\(path) has no reference; write one with wavfft compare \(path) REFERENCE --update")
    }
    if report == .text {
      let updated = folders.pairs.count + folders.ambiguous.count - failed
      try printToStandardOutput(
        "\(grouped(updated)) updated, \(grouped(failed)) not, \(grouped(folders.missing.count)) without a file, "
          + "\(grouped(folders.extra.count)) without a reference\n")
    }
    if failed > 0 { throw ExitCode(ExitStatus.incomparable.rawValue) }
    guard folders.missing.isEmpty, folders.extra.isEmpty else {
      throw ExitCode(ExitStatus.answerIsNo.rawValue)
    }
  }

  private func learnReference() throws {
    try requireOther(reference, "the reference", than: files.dropLast())
    let learning = Learning(source: source, floor: tolerance.floorDb)
    try printNews(ofReference: { try learning.write(files.dropLast(), to: reference) })
  }

  /// Updates the reference, and prints its new state.
  private func printNews(ofReference write: () throws -> String) throws {
    let words: String
    do {
      words = try write()
    } catch let error as SystemError {
      throw RunFailure(error, as: .cannotCreateOutput)
    }
    try printNews(reference, words)
  }

  private func printNews(_ reference: String, _ words: String) throws {
    if report == .text {
      try printToStandardOutput(printable("\(reference) is now \(words)") + "\n")
    }
  }

  /// Refuses an output that would replace an input.
  private func requireOther(
    _ output: String?, _ name: String, than inputs: [String]
  ) throws(RunFailure) {
    guard let output else { return }
    for input in inputs + [tolerance.mask].compactMap({ $0 })
    where OutputFile.isSameFile(output, input) {
      let words = input == output ? "the input itself" : "the input \(input) itself"
      throw RunFailure(
        .cannotCreateOutput, "\(name) \(output) is \(words); choose another name")
    }
    try requireNoSidecar(output, name, of: inputs)
  }

  /// Opens an output without giving it its name.
  private func open(_ path: String) throws(RunFailure) -> OutputFile {
    try failing(as: .cannotCreateOutput) { () throws(SystemError) in try OutputFile(path: path) }
  }
}

/// Whether a path is that of a page.
private func isPage(_ path: String) -> Bool {
  Exporter(extension: fileExtension(of: path)) == .html
}

/// The extensions of figures and pages: `.svg, .png, .pdf or .html`.
private let outputsInWords = alternatives(outputExtensions)

private let outputExtensions =
  (FigureRenderer.all.map(\.name) + [Exporter.html.fileExtension]).map { ".\($0)" }

/// The outputs of a comparison, which receive their names together.
private struct Outputs {
  var figures: [OutputFile]
  var junit: OutputFile?

  func write(_ comparison: Comparison, _ choice: FigureChoice) throws(RunFailure) {
    try Self.translated {
      for file in figures {
        if isPage(file.path) {
          try comparison.page(choice).write { bytes in try file.write(bytes) }
        } else {
          let renderer = FigureRenderer(extension: fileExtension(of: file.path)) ?? .svg
          try WavAnalysis.write(comparison.figure(choice), as: renderer, to: file)
        }
      }
    }
  }

  func write(_ report: String) throws(RunFailure) {
    guard let junit else { return }
    try Self.translated { try junit.write(report) }
  }

  func commit() throws(RunFailure) {
    try Self.translated { try OutputFile.commit(figures + [junit].compactMap { $0 }) }
  }

  func finish(_ report: String) throws(RunFailure) {
    try write(report)
    try commit()
  }

  private static func translated(_ body: () throws -> Void) throws(RunFailure) {
    do {
      try body()
    } catch {
      throw RunFailure(error, as: .cannotCreateOutput)
    }
  }
}
