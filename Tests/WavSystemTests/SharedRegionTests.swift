// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import Testing

@testable import WavSystem

/// The contents of regions, when their pages are allocated, and the error when they do not fit.
@Suite(.serialized) struct SharedRegionTests {
  /// Allocated bytes of the file, on disk or in memory, behind the mapping at an address.
  private func allocatedBytes(at base: UnsafeMutableRawPointer) throws -> Int {
    // Linux names the file of a mapping by its addresses.
    let first = String(UInt(bitPattern: base), radix: 16)
    let folder = try #require(opendir("/proc/self/map_files"))
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasPrefix(first + "-") else { continue }
      var status = stat()
      try #require(stat("/proc/self/map_files/" + name, &status) == 0)
      return Int(status.st_blocks) * 512
    }
    Issue.record("no mapping begins there")
    return 0
  }

  private func canReadMappings() -> Bool {
    guard let folder = opendir("/proc/self/map_files") else { return false }
    closedir(folder)
    return geteuid() == 0
  }

  @Test func aRegionIsEmptyAndAsLongAsAsked() throws {
    for count in [1, 4095, 4096, 4097, 1 << 20] {
      let region = try SharedRegion(byteCount: count, purpose: "a test")
      #expect(region.pages.byteCount == count)
      let bytes = UnsafeRawBufferPointer(start: region.pages.base, count: count)
      #expect(bytes.allSatisfy { $0 == 0 })
      region.pages.pointer(at: count - 1, to: UInt8.self).pointee = 7
      #expect(bytes[count - 1] == 7)
    }
  }

  @Test func pagesAreTakenBeforeTheyAreTouched() throws {
    guard canReadMappings() else { return }
    let count = 24 << 20
    let whole = try SharedRegion(byteCount: count, purpose: "a test")
    #expect(try allocatedBytes(at: whole.pages.base) >= count)
    // A region that workers fill allocates only what they reserve.
    let pieces = try SharedRegion(byteCount: count, purpose: "a test", access: .piecewise)
    #expect(try allocatedBytes(at: pieces.pages.base) == 0)
    try pieces.pages.reserve(5 << 20..<6 << 20)
    let taken = try allocatedBytes(at: pieces.pages.base)
    #expect((1 << 20...3 << 20).contains(taken))
    // Small regions are reserved at once.
    let small = try SharedRegion(byteCount: 1 << 20, purpose: "a test", access: .piecewise)
    #expect(try allocatedBytes(at: small.pages.base) >= 1 << 20)
  }

  @Test func useIsCounted() throws {
    let before = MemoryUse.now.byteCount
    do {
      let region = try SharedRegion(byteCount: 1_234_567, purpose: "a test")
      #expect(MemoryUse.now.byteCount == before + 1_234_567)
      #expect(MemoryUse.now.backings.contains(region.backing))
    }
    #expect(MemoryUse.now.byteCount == before)
  }

  @Test func impossibleSizesAreRefusedInASentence() {
    do {
      let region = try SharedRegion(
        byteCount: 1 << 55, purpose: "the whole world", access: .piecewise)
      Issue.record("there is no such memory as \(region.backing.rawValue)")
    } catch {
      #expect(error.description.hasPrefix("could not reserve "))
      #expect(error.description.contains("for the whole world"))
      #expect(error.description.contains("TMPDIR") || error.description.contains("ulimit"))
    }
  }
}
