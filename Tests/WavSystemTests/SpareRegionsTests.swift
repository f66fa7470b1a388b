// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavSystem

/// Reuse of the memory of closed regions.
@Suite(.serialized) struct SpareRegionsTests {
  private func fill(_ byteCount: Int) throws -> UnsafeMutableRawPointer {
    let region = try SharedRegion(byteCount: byteCount, purpose: "a test")
    region.pages.base.initializeMemory(as: UInt8.self, repeating: 0xff, count: byteCount)
    return region.pages.base
  }

  @Test func regionsAreEmptyWhenUsedAgain() throws {
    SpareRegions.keep(upTo: 1 << 20)
    defer { SpareRegions.keep(upTo: 0) }
    let first = try fill(300_000)
    let region = try SharedRegion(byteCount: 200_000, purpose: "a test")
    #expect(region.pages.base == first)
    #expect(region.pages.byteCount == 200_000)
    let bytes = UnsafeRawBufferPointer(start: region.pages.base, count: 200_000)
    #expect(bytes.allSatisfy { $0 == 0 })
  }

  @Test func noMoreIsKeptThanRequested() throws {
    SpareRegions.keep(upTo: 1 << 20)
    defer { SpareRegions.keep(upTo: 0) }
    for _ in 0..<10 {
      let regions = (try fill(400_000), try fill(500_000))
      #expect(regions.0 != regions.1)
    }
    // A region larger than half of the limit is released at once.
    #expect(SpareRegions.take(600_000) == nil)
    _ = try fill(600_000)
    #expect(SpareRegions.take(600_000) == nil)
  }
}
