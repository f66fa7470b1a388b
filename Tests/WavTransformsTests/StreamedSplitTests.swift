// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavTransforms

/// A split covers the transform, and what a worker takes for it stays within its memory.
struct StreamedSplitTests {
  @Test(arguments: [3_000_000, 267_193_080, 87_178_291_200])
  func staysWithinItsMemory(length: Int) {
    var found = 0
    for (parts, scalar, bytesPerSample) in [(1, 4, 2), (1, 8, 16), (8, 4, 6)] {
      for memory in [20, 40, 256] {
        let conditions = StreamedSplit.Conditions(
          length: length, parts: parts, bytesPerSample: bytesPerSample, scalarBytes: scalar,
          byteCount: memory << 20, dirtyByteCount: 16 << 20)
        guard let split = StreamedSplit(conditions) else { continue }
        found += 1
        check(split, conditions)
      }
    }
    #expect(found > 0)
  }

  private func check(_ split: StreamedSplit, _ conditions: StreamedSplit.Conditions) {
    #expect(split.columnLength * split.rowLength == conditions.length)
    #expect(split.parts == conditions.parts)
    // Blocks of columns follow one another without gaps.
    var end = 0
    var isComplete = true
    for block in 0..<split.columnBlockCount {
      let columns = split.columns(of: block)
      isComplete = isComplete && columns.lowerBound == end && columns.count <= split.pitch
      end = columns.upperBound
    }
    #expect(isComplete && end == split.columnCount)
    #expect(split.rowBlockCount * split.rowsPerBlock >= split.rowCount)
    #expect((split.rowBlockCount - 1) * split.rowsPerBlock < split.rowCount)
    // Columns as samples and as rows, one piece of the input, and what has been written.
    let columns =
      (2 * split.columnLength + 2) * split.pitch * conditions.scalarBytes
      + split.pitch * conditions.bytesPerSample
    #expect(columns + conditions.dirtyByteCount <= conditions.byteCount)
    // Rows and the inner matrix of one.
    let inner =
      LongRow<Float>.matrixCount(split.rowLength, parts: split.parts)
      + LongRow<Float>.spectraCount(split.rowLength, parts: split.parts)
    let rows = split.rowsPerBlock * split.columnCount + inner
    #expect(2 * conditions.scalarBytes * rows <= conditions.byteCount)
  }
}
