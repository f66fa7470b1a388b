// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavSpectrum
import WavSystem
import WavTransforms

extension AnalysisRequest {
  /// Number of samples of one part, and the length of its transform.
  func transformLength(
    of selection: SampleSelection
  ) throws(AnalysisError) -> TransformLength {
    let parts = method.parts
    let samples = selection.count / parts
    guard samples > 0 else {
      throw .tooManyParts(parts, samples: selection.count, path: path)
    }
    guard let length = TransformLength(samples: samples, rule: method.length) else {
      throw .lengthTooShort(method.length, samples: samples)
    }
    return length
  }

  /// The shape of the transform of a selection.
  func transformShape(
    of selection: SampleSelection, in file: SoundFile
  ) throws(AnalysisError) -> TransformShape {
    let segments =
      method.isSegmented ? try segments(of: selection, at: file.sampleRate) : nil
    let ofSegment = segments.flatMap { TransformLength(samples: $0.length, rule: .exact) }
    let length: TransformLength
    if let ofSegment { length = ofSegment } else { length = try transformLength(of: selection) }
    let grid = BinGrid(
      sampleRate: file.sampleRate, transformLength: length.length, parts: method.parts)
    let cells = try cells(segments, grid)
    let page = try page.map { size throws(AnalysisError) in
      try PageLayout(grid.bins(in: band), size, self, cells)
    }
    let isForCellsAlone = !keepsEveryBin && points != .all && page?.hasMeans == true
    return TransformShape(
      grid: grid, length: length, band: band, bandCount: fineBandCount, method: method,
      precision: precision(for: file),
      keepsEveryBin: keepsEveryBin || points == .all || page != nil,
      values: values, roundsMagnitudes: isForCellsAlone && file.isNearFullScale,
      segments: segments, cells: cells, division: try division(of: grid), page: page)
  }

  /// The cells of a spectrogram; nil for other methods.
  private func cells(
    _ segments: SegmentLayout?, _ grid: BinGrid
  ) throws(AnalysisError) -> SpectrogramCells? {
    guard method.name == .spectrogram, let segments else { return nil }
    let choice = spectrogram ?? SpectrogramChoice()
    let cells = SpectrogramCells(
      segments, grid, band, columns: choice.columns, rows: choice.rows, choice.spacing,
      choice.reduction)
    guard cells.columnCount * cells.rowCount <= SpectrogramChoice.mostCells else {
      throw .tooManyCells(columns: cells.columnCount, rows: cells.rowCount)
    }
    return cells
  }

  /// The proportional bands, with the fine bands of figure and peaks; nil if none are wanted.
  private func division(of grid: BinGrid) throws(AnalysisError) -> BandDivision? {
    guard let scheme = bandScheme else { return nil }
    let bands = scheme.bands(in: band, of: grid)
    guard !bands.isEmpty else { throw .noProportionalBand(scheme, band, grid) }
    return BandDivision(
      bands, weighting: weighting ?? .z, fine: LogBands(band, of: grid, count: fineBandCount),
      of: grid)
  }

  /// The segments of a selection.
  ///
  /// A number of samples and a duration are taken as they are; a resolution means the nearest length with small
  /// prime factors, and so does no choice, within an eighth of the selection.
  private func segments(
    of selection: SampleSelection, at sampleRate: Int
  ) throws(AnalysisError) -> SegmentLayout {
    let rule = method.segmentation.segment
    let wanted = rule.samples(at: sampleRate, automatic: method.automaticResolution)
    let length: Int
    if let chosen = rule.length(at: sampleRate) {
      length = chosen
    } else {
      let target = SegmentRule.wholeLength(wanted)
      let most = max(min(selection.count, 2), selection.count / 8)
      length = target <= most ? smoothNumber(near: target) : smoothNumber(atMost: most)
    }
    guard length <= selection.count else {
      throw .segmentTooLong(length, rule, samples: selection.count, path: path)
    }
    // The automatic rule takes what there is, and a number of samples is meant.
    guard length > 1 || rule == .automatic || rule == .samples(length) else {
      throw .segmentTooShort(rule, sampleRate: sampleRate)
    }
    return SegmentLayout(
      sampleCount: selection.count, length: length, overlap: method.segmentation.overlap)
  }

  /// The arithmetic: as requested, otherwise single where it is precise enough, for 16 bits and for
  /// lossy formats.
  func precision(for file: SoundFile) -> Precision {
    if let precision = method.precision { return precision }
    if let bits = file.bitsPerSample { return bits <= 16 ? .single : .double }
    return file.isLossy || file.encoding.contains("16 bit") ? .single : .double
  }
}

extension SoundFile {
  /// Whether no sample can be far beyond full scale, as numbers of floating point can.
  fileprivate var isNearFullScale: Bool { bitsPerSample != nil || isLossy }
}

extension SegmentRule {
  /// The length of segments if it follows from the sampling rate alone; nil for the automatic rule.
  package func length(at sampleRate: Int) -> Int? {
    let target = Self.wholeLength(samples(at: sampleRate, automatic: 1))
    return switch self {
    case .samples, .seconds: target
    case .resolution: smoothNumber(near: target)
    case .automatic: nil
    }
  }

  fileprivate static func wholeLength(_ samples: Double) -> Int {
    Int(max(1, min(samples.rounded(), Double(greatest))))
  }
}

extension MethodDescription {
  /// The distance of bins in Hz that segments have if no length is chosen, or nearly so.
  var automaticResolution: Double { name == .spectrogram ? 10 : 1 }
}
