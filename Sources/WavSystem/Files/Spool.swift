// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc

/// A file without a name that grows: in memory first, on the disk when it becomes long.
///
/// What is read from a pipe must be kept somewhere before it can be read in any order.
public final class Spool {
  /// Where the bytes are; -1 once it is released.
  private var descriptor: Int32
  /// Bytes so far.
  public private(set) var byteCount = 0
  /// Whether they are in memory.
  public private(set) var isInMemory: Bool

  private let memoryLimit: Int
  private let name: String
  /// Up to this size there was room when it was last looked for.
  private var checkedUpTo = 0

  /// How often room is looked for, in bytes.
  private static let step = 32 << 20
  /// What must be left for everything else.
  private static let reserve = 128 << 20

  /// Opens an empty spool for a thing called `name`, of which `memoryLimit` bytes may be in memory; by
  /// default a third of the memory there is, since the analysis needs some, too.
  ///
  /// - Throws: ``SystemError`` when there is neither memory nor a folder for temporary files.
  public init(of name: String, memoryLimit: Int? = nil) throws(SystemError) {
    self.name = name
    self.memoryLimit = memoryLimit ?? (availableMemory() ?? 0) / 3
    let memory = shim_memfd_create("wavfft")
    isInMemory = memory >= 0
    descriptor = memory >= 0 ? memory : try Self.openTemporaryFile(for: name)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Hands the file over to the caller, who closes it; the spool cannot be used any more.
  public func release() -> Int32 {
    defer { descriptor = -1 }
    return descriptor
  }

  /// Appends bytes.
  ///
  /// - Throws: ``SystemError`` when there is no room for them, neither in memory nor on the disk.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    while byteCount + bytes.count > checkedUpTo { try makeRoom() }
    var done = 0
    while done < bytes.count {
      let (place, rest) = (off_t(byteCount), UnsafeRawBufferPointer(rebasing: bytes[done...]))
      let descriptor = descriptor
      let count = try systemCall(
        purpose,
        remedy: "raise the limit on file sizes (ulimit -f) if there is one, or \(Self.wayOut)"
      ) { pwrite(descriptor, rest.baseAddress, rest.count, place) }
      done += count
      byteCount += count
    }
  }

  private var purpose: String { "keep \(readableBytes(byteCount)) of \(name)" }

  private static let wayOut = "save the recording to a file and name that"

  /// Makes sure that another step fits, and moves to the disk where it does not fit into memory.
  private func makeRoom() throws(SystemError) {
    let wanted = checkedUpTo + Self.step
    let memory = availableMemory() ?? .max
    let hasMemory = memory > Self.reserve + Self.step
    if isInMemory, wanted > max(memoryLimit, 2 * Self.step) || !hasMemory, moveToDisk(room: wanted)
    {
      checkedUpTo = wanted
      return
    }
    let folder = temporaryFolder()
    let disk = Int(max(0, shim_free_bytes(folder)))
    guard isInMemory ? hasMemory : disk > Self.step else {
      throw SystemError(
        code: ENOSPC, purpose: purpose,
        remedy: "\(readableBytes(memory)) of memory are available and \(folder) has "
          + "\(readableBytes(disk)) free; set TMPDIR to a folder on a larger disk, or \(Self.wayOut)"
      )
    }
    checkedUpTo = wanted
  }

  /// Moves what is there to a temporary file; false if there is no disk with `room` bytes free.
  private func moveToDisk(room: Int) -> Bool {
    let folder = temporaryFolder()
    guard shim_is_memory(folder) == 0, Int(shim_free_bytes(folder)) > room + Self.step,
      let file = try? Self.openTemporaryFile(for: name)
    else { return false }
    var offset = off_t(0)
    while offset < byteCount {
      let count = sendfile(file, descriptor, &offset, byteCount - Int(offset))
      if count > 0 || (count < 0 && errno == EINTR) { continue }
      close(file)
      return false
    }
    close(descriptor)
    descriptor = file
    isInMemory = false
    return true
  }

  private static func openTemporaryFile(for name: String) throws(SystemError) -> Int32 {
    let folder = temporaryFolder()
    return try systemCall(
      "open a temporary file for \(name) in \(folder)",
      remedy: "set TMPDIR to a folder that you may write to"
    ) { shim_open_unnamed(folder, 0o600) }
  }
}
