// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport
import WavSpectrum
import WavSystem
import WavTransforms

/// The report as text for people: a few labelled lines, and at its end a plot, if one is wanted.
public func textReport(
  _ analysis: Analysis, withTimings: Bool, plot: TerminalPlot? = nil,
  defaults: OptionDefaults? = nil
) -> String {
  let origin = defaults.map { [line("Defaults", $0.inWords)] } ?? []
  var sections = [headline(analysis), signalSection(analysis), transformSection(analysis) + origin]
  if let loss = analysis.loss { sections.append(lossSection(loss, analysis.spectrum)) }
  if let levels = analysis.bandLevels { sections.append(bandSection(levels)) }
  if analysis.request.peaks > 0 { sections.append(peakSection(analysis)) }
  if withTimings { sections.append(timingSection(analysis)) }
  if let plot { sections.append(plotSection(analysis, plot)) }
  return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(
    separator: "\n\n") + "\n"
}

extension Analysis {
  /// How the spectrum was computed, in a few words.
  var methodInWords: String {
    request.method.explanation
  }

  /// Which channel, or how many are mixed.
  var channelInWords: String {
    switch selection.channel {
    case .mix: file.channels == 1 ? "1 channel" : "mix of \(file.channels) channels"
    case .single(let index): "channel \(index + 1) of \(file.channels)"
    case .difference(let first, let second):
      "half the difference of channels \(first + 1) and \(second + 1)"
    }
  }

  /// The range of the band: `20–20000 Hz`.
  var bandInWords: String {
    let grid = spectrum.grid
    guard spectrum.band == .full else {
      return
        "\(significant(spectrum.range.lowerBound, 7))–\(significant(spectrum.range.upperBound, 7)) Hz"
    }
    // Neither parts nor an odd number of samples have a bin at half the sampling rate.
    let hasNyquist = grid.parts == 1 && grid.transformLength % 2 == 0
    return
      "0–\(significant(grid.recordingLimit, 7)) Hz, DC \(hasNyquist ? "and Nyquist " : "")included"
  }

  /// What decides the numbers, in a few words: `exact, 16000 samples, rectangular window, …`.
  public var optionsInWords: String {
    let channel = selection.channel == .mix ? "mix" : "channel \(selection.channel.description)"
    if let segments = density?.segments {
      return
        "\(request.method.inWords), \(segments.count) segment\(segments.count == 1 ? "" : "s") of \(segments.length) "
        + "samples, \(spectrum.scaling.windowName) window, \(channel), \(bandInWords)"
    }
    return
      "\(request.method.inWords), \(length.samples * spectrum.grid.parts) samples, length \(length.length), "
      + "\(spectrum.scaling.windowName) window, \(channel), \(bandInWords)"
  }

  /// Kinds of shared memory: `POSIX shared memory`.
  var memoryInWords: String { memory.backings.map(\.rawValue).joined(separator: " and ") }

  /// What a truncated recording lacks; nil if the analysed part is complete.
  var truncationInWords: String? {
    guard let truncation else { return nil }
    guard case .frames(let missing) = truncation else {
      return "truncated: it ends in the middle of the stream; how much is missing is not known"
    }
    let whole = file.frames + missing
    if missing * 100 < file.sampleRate {
      return
        "truncated: the last \(missing == 1 ? "frame" : grouped(missing)) of \(grouped(whole)) "
        + (missing == 1 ? "is" : "frames are")
        + " missing (\(percent(Double(missing) / Double(whole))))"
    }
    return "truncated: the last \(fixed(Double(missing) / Double(file.sampleRate), 2)) of "
      + "\(fixed(Double(whole) / Double(file.sampleRate), 2)) s are missing "
      + "(\(percent(Double(missing) / Double(whole))))"
  }

  /// Length, sampling rate, channel and format.
  var recordingInWords: String { WavAnalysis.recordingInWords(self) }

  /// By how many dB a row may be below a tone between two bins; nil if that is nearly nothing.
  var lossBetweenBins: Double? {
    let kernel = WindowKernel(request.method.window, length)
    let loss = 20 * log10(kernel.magnitude(0) / kernel.magnitude(0.5))
    return loss < 0.05 ? nil : loss
  }

  /// Seconds that were analysed.
  var seconds: Double { Double(selection.count) / Double(file.sampleRate) }
}

private func line(_ label: String, _ text: String) -> String {
  labelled(label, text, at: 13)
}

private func headline(_ analysis: Analysis) -> [String] {
  [printable(analysis.file.path), "  " + analysis.recordingInWords]
    + (analysis.truncationInWords.map { ["  " + $0] } ?? [])
}

private func recordingInWords(_ analysis: Analysis) -> String {
  let (file, selection) = (analysis.file, analysis.selection)
  var facts = ["\(inSeconds(analysis.seconds)) s"]
  if selection.count < file.frames {
    facts[0] += " from \(inSeconds(Double(selection.start) / Double(file.sampleRate))) s on"
  }
  facts += ["\(file.sampleRate) Hz", analysis.channelInWords, file.encoding, file.container]
  return facts.joined(separator: ", ")
}

/// Seconds with two decimals, or with three digits where these would be few.
private func inSeconds(_ seconds: Double) -> String {
  seconds > 0 && seconds < 0.095 ? significant(seconds, 3) : fixed(seconds, 2)
}

private func signalSection(_ analysis: Analysis) -> [String] {
  ["Signal"] + analysis.signalFacts.map { line("  " + $0.label, $0.text) }
}

private func transformSection(_ analysis: Analysis) -> [String] {
  (analysis.transformFacts + analysis.machineFacts).map { line($0.label, $0.text) }
}

extension Analysis {
  /// How the spectrum was computed, and how its numbers are read.
  var transformFacts: [Fact] { WavAnalysis.transformFacts(self) }

  /// What the computation took from the machine, and what its figures are in.
  fileprivate var machineFacts: [Fact] {
    [
      Fact(
        label: "Memory",
        text: disk?.memoryInWords
          ?? "\(readableBytes(memory.byteCount)) of \(memoryInWords)")
    ] + (disk.map { [Fact(label: "Disk", text: $0.inWords)] } ?? [])
      + (request.reference.map { reference in
        [
          Fact(
            label: "Reference",
            text:
              "0 dBFS is \(significant(reference.offset, 6)) \(printable(reference.unit)), in figures; the levels here are in "
              + "dBFS")
        ]
      } ?? [])
  }
}

/// A fact with its label.
private func fact(_ label: String, _ text: String) -> Analysis.Fact {
  Analysis.Fact(label: label, text: text)
}

private func transformFacts(_ analysis: Analysis) -> [Analysis.Fact] {
  let (spectrum, length) = (analysis.spectrum, analysis.length)
  let (grid, scaling) = (spectrum.grid, spectrum.scaling)
  let bandwidth = scaling.noiseBandwidth(sampleRate: grid.sampleRate)
  let bins = fact(
    "Bins",
    "\(significant(grid.spacing, 4)) Hz apart, \(grouped(spectrum.bins.count)) in "
      + analysis.bandInWords)
  let window = fact(
    "Window",
    "\(scaling.windowName), sum \(significant(scaling.windowSum, 10)), "
      + "sum of squares \(significant(scaling.windowSquareSum, 10)), "
      + "coherent gain \(significant(scaling.coherentGain, 5)), "
      + "noise bandwidth \(significant(bandwidth, 4)) Hz")
  let method = fact(
    "Method", analysis.methodInWords + ", \(analysis.precision.rawValue) precision")
  if let density = analysis.density {
    return [method] + segmentLines(analysis, density)
      + (analysis.levelGrid.map { [spectrogramLine($0, analysis.segmentsPerColumn)] } ?? []) + [
        bins, window,
      ]
      + (analysis.levelGrid == nil
        ? densityLines(density, analysis, bandwidth) : [levelLine(analysis)])
  }
  let each = grid.parts > 1 ? " for each part" : ""
  let padding =
    length.zeros == 0
    ? "the exact number of samples"
    : "\(grouped(length.samples)) samples and \(grouped(length.zeros)) zeros"
  var used = "\(grouped(length.samples * grid.parts)) used"
  if analysis.unusedSamples > 0 {
    used +=
      ", \(analysis.unusedSamples) at the end left out "
      + "(\(grid.parts) parts of equal length)"
  }
  return [
    method,
    fact("Samples", used),
    fact("Transform", "\(grouped(length.length)) long\(each) (\(padding))"),
    bins,
    window,
    fact("Levels", "dBFS (AES17: a full-scale sine is 0 dBFS)"),
  ]
}

/// How the recording is divided.
private func segmentLines(_ analysis: Analysis, _ density: PowerDensity) -> [Analysis.Fact] {
  let layout = density.segments
  let seconds = Double(layout.length) / Double(density.grid.sampleRate)
  let shared = Double(layout.length - layout.hop) / Double(layout.length)
  var used = "\(grouped(layout.usedCount)) used"
  if layout.unusedCount > 0 {
    used +=
      ", \(grouped(layout.unusedCount)) at the end left out (segments of equal length)"
  }
  return [
    fact("Samples", used),
    fact(
      "Segments",
      "\(grouped(layout.count)) of \(grouped(layout.length)) samples (\(significant(seconds, 4)) s)"
        + (layout.count > 1 ? ", \(percent(shared)) of each also in the next" : "")
        + (density.segmentation.detrend == .constant ? "; their means are subtracted" : "")),
  ]
}

/// The cells of a spectrogram.
private func spectrogramLine(_ grid: LevelGrid, _ perColumn: Int) -> Analysis.Fact {
  fact(
    "Cells",
    "\(grouped(grid.columnCount)) column\(grid.columnCount == 1 ? "" : "s") of \(significant(grid.secondsPerColumn, 3)) s and "
      + "\(grouped(grid.rowCount)) rows: the \(grid.reduction == .maximum ? "greatest level" : "mean power") of "
      + "\(perColumn == 1 ? "one segment" : "up to \(grouped(perColumn)) segments")")
}

/// How the levels of a spectrogram are read.
private func levelLine(_ analysis: Analysis) -> Analysis.Fact {
  fact("Levels", levelsInWords(analysis))
}

/// What levels refer to, and by how much a row may be below a tone between two bins.
private func levelsInWords(_ analysis: Analysis) -> String {
  "dBFS (AES17: a full-scale sine is 0 dBFS)"
    + (analysis.lossBetweenBins.map { "; of a tone between two bins up to \(fixed($0, 2)) dB low" }
      ?? "")
}

/// How the numbers of a density are read, and how certain they are.
private func densityLines(
  _ density: PowerDensity, _ analysis: Analysis, _ bandwidth: Double
) -> [Analysis.Fact] {
  let interval = density.statistics.interval()
  func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + fixed(value, 2) }
  return [
    fact("Tones", levelsInWords(analysis)),
    fact(
      "Noise",
      "density in dB re 1 FS²/Hz: \(fixed(10 * log10(2 * bandwidth), 2)) dB below the level of a bin"
    ),
    fact(
      "Certainty",
      "\(significant(density.statistics.degreesOfFreedom, 4)) degrees of freedom; for noise the true density of a bin is, with a "
        + "probability of 95 %, \(signed(interval.lowerBound)) to \(signed(interval.upperBound)) dB from the estimate"
    ),
  ]
}

private func lossSection(_ loss: NyquistLoss, _ spectrum: Spectrum) -> [String] {
  let energy =
    loss.energyShareAbove.map {
      (loss.energyMethod == .segments ? "about " : "")
        + "\(percent($0)) of it is above the limit and folds back (\(loss.energyMethod.rawValue))"
    } ?? "none: the recording is silent"
  return [
    "Nyquist loss",
    line(
      "  limit",
      "\(significant(loss.limit, 7)) Hz instead of \(significant(loss.originalLimit, 7)) Hz"),
    line("  band", loss.bandInWords),
    line("  energy", energy),
  ]
}

private func peakSection(_ analysis: Analysis) -> [String] {
  let peaks = analysis.peaks
  guard !peaks.isEmpty else {
    guard !analysis.spectrum.rows.isEmpty else { return ["No peaks: no bin is in the band"] }
    let isSilent = analysis.spectrum.rows.allSatisfy { $0.magnitude == 0 }
    if isSilent, !analysis.levels.isSilent, analysis.density?.segmentation.average == .median {
      return ["No peaks: most segments are silent in the band"]
    }
    return [isSilent ? "No peaks: the band is silent" : "No peak stands out of the noise floor"]
  }
  let rows = peaks.map { peak -> [String] in
    var row = [
      fixed(peak.frequency, 3), fixed(peak.level, 2),
      peak.aboveFloor.map { fixed($0, 1) } ?? "", peak.shape.rawValue,
    ]
    if let note = peak.note {
      let cents = fixed(note.cents, 0)
      row += [note.name, (note.cents >= 0.5 ? "+" : "") + cents]
    }
    return row
  }
  let a4 = analysis.request.a4 == 440 ? "" : " (A4 = \(significant(analysis.request.a4, 6)) Hz)"
  let whole = analysis.levelGrid == nil ? "" : " of the average over time"
  var lines =
    ["Strongest peaks\(whole)\(a4)"]
    + tableLines(["Hz", "dBFS", "above floor", "shape", "note", "cents"], rows)
  if let tuning = analysis.tuning {
    let cents = (tuning.cents >= 0.5 ? "+" : "") + fixed(tuning.cents, 0)
    lines.append(
      "  Tuning: A4 = \(fixed(tuning.a4, 1)) Hz (\(cents) \(abs(tuning.cents).rounded() == 1 ? "cent" : "cents")) fits them best, with a deviation of "
        + "\(inCents(tuning.deviation)).")
  }
  return lines
}

/// A distance in whole cents: `1 cent`.
private func inCents(_ cents: Double) -> String {
  let number = fixed(cents, 0)
  return "\(number) cent\(number == "1" ? "" : "s")"
}

/// A longer table of bands continues beside itself.
private let mostBandRows = 40

/// Levels of proportional bands.
private func bandSection(_ levels: BandLevels) -> [String] {
  let isWeighted = levels.weighting != .z
  let isOfNotes = levels.scheme.isOfNotes
  let isMarked = levels.entries.contains { $0.hasFewBins || !$0.isComplete }
  let weighted = "dB(\(levels.weighting.rawValue))"
  let rows = levels.entries.map { entry -> [String] in
    var row = [entry.band.name]
    if isOfNotes { row.append(fixed(entry.band.midband, 2)) }
    row.append(fixed(entry.level, 2))
    if isWeighted { row.append(fixed(entry.weightedLevel, 2)) }
    if isMarked { row.append((entry.hasFewBins ? "*" : "") + (entry.isComplete ? "" : "+")) }
    return row
  }
  let header = (isOfNotes ? ["note"] : []) + ["Hz", "dBFS"] + (isWeighted ? [weighted] : [])
  let total =
    "\(fixed(levels.total, 2)) dBFS"
    + (isWeighted ? ", \(fixed(levels.weightedTotal, 2)) \(weighted)" : "")
  var remarks = ["  All together: \(total)."]
  if levels.entries.contains(where: \.hasFewBins) {
    remarks.append("  * fewer than five bins wide: the level depends on where they lie")
  }
  if levels.entries.contains(where: { !$0.isComplete }) {
    remarks.append("  + cut at half the sampling rate")
  }
  return [levels.scheme.title] + besideItself(header, rows) + remarks
}

/// A table that is continued beside itself if it is long.
private func besideItself(_ header: [String], _ rows: [[String]]) -> [String] {
  let parts = (rows.count + mostBandRows - 1) / mostBandRows
  let height = (rows.count + parts - 1) / max(1, parts)
  let tables = stride(from: 0, to: rows.count, by: height).map {
    tableLines(header, Array(rows[$0..<min($0 + height, rows.count)]))
  }
  let widths = tables.map { $0.map(cellCount).max() ?? 0 }
  return (0...height).map { line in
    let cells = zip(tables, widths).map { table, width in
      padded(line < table.count ? table[line] : "", to: width)
    }
    return withoutSpacesBehind(cells.joined(separator: "   "))
  }
}

private func timingSection(_ analysis: Analysis) -> [String] {
  let timings = analysis.timings
  let total = timings.reduce(0) { $0 + $1.seconds }
  return ["Seconds"]
    + tableLines(
      [],
      (timings + [Timing(phase: "total", seconds: total)]).map {
        [$0.phase, fixed($0.seconds, 3)]
      })
    + (analysis.disk.map { ["  " + $0.timesInWords] } ?? [])
}
