// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavExport
import WavSpectrum
import WavSystem
import WavTransforms
import WavWorkers

/// Computes the spectrum of a file and writes it.
///
/// Outputs appear under their names complete, or not at all. If `isCommitting` is false, the caller
/// commits them later, together with others.
///
/// - Parameters:
///   - request: What to compute from which file.
///   - outputs: The outputs, with their formats.
///   - isCommitting: Whether to give the outputs their names (``SpectrumOutput/commit(_:warn:)``).
///   - opened: The file of the request, if it is already open.
///   - engines: Keeps the engine for further files of the same length; with nil it is not kept.
///   - progress: Called repeatedly with the share of the work done, 0 to 1.
///   - announce: Receives as sentences the size of a page of every bin, before it is written, and what
///     ``SpectrumOutput/commit(_:warn:)`` warns of.
///   - warn: Receives problems that were repaired.
/// - Complexity: O(N log N) for N samples.
/// - Returns: The spectrum and everything known of it.
/// - Throws: `AudioError`, `AnalysisError`, `RunFailure`, `GivenUpBlock`, `SystemError`, or
///   `Interruption` when a signal asked the program to end.
@available(*, noasync)
public func analyze(
  _ request: AnalysisRequest, outputs: [SpectrumOutput] = [], isCommitting: Bool = true,
  opened: SoundFile? = nil, reusing engines: EngineStore? = nil,
  progress: (Double) -> Void = { _ in },
  announce: (String) -> Void = { _ in },
  warn: @escaping (PoolWarning) -> Void = { _ in }
) throws -> Analysis {
  let clock = PhaseClock()
  var request = request.withPages(among: outputs)
  let file = try opened ?? open(request)
  let selection = try request.selection(of: file)
  let shape = try request.transformShape(of: selection, in: file)
  let (grid, length, precision) = (shape.grid, shape.length, shape.precision)
  try requireBins(request.band, grid)
  try requireRoom(for: grid.bins(in: request.band).count, in: outputs, request)
  try requireWindow(shape)
  try requireFormats(outputs, request, shape)
  try requireSegmentTables(outputs, request, shape)

  let segmentTables = segmentTables(outputs, request, shape)
  let preparation: Preparation
  (preparation, request) = try prepare(
    request, shape, file, selection, reusing: engines, passing: segmentTables)
  let (engine, bands, scaling) = (preparation.engine, preparation.bands, preparation.scaling)
  let isOverDisk = preparation.isOverDisk
  let facts = tableFacts(request, shape, file, selection)
  let comments = request.header == .comments ? facts : nil
  let (tables, others) = try divide(outputs, request) {
    try StreamedTable(
      $0, as: $1,
      of: BinBlocks(
        grid.bins(in: request.band), of: engine, grid, scaling,
        BinBlock.Kind(request.values, isSingle: precision == .single)),
      comments: $0.comments(of: comments), for: request.memory, isOverDisk: isOverDisk)
  }
  let cells = try pageCells(preparation, request)
  let stages = preparation.stages + (tables.map(\.stage) + [cells?.stage]).compactMap { $0 }
  clock.mark("prepare")
  let memory = (tables.map(\.offsets.use) + [cells?.memoryUse].compactMap { $0 })
    .reduce(preparation.memoryUse, +)
  // Peaks of a transform over the disk need further readings of the samples.
  let mainShare = isOverDisk && request.peaks > 0 ? 0.8 : 1
  let seconds = try run(
    stages, on: file, request, besides: isOverDisk ? ["peaks"] : [],
    { progress(mainShare * $0) }, warn)
  try preparation.settle()
  clock.add(zip(stages, seconds).map { Timing(phase: $0.0.name, seconds: $0.1) })

  let spectrum = try reducedSpectrum(preparation, path: request.path)
  let kind = resultKind(preparation, request, from: selection.start)
  let peaks = try peaks(
    of: spectrum, kind, preparation, request, file, besides: stages.map(\.name), clock
  ) {
    progress(mainShare + (1 - mainShare) * $0)
  } warn: {
    warn($0)
  }
  clock.mark("finish")
  var analysis = Analysis(
    request: request, file: file, selection: selection, length: length, precision: precision,
    levels: preparation.meter.levels, spectrum: spectrum,
    surroundings: surroundings(ReducedTotals(preparation), bands, grid),
    rows: rows(of: spectrum, bands, request),
    bandLevels: bandLevels(preparation, request),
    everyBin: try KeptBins(of: engine, grid, request),
    kind: kind, peaks: peaks,
    algorithm: engine.summary, sampleSource: preparation.source, memory: memory,
    disk: preparation.disk, timings: clock.timings)
  analysis.tableFacts = facts
  do {
    for table in tables { try table.finish(analysis) }
    for table in segmentTables.tables { try table.finish() }
    for output in others where !segmentTables.holds(output) {
      try output.write(analysis, cells, announce)
    }
    for output in outputs { try output.writeSidecar(facts, analysis) }
    if request.sharesPage != nil, let cells {
      analysis.pageContents = try analysis.contents(cells).copied()
    }
    if isCommitting { try SpectrumOutput.commit(outputs) { announce($0.text(SettingNames())) } }
  } catch let error as SystemError {
    throw RunFailure(error, as: .cannotWriteOutput)
  }
  if !outputs.isEmpty {
    clock.mark("outputs")
    analysis.timings = clock.timings
  }
  return analysis
}

/// Chooses between memory and disk and makes the engine; also returns the request with the number of workers that
/// there is memory for.
private func prepare(
  _ request: AnalysisRequest, _ shape: TransformShape, _ file: SoundFile,
  _ selection: SampleSelection, reusing engines: EngineStore?,
  passing tables: SegmentTables
) throws -> (Preparation, AnalysisRequest) {
  var request = request
  if shape.segments != nil {
    let (preparation, workers) = try Preparation.segmented(
      request, shape, file, selection, passing: tables.tables.isEmpty ? nil : tables)
    request.workers = workers
    return (preparation, request)
  }
  // A kept engine has its memory already; to ask the system takes as long as a short transform.
  let streaming =
    engines?.holds(shape) == true ? nil : try Streaming(request, shape, file, selection)
  let preparation =
    try streaming.map { try Preparation.streamed($0, request, shape, file, selection) }
    ?? Preparation.inMemory(request, shape, file, selection, reusing: engines)
  request.workers =
    streaming?.workers ?? Streaming.workersInMemory(request, shape, file, selection)
  return (preparation, request)
}

/// What the spectrum is beside magnitudes.
private func resultKind(
  _ preparation: Preparation, _ request: AnalysisRequest, from start: Int
) -> ResultKind {
  let shape = preparation.shape
  if let segments = shape.segments {
    let density = PowerDensity(
      segments: segments, segmentation: shape.method.segmentation, grid: shape.grid,
      scaling: shape.scaling, window: shape.method.window)
    guard let cells = shape.cells, let engine = preparation.engine as? any SegmentedEngine,
      let powers = engine.cellPowers
    else { return .density(density) }
    return .levels(
      LevelGrid(
        powers: powers, cells, shape.scaling, sampleRate: shape.grid.sampleRate, from: start),
      density)
  }
  return .lines(
    loss: preparation.energy.map {
      NyquistLoss(
        grid: shape.grid, band: request.band, energyShareAbove: $0.estimate.share,
        energyMethod: $0.estimate.method,
        foldedRanges: foldedRanges($0.estimate, limit: shape.grid.limit))
    })
}

/// Where more than half of the power has folded back, in Hz.
private func foldedRanges(
  _ estimate: EnergyAboveLimit, limit: Double
) -> [ClosedRange<Double>] {
  estimate.foldedPowers.filter { $0.folded > $0.direct }.map {
    $0.range.lowerBound * limit...$0.range.upperBound * limit
  }
}

/// Searches the peaks; an engine that does not have the transform around a bin reads the samples once more.
private func peaks(
  of spectrum: Spectrum, _ kind: ResultKind, _ preparation: Preparation, _ request: AnalysisRequest,
  _ file: SoundFile, besides others: [String], _ clock: PhaseClock, progress: (Double) -> Void,
  warn: @escaping (PoolWarning) -> Void
) throws -> [Peak] {
  if let density = kind.density {
    guard request.peaks > 0 else { return [] }
    return AveragedPeaks(
      try magnitudes(0..<spectrum.grid.count, of: preparation.engine), density,
      request.method.window,
      RoundingFloor(
        file.rounding, precision: preparation.shape.precision,
        meanSquare: preparation.meter.levels.signal.meanSquare,
        squareSum: spectrum.scaling.windowSquareSum),
      band: request.band, distance: request.peakDistance, a4: request.a4
    ).strongest(request.peaks)
  }
  var search = peakSearch(spectrum, preparation, request, file)
  var seconds = 0.0
  while true {
    do {
      let peaks = try search.strongest(request.peaks)
      if seconds > 0 { clock.add([Timing(phase: "peaks", seconds: seconds)]) }
      return peaks
    } catch {
      let survey = try preparation.survey(error.bins.sorted())
      seconds += try run(
        [survey], on: file, request, besides: others, progress, warn)[0]
    }
  }
}

/// The search for peaks between the bins of a transform of all samples.
private func peakSearch(
  _ spectrum: Spectrum, _ preparation: Preparation, _ request: AnalysisRequest, _ file: SoundFile
) -> PeakSearch {
  guard let engine = preparation.engine as? any TransformEngine else {
    preconditionFailure("a transform of all samples is known between the bins")
  }
  let (bands, shape) = (preparation.bands, preparation.shape)
  let firstBins = (0..<bands.count).filter { !bands.bins(of: $0).isEmpty }.map {
    bands.firstBins[$0]
  }
  return PeakSearch(
    engine, spectrum, firstBins: firstBins + [bands.firstBins[bands.count]],
    PeakSearch.Conditions(
      window: request.method.window, length: shape.length, precision: shape.precision,
      rounding: file.rounding, meanSquare: preparation.meter.levels.signal.meanSquare,
      distance: request.peakDistance, a4: request.a4))
}

/// Tables of every bin of every segment.
private func segmentTables(
  _ outputs: [SpectrumOutput], _ request: AnalysisRequest, _ shape: TransformShape
) -> SegmentTables {
  guard request.points == .all, shape.cells != nil, let segments = shape.segments else {
    return SegmentTables([])
  }
  return SegmentTables(
    outputs.filter(\.format.takesEverySegment).map {
      SegmentTable($0, shape, rowCount: segments.count, band: request.band)
    })
}

extension AnalysisRequest {
  /// The same request, with a size for pages if there are any.
  fileprivate func withPages(among outputs: [SpectrumOutput]) -> AnalysisRequest {
    var request = self
    let hasPages = sharesPage != nil || outputs.contains { $0.format.isPage }
    request.page = hasPages ? page ?? .standard : nil
    return request
  }
}

/// The cells of pages; nil if no output is one.
private func pageCells(
  _ preparation: Preparation, _ request: AnalysisRequest
) throws(SystemError) -> PageCells? {
  let (shape, engine) = (preparation.shape, preparation.engine)
  guard let layout = shape.page else { return nil }
  return try PageCells(
    layout, of: engine, shape.grid, shape.scaling, shape.values,
    bands: request.bandScheme == nil ? thirdOctaves(of: layout.bins, shape.grid) : nil,
    for: preparation.isOverDisk && !layout.isHeldOverDisk ? nil : request.memory)
}

/// Separates the outputs with a row for every bin from those with bands.
private func divide(
  _ outputs: [SpectrumOutput], _ request: AnalysisRequest,
  _ prepare: (SpectrumOutput, any BinTable) throws -> StreamedTable
) throws -> (tables: [StreamedTable], others: [SpectrumOutput]) {
  // Segments have few bins: their tables are written at once, with densities.
  guard request.points == .all, !request.method.isSegmented else { return ([], outputs) }
  return (
    try outputs.compactMap { output in
      try output.format.everyBin.map { try prepare(output, $0) }
    },
    outputs.filter { $0.format.everyBin == nil }
  )
}

extension AnalysisRequest {
  /// Least number of bands that are computed, for peaks and figure; the rows may be fewer.
  private static let leastFineBands = 4096

  /// Number of fine bands per row.
  var fineBandsPerRow: Int {
    guard case .bands(let count) = points else { return 1 }
    return (Self.leastFineBands + count - 1) / count
  }

  /// Number of fine bands: a multiple of the rows.
  var fineBandCount: Int {
    guard case .bands(let count) = points else { return Self.leastFineBands }
    return count * fineBandsPerRow
  }
}

private func requireBins(_ band: FrequencyBand, _ grid: BinGrid) throws(AnalysisError) {
  guard case .between(let low, let high) = band, grid.bins(in: band).isEmpty else { return }
  if low >= grid.limit { throw .bandAboveLimit(low: low, high: high, grid) }
  // A recording of a few samples may have no bin in the default band: that is its spectrum, not an
  // error.
  if band != .audible { throw .bandBetweenBins(low: low, high: high, grid) }
}

/// Checks that an output can hold its rows.
private func requireRoom(
  for count: Int, in outputs: [SpectrumOutput], _ request: AnalysisRequest
) throws(AnalysisError) {
  guard request.points == .all,
    let output = outputs.first(where: { count > $0.format.mostRows ?? .max }),
    let most = output.format.mostRows
  else { return }
  let unlimited = Exporter.all.filter { $0.everyBin != nil && $0.mostRows == nil }
    .map { ".\($0.fileExtension)" }
  throw .tooManyRows(
    count, path: output.file.path, format: output.format.name, most: most, others: unlimited)
}

/// Checks that the formats take the result.
private func requireFormats(
  _ outputs: [SpectrumOutput], _ request: AnalysisRequest, _ shape: TransformShape
) throws(AnalysisError) {
  func takes(_ format: Exporter) -> Bool {
    if shape.division != nil { return format.takesBands }
    if shape.cells != nil { return format.takesLevels }
    return shape.segments == nil ? format.takesLines : format.takesDensity
  }
  guard let output = outputs.first(where: { !takes($0.format) }) else { return }
  throw .untakenResult(
    path: output.file.path, format: output.format.name,
    result: shape.division == nil ? request.method.inWords : "bands",
    others: Exporter.all.filter(takes).map { ".\($0.fileExtension)" })
}

/// Every bin of every segment of a spectrogram fits only into arrays in files; figures and reports are reduced.
private func requireSegmentTables(
  _ outputs: [SpectrumOutput], _ request: AnalysisRequest, _ shape: TransformShape
) throws(AnalysisError) {
  guard request.points == .all, shape.cells != nil else { return }
  for output in outputs
  where output.format == .csv || (output.format.takesEverySegment && !output.file.isSeekable) {
    throw .everySegment(path: output.file.path, format: output.format.name)
  }
}

/// Checks that the window is not zero at all samples: for very few samples, a window that is zero
/// at its ends may be.
private func requireWindow(_ shape: TransformShape) throws(AnalysisError) {
  guard shape.sampleCount < 2, !(shape.scaling.windowSum > 0) else { return }
  throw .emptyWindow(shape.method.window, samples: shape.sampleCount)
}

/// Converts the engine's totals to levels, for all bands that have a bin.
private func reducedSpectrum(_ transform: Preparation, path: String) throws -> Spectrum {
  let (shape, bands, scaling) = (transform.shape, transform.bands, transform.scaling)
  let (grid, totals) = (shape.grid, ReducedTotals(transform))
  let rows: [BandRow] = try (0..<bands.count).compactMap { band in
    guard !bands.bins(of: band).isEmpty else { return nil }
    // Band 0 of the totals holds the bins below the first band.
    let bin = totals.strongestBin(band + 1)
    let magnitude = totals.greatestMagnitude(band + 1)
    guard magnitude.isFinite else {
      throw AnalysisError.overflow(path: path, shape.precision)
    }
    return BandRow(
      bin: bin, frequency: grid.frequency(of: bin), magnitude: magnitude,
      level: scaling.level(magnitude: magnitude, isUnpaired: grid.isUnpaired(bin)),
      // The lowest band contains DC, but its edge on a logarithmic axis cannot be 0.
      lowEdge: bands.bins(of: band).contains(0) ? 0 : bands.edges[band],
      highEdge: bands.edges[band + 1],
      power: scaling.power(
        squareSum: totals.squareSum(band + 1), transformLength: grid.transformLength))
  }
  return Spectrum(
    grid: grid, scaling: scaling, band: shape.band,
    range: bands.edges[0]...bands.edges[bands.count], rows: rows)
}

/// What is outside the bands, from the first and last band of the totals; nil for silence, and for
/// decimated spectra, whose bins also hold what has folded back.
private func surroundings(
  _ totals: ReducedTotals, _ bands: LogBands, _ grid: BinGrid
) -> Surroundings? {
  let sums = (0..<totals.bandCount).map { totals.squareSum($0) }
  let whole = sums.reduce(0, +)
  guard grid.parts == 1, whole > 0, whole.isFinite else { return nil }
  func side(_ index: Int) -> Surroundings.Side {
    let bin = totals.strongestBin(index)
    let magnitude = totals.greatestMagnitude(index)
    let square = magnitude * magnitude * (magnitude > 0 && grid.isUnpaired(bin) ? 0.5 : 1)
    let isLine = sums[index] > 0 && square >= Surroundings.leastLineShare * sums[index]
    return Surroundings.Side(
      share: max(0, sums[index]) / whole, line: isLine ? grid.frequency(of: bin) : nil)
  }
  return Surroundings(below: side(0), above: side(bands.count + 1))
}

/// Merges fine bands into the requested rows.
private func rows(
  of spectrum: Spectrum, _ bands: LogBands, _ request: AnalysisRequest
) -> [BandRow] {
  guard request.fineBandsPerRow > 1 else { return spectrum.rows }
  return spectrum.rows(
    betweenEdges: stride(from: 0, through: bands.count, by: request.fineBandsPerRow).map {
      bands.edges[$0]
    })
}
