// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
import WavStages

/// Who uses the memory of a run.
public enum MemoryScope: Sendable {
  /// This process and the workers that it forks later.
  case workers
  /// This process alone.
  case process
}

/// The memory of a plan.
public final class AllocatedRegions {
  /// Views of the memory, in the order of the needs.
  public let regions: [Region]
  private let owners: Owners

  private enum Owners {
    case shared([SharedOwner])
    case own(PrivateRegions)
  }

  private final class SharedOwner {
    let region: SharedRegion

    init(_ need: RegionNeed) throws(SystemError) {
      region = try SharedRegion(
        byteCount: need.byteCount, purpose: need.purpose, access: need.access)
    }
  }

  /// Takes the memory, in the order of the needs.
  ///
  /// - Throws: ``SystemError`` when memory is short.
  public init(_ needs: [RegionNeed], for scope: MemoryScope) throws(SystemError) {
    switch scope {
    case .workers:
      var shared: [SharedOwner] = []
      for need in needs { shared.append(try SharedOwner(need)) }
      owners = .shared(shared)
      regions = shared.map { owner in
        let pages = owner.region.pages
        return Region(base: pages.base, byteCount: pages.byteCount) { try pages.reserve($0) }
      }
    case .process:
      do throws(MissingMemory) {
        let own = try PrivateRegions(needs)
        owners = .own(own)
        regions = own.regions
      } catch {
        throw SharedRegion.unmapped(
          error.need.byteCount, error.need.purpose, Errno(rawValue: error.code))
      }
    }
  }

  /// How much memory it is, and of which kinds.
  public var use: MemoryUse {
    switch owners {
    case .shared(let owners):
      owners.reduce(MemoryUse()) {
        $0 + MemoryUse($1.region.pages.byteCount, of: $1.region.backing)
      }
    case .own: MemoryUse(regions.reduce(0) { $0 + $1.byteCount }, of: .ownMemory)
    }
  }
}
