// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import Glibc
import WavAnalysis
import WavAudio
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
        wavfft compare --learn a.wav b.wav c.wav references/synth.json

      Exit status: 0 the same, 1 different, 2 the two cannot be compared, 64 and above as for \
      wavfft <file>.
      """)

  @Argument(
    help: ArgumentHelp(
      "The spectrum or audio file, or with --batch a folder; then what it is held against. With --learn several "
        + "renders, then the reference.", valueName: "spectrum> <reference"),
    completion: .file())
  var files: [String]

  @OptionGroup(title: "Tolerances, all of which must hold") var tolerance: ToleranceOptions

  @Flag(help: "Reduce the finer of the two to the rows of the coarser one, strongest row by row.")
  var resample = false

  @Flag(help: "Compare levels although rate, length, window, method or channel differ.")
  var ignoreParameters = false

  @Flag(help: "Compare the files of two folders pair by pair, by their paths without extensions.")
  var batch = false

  @Flag(help: "Write the reference anew from the spectrum, for when the change is wanted.")
  var update = false

  @Flag(
    help: ArgumentHelp(
      "Write a reference whose tolerances come from how repeated renders differ: A B C reference.json."
    ))
  var learn = false

  @Option(
    help: ArgumentHelp(
      "Write a figure of both curves and their difference: \(FigureRenderer.extensionsInWords).",
      valueName: "path"))
  var out: String?

  @Option(help: ArgumentHelp("Write a JUnit XML report for CI servers.", valueName: "path"))
  var junit: String?

  @Option(help: ArgumentHelp("What stdout gets: text, json or none.", valueName: "kind"))
  var report = ReportOption.text

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Sampling rate of a plain NumPy array of magnitudes, in Hz; with --length, its N.",
      valueName: "hz"))
  var rate: Int?

  @OptionGroup(title: "Analysis of audio files, as far as the reference does not say")
  var options: SpectrumOptions

  private var spectrum: String { files[0] }
  private var reference: String { files[files.count - 1] }

  func validate() throws {
    if learn {
      guard files.count >= 3 else {
        throw ValidationError("--learn needs at least two renders and the reference to be written.")
      }
      if batch || update || out != nil || junit != nil || report == .json {
        throw ValidationError(
          "--learn compares nothing; leave out --batch, --update, --out, --junit and --report json."
        )
      }
    } else if files.count != 2 {
      throw ValidationError(
        "Name a spectrum and its reference, two files; \(files.count == 1 ? "there is one" : "there are \(files.count)")."
      )
    }
    if let out, FigureRenderer(extension: fileExtension(of: out)) == nil {
      throw ValidationError("--out \(out) must be a figure, \(FigureRenderer.extensionsInWords).")
    }
    if update, out != nil {
      throw ValidationError("--update compares nothing; leave out --out.")
    }
    if batch, out != nil || update {
      throw ValidationError("--out and --update are for one pair; leave out --batch.")
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
    if let rate, rate < 1 { throw ValidationError("--rate is \(rate); choose at least 1 Hz.") }
  }

  func run() throws {
    if update { return try updateReference() }
    if learn { return try learnReference() }
    let pairs = batch ? try self.pairs() : FolderPairs(pairs: [FilePair(spectrum, reference)])
    let inputs = batch ? pairs.files : [spectrum, reference]
    try requireOther(out, "--out", than: inputs)
    try requireOther(junit, "--junit", than: inputs)
    if let out { try requireLibrary(for: out, FigureRenderer(extension: fileExtension(of: out))) }
    let tolerances = try tolerance.tolerances()
    // A place that cannot be written to costs no time.
    let outputs = try Outputs(figure: out.map(open), junit: junit.map(open))
    var cases: [ComparisonCase] = []
    var reports: [String] = []
    var hasDifference = !pairs.missing.isEmpty || !pairs.extra.isEmpty
    for pair in pairs.pairs {
      let start = monotonicSeconds()
      let outcome = try compare(pair, tolerances, &reports, outputs)
      if case .different = outcome { hasDifference = true }
      cases.append(
        ComparisonCase(
          name: pair.reference, outcome: outcome, seconds: monotonicSeconds() - start))
    }
    for path in pairs.missing {
      cases.append(
        ComparisonCase(
          name: path,
          outcome: .different(line: "missing: nothing to hold against \(path)", report: ""),
          seconds: 0))
    }
    for path in pairs.extra {
      cases.append(
        ComparisonCase(
          name: path, outcome: .different(line: "extra: \(path) has no reference", report: ""),
          seconds: 0))
    }
    for sentence in pairs.ambiguous {
      printToStandardError("wavfft: \(printable(sentence))\n")
      cases.append(ComparisonCase(name: sentence, outcome: .failed(sentence), seconds: 0))
    }
    try outputs.write(junitReport(cases))
    try outputs.commit()
    try printReports(reports, cases)
    let hasFailed = cases.contains { if case .failed = $0.outcome { true } else { false } }
    if hasFailed { throw ExitCode(ExitStatus.incomparable.rawValue) }
    if hasDifference { throw ExitCode(ExitStatus.answerIsNo.rawValue) }
  }

  /// Compares one pair; in a batch an error is an outcome, else it ends the program.
  private func compare(
    _ pair: FilePair, _ tolerances: Tolerances, _ reports: inout [String],
    _ outputs: Outputs
  ) throws -> ComparisonCase.Outcome {
    do {
      let (source, note) = try self.source.aligningLengths(pair.spectrum, pair.reference)
      let reference = try source.reference(pair.reference)
      let spectrum = try source.spectrum(
        pair.spectrum, like: reference, ignoresParameters: resample || ignoreParameters)
      var comparison = try Comparison(
        spectrum, reference, tolerances, isResampling: resample,
        ignoresParameters: ignoreParameters, workers: source.request.workers)
      if let note { comparison.notes.append(note) }
      if options.channel == nil, reference.facts.channel ?? "mix" == "mix",
        spectrum.facts.channel ?? "mix" == "mix"
      {
        try source.compareChannels(
          of: &comparison, spectrum, reference, tolerances, isResampling: resample,
          ignoresParameters: ignoreParameters)
      } else if !comparison.isSame,
        let channel = try source.swappedChannel(of: pair.spectrum, like: reference, tolerances)
      {
        comparison.notes.append(
          "channel \(channel) of \(pair.spectrum) is the same as channel "
            + "\(reference.facts.channel ?? "") of the reference: the channels may be swapped")
      }
      if note != nil || spectrum.isOfOtherLength { try comparison.requireSound() }
      try outputs.write(comparison.figure())
      reports.append(
        report == .json
          ? try comparison.json()
          : batch ? printable(comparison.verdictLine) + "\n" : comparison.textReport)
      return comparison.isSame
        ? .same : .different(line: comparison.verdictLine, report: comparison.textReport)
    } catch let interruption as Interruption {
      throw interruption
    } catch let error where batch {
      printToStandardError("wavfft: \(printable("\(error)"))\n")
      return .failed("\(error)")
    } catch {
      // An old report would say that all is well.
      let failed = ComparisonCase(name: pair.reference, outcome: .failed("\(error)"), seconds: 0)
      try Outputs(figure: nil, junit: outputs.junit).finish(junitReport([failed]))
      if report == .json {
        try printToStandardOutput(
          notComparedJSON(pair.reference, "not comparable", "\(error)", path: pair.spectrum))
      }
      throw error
    }
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

  private func pairs() throws -> FolderPairs {
    let pairs = try FolderPairs(spectrum, reference)
    guard !pairs.pairs.isEmpty || !pairs.missing.isEmpty || !pairs.ambiguous.isEmpty else {
      throw AudioError(.noInput, "\(reference) has no spectra to compare with")
    }
    return pairs
  }

  private func updateReference() throws {
    try requireOther(reference, "the reference", than: [spectrum])
    let known = exists(reference) ? try knownReference() : nil
    let words: String
    do {
      words = try SpectrumUpdate(source: source, like: known).write(spectrum, to: reference)
    } catch let error as SystemError {
      throw OutputError(status: .cannotCreateOutput, description: "\(error)")
    }
    if report == .text {
      try printToStandardOutput(printable("\(reference) is now \(words)") + "\n")
    }
  }

  private func learnReference() throws {
    try requireOther(reference, "the reference", than: files.dropLast())
    let words: String
    do {
      words = try Learning(source: source, floor: tolerance.floorDb)
        .write(files.dropLast(), to: reference)
    } catch let error as SystemError {
      throw OutputError(status: .cannotCreateOutput, description: "\(error)")
    }
    if report == .text {
      try printToStandardOutput(printable("\(reference) is now \(words)") + "\n")
    }
  }

  /// The reference that is going to be written anew, which says how it was made.
  ///
  /// A spectrum that is damaged, by a conflict of versions for one, is replaced; what does not look like
  /// a spectrum is not.
  private func knownReference() throws -> ComparedSpectrum? {
    do {
      return try source.reference(reference)
    } catch let error as ComparisonError where error.kind == .unusable {
      guard looksLikeSpectrum(reference) else { throw error }
      printToStandardError(
        "wavfft: "
          + printable("\(error); it is written anew, and says nothing of how it was made") + "\n")
      return nil
    }
  }

  private func printReports(_ reports: [String], _ cases: [ComparisonCase]) throws {
    switch report {
    case .none: return
    case .json:
      try printToStandardOutput(batch ? try jsonArray(reports, cases) : reports.joined())
    case .text:
      var text = reports.joined()
      if batch {
        var counts = (same: 0, different: 0, failed: 0)
        for test in cases {
          switch test.outcome {
          case .same: counts.same += 1
          case .different(let line, let report):
            counts.different += 1
            if report.isEmpty { text += printable(line) + "\n" }
          case .failed: counts.failed += 1
          }
        }
        text +=
          "\(cases.count) compared: \(counts.same) the same, \(counts.different) different, missing or "
          + "extra, \(counts.failed) not comparable\n"
      }
      try printToStandardOutput(text)
    }
  }

  /// Reports of a batch, and what there is to say of files that were not compared.
  private func jsonArray(_ reports: [String], _ cases: [ComparisonCase]) throws -> String {
    let others = try cases.compactMap { test -> String? in
      switch test.outcome {
      case .failed(let reason): try notComparedJSON(test.name, "not comparable", reason)
      case .different(let line, let report) where report.isEmpty:
        try notComparedJSON(test.name, String(line.prefix { $0 != ":" }), line)
      default: nil
      }
    }
    return "[\n" + (reports + others).map { $0.dropLast() }.joined(separator: ",\n") + "\n]\n"
  }

  /// Refuses an output that would take the place of something that is read.
  private func requireOther(
    _ output: String?, _ name: String, than inputs: [String]
  ) throws(OutputError) {
    guard let output else { return }
    for input in inputs + [tolerance.mask].compactMap({ $0 })
    where OutputFile.isSameFile(output, input) {
      let words = input == output ? "the input itself" : "the input \(input) itself"
      throw OutputError(
        status: .cannotCreateOutput,
        description: "\(name) \(output) is \(words); choose another name")
    }
  }

  /// Opens an output, which does not have its name yet.
  private func open(_ path: String) throws(OutputError) -> OutputFile {
    do {
      return try OutputFile(path: path)
    } catch {
      throw OutputError(status: .cannotCreateOutput, description: "\(error)")
    }
  }
}

/// What a comparison writes; all of it gets its names together.
private struct Outputs {
  var figure: OutputFile?
  var junit: OutputFile?

  func write(_ document: Scene) throws(OutputError) {
    guard let figure else { return }
    try Self.translated {
      let renderer = FigureRenderer(extension: fileExtension(of: figure.path)) ?? .svg
      try WavAnalysis.write(document, as: renderer, to: figure)
    }
  }

  func write(_ report: String) throws(OutputError) {
    guard let junit else { return }
    try Self.translated { try junit.write(report) }
  }

  func commit() throws(OutputError) {
    try Self.translated { try OutputFile.commit([figure, junit].compactMap { $0 }) }
  }

  func finish(_ report: String) throws(OutputError) {
    try write(report)
    try commit()
  }

  private static func translated(_ body: () throws -> Void) throws(OutputError) {
    do {
      try body()
    } catch {
      throw OutputError(status: .cannotCreateOutput, description: "\(error)")
    }
  }
}
