// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Memory that a plan asked for, wherever it is allocated.
///
/// A view, valid as long as its owner lives.
///
/// It is zero-filled at first, and its first byte is aligned to a page.
public struct Region: @unchecked Sendable {
  /// The first byte.
  public let base: UnsafeMutableRawPointer
  /// Size in bytes.
  public let byteCount: Int
  private let reservation: (@Sendable (Range<Int>) throws -> Void)?

  /// A view of memory.
  ///
  /// - Parameters:
  ///   - base: Its first byte.
  ///   - byteCount: Its size.
  ///   - reservation: Allocates the pages of a range of bytes; nil if they need no allocation.
  public init(
    base: UnsafeMutableRawPointer, byteCount: Int,
    reservation: (@Sendable (Range<Int>) throws -> Void)? = nil
  ) {
    self.base = base
    self.byteCount = byteCount
    self.reservation = reservation
  }

  /// Allocates the pages of a range of bytes before they are written to.
  ///
  /// Several processes may reserve different ranges at the same time.
  ///
  /// - Throws: What the owner throws when memory is used up.
  public func reserve(_ range: Range<Int>) throws { try reservation?(range) }

  /// The elements of one type from a byte offset on, which must be aligned for that type.
  @inlinable
  public func pointer<Element: ~Copyable>(
    at offset: Int = 0, to type: Element.Type
  ) -> UnsafeMutablePointer<Element> {
    (base + offset).assumingMemoryBound(to: type)
  }
}

/// Hands out the regions of a plan, in the order of its needs.
public struct RegionSupply {
  private var rest: ArraySlice<Region>

  /// Takes the regions that were allocated for the needs of a plan, in their order.
  public init(_ regions: [Region]) { rest = regions[...] }

  /// The next region.
  ///
  /// - Precondition: It was allocated for this need.
  public mutating func next(_ need: RegionNeed) -> Region {
    guard let region = rest.popFirst(), region.byteCount >= need.byteCount else {
      preconditionFailure("no region was allocated for \(need.purpose)")
    }
    return region
  }

  /// Makes sure that all regions were handed out.
  public func finish() { precondition(rest.isEmpty, "a region was allocated that nobody needs") }
}

/// Memory of this process alone, for plans that run without workers.
public final class PrivateRegions {
  /// The regions, in the order of the needs.
  public let regions: [Region]

  /// Allocates zero-filled memory; the system adds its pages when they are touched.
  ///
  /// - Throws: ``MissingMemory`` when the system refuses a region.
  public init(_ needs: [RegionNeed]) throws(MissingMemory) {
    var regions: [Region] = []
    for need in needs {
      let base = mmap(
        nil, need.byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let base, base != MAP_FAILED else {
        let code = errno
        for region in regions { munmap(region.base, region.byteCount) }
        throw MissingMemory(need: need, code: code)
      }
      regions.append(Region(base: base, byteCount: need.byteCount))
    }
    self.regions = regions
  }

  deinit { for region in regions { munmap(region.base, region.byteCount) } }
}

/// The system refused the memory of a need.
public struct MissingMemory: Error {
  /// What the memory was for.
  public let need: RegionNeed
  /// The reason, as `errno`.
  public let code: Int32
}
