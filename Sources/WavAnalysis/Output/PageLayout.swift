// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum
import WavTransforms

/// How the bins of a page are reduced to cells, so that the page keeps its size.
///
/// It follows from the request and the header of the file, so the memory of cells is known before anything is
/// allocated.
struct PageLayout: Equatable {
  /// The bins in the band.
  let bins: Range<Int>
  /// Neighbouring bins of a cell; 1 if every bin fits.
  let binsPerCell: Int

  /// Cells of larger pages are computed when they are written if the transform goes over the disk.
  private static let mostBytesOverDisk = 8 << 20
  /// Bytes of facts, remarks and the like, of a peak, and of each byte of a file's name, which is in several texts
  /// and may be escaped in all of them.
  private static let (factBytes, bytesPerPeak, bytesPerNameByte) = (32_000, 224, 48)
  /// Bytes of each byte of a title, which is in the page twice and may be escaped.
  private static let bytesPerTitleByte = 16
  /// Least number of cells of a page.
  private static let fewestCells = 1024
  /// A page with cells of several bins leaves at most this share for the bins around peaks.
  private static let mostForDetails = 1.0 / 16

  /// Bins on either side of a peak that a page keeps if cells have several.
  static let detailReach = 1024
  /// Peaks around which it does.
  static let mostDetails = 64
  /// Bytes that a range of bins takes in the description, or a little more.
  static let bytesPerDetail = 64

  /// Chooses the cells of a page.
  ///
  /// - Throws: ``AnalysisError`` when the size is too small for any, or a page of every bin would be too large.
  init(
    _ bins: Range<Int>, _ size: PageSize, _ request: AnalysisRequest, _ cells: SpectrogramCells?
  ) throws(AnalysisError) {
    self.bins = bins
    let every = PageDocument.byteCount(ofArray: Self.bytesPerLevel * bins.count)
    guard case .bytes(let whole) = size else {
      binsPerCell = 1
      let levels = cells.map { Self.bytesPerLevel * $0.columnCount * $0.rowCount } ?? 0
      let all = every + PageDocument.byteCount(ofArray: levels)
      guard all <= PageSize.most else {
        throw .pageTooLarge(path: request.path, byteCount: all)
      }
      return
    }
    // Several curves share a page.
    let most = whole / request.pageCurves
    var room = most - Self.textByteCount(request, cells)
    let least = Self.byteCount(cells: Self.fewestCells)
    // The cells of a spectrogram have the rest.
    if cells != nil { room /= 4 }
    guard room >= least else {
      throw .pageTooSmall(
        path: request.path, size: whole,
        least: (most + (least - room) * (cells == nil ? 1 : 4)) * request.pageCurves)
    }
    guard every > room else {
      binsPerCell = 1
      return
    }
    let details =
      min(request.peaks, Self.mostDetails)
      * (PageDocument.byteCount(ofArray: Self.bytesPerLevel * (2 * Self.detailReach + 1))
        + Self.bytesPerDetail)
    let roomForCells = room - min(details, Int(Self.mostForDetails * Double(room)))
    // A cell has two levels, and three bytes are four characters; elements take a little more.
    let mostCells = 3 * roomForCells / (4 * 2 * Self.bytesPerLevel)
    var count = max(2, (bins.count + mostCells - 1) / mostCells)
    while Self.byteCount(cells: (bins.count + count - 1) / count) > roomForCells { count += 1 }
    binsPerCell = count
  }

  /// A reduction that is known already.
  init(_ bins: Range<Int>, binsPerCell: Int) {
    self.bins = bins
    self.binsPerCell = binsPerCell
  }

  /// Size in bytes of a level.
  static let bytesPerLevel = 2

  /// Number of cells.
  var cellCount: Int { (bins.count + binsPerCell - 1) / binsPerCell }

  /// Whether a cell has several bins, and so a mean beside its greatest level.
  var hasMeans: Bool { binsPerCell > 1 }

  /// Bytes of all cells.
  var byteCount: Int { Self.bytesPerLevel * cellCount * (hasMeans ? 2 : 1) }

  /// Whether the cells are in memory also if the transform goes over the disk.
  var isHeldOverDisk: Bool { byteCount <= Self.mostBytesOverDisk }

  /// Bytes in a page of some cells of several bins.
  private static func byteCount(cells: Int) -> Int {
    2 * PageDocument.byteCount(ofArray: bytesPerLevel * cells)
  }

  /// Bytes of a page without cells, or a little more.
  private static func textByteCount(_ request: AnalysisRequest, _ cells: SpectrogramCells?) -> Int {
    let edges = cells.map { 8 * ($0.rowCount + 1) } ?? 0
    return PageDocument.emptyByteCount + factBytes + bytesPerPeak * request.peaks
      + bytesPerNameByte * request.path.utf8.count
      + bytesPerTitleByte * (request.figure.title?.utf8.count ?? 0)
      + bytesPerTitleByte * (request.reference?.unit.utf8.count ?? 0)
      + PageDocument.byteCount(ofArray: edges)
  }
}
