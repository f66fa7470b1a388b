// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// An unnamed file that grows, at first in memory, and on the disk when it becomes long.
///
/// Data from a pipe must be stored before it can be read in any order.
public final class Spool {
  /// The file; nil once it is released.
  private var file: OpenFile?
  /// Number of bytes so far.
  public private(set) var byteCount = 0
  /// Whether the file is in memory.
  public private(set) var isInMemory: Bool

  private let memoryLimit: Int
  private let name: String
  /// Space for this size was found at the last check.
  private var checkedUpTo = 0

  /// Space is checked after each step of this many bytes.
  private static let step = 32 << 20
  /// Memory that must stay free for everything else.
  private static let reserve = 128 << 20

  /// Opens an empty spool.
  ///
  /// It is for `name`, and up to `memoryLimit` bytes may be in memory, by default a third of the
  /// available memory, because the analysis needs some, too.
  ///
  /// - Throws: ``SystemError`` when there is neither memory nor a temporary folder.
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

  /// Gives the file to the caller; the spool must not be used any more.
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
  /// - Throws: ``SystemError`` when neither memory nor disk has space for them.
  public func append(_ bytes: RawSpan) throws(SystemError) {
    while byteCount + bytes.byteCount > checkedUpTo { try makeRoom() }
    var done = 0
    while done < bytes.byteCount {
      let place = Int64(byteCount)
      let count = try systemCall(
        purpose,
        remedy: "raise the limit on file sizes (ulimit -f) if there is one, or \(Self.wayOut)"
      ) {
        try bytes.extracting(droppingFirst: done).withUnsafeBytes {
          try descriptor.write(toAbsoluteOffset: place, $0)
        }
      }
      done += count
      byteCount += count
    }
  }

  private var purpose: String { "keep \(readableBytes(byteCount)) of \(name)" }

  private static let wayOut = "save the recording to a file and name that"

  /// Checks that the next step fits, and moves to the disk if it does not fit into memory.
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

  /// Moves the bytes to a temporary file; false if no disk has `room` bytes free.
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
