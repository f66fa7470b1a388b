// SPDX-License-Identifier: GPL-2.0-or-later

import WavStages

/// The memory of a plan, shared with workers that are forked later.
public final class SharedRegions {
  /// Views of the memory, in the order of the needs.
  public let regions: [Region]
  private let owners: [Owner]

  private final class Owner {
    let region: SharedRegion

    init(_ need: RegionNeed) throws(SystemError) {
      region = try SharedRegion(
        byteCount: need.byteCount, purpose: need.purpose,
        reservation: need.access == .inPlace ? .atOnce : .piecewise)
    }
  }

  /// Allocates the regions, in the order of the needs.
  ///
  /// - Throws: ``SystemError`` when memory is short.
  public init(_ needs: [RegionNeed]) throws(SystemError) {
    var owners: [Owner] = []
    for need in needs { owners.append(try Owner(need)) }
    self.owners = owners
    regions = owners.map { owner in
      let pages = owner.region.pages
      return Region(base: pages.base, byteCount: pages.byteCount) { try pages.reserve($0) }
    }
  }
}
