// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage

/// Memory that work is going to need, held against what there is before any of it is taken.
///
/// Sizes are floating-point numbers: what is asked for may be beyond all integers.
public struct MemoryDemand: Sendable {
  /// Bytes of each shared region, in the order in which they are opened.
  public var shared: [Double]
  /// Bytes that each process has for itself.
  public var own: Double

  /// What the libraries and the program take beside, in bytes: address space, hardly any memory.
  private static let margin = 24e6

  /// A demand for regions of these sizes and for memory of each process.
  public init(shared: [Double], own: Double) {
    self.shared = shared
    self.own = own
  }

  /// Makes sure that there is room, from arithmetic alone.
  ///
  /// Each region goes where ``SharedRegion`` would put it: to memory as long as there is any, else to
  /// an unnamed file in the temporary folder.
  ///
  /// - Parameters:
  ///   - purpose: What the memory is for, in the infinitive: "transform 12 samples".
  ///   - remedies: Ways to need less.
  /// - Throws: ``SystemError`` (`ENOMEM`) with the need, what there is, and the ways out.
  public func require(to purpose: String, or remedies: Remedies) throws(SystemError) {
    let total = shared.reduce(own, +)
    let need = readableBytes(Int(min(total, 0x1p62)))
    if let space = AvailableMemory.ofAddressSpace(""),
      total + Self.margin > Double(space.byteCount)
    {
      let needed = readableBytes(Int(min(total + Self.margin, 0x1p62)))
      throw SystemError(
        .noMemory, purpose: purpose,
        remedy: "\(needed) are needed and \(readableBytes(space.byteCount)) are available "
          + "\(space.bound); raise it", or: remedies)
    }
    let available = AvailableMemory.now()
    var memory = available.map { Double($0.byteCount) } ?? .infinity
    let folder = temporaryFolder()
    let free = isMemory(folder) ? 0 : Double(freeBytes(in: folder))
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
          remedy: "\(need) are needed, \(room), and \(rest); set TMPDIR to a folder on a larger "
            + "disk", or: remedies)
      }
    }
  }
}
