// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAnalysis
import WavExport
import WavSpectrum
import WavSystem

extension FileRecord {
  /// The record of a finished analysis.
  ///
  /// The RMS follows from the powers of the bands by Parseval's theorem, on the scale of the
  /// levels: a sine of amplitude 1 has 0 dBFS. The centroid is the mean of the middles of at least
  /// 4096 bands, weighted with their powers; this gives four significant digits (bands between 20
  /// Hz and 20 kHz are 0.17 % wide).
  ///
  /// - Parameters:
  ///   - analysis: The analysis.
  ///   - output: Path of the outputs below the output folder, without their extensions.
  ///   - prints: Fingerprints of the outputs, by extension.
  ///   - stamp: The stamp of the input before it was opened.
  ///   - bands: Bands to include.
  ///   - hasThumbnail: Whether to include the curve for an index page.
  ///   - options: The options of the batch.
  init(
    _ analysis: Analysis, output: String, prints: [String: Fingerprint], stamp: InputStamp?,
    bands: [SummaryBand], hasThumbnail: Bool, options: OptionsInWords
  ) {
    self.init(
      path: analysis.file.path, status: analysis.truncation == nil ? .ok : .partial,
      options: options)
    let file = analysis.file
    channel = analysis.selection.channel.description
    durationS = rounded(Double(analysis.selection.count) / Double(file.sampleRate))
    sampleRateHz = file.sampleRate
    channels = file.channels
    frames = file.frames
    transformLength = analysis.length.length
    let rows = analysis.spectrum.rows
    if analysis.spectrum.bins.isEmpty { hasNoBins = true }
    let power = rows.reduce(0) { $0 + $1.power }
    if power > 0 {
      rmsDbfs = rounded(10 * log10(2 * power))
      let spacing = analysis.spectrum.grid.spacing
      let moment = rows.reduce(0) { $0 + $1.power * middle(of: $1, spacing: spacing) }
      centroidHz = rounded(moment / power, 4)
    }
    if !bands.isEmpty {
      let levels = bands.compactMap { band in
        band.level(in: analysis.spectrum).map { (band.name, $0.isFinite ? rounded($0) : nil) }
      }
      bandLevels = Dictionary(levels, uniquingKeysWith: { first, _ in first })
    }
    peaks = analysis.peaks.map {
      Peak(
        frequencyHz: rounded($0.frequency), levelDbfs: rounded($0.level), note: $0.note?.name)
    }
    if hasThumbnail { thumbnail = Thumbnail(analysis.spectrum) }
    lossShare = analysis.loss.map { rounded($0.lostShare) }
    energyAboveLimit = analysis.loss.flatMap(\.energyShareAbove).map { rounded($0) }
    self.output = output
    outputBytes = prints.mapValues(\.bytes)
    outputDigests = prints.mapValues(\.digest)
    inputBytes = stamp?.bytes
    inputModified = stamp?.modified
    inputInode = stamp?.inode
    inputChanged = stamp?.changed
  }
}

/// The frequency that stands for a band: that of its bin if it is too narrow for two, otherwise its
/// middle.
private func middle(of row: BandRow, spacing: Double) -> Double {
  row.highEdge - row.lowEdge <= spacing
    ? row.frequency : (row.lowEdge * row.highEdge).squareRoot()
}

/// A number with few significant digits: more would be noise, and these read back as the same
/// value.
private func rounded(_ value: Double, _ digits: Int = 7) -> Double {
  Double(significant(value, digits)) ?? value
}
