// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport
import WavSystem

/// A text table of numbers, with or without a header line, read from the mapped file.
///
/// Fields are separated by tabs, semicolons or commas, whichever the first line has; otherwise by
/// blanks.
final class TextTable: SpectrumRows {
  /// Names of the columns in lower case; empty if there is no header line.
  let names: [String]
  let columnCount: Int
  let count: Int
  /// How it was made, according to comments before its first line.
  let facts: TableFacts

  private let path: String
  private let file: MappedFile
  private let numbers = NumberText()
  private let separator: UInt8
  /// Offset of every 16384th row.
  private let offsets: [Int]
  /// The columns of frequency, magnitude and level; nil if there is no such column.
  var columns = Columns()

  struct Columns {
    var frequency = 0
    var magnitude: Int?
    var level: Int?
  }

  private static let rowsPerOffset = 16384

  init(_ path: String) throws(ComparisonError) {
    self.path = path
    let file = try MappedFile(path)
    self.file = file
    let bytes = file.bytes
    // Skip a byte order mark, which spreadsheets write.
    var start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    (facts, start) = Self.comments(bytes, from: start)
    let firstEnd = Self.endOfLine(bytes, start)
    let first = String(
      decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<firstEnd]), as: UTF8.self)
    let separators: [Character] = ["\t", ";", ","]
    let separator = separators.first { first.contains($0) } ?? " "
    self.separator = separator.asciiValue ?? UInt8(ascii: " ")
    // Several blanks may separate fields or surround a line.
    let fields = first.trimmingPrefix { $0 == " " }
      .split(separator: separator, omittingEmptySubsequences: separator == " ")
      .map { field in String(field.filter { !$0.isWhitespace && $0 != "\"" }).lowercased() }
    let hasNames = fields.contains { !$0.isEmpty && Double($0) == nil }
    names = hasNames ? fields : []
    columnCount = fields.count
    (count, offsets) = Self.index(bytes, from: hasNames ? firstEnd + 1 : start)
  }

  /// The facts in lines of comments, and where the first other line begins.
  private static func comments(
    _ bytes: UnsafeRawBufferPointer, from start: Int
  ) -> (TableFacts, Int) {
    var position = start
    while position < bytes.count,
      bytes[position] == UInt8(ascii: "#") || isQuotedComment(bytes, position)
    {
      position = min(endOfLine(bytes, position) + 1, bytes.count)
    }
    let text = String(
      decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    return (TableFacts(comments: text.split(whereSeparator: \.isNewline)), position)
  }

  /// Spreadsheets put a comment with a comma into quotation marks.
  private static func isQuotedComment(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> Bool {
    bytes[position] == UInt8(ascii: "\"") && position + 1 < bytes.count
      && bytes[position + 1] == UInt8(ascii: "#")
  }

  private static func endOfLine(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
    guard start < bytes.count, let base = bytes.baseAddress,
      let newline = memchr(base + start, 10, bytes.count - start)
    else { return bytes.count }
    return UnsafeRawPointer(newline) - base
  }

  /// Counts the lines that are not empty, and records the offset of every 16384th.
  private static func index(
    _ bytes: UnsafeRawBufferPointer, from start: Int
  ) -> (count: Int, offsets: [Int]) {
    var (count, offsets, position) = (0, [Int](), start)
    while position < bytes.count {
      let end = endOfLine(bytes, position)
      // A line may contain only the carriage return of a Windows line ending.
      if end > position, !(end == position + 1 && bytes[position] == 13) {
        if count % rowsPerOffset == 0 { offsets.append(position) }
        count += 1
      }
      position = end + 1
    }
    return (count, offsets)
  }

  func copy(_ rows: Range<Int>, to buffer: RowBuffer) throws(ComparisonError) {
    guard !rows.isEmpty else { return }
    let (frequency, magnitude, level) = (
      columns.frequency, columns.magnitude ?? -1, columns.level ?? -1
    )
    try parse(rows) { row, column, value in
      if column == frequency { buffer.frequency[row] = value }
      if column == magnitude { buffer.magnitude[row] = value }
      if column == level { buffer.level[row] = value }
    }
    for index in 0..<rows.count {
      if level < 0 { buffer.level[index] = 20 * log10(buffer.magnitude[index]) }
      if magnitude < 0 { buffer.magnitude[index] = pow(10, buffer.level[index] / 20) }
    }
  }

  /// All values of a column.
  func column(_ wanted: Int) throws(ComparisonError) -> [Double] {
    var values = [Double](repeating: .nan, count: count)
    try parse(0..<count) { row, column, value in
      if column == wanted { values[row] = value }
    }
    return values
  }

  /// Calls `take` with each number of some rows; row indices are relative to the first of them.
  @inline(__always)
  private func parse(
    _ rows: Range<Int>, _ take: (_ row: Int, _ column: Int, _ value: Double) -> Void
  ) throws(ComparisonError) {
    guard !rows.isEmpty, let base = file.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    else { return }
    let end = base + file.bytes.count
    let firstOffset = offsets[rows.lowerBound / Self.rowsPerOffset]
    var position = base + firstOffset
    for _ in 0..<rows.lowerBound % Self.rowsPerOffset { Self.skipLine(&position, end) }
    for row in 0..<rows.count {
      while position < end, position.pointee == 10 || position.pointee == 13 { position += 1 }
      for column in 0..<columnCount {
        guard let value = numbers.read(&position, end) else {
          throw ComparisonError(
            .unusable,
            "\(path): row \(rows.lowerBound + row + 1) has no number in column \(column + 1); give a "
              + "table of frequencies and levels")
        }
        take(row, column, value)
        let behind = position
        while position < end, position.pointee == 0x20 || position.pointee == 13 { position += 1 }
        let isLast = column == columnCount - 1
        if separator == 0x20, !isLast, position > behind, position < end, position.pointee != 10 {
          continue
        }
        guard position == end ? isLast : position.pointee == (isLast ? 10 : separator) else {
          throw ComparisonError(
            .unusable,
            "\(path): row \(rows.lowerBound + row + 1) does not have \(columnCount) numbers; give a "
              + "table of frequencies and levels")
        }
        if position < end { position += 1 }
      }
    }
    file.forget(firstOffset..<position - base)
  }

  private static func skipLine(
    _ position: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) {
    while position < end, position.pointee == 10 || position.pointee == 13 { position += 1 }
    guard let newline = memchr(position, 10, end - position) else {
      position = end
      return
    }
    position = UnsafePointer(newline.assumingMemoryBound(to: UInt8.self)) + 1
  }
}
