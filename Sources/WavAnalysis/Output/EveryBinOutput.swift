// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import Synchronization
import WavExport
import WavStages
import WavSystem
import WavWorkers

/// A table with a row for every bin, formatted and written by the workers, block by block.
///
/// The rows of a NumPy array have one size, so that each block knows its place. In text the place of a
/// block follows from the sizes of those before: each worker hands on the end of its block as soon
/// as it has formatted it, before it writes. Blocks are taken in order, so nobody waits long. A
/// block that is done again writes the same bytes to the same place.
final class EveryBinOutput {
  private let output: SpectrumOutput
  private let rows: BinRows
  private let header: [UInt8]
  /// Byte offset of each block of text; 0 while it is not known.
  private let offsets: SharedRegion
  /// The file in memory; nil for a pipe, and where files cannot be so large.
  private let mapping: MappedOutput?
  private var buffer = TextBuffer(capacity: BinRows.perBlock * BinRows.longestText)

  /// Prepares to write rows of the spectrum that an engine computes.
  init(_ output: SpectrumOutput, _ rows: BinRows) throws(SystemError) {
    self.output = output
    self.rows = rows
    offsets = try SharedRegion(
      byteCount: 8 * (rows.blockCount + 1), purpose: "the output's places")
    switch output.format {
    case .npy: header = NPY.binHeader(count: rows.bins.count, isSingle: rows.isSingle)
    case .json: header = Array(JSONRows.header.utf8)
    default: header = Array(CSV.binHeader.utf8)
    }
    let longest = output.format == .npy ? rows.arrayRowBytes : BinRows.longestText
    let capacity = header.count + rows.bins.count * longest
    mapping = output.file.hasPlaces ? try? MappedOutput(output.file, capacity: capacity) : nil
    offset(0).pointee.store(header.count, ordering: .relaxed)
  }

  private func offset(_ block: Int) -> UnsafeMutablePointer<Atomic<Int>> {
    (offsets.pages.base + 8 * block).assumingMemoryBound(to: Atomic<Int>.self)
  }

  /// The work; nil for an output that can only be written from its beginning to its end.
  var stage: Stage? {
    guard output.file.hasPlaces else { return nil }
    return Stage(name: "write \(output.format.rawValue)", blockCount: rows.blockCount) { block in
      do throws(SystemError) {
        try self.writeBlock(block)
      } catch {
        throw WorkerFailure(kind: .output, error)
      }
    }
  }

  /// Writes what the workers have not: all of a pipe's, or what stands before and behind the rows.
  func finish(_ analysis: Analysis) throws {
    let footer = output.format == .json ? try self.footer(analysis) : ""
    guard output.file.hasPlaces else {
      try output.file.write(header)
      for block in 0..<rows.blockCount {
        format(block)
        try output.file.write(buffer.bytes)
      }
      return try output.file.write(footer)
    }
    buffer.clear()
    buffer.append(byteCount: header.count) { $0.copyMemory(from: header, byteCount: header.count) }
    try output.file.write(buffer.bytes, at: 0)
    // A mapped table had room for the longest rows.
    let size =
      output.format == .npy
      ? arrayOffset(rows.blockCount)
      : offset(rows.blockCount).pointee.load(ordering: .acquiring)
    try output.file.truncate(to: size)
    try Array(footer.utf8).withUnsafeBytes { try output.file.write($0, at: size) }
  }

  /// What a JSON document says behind its rows: all that is known of the analysis.
  private func footer(_ analysis: Analysis) throws -> String {
    JSONRows.footer(try ReportDocument(analysis, withTimings: false, ofFile: true).json())
  }

  private func writeBlock(_ block: Int) throws(SystemError) {
    if output.format == .npy, let mapping {
      rows.fillArray(
        block, to: try mapping.prepare(arrayOffset(block)..<arrayOffset(block + 1)))
      return
    }
    format(block)
    let place = output.format == .npy ? arrayOffset(block) : takePlace(block)
    guard let mapping else { return try output.file.write(buffer.bytes, at: place) }
    try mapping.prepare(place..<place + buffer.count).copyMemory(
      from: buffer.base, byteCount: buffer.count)
  }

  /// Where a block of an array begins, or behind the last ends.
  private func arrayOffset(_ block: Int) -> Int {
    header.count + min(block * BinRows.perBlock, rows.bins.count) * rows.arrayRowBytes
  }

  /// Waits until the place of a block is known, and tells the next block its own.
  private func takePlace(_ block: Int) -> Int {
    var place = offset(block).pointee.load(ordering: .acquiring)
    while place == 0 {
      usleep(50)
      place = offset(block).pointee.load(ordering: .acquiring)
    }
    offset(block + 1).pointee.store(place + buffer.count, ordering: .releasing)
    return place
  }

  /// Puts a block into `buffer`.
  private func format(_ block: Int) {
    buffer.clear()
    switch output.format {
    case .npy:
      let byteCount = arrayOffset(block + 1) - arrayOffset(block)
      buffer.append(byteCount: byteCount) { rows.fillArray(block, to: $0) }
    case .json: rows.appendJSON(block, to: &buffer)
    default: rows.appendText(block, to: &buffer)
    }
  }
}
