// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage

/// Memory that work is going to need, compared with the available memory before it is allocated.
///
/// Sizes are floating-point numbers, because a request may exceed all integers.
public struct MemoryDemand: Sendable {
  /// Bytes of each shared region, in the order in which they are opened.
  public var shared: [Double]
  /// Bytes of private memory of each process.
  public var own: Double
  private let scope: MemoryScope

  /// What the libraries and the program take in addition: address space, with little memory.
  static let margin = 24e6

  /// A demand for regions of these sizes, and for private memory of each process.
  public init(shared: [Double], own: Double, for scope: MemoryScope = .workers) {
    self.scope = scope
    self.shared = shared
    self.own = own
  }

  /// Checks by arithmetic alone that there is enough memory.
  ///
  /// Each region goes where ``SharedRegion`` would put it: into memory as long as it fits,
  /// otherwise into an unnamed file in the temporary folder. A process of its own has memory
  /// only.
  ///
  /// - Parameters:
  ///   - purpose: The purpose of the memory, in the infinitive: "transform 12 samples".
  ///   - ways: Ways to need less, as a clause.
  /// - Throws: ``SystemError`` (`ENOMEM`) with the demand, the available memory, and the remedies.
  public func require(to purpose: String, or ways: Sentence) throws(SystemError) {
    let total = shared.reduce(own, +)
    let need = readableBytes(Int(min(total, 0x1p62)))
    if let space = AvailableMemory.ofAddressSpace(""),
      total + Self.margin > Double(space.byteCount)
    {
      let needed = readableBytes(Int(min(total + Self.margin, 0x1p62)))
      throw SystemError(
        .noMemory, purpose: purpose,
        remedy: "\(needed) are needed and \(readableBytes(space.byteCount)) are available "
          + "\(space.bound); raise it, or \(ways)")
    }
    let available = AvailableMemory.now()
    var memory = available.map { Double($0.byteCount) } ?? .infinity
    let folder = temporaryFolder()
    let free = isMemory(folder) || scope == .process ? 0 : Double(freeBytes(in: folder))
    var disk = free
    for size in shared {
      if size <= memory {
        memory -= size
      } else if size <= disk {
        disk -= size
      } else {
        let room =
          available.map { "\(readableBytes($0.byteCount)) are available \($0.bound)" }
          ?? "there is no memory for it"
        let rest =
          free > 0
          ? "\(folder) has \(readableBytes(Int(free))) free for files"
          : "\(folder) is memory, too"
        throw SystemError(
          .noMemory, purpose: purpose,
          remedy: scope == .process
            ? "\(need) are needed, and \(room); \(ways)"
            : "\(need) are needed, \(room), and \(rest); set TMPDIR to a folder on a larger "
              + "disk, or \(ways)")
      }
    }
  }
}
