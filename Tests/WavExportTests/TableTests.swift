// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSpectrum

@testable import WavExport

/// Lines of text and rows of arrays.
@Suite struct TableTests {
  private let row = BandRow(
    bin: 3, frequency: 440.5, magnitude: 0.1, level: -12.25, lowEdge: 400, highEdge: 500.125,
    power: 2.5e-7)

  @Test func aBandIsALineInTheOrderOfTheHeader() {
    var buffer = RowBuffer(capacity: 1000)
    CSV.append([row], isSingle: false, to: &buffer)
    #expect(
      String(decoding: buffer.bytes, as: UTF8.self) == "440.5,0.1,-12.25,400.0,500.125,2.5e-07\n")
    #expect(CSV.bandHeader == "frequency_hz,magnitude,level_dbfs,low_hz,high_hz,power\n")
  }

  @Test func edgesBelongToTheirOwnBands() {
    let next = BandRow(
      bin: 9, frequency: 700, magnitude: 1, level: 0, lowEdge: 600, highEdge: 800, power: 1)
    var buffer = RowBuffer(capacity: 1000)
    CSV.append([row, next, row], isSingle: false, to: &buffer)
    let lines = CSV.fields(of: String(decoding: buffer.bytes, as: UTF8.self))
    #expect(lines.map { $0[3] } == ["400.0", "600.0", "400.0"])
    #expect(lines.map { $0[4] } == ["500.125", "800.0", "500.125"])
  }

  @Test func singleNumbersHaveNoMoreDigits() {
    let row = BandRow(
      bin: 3, frequency: 1.0 / 3, magnitude: 1.0 / 3, level: -1.0 / 3, lowEdge: 0, highEdge: 1,
      power: 1.0 / 3)
    var buffer = RowBuffer(capacity: 1000)
    CSV.append([row], isSingle: true, to: &buffer)
    #expect(
      String(decoding: buffer.bytes, as: UTF8.self)
        == "0.3333333333333333,0.33333334,-0.33333334,0.0,1.0,0.33333334\n")
  }

  @Test func silenceIsMinusInfinity() {
    for table in [CSV() as any BinTable, JSONTable()] {
      for values in [single([0], [-.infinity]), double([0], [-.infinity])] {
        var buffer = RowBuffer(capacity: 1000)
        table.append(block(5..<6, values), to: &buffer)
        let text = String(decoding: buffer.bytes, as: UTF8.self)
        #expect(
          text == "5.0,0.0,-inf\n"
            || text == "{\"frequency_hz\":5.0,\"magnitude\":0.0,\"level_dbfs\":null}", "\(text)")
      }
    }
  }

  @Test func frequenciesHaveDecimalsEnough() {
    // Bins of the book's recording are 0.000165 Hz apart.
    #expect(BinBlock.frequencyDecimals(spacing: 1, isSingle: true) == 6)
    #expect(BinBlock.frequencyDecimals(spacing: 0.000165, isSingle: true) == 10)
    #expect(BinBlock.frequencyDecimals(spacing: 0.000165, isSingle: false) == 14)
  }

  @Test func fieldsReadBackTheSame() {
    let fields = ["plain", "a,b", "say \"no\"", "two\nlines", "\r", "", "\"", " x "]
    let line = CSV.line(fields) + "\r\n"
    #expect(CSV.fields(of: line + line) == [fields, fields])
    #expect(CSV.quoted("a,b") == "\"a,b\"")
    #expect(CSV.quoted("say \"no\"") == "\"say \"\"no\"\"\"")
    #expect(CSV.quoted("plain") == "plain" && CSV.quoted("a;b") == "a;b")
    #expect(CSV.line(["a;b", "c\td", "e"], separators: ",;\t") == "\"a;b\",\"c\td\",e")
  }

  @Test func arraysHaveNumPysHeader() throws {
    let header = NPY.bandHeader(count: 12)
    #expect(header.count % 64 == 0)
    #expect(Array(header.prefix(8)) == [0x93, 78, 85, 77, 80, 89, 1, 0])
    #expect(Int(header[8]) + 256 * Int(header[9]) == header.count - 10)
    #expect(header.last == UInt8(ascii: "\n"))
    let text = String(decoding: header.dropFirst(10), as: UTF8.self)
    #expect(
      text.hasPrefix(
        "{'descr': [('frequency_hz', '<f8'), ('magnitude', '<f8'), ('level_dbfs', '<f8'), "
          + "('low_hz', '<f8'), ('high_hz', '<f8'), ('power', '<f8')], 'fortran_order': False, "
          + "'shape': (12,), }"))
    let bins = String(
      decoding: NPY().header(rowCount: 7, of: kind(.magnitude, isSingle: true)), as: UTF8.self)
    #expect(bins.contains("('frequency_hz', '<f8'), ('magnitude', '<f4'), ('level_dbfs', '<f4')"))
    #expect(bins.contains("'shape': (7,)"))
  }

  @Test func rowsOfArraysAreInTheOrderOfTheHeader() throws {
    var buffer = RowBuffer(capacity: 100)
    NPY.append(row, to: &buffer)
    let numbers = buffer.bytes.withUnsafeBytes { bytes in
      (0..<6).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
    }
    #expect(numbers == [440.5, 0.1, -12.25, 400, 500.125, 2.5e-7])
    #expect(NPY().rowByteCount(of: kind(.magnitude, isSingle: true)) == 16)
    #expect(NPY().rowByteCount(of: kind(.magnitude, isSingle: false)) == 24)
    buffer.clear()
    NPY().append(block(1..<3, single([2.5, 3.5], [-3.5, -4.5])), to: &buffer)
    try #require(buffer.count == 32)
    #expect(buffer.bytes.withUnsafeBytes { $0.load(fromByteOffset: 16, as: Double.self) } == 2)
    #expect(buffer.bytes.withUnsafeBytes { $0.load(fromByteOffset: 24, as: Float.self) } == 3.5)
    #expect(buffer.bytes.withUnsafeBytes { $0.load(fromByteOffset: 28, as: Float.self) } == -4.5)
  }

  /// As `numpy.save` writes the result of `numpy.fft.rfft`.
  @Test(arguments: [true, false]) func complexNumbersAreAPlainArray(isSingle: Bool) throws {
    let kind = kind(.complex, isSingle: isSingle)
    let text = String(
      decoding: NPY().header(rowCount: 2, of: kind).dropFirst(10), as: UTF8.self)
    let type = isSingle ? "<c8" : "<c16"
    #expect(text.hasPrefix("{'descr': '\(type)', 'fortran_order': False, 'shape': (2,), }"))
    var buffer = RowBuffer(capacity: 100)
    NPY().append(block(1..<3, complex(isSingle)), to: &buffer)
    #expect(NPY().rowByteCount(of: kind) == buffer.count / 2)
    let numbers = buffer.bytes.withUnsafeBytes { bytes in
      (0..<4).map {
        isSingle
          ? Double(bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self))
          : bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self)
      }
    }
    #expect(numbers == [2.5, -0.125, 0, 0x1p-17])
  }

  @Test(arguments: [true, false]) func complexNumbersAreText(isSingle: Bool) {
    func text(_ table: any BinTable) -> String {
      var buffer = RowBuffer(capacity: 1000)
      table.append(block(1..<3, complex(isSingle)), to: &buffer)
      let header = table.header(rowCount: 2, of: kind(.complex, isSingle: isSingle))
      return String(decoding: header + buffer.bytes, as: UTF8.self)
    }
    let small = isSingle ? "7.6293945e-06" : "7.62939453125e-06"
    #expect(text(CSV()) == "frequency_hz,real,imag\n1.0,2.5,-0.125\n2.0,0.0,\(small)\n")
    #expect(
      text(JSONTable())
        == "{\n  \"spectrum\" : [\n{\"frequency_hz\":1.0,\"real\":2.5,\"imag\":-0.125},\n"
        + "{\"frequency_hz\":2.0,\"real\":0.0,\"imag\":\(small)}")
  }

  /// The longest numbers fit into the room of a row.
  @Test func theLongestRowHasRoom() {
    let number = SIMD2(-1.2345678901234567e-100, -1.2345678901234567e-100)
    for table in [CSV() as any BinTable, JSONTable()] {
      var buffer = RowBuffer(capacity: 1000)
      let block = BinBlock(
        99_999_998..<99_999_999, of: BinGrid(sampleRate: 192_000, transformLength: 1 << 28),
        isFirst: false, .complexDouble(copied([number])))
      table.append(block, to: &buffer)
      #expect(buffer.count <= BinBlock.longestRow)
    }
  }

  private func complex(_ isSingle: Bool) -> BinBlock.Values {
    isSingle
      ? .complexSingle(copied([SIMD2(2.5, -0.125), SIMD2(0, 0x1p-17)]))
      : .complexDouble(copied([SIMD2(2.5, -0.125), SIMD2(0, 0x1p-17)]))
  }

  private func kind(_ values: BinValues, isSingle: Bool) -> BinBlock.Kind {
    BinBlock.Kind(values, isSingle: isSingle)
  }

  /// Bins 1 Hz apart.
  private func block(_ bins: Range<Int>, _ values: BinBlock.Values) -> BinBlock {
    BinBlock(
      bins, of: BinGrid(sampleRate: 1000, transformLength: 1000), isFirst: true, values)
  }

  /// Numbers that outlive their array; they are not freed, because a test is short.
  private func copied<Number>(_ numbers: [Number]) -> UnsafeBufferPointer<Number> {
    let copy = UnsafeMutableBufferPointer<Number>.allocate(capacity: numbers.count)
    _ = copy.initialize(from: numbers)
    return UnsafeBufferPointer(copy)
  }

  private func single(_ magnitudes: [Float], _ levels: [Float]) -> BinBlock.Values {
    .single(magnitudes: copied(magnitudes), levels: copied(levels))
  }

  private func double(_ magnitudes: [Double], _ levels: [Double]) -> BinBlock.Values {
    .double(magnitudes: copied(magnitudes), levels: copied(levels))
  }
}
