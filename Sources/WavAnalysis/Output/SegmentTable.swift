// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum
import WavSystem
import WavTransforms
import WavWorkers

/// The level of every bin of every segment, as a NumPy array [time][frequency], which the workers write as they
/// transform.
///
/// Each row has its place in the file, so workers write in any order, and again after a death.
final class SegmentTable: SegmentPowersSink {
  private let output: SpectrumOutput
  private let bins: Range<Int>
  private let grid: BinGrid
  private let scaling: Scaling
  private let header: [UInt8]
  private let rowBytes: Int
  /// Neighbouring rows that are not written yet.
  private var rows: [UInt8] = []
  private var firstRow = 0
  private var levels: [Float]

  private static let bytesPerWrite = 1 << 20

  /// Prepares a table for a file.
  init(_ output: SpectrumOutput, _ shape: TransformShape, rowCount: Int, band: FrequencyBand) {
    self.output = output
    bins = shape.grid.bins(in: band)
    grid = shape.grid
    scaling = shape.scaling
    let isSingle = shape.precision == .single
    header = NPY.header(isSingle ? "'<f4'" : "'<f8'", shape: [rowCount, bins.count])
    rowBytes = bins.count * shape.precision.byteCount
    levels = [Float](repeating: 0, count: bins.count)
  }

  /// Whether this is the table of an output.
  func writes(_ output: SpectrumOutput) -> Bool { output.file === self.output.file }

  func take(_ powers: UnsafeMutablePointer<Float>, of segment: Int) throws {
    for index in bins.indices {
      levels[index - bins.lowerBound] = powers[index].squareRoot()
    }
    var span = levels.mutableSpan
    scaling.convertToLevels(&span)
    for bin in [0, grid.transformLength / 2] where bins.contains(bin) && grid.isUnpaired(bin) {
      levels[bin - bins.lowerBound] = Float(level(Double(powers[bin]), bin))
    }
    try levels.withUnsafeBytes { try append($0, row: segment) }
  }

  func take(_ powers: UnsafeMutablePointer<Double>, of segment: Int) throws {
    let levels = bins.map { level(powers[$0], $0) }
    try levels.withUnsafeBytes { try append($0, row: segment) }
  }

  private func level(_ power: Double, _ bin: Int) -> Double {
    scaling.level(magnitude: power.squareRoot(), isUnpaired: grid.isUnpaired(bin))
  }

  private func append(_ bytes: UnsafeRawBufferPointer, row: Int) throws {
    if rows.isEmpty { firstRow = row }
    precondition(firstRow * rowBytes + rows.count == row * rowBytes, "neighbouring rows")
    rows += bytes
    if rows.count >= Self.bytesPerWrite { try flush() }
  }

  func flush() throws {
    guard !rows.isEmpty else { return }
    let rows = rows
    try failing(as: .cannotWriteOutput) { () throws(SystemError) in
      try output.file.write(rows.span.bytes, at: header.count + firstRow * rowBytes)
    }
    self.rows.removeAll(keepingCapacity: true)
  }

  /// Writes what is before the rows.
  func finish() throws(SystemError) {
    let header = header
    try output.file.write(header.span.bytes, at: 0)
  }
}

/// Passes the powers of segments on to several tables.
final class SegmentTables: SegmentPowersSink {
  let tables: [SegmentTable]

  init(_ tables: [SegmentTable]) { self.tables = tables }

  /// Whether an output is written by a table.
  func holds(_ output: SpectrumOutput) -> Bool { tables.contains { $0.writes(output) } }

  func take(_ powers: UnsafeMutablePointer<Float>, of segment: Int) throws {
    for table in tables { try table.take(powers, of: segment) }
  }

  func take(_ powers: UnsafeMutablePointer<Double>, of segment: Int) throws {
    for table in tables { try table.take(powers, of: segment) }
  }

  func flush() throws {
    for table in tables { try table.flush() }
  }
}
