// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavAnalysis
import WavBatch
import WavExport
import WavSystem

/// Options that decide which files a batch analyses, and how.
struct BatchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder of the outputs, made if it is not there; its structure mirrors that of the inputs.",
      valueName: "dir"), completion: .directory)
  var outDir: String

  @Option(
    help: ArgumentHelp(
      "What to write of each file, separated by commas: "
        + Exporter.allValueStrings.joined(separator: ", ") + ". (default: svg,csv)",
      valueName: "formats"), completion: .list(Exporter.allValueStrings),
    transform: BatchOptions.formats)
  var format: [Exporter] = []

  @OptionGroup var tables: TableOptions
  @OptionGroup var page: PageOptions

  @Option(
    help: ArgumentHelp(
      "Take only files that match this shell pattern (in quotes); can be given more than once. "
        + "(default: every extension of a format that libsndfile reads)",
      valueName: "pattern"))
  var include: [String] = []

  @Option(
    help: ArgumentHelp(
      "Leave out files and folders that match this shell pattern; can be given more than once.",
      valueName: "pattern"))
  var exclude: [String] = []

  @Flag(
    help: """
      Leave alone what is done: files that are as they were when they were analysed, whose outputs are \
      there as they were written, and made with the same options.
      """)
  var resume = false

  @Flag(
    help: """
      Replace files in the folder of outputs that wavfft did not write, or that were changed since; \
      without it nothing is begun where any is in the way.
      """)
  var force = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Do one of N parts of the work: every N-th file, from the I-th on; \"slurm\" takes the part from "
        + "the Slurm job array that runs this. Merge the summaries with wavfft batch-merge.",
      valueName: "i/n"), completion: .suggestions("slurm"), transform: BatchOptions.shard)
  var shard: Shard?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Give up a file after this many seconds, 0.1 or more.", valueName: "seconds"),
    completion: .suggestions("60", "600", "3600"))
  var timeout: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many times to try a file again that crashed a worker or took too long, 0 to 10.",
      valueName: "count"), completion: .suggestions("0", "1", "2"))
  var retries = 1

  @Flag(help: "Stop at the first file that fails.")
  var failFast = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Memory that all workers may take together, such as 500M or 4G; larger files are refused. "
        + "(default: half of what is available)",
      valueName: "size"), completion: .sizes, transform: byteCount(parsing:))
  var memory: Int?

  @OptionGroup var scratch: ScratchOptions

  @Option(
    help: ArgumentHelp(
      "Format of the summary in the folder of outputs: csv or ndjson (one JSON object a line).",
      valueName: "format"))
  var summaryFormat = SummaryFormat.csv

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Add a column with the level of each of these bands to the summary, separated by commas: nominal "
        + "frequencies of third-octave bands, or LOW:HIGH in Hz, such as 63,125,250:500.",
      valueName: "bands"), transform: BatchOptions.bands)
  var summaryBands: [SummaryBand] = []

  @Flag(
    inversion: .prefixedNo,
    help: "Tell in the summary how long each file took; without, it is the same bytes every time.")
  var timings = true

  @Option(help: ArgumentHelp("What stdout gets: text, json or none.", valueName: "kind"))
  var report = ReportOption.text

  @Option(
    help: ArgumentHelp(
      "Progress on stderr: auto (a bar on a terminal), always (elsewhere a line every 10 s) or never.",
      valueName: "when"))
  var progress = ProgressOption.auto

  func validate() throws {
    if let timeout, !(0.1...1e9).contains(timeout) {
      throw ValidationError("--timeout is \(numeral(timeout)); choose 0.1 to 1e9 seconds.")
    }
    if !(0...10).contains(retries) {
      throw ValidationError("--retries is \(retries); choose a number from 0 to 10.")
    }
    try tables.require(formats)
    if outDir.isEmpty { throw ValidationError("--out-dir is empty; name a folder.") }
  }

  /// What is written of each file.
  var formats: [Exporter] { format.isEmpty ? BatchRequest.usualFormats : format }

  private static func formats(_ argument: String) throws -> [Exporter] {
    let formats = try argument.split(separator: ",", omittingEmptySubsequences: false).map {
      guard let format = Exporter(argument: String($0)) else {
        throw ValidationError(
          question(String($0), among: Exporter.allValueStrings) + "Choose among "
            + Exporter.allValueStrings.joined(separator: ", ")
            + ", separated by commas.")
      }
      return format
    }
    guard Set(formats).count == formats.count else {
      throw ValidationError("Name each format once.")
    }
    return formats
  }

  private static func bands(_ argument: String) throws -> [SummaryBand] {
    let bands = try argument.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let band = SummaryBand(String(word)) else {
        throw ValidationError(
          "\(word) is no band; write the nominal frequency of a third-octave band (31.5, 63, 125, … Hz) "
            + "or LOW:HIGH in Hz with 0 <= LOW < HIGH.")
      }
      return band
    }
    guard Set(bands.map(\.name)).count == bands.count else {
      throw ValidationError("Name each band once.")
    }
    return bands
  }

  private static func shard(_ argument: String) throws -> Shard {
    if argument == "slurm" {
      let names = ["ID", "COUNT", "MIN", "MAX"].map { "SLURM_ARRAY_TASK_\($0)" }
      let pairs = names.compactMap { name in
        environmentVariable(name).map { (name, $0) }
      }
      guard let shard = Shard(slurmEnvironment: Dictionary(uniqueKeysWithValues: pairs)) else {
        throw ValidationError(
          "\"slurm\" needs a job array with regular steps (sbatch --array=1-4), which sets "
            + "SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT.")
      }
      return shard
    }
    let numbers = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let number = numbers[0], let count = numbers[1],
      let shard = Shard(number, of: count)
    else { throw ValidationError("Write I/N with 1 <= I <= N, such as 2/4, or slurm.") }
    return shard
  }
}

extension SummaryFormat: ExpressibleByArgument {}
