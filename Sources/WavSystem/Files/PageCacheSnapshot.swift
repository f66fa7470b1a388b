// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import SystemPackage

/// What the page cache held of a range of a file at one time, to the granule.
///
/// Whoever reads a large file once evicts what it has read, but not what was in the cache before: somebody
/// may be using that.
struct PageCacheSnapshot: Sendable {
  /// Bytes of which it is known together whether any of them were in the cache.
  static let granule = 256 << 10

  /// The bytes that were looked at.
  let range: Range<Int>
  /// Number of the first granule, which begins at this multiple of their size in the file.
  private let firstGranule: Int
  private let wasCached: [Bool]

  /// Looks at a range of an open file; nil if the kernel does not say.
  ///
  /// It does not say to those who neither own the file nor may write to it. Takes some 0.5 s for 100 GB.
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

  /// Asks for the number of cached pages of each granule (Linux 6.5).
  static func askCounts(_ file: FileDescriptor, _ granules: Range<Int>) -> [Bool]? {
    guard !granules.isEmpty else { return [] }
    let all = shim_cached_pages(
      file.rawValue, Int64(granules.lowerBound * granule), Int64(granules.count * granule))
    if all <= 0 { return all == 0 ? Array(repeating: false, count: granules.count) : nil }
    return granules.map {
      shim_cached_pages(file.rawValue, Int64($0 * granule), Int64(granule)) != 0
    }
  }

  /// Asks for each page, which older kernels can do, too.
  static func askPages(
    _ file: FileDescriptor, _ granules: Range<Int>, byteCount: Int
  ) -> [Bool]? {
    // To others the kernel says that everything is in the cache.
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

  /// The parts of some bytes that were not in the cache, from page to page.
  ///
  /// A page that two ranges share belongs to the later one, but the last page of all to the last.
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

/// Bytes of a page of memory.
private let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))
