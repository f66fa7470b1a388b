// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// A buffer for some rows of a spectrum.
final class RowBuffer {
  /// Frequencies in Hz.
  let frequency: UnsafeMutablePointer<Double>
  /// Magnitudes, or amplitudes if only levels are known.
  let magnitude: UnsafeMutablePointer<Double>
  /// Levels in dB.
  let level: UnsafeMutablePointer<Double>
  let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    frequency = .allocate(capacity: capacity)
    magnitude = .allocate(capacity: capacity)
    level = .allocate(capacity: capacity)
  }

  deinit {
    frequency.deallocate()
    magnitude.deallocate()
    level.deallocate()
  }
}

/// The rows of a spectrum, from low to high frequencies, in memory or in a file.
protocol SpectrumRows: AnyObject {
  /// Number of rows.
  var count: Int { get }
  /// Copies some rows, at most as many as the buffer can hold.
  ///
  /// - Throws: ``ComparisonError`` when a file contains text that is not a number.
  func copy(_ rows: Range<Int>, to buffer: RowBuffer) throws(ComparisonError)
}

extension SpectrumRows {
  /// Frequency of a row in Hz.
  func frequency(of row: Int) throws(ComparisonError) -> Double {
    let buffer = RowBuffer(capacity: 1)
    try copy(row..<row + 1, to: buffer)
    return buffer.frequency[0]
  }

  /// Checks that the frequencies of copied rows are numbers of at least 0 that rise.
  func requireFrequencies(
    _ buffer: RowBuffer, _ rows: Range<Int>, of path: String
  ) throws(ComparisonError) {
    var last = -1.0
    for index in 0..<rows.count {
      let frequency = buffer.frequency[index]
      guard frequency > last, frequency >= 0, frequency < .infinity else {
        throw ComparisonError(
          .unusable,
          "\(path): row \(rows.lowerBound + index + 1) is at \(frequency) Hz; frequencies must be numbers "
            + "of at least 0 that rise from row to row")
      }
      last = frequency
    }
  }
}

/// Rows in memory.
final class StoredRows: SpectrumRows {
  let frequency: [Double]
  let magnitude: [Double]
  let level: [Double]

  init(frequency: [Double], magnitude: [Double], level: [Double]) {
    self.frequency = frequency
    self.magnitude = magnitude
    self.level = level
  }

  /// Copies all rows of another spectrum.
  convenience init(_ rows: any SpectrumRows) throws(ComparisonError) {
    let buffer = RowBuffer(capacity: max(rows.count, 1))
    try rows.copy(0..<rows.count, to: buffer)
    func array(_ column: UnsafeMutablePointer<Double>) -> [Double] {
      Array(UnsafeBufferPointer(start: column, count: rows.count))
    }
    self.init(
      frequency: array(buffer.frequency), magnitude: array(buffer.magnitude),
      level: array(buffer.level))
  }

  var count: Int { frequency.count }

  func copy(_ rows: Range<Int>, to buffer: RowBuffer) {
    for (index, row) in rows.enumerated() {
      buffer.frequency[index] = frequency[row]
      buffer.magnitude[index] = magnitude[row]
      buffer.level[index] = level[row]
    }
  }
}
