// SPDX-License-Identifier: GPL-2.0-or-later

/// What is in a page: its description, and the arrays that it refers to by their places.
public struct PageContents {
  /// The description.
  public var description: PageDescription
  /// The arrays.
  public var arrays: [PageArray]

  /// Combines both.
  public init(_ description: PageDescription, _ arrays: [PageArray]) {
    self.description = description
    self.arrays = arrays
  }

  /// The page.
  ///
  /// - Throws: What encoding the description throws.
  public func document() throws -> PageDocument { try PageDocument(description, arrays) }

  /// The same with the numbers in memory of its own.
  ///
  /// - Throws: What reading the numbers throws.
  public func copied() throws -> PageContents {
    PageContents(description, try arrays.map { try $0.copied() })
  }

  /// Adds the curves of another page, with the arrays they need and the bands of the page, under other names.
  public mutating func append(_ other: PageContents, names: [String]) {
    let offset = arrays.count
    for (curve, name) in zip(other.description.series, names) {
      var series = curve.moved(by: offset)
      series.name = printable(name)
      series.bands = other.description.bands
      description.series.append(series)
    }
    arrays += other.arrays
  }
}

extension PageDescription.Series {
  /// The same with places of arrays that are `offset` further.
  fileprivate func moved(by offset: Int) -> Self {
    var series = self
    series.cells = cells.map {
      PageDescription.Cells(
        binsPerCell: $0.binsPerCell, greatest: $0.greatest + offset,
        mean: $0.mean.map { $0 + offset })
    }
    series.details = details?.map {
      PageDescription.Detail(firstBin: $0.firstBin, array: $0.array + offset)
    }
    series.rows = rows.map {
      PageDescription.Rows(
        frequency: $0.frequency + offset, low: $0.low + offset, high: $0.high + offset,
        level: $0.level + offset)
    }
    return series
  }
}

extension PageArray {
  /// The same numbers in memory of their own.
  fileprivate func copied() throws -> PageArray {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    try pieces { bytes.append(contentsOf: $0) }
    let copy = bytes
    return PageArray(kind, count: count) { take in try copy.withUnsafeBytes { try take($0) } }
  }
}
