// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport
import WavSpectrum
import WavSystem

extension Analysis {
  /// What is in the page of the result, from its cells.
  ///
  /// - Throws: ``AnalysisError`` if the texts leave no room in the page's size, and what reading bins throws.
  func contents(_ cells: PageCells) throws -> PageContents {
    var arrays: [PageArray] = []
    var description = describedPage()
    description.series = [series(cells, &arrays)]
    if let levels = bandLevels ?? cells.bandLevels {
      let weighting = levels.weighting == .z ? "" : ", \(levels.weighting.rawValue)-weighted"
      description.bandsTitle = levels.scheme.title + weighting
      description.bands = levels.entries.map {
        PageDescription.BandEntry(
          name: $0.band.name, lowHz: $0.band.lowEdge, highHz: $0.band.highEdge,
          levelDbfs: $0.weightedLevel.isFinite ? $0.weightedLevel : nil)
      }
      if bandLevels != nil { description.showsBands = true }
    }
    if let grid = levelGrid {
      let room = try roomLeft(by: PageDocument(description, arrays))
      description.spectrogram = spectrogram(grid, room: room, &arrays)
    }
    let room = try roomLeft(by: PageDocument(description, arrays))
    guard cells.layout.hasMeans else { return PageContents(description, arrays) }
    description.series[0].details = try detailedBins(cells.layout.bins, room: room).map { bins in
      arrays.append(PageArray(try cells.levels(of: bins)))
      return PageDescription.Detail(firstBin: bins.lowerBound, array: arrays.count - 1)
    }
    return PageContents(description, arrays)
  }

  /// Bytes that a page may have beside what it has already; nil without a limit.
  private func roomLeft(by document: PageDocument) throws(AnalysisError) -> Int? {
    guard case .bytes(let whole)? = request.page else { return nil }
    let (most, count) = (whole / request.pageCurves, document.byteCount)
    guard count <= most else {
      throw .pageTooSmall(
        path: file.path, size: whole, least: (count + most / 8) * request.pageCurves)
    }
    return most - count
  }

  /// Everything but the numbers.
  private func describedPage() -> PageDescription {
    let text =
      if let grid = levelGrid {
        spectrogramText(self, grid)
      } else if let levels = bandLevels {
        bandFigureText(self, levels)
      } else {
        figureText(self)
      }
    var description = PageDescription(
      levelGrid == nil ? .lines : .spectrogram, text,
      band: PageDescription.Band(
        lowHz: spectrum.range.lowerBound, highHz: spectrum.range.upperBound),
      program: "wavfft \(programVersion)")
    description.a4Hz = request.a4
    description.use(request.figure)
    description.facts =
      [["File", printable(lastComponent(of: file.path))], ["Recording", recordingInWords]]
      + (truncationInWords.map { [["Truncation", $0]] } ?? [])
      + signalFacts.map {
        [
          $0.label == "level" ? "Signal" : $0.label.capitalised, $0.text,
        ]
      } + transformFacts.map { [$0.label, $0.text] }
    description.loss = loss.map {
      PageDescription.Loss(
        limitHz: $0.limit, originalLimitHz: $0.originalLimit, text: lossInWords($0))
    }
    return description
  }

  private func lossInWords(_ loss: NyquistLoss) -> String {
    "Decimation loses everything above \(significant(loss.limit, 7)) Hz: \(loss.bandInWords)."
      + (loss.energyShareAbove.map {
        " About \(percent($0)) of the energy was there and has folded back below the limit."
      } ?? "")
  }

  /// The curve: the spectrum, or the average over time.
  private func series(
    _ cells: PageCells, _ arrays: inout [PageArray]
  ) -> PageDescription.Series {
    let grid = spectrum.grid
    var series = PageDescription.Series(
      name: printable(lastComponent(of: file.path)), limitHz: grid.limit,
      peaks: peaks.map { peak in
        var entry = PageDescription.Peak(
          frequencyHz: peak.frequency, levelDbfs: peak.level, shape: peak.shape.rawValue)
        entry.aboveFloorDb = peak.aboveFloor
        entry.note = peak.note?.name
        entry.cents = peak.note?.cents
        return entry
      })
    series.sampleRate = grid.sampleRate
    series.amplitudeNote = amplitudeNote
    if grid.parts == 1 {
      series.densityOffsetDb =
        -10 * log10(2 * spectrum.scaling.noiseBandwidth(sampleRate: grid.sampleRate))
    }
    series.grid = PageDescription.Grid(
      rate: grid.sampleRate, divisor: grid.parts * grid.transformLength, bins: cells.layout.bins)
    arrays.append(cells.greatestLevels)
    if let means = cells.meanLevels { arrays.append(means) }
    series.cells = PageDescription.Cells(
      binsPerCell: cells.layout.binsPerCell, greatest: 0, mean: cells.layout.hasMeans ? 1 : nil)
    return series
  }

  /// How levels of bins are read; nil if there is nothing to add to dBFS.
  private var amplitudeNote: String? {
    if spectrum.grid.parts > 1 {
      return
        "The magnitudes of \(spectrum.grid.parts) parts are added: noise reads higher than in one transform."
    }
    return lossBetweenBins.map {
      "The level of a tone between two bins is up to \(fixed($0, 2)) dB low."
    }
  }

  /// Ranges of bins around the strongest peaks that fit into some bytes, rising, none next to another.
  private func detailedBins(_ bins: Range<Int>, room: Int?) -> [Range<Int>] {
    let reach = PageLayout.detailReach
    var found: [Range<Int>] = []
    for peak in peaks.prefix(PageLayout.mostDetails) {
      let middle = Int((peak.frequency / spectrum.grid.spacing).rounded())
      let range = (middle - reach..<middle + reach + 1).clamped(to: bins)
      guard !range.isEmpty else { continue }
      let merged = union(of: found + [range])
      let size = merged.reduce(PageLayout.bytesPerDetail) {
        $0 + PageLayout.bytesPerDetail
          + PageDocument.byteCount(ofArray: PageLayout.bytesPerLevel * $1.count)
      }
      guard size <= room ?? .max else { break }
      found = merged
    }
    return found
  }

  /// The cells over time, in fewer columns if all of them do not fit into some bytes.
  private func spectrogram(
    _ grid: LevelGrid, room: Int?, _ arrays: inout [PageArray]
  ) -> PageDescription.Spectrogram {
    // The texts of the spectrogram itself.
    let edges = grid.frequencyEdges
    let bytesBesides = 1024 + PageDocument.byteCount(ofArray: 8 * edges.count)
    var factor = 1
    func byteCount() -> Int {
      let columns = (grid.columnCount + factor - 1) / factor
      return PageDocument.byteCount(ofArray: PageLayout.bytesPerLevel * columns * grid.rowCount)
    }
    while let room, factor < grid.columnCount, byteCount() > room - bytesBesides { factor += 1 }
    arrays += [PageArray(edges), PageArray(grid.pageLevels(columnsPerColumn: factor))]
    let level = grid.reduction == .maximum ? "greatest level" : "mean power"
    let count = factor * segmentsPerColumn
    return PageDescription.Spectrogram(
      columns: (grid.columnCount + factor - 1) / factor, rows: grid.rowCount,
      startS: grid.times.lowerBound, secondsPerColumn: Double(factor) * grid.secondsPerColumn,
      rowEdges: arrays.count - 2, levels: arrays.count - 1,
      reduction: grid.reduction.rawValue,
      text: "Each cell is the \(level) of its bins in "
        + (count == 1 ? "one segment." : "up to \(grouped(count)) segments.")
        + (factor == 1
          ? ""
          : " \(grouped(factor)) columns of the spectrogram are one column here, so that the page keeps its size."),
      segmentS: Double(length.samples) / Double(file.sampleRate),
      colourRangeDb: request.figure.levelRange ?? suitableRange(of: grid.levels))
  }
}

/// Ranges without overlaps, rising; ranges that touch become one.
func union(of ranges: [Range<Int>]) -> [Range<Int>] {
  ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { found, range in
    if let last = found.last, range.lowerBound <= last.upperBound {
      found[found.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
    } else {
      found.append(range)
    }
  }
}

/// The third-octave bands that lie within some bins and are at least five of them wide; nil if there are none.
///
/// Parts fold frequencies back, so that their bands tell nothing.
func thirdOctaves(of bins: Range<Int>, _ grid: BinGrid) -> BandDivision? {
  guard grid.parts == 1 else { return nil }
  let low = (Double(bins.lowerBound) - 0.5) * grid.spacing
  let high = min((Double(bins.upperBound) - 0.5) * grid.spacing, grid.limit)
  let bands = BandScheme.thirdOctave.bands(in: .full, of: grid).filter {
    $0.lowEdge >= low && $0.highEdge <= high && $0.binCount(in: grid) >= BandScheme.Band.fewestBins
  }
  return bands.isEmpty ? nil : BandDivision(bands, of: grid)
}

extension LevelGrid {
  /// The levels as a page holds them, with neighbouring columns reduced to one as the grid's cells are.
  func pageLevels(columnsPerColumn factor: Int) -> [Int16] {
    let merged = stride(from: 0, to: columnCount, by: factor).flatMap { first -> [Float] in
      let columns = first..<min(first + factor, columnCount)
      return (0..<rowCount).map { row in
        let cells = columns.lazy.map { self[column: $0, row: row] }
        switch reduction {
        case .maximum: return cells.max() ?? -.infinity
        case .mean:
          let power = cells.reduce(0) { $0 + pow(10, Double($1) / 10) }
          return Float(10 * log10(power / Double(columns.count)))
        }
      }
    }
    return [Int16](unsafeUninitializedCapacity: merged.count) { codes, count in
      merged.withUnsafeBufferPointer { levels in
        if let base = codes.baseAddress { PageLevel.encode(levels, to: base) }
      }
      count = merged.count
    }
  }
}
