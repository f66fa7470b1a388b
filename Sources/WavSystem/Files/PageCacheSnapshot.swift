// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import SystemPackage

/// The parts of a range of a file that were in the page cache at one time, by granules.
///
/// After reading a large file once, the bytes read are evicted again, but not those that were in
/// the cache before: another process may be using them.
struct PageCacheSnapshot: Sendable {
  /// Size of a granule in bytes; it is known whether any bytes of a granule were in the cache.
  static let granule = 256 << 10

  /// The range of the snapshot.
  let range: Range<Int>
  /// Index of the first granule, in granules from the beginning of the file.
  private let firstGranule: Int
  private let wasCached: [Bool]

  /// Takes a snapshot of a range of an open file; nil if the kernel does not report it.
  ///
  /// It reports to owners of the file and to those who may write to it. Takes about 0.5 s for 100
  /// GB.
  init?(_ file: FileDescriptor, _ range: Range<Int>) {
    self.range = range
    firstGranule = range.lowerBound / Self.granule
    let end = (range.upperBound + Self.granule - 1) / Self.granule
    let granules = firstGranule..<max(firstGranule, end)
    guard
      let found = Self.askCounts(file, granules)
        ?? Self.askPages(file, granules, byteCount: range.upperBound)
    else { return nil }
    wasCached = found
  }

  /// Gets the number of cached pages of each granule (Linux 6.5).
  static func askCounts(_ file: FileDescriptor, _ granules: Range<Int>) -> [Bool]? {
    guard !granules.isEmpty else { return [] }
    let all = shim_cached_pages(
      file.rawValue, Int64(granules.lowerBound * granule), Int64(granules.count * granule))
    if all <= 0 { return all == 0 ? Array(repeating: false, count: granules.count) : nil }
    return granules.map {
      shim_cached_pages(file.rawValue, Int64($0 * granule), Int64(granule)) != 0
    }
  }

  /// Gets the state of each page, which older kernels also support.
  static func askPages(
    _ file: FileDescriptor, _ granules: Range<Int>, byteCount: Int
  ) -> [Bool]? {
    // To other users the kernel reports that everything is in the cache.
    guard shim_may_ask_for_pages(file.rawValue) == 1 else { return nil }
    let page = pageBytes
    let window = 1024
    var found: [Bool] = []
    var pages = [UInt8](repeating: 0, count: window * granule / page)
    for first in stride(from: granules.lowerBound, to: granules.upperBound, by: window) {
      let start = first * granule
      let length = min((first + window) * granule, byteCount) - start
      guard
        let base = mmap(nil, length, PROT_NONE, MAP_SHARED, file.rawValue, off_t(start)),
        base != MAP_FAILED
      else { return nil }
      defer { munmap(base, length) }
      guard mincore(base, length, &pages) == 0 else { return nil }
      let pageCount = (length + page - 1) / page
      for granulePages in stride(from: 0, to: pageCount, by: granule / page) {
        let end = min(granulePages + granule / page, pageCount)
        found.append(pages[granulePages..<end].contains { $0 & 1 != 0 })
      }
    }
    return found
  }

  /// The parts of a range that were not in the cache, in whole pages.
  ///
  /// A page in two ranges belongs to the later range; the last page belongs to the last range.
  func uncached(in bytes: Range<Int>) -> [Range<Int>] {
    let page = pageBytes
    let bytes = bytes.clamped(to: range)
    let start = bytes.lowerBound / page * page
    let end =
      (bytes.upperBound + (bytes.upperBound == range.upperBound ? page - 1 : 0)) / page * page
    var parts: [Range<Int>] = []
    var position = start
    while position < end {
      let granule = position / Self.granule
      let next = min((granule + 1) * Self.granule, end)
      if !wasCached[granule - firstGranule] {
        if let last = parts.last, last.upperBound == position {
          parts[parts.count - 1] = last.lowerBound..<next
        } else {
          parts.append(position..<next)
        }
      }
      position = next
    }
    return parts
  }
}

/// Size of a page of memory in bytes.
private let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))
