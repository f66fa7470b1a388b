// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum
import WavStages
import WavSystem
import WavTransforms

/// The cells of a page: the strongest bin and the mean power of neighbouring bins, from every bin of an engine.
///
/// Workers fill them block by block. A block has whole cells, so the cells are the same bytes with any number of
/// workers.
///
/// A level is that of the bin's amplitude, as everywhere. A mean power is that of a density: unpaired bins, DC and
/// Nyquist, count half of their squares.
final class PageCells {
  /// The cells.
  let layout: PageLayout
  private let engine: any SpectralEngine
  private let grid: BinGrid
  private let scaling: Scaling
  private let values: BinValues
  /// Third-octave bands, whose powers are added up on the way; nil if they are not wanted.
  private let division: BandDivision?
  /// Neighbouring bins that are added up to one number, by their first bins.
  private let sections: [Section]
  /// The levels, then the sums of each block; nil if they are computed when they are written.
  private let memory: AllocatedRegions?

  private let magnitudes = UnsafeMutableBufferPointer<Double>.allocate(capacity: pieceLength)
  private let numbers = UnsafeMutableBufferPointer<SIMD2<Double>>.allocate(capacity: pieceLength)
  private let greatest: UnsafeMutableBufferPointer<Float>
  private let means: UnsafeMutableBufferPointer<Float>

  /// Bins that end where a run of bands ends, or are unpaired.
  private struct Section {
    let firstBin: Int
    let run: Int
    let isUnpaired: Bool
  }

  /// Bins that are fetched at a time.
  private static let pieceLength = BinBlock.most
  /// Bins of a block, unless a cell has more.
  private static let blockLength = 1 << 17

  /// Prepares the cells of an engine's bins.
  ///
  /// - Parameters:
  ///   - layout: The cells.
  ///   - engine: Keeps every bin of them.
  ///   - grid: The frequencies of the bins.
  ///   - scaling: What turns magnitudes into levels.
  ///   - values: What the engine keeps of a bin.
  ///   - division: Bands whose powers are wanted, too; nil for none.
  ///   - scope: Who fills the cells; nil to compute them when they are written.
  /// - Throws: `SystemError` when memory is short.
  init(
    _ layout: PageLayout, of engine: any SpectralEngine, _ grid: BinGrid, _ scaling: Scaling,
    _ values: BinValues, bands division: BandDivision?, for scope: MemoryScope?
  ) throws(SystemError) {
    self.layout = layout
    self.engine = engine
    self.grid = grid
    self.scaling = scaling
    self.values = values
    self.division = scope == nil ? nil : division
    sections = Self.sections(self.division?.partition, grid)
    let cells = Self.cellsPerBlock(layout)
    // Levels of single bins are computed piece by piece, also for pages with cells of several bins.
    let room = layout.hasMeans ? max(cells, Self.pieceLength) : Self.pieceLength
    greatest = .allocate(capacity: room)
    means = .allocate(capacity: room)
    let runs = self.division?.partition.count ?? 0
    memory = try scope.map { scope throws(SystemError) in
      try AllocatedRegions(
        [
          RegionNeed(
            "the cells of a page", byteCount: max(1, layout.byteCount), access: .piecewise),
          RegionNeed(
            "the powers of bands", byteCount: max(8, 8 * runs * Self.blockCount(layout)),
            access: .inPlace),
        ], for: scope)
    }
  }

  deinit {
    magnitudes.deallocate()
    numbers.deallocate()
    greatest.deallocate()
    means.deallocate()
  }

  private static func sections(_ partition: BinPartition?, _ grid: BinGrid) -> [Section] {
    let runs = partition.map { $0.firstBins.dropLast() } ?? [0]
    var starts = Set(runs)
    for bin in [0, grid.transformLength / 2] where grid.isUnpaired(bin) {
      starts.formUnion([bin, bin + 1])
    }
    var run = -1
    return starts.sorted().map { bin in
      if run + 1 < runs.count, runs[run + 1] == bin { run += 1 }
      return Section(firstBin: bin, run: run, isUnpaired: grid.isUnpaired(bin))
    }
  }

  private static func cellsPerBlock(_ layout: PageLayout) -> Int {
    max(1, blockLength / layout.binsPerCell)
  }

  private static func blockCount(_ layout: PageLayout) -> Int {
    let cells = cellsPerBlock(layout)
    return (layout.cellCount + cells - 1) / cells
  }

  /// The memory that the cells take.
  var memoryUse: MemoryUse? { memory?.use }

  /// The work; nil if the cells are computed when they are written.
  var stage: Stage? {
    guard let memory else { return nil }
    return Stage(name: "page", blockCount: Self.blockCount(layout), weight: 0.1) { block in
      let cells = self.cells(of: block)
      for half in 0..<(self.layout.hasMeans ? 2 : 1) {
        let start = half * self.layout.cellCount
        let bytes = PageLayout.bytesPerLevel
        let (first, end) = (start + cells.lowerBound, start + cells.upperBound)
        try memory.regions[0].reserve(bytes * first..<bytes * end)
      }
      let levels = memory.regions[0].pointer(to: Int16.self)
      let runs = self.division?.partition.count ?? 0
      try self.compute(
        block, greatest: levels + cells.lowerBound,
        means: self.layout.hasMeans ? levels + self.layout.cellCount + cells.lowerBound : nil,
        sums: runs == 0 ? nil : memory.regions[1].pointer(at: 8 * runs * block, to: Double.self))
    }
  }

  /// The level of the strongest bin of each cell.
  var greatestLevels: PageArray { array(isOfMeans: false) }
  /// The level of the mean power of each cell; nil if cells have one bin.
  var meanLevels: PageArray? { layout.hasMeans ? array(isOfMeans: true) : nil }

  /// The powers of the bands; nil if they were not wanted.
  var bandLevels: BandLevels? {
    guard let division, let memory else { return nil }
    let count = division.partition.count
    let sums = memory.regions[1].pointer(to: Double.self)
    return BandLevels(
      .thirdOctave, division,
      sums: (0..<count).map { run in
        (0..<Self.blockCount(layout)).reduce(0) { $0 + sums[$1 * count + run] }
      }, scaling, grid)
  }

  /// The level of each of some bins.
  ///
  /// - Throws: What reading them throws, if they are on the disk.
  func levels(of bins: Range<Int>) throws -> [Int16] {
    var result = [Int16](repeating: 0, count: bins.count)
    try result.withUnsafeMutableBufferPointer { result in
      guard let base = result.baseAddress else { return }
      try storeLevels(of: bins, to: base, sums: nil)
    }
    return result
  }

  private func array(isOfMeans: Bool) -> PageArray {
    let (layout, bytes) = (layout, PageLayout.bytesPerLevel * layout.cellCount)
    if let memory {
      return PageArray(.int16, count: layout.cellCount) { take in
        let start = memory.regions[0].base + (isOfMeans ? bytes : 0)
        try take(UnsafeRawBufferPointer(start: start, count: bytes))
      }
    }
    return PageArray(.int16, count: layout.cellCount) { take in
      let room = Self.cellsPerBlock(layout)
      let both = UnsafeMutableBufferPointer<Int16>.allocate(capacity: 2 * room)
      defer { both.deallocate() }
      guard let base = both.baseAddress else { return }
      for block in 0..<Self.blockCount(layout) {
        try self.compute(
          block, greatest: base, means: layout.hasMeans ? base + room : nil, sums: nil)
        let start = isOfMeans ? room : 0
        try take(
          UnsafeRawBufferPointer(
            UnsafeBufferPointer(rebasing: both[start..<start + self.cells(of: block).count])))
      }
    }
  }

  private func cells(of block: Int) -> Range<Int> {
    let count = Self.cellsPerBlock(layout)
    return block * count..<min((block + 1) * count, layout.cellCount)
  }

  /// Computes the levels of a block's cells, and adds the powers of its bins to the sums of bands, which are 0 at
  /// first.
  private func compute(
    _ block: Int, greatest target: UnsafeMutablePointer<Int16>,
    means meanTarget: UnsafeMutablePointer<Int16>?, sums: UnsafeMutablePointer<Double>?
  ) throws {
    if let sums, let runs = division?.partition.count {
      // A block that is done again begins anew.
      sums.update(repeating: 0, count: runs)
    }
    let cells = cells(of: block)
    let first = layout.bins.lowerBound + cells.lowerBound * layout.binsPerCell
    let bins =
      first..<min(first + cells.count * layout.binsPerCell, layout.bins.upperBound)
    guard let meanTarget else { return try storeLevels(of: bins, to: target, sums: sums) }

    var cell = 0
    var (most, sum, count) = (0.0, 0.0, 0)
    try forEachSection(of: bins) { values, section in
      var rest = values
      while !rest.isEmpty {
        let part = UnsafeBufferPointer(rebasing: rest.prefix(layout.binsPerCell - count))
        rest = UnsafeBufferPointer(rebasing: rest.dropFirst(part.count))
        let found = extremes(of: part)
        // The amplitude of an unpaired bin is not in a pair; its power is.
        most = max(most, section.isUnpaired ? 0.5 * found.greatest : found.greatest)
        let squares = section.isUnpaired ? 0.5 * found.squareSum : found.squareSum
        sum += squares
        if let sums { sums[section.run] += squares }
        count += part.count
        guard count == layout.binsPerCell else { continue }
        finishCell()
      }
    }
    func finishCell() {
      greatest[cell] = Float(most)
      means[cell] = Float((sum / Double(count)).squareRoot())
      cell += 1
      (most, sum, count) = (0, 0, 0)
    }
    if count > 0 { finishCell() }
    encode(greatest, cell, to: target)
    encode(means, cell, to: meanTarget)
  }

  /// Stores the level of each of some bins.
  private func storeLevels(
    of bins: Range<Int>, to target: UnsafeMutablePointer<Int16>,
    sums: UnsafeMutablePointer<Double>?
  ) throws {
    var done = 0
    var piece = 0
    try forEachSection(of: bins) { values, section in
      if let sums {
        sums[section.run] += (section.isUnpaired ? 0.5 : 1) * extremes(of: values).squareSum
      }
      let factor = section.isUnpaired ? 0.5 : 1
      for value in values {
        greatest[piece] = Float(factor * value)
        piece += 1
      }
    } endOfPiece: {
      encode(greatest, piece, to: target + done)
      done += piece
      piece = 0
    }
  }

  /// Converts magnitudes to levels in their place, and these to whole hundredths.
  private func encode(
    _ magnitudes: UnsafeMutableBufferPointer<Float>, _ count: Int,
    to target: UnsafeMutablePointer<Int16>
  ) {
    let levels = UnsafeMutableBufferPointer(rebasing: magnitudes[..<count])
    var span = levels.mutableSpan
    scaling.convertToLevels(&span)
    PageLevel.encode(UnsafeBufferPointer(levels), to: target)
  }

  /// Fetches the magnitudes of some bins piece by piece, and passes them on in sections.
  private func forEachSection(
    of bins: Range<Int>, _ body: (UnsafeBufferPointer<Double>, Section) throws -> Void,
    endOfPiece: () -> Void = {}
  ) throws {
    var section = sections.lastIndex { $0.firstBin <= bins.lowerBound } ?? 0
    for start in stride(from: bins.lowerBound, to: bins.upperBound, by: Self.pieceLength) {
      let piece = start..<min(start + Self.pieceLength, bins.upperBound)
      try fetch(piece)
      var bin = start
      while bin < piece.upperBound {
        let end = section + 1 < sections.count ? sections[section + 1].firstBin : Int.max
        let part = bin..<min(end, piece.upperBound)
        try body(
          UnsafeBufferPointer(
            rebasing: magnitudes[part.lowerBound - start..<part.upperBound - start]),
          sections[section])
        bin = part.upperBound
        if bin == end { section += 1 }
      }
      endOfPiece()
    }
  }

  private func fetch(_ bins: Range<Int>) throws {
    guard values == .complex else {
      var span = magnitudes.mutableSpan
      return try engine.copyMagnitudes(bins, to: &span)
    }
    guard let engine = engine as? any TransformEngine else {
      preconditionFailure("averages over segments are not complex")
    }
    var span = numbers.mutableSpan
    try engine.copyComplexBins(bins, of: grid, to: &span)
    for index in 0..<bins.count {
      let squares = numbers[index] * numbers[index]
      magnitudes[index] = (squares.x + squares.y).squareRoot()
    }
  }
}

/// The greatest of some magnitudes, and the sum of their squares, eight at a time.
private func extremes(
  of values: UnsafeBufferPointer<Double>
) -> (greatest: Double, squareSum: Double) {
  guard let base = values.baseAddress else { return (0, 0) }
  let whole = values.count & ~7
  var greatest = SIMD8<Double>()
  var sums = SIMD8<Double>()
  for index in stride(from: 0, to: whole, by: 8) {
    let vector = UnsafeRawPointer(base + index).loadUnaligned(as: SIMD8<Double>.self)
    greatest.replace(with: vector, where: vector .> greatest)
    sums += vector * vector
  }
  var (most, sum) = (greatest.max(), sums.sum())
  for index in whole..<values.count {
    most = max(most, base[index])
    sum += base[index] * base[index]
  }
  return (most, sum)
}
