// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// A file without a name that grows: in memory first, on the disk when it becomes long.
///
/// What is read from a pipe must be kept somewhere before it can be read in any order.
public final class Spool {
  /// Where the bytes are; nil once it is released.
  private var file: OpenFile?
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
    do throws(Errno) {
      file = try OpenFile(inMemoryAs: "wavfft")
      isInMemory = true
    } catch {
      file = try Self.openTemporaryFile(for: name)
      isInMemory = false
    }
  }

  /// Hands the file over to the caller, who closes it; the spool cannot be used any more.
  public func release() -> OpenFile {
    guard let file = file.take() else { preconditionFailure("a spool is released once") }
    return file
  }

  private var descriptor: FileDescriptor {
    guard let descriptor = file?.descriptor else {
      preconditionFailure("a spool is not used after it was released")
    }
    return descriptor
  }

  /// Appends bytes.
  ///
  /// - Throws: ``SystemError`` when there is no room for them, neither in memory nor on the disk.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    while byteCount + bytes.count > checkedUpTo { try makeRoom() }
    var done = 0
    while done < bytes.count {
      let (place, rest) = (Int64(byteCount), UnsafeRawBufferPointer(rebasing: bytes[done...]))
      let count = try systemCall(
        purpose,
        remedy: "raise the limit on file sizes (ulimit -f) if there is one, or \(Self.wayOut)"
      ) { try descriptor.write(toAbsoluteOffset: place, rest) }
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
    let disk = freeBytes(in: folder)
    guard isInMemory ? hasMemory : disk > Self.step else {
      throw SystemError(
        .noSpace, purpose: purpose,
        remedy: "\(readableBytes(memory)) of memory are available and \(folder) has "
          + "\(readableBytes(disk)) free; set TMPDIR to a folder on a larger disk, or \(Self.wayOut)"
      )
    }
    checkedUpTo = wanted
  }

  /// Moves what is there to a temporary file; false if there is no disk with `room` bytes free.
  private func moveToDisk(room: Int) -> Bool {
    let folder = temporaryFolder()
    guard !isMemory(folder), freeBytes(in: folder) > room + Self.step,
      let disk = try? Self.openTemporaryFile(for: name)
    else { return false }
    var offset = off_t(0)
    while offset < byteCount {
      let count = sendfile(
        disk.descriptor.rawValue, descriptor.rawValue, &offset, byteCount - Int(offset))
      guard count > 0 || (count < 0 && Errno.last == .interrupted) else { return false }
    }
    file = consume disk
    isInMemory = false
    return true
  }

  private static func openTemporaryFile(for name: String) throws(SystemError) -> OpenFile {
    let folder = temporaryFolder()
    return try systemCall(
      "open a temporary file for \(name) in \(folder)",
      remedy: "set TMPDIR to a folder that you may write to"
    ) { try OpenFile(unnamedIn: FilePath(spelled: folder), permissions: .ownerReadWrite) }
  }
}
