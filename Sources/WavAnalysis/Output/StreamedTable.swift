// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import Synchronization
import WavExport
import WavStages
import WavSystem
import WavWorkers

/// A table with a row for every bin, which the workers format and write block by block.
///
/// If all rows have the same size, each block knows its offset in the file. In text the offset of a
/// block follows from the sizes of all blocks before it: each worker passes on the end of its block
/// as soon as the block is formatted, before it is written. Blocks are taken in order, so nobody
/// waits long. A block that is done again writes the same bytes to the same offset.
final class StreamedTable {
  private let output: SpectrumOutput
  private let table: any BinTable
  private let blocks: BinBlocks
  private let header: [UInt8]
  /// Size of each row in bytes; nil for text.
  private let rowByteCount: Int?
  /// Byte offset of each block of text; 0 as long as it is unknown.
  let offsets: AllocatedRegions
  /// The file in memory; nil for pipes, for files larger than memory, and if files cannot be that large.
  private let mapping: MappedOutput?
  private var buffer = RowBuffer(capacity: BinBlock.most * BinBlock.longestRow)

  /// Prepares to write a table of some bins, with comments before it; the file of a transform over the disk does not
  /// fit into memory.
  init(
    _ output: SpectrumOutput, as table: any BinTable, of blocks: BinBlocks, comments: [UInt8],
    for scope: MemoryScope, isOverDisk: Bool
  ) throws(SystemError) {
    self.output = output
    self.table = table
    self.blocks = blocks
    offsets = try AllocatedRegions(
      [RegionNeed("the output's places", byteCount: 8 * (blocks.count + 1), access: .inPlace)],
      for: scope)
    header = comments + table.header(rowCount: blocks.bins.count, of: blocks.kind)
    rowByteCount = table.rowByteCount(of: blocks.kind)
    let capacity = header.count + blocks.bins.count * (rowByteCount ?? BinBlock.longestRow)
    if isOverDisk { output.file.keepOutOfCache() }
    mapping =
      output.file.isSeekable && !isOverDisk
      ? try? MappedOutput(output.file, capacity: capacity) : nil
    sharedOffset(0).pointee.store(header.count, ordering: .relaxed)
  }

  /// The work; nil for an output that is not seekable.
  var stage: Stage? {
    guard output.file.isSeekable else { return nil }
    return Stage(name: "write \(output.format.name)", blockCount: blocks.count) { block in
      let rows = try self.blocks.block(block)
      try failing(as: .cannotWriteOutput) { () throws(SystemError) in try self.write(rows, block) }
    }
  }

  /// Writes the rest: header and footer, and for an output that is not seekable all rows.
  func finish(_ result: any LineResult) throws {
    let footer = try table.footer(result)
    guard output.file.isSeekable else {
      try output.file.write(header)
      for index in 0..<blocks.count {
        format(try blocks.block(index))
        try buffer.withBytes { bytes throws(SystemError) in try output.file.write(bytes) }
      }
      return try output.file.write(footer)
    }
    let header = header
    try output.file.write(header.span.bytes, at: 0)
    // The mapped file was large enough for the longest rows.
    let end =
      fixedOffset(blocks.count)
      ?? sharedOffset(blocks.count).pointee.load(ordering: .acquiring)
    try output.file.truncate(to: end)
    try output.file.write(footer.span.bytes, at: end)
  }

  private func write(_ block: BinBlock, _ index: Int) throws(SystemError) {
    if let mapping, let start = fixedOffset(index), let end = fixedOffset(index + 1) {
      var rows = RowBuffer(in: try mapping.prepare(start..<end))
      return table.append(block, to: &rows)
    }
    format(block)
    let offset = fixedOffset(index) ?? takeOffset(index)
    try buffer.withBytes { bytes throws(SystemError) in
      if let mapping {
        try mapping.write(bytes, at: offset)
      } else {
        try output.file.write(bytes, at: offset)
      }
    }
  }

  /// Formats the rows of a block into `buffer`.
  private func format(_ block: BinBlock) {
    buffer.clear()
    table.append(block, to: &buffer)
  }

  /// Offset of a block, or for the index after the last block, the end of the rows, if all rows
  /// have the same size.
  private func fixedOffset(_ index: Int) -> Int? {
    rowByteCount.map { header.count + min(index * BinBlock.most, blocks.bins.count) * $0 }
  }

  private func sharedOffset(_ index: Int) -> UnsafeMutablePointer<Atomic<Int>> {
    offsets.regions[0].pointer(at: 8 * index, to: Atomic<Int>.self)
  }

  /// Waits for the offset of a block of text, and stores the offset of the next block.
  private func takeOffset(_ index: Int) -> Int {
    var offset = sharedOffset(index).pointee.load(ordering: .acquiring)
    while offset == 0 {
      usleep(50)
      offset = sharedOffset(index).pointee.load(ordering: .acquiring)
    }
    sharedOffset(index + 1).pointee.store(offset + buffer.count, ordering: .releasing)
    return offset
  }
}
