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
  private let folder: String
  /// Whether the folder is not the temporary folder, but one that was asked for.
  private let isFolderChosen: Bool
  private let name: String
  /// What was written to the disk and may still be in the page cache; nil in memory.
  private var behind: WriteBehind?
  /// Bytes that were handed to `behind`.
  private var handedOver = 0
  /// Space for this size was found at the last check.
  private var checkedUpTo = 0

  /// Space is checked after each step of this many bytes.
  private static let step = 32 << 20
  /// Memory that must stay free for everything else.
  private static let reserve = 128 << 20
  /// Bytes that go to the device together.
  private static let slice = 1 << 20

  /// Opens an empty spool.
  ///
  /// - Parameters:
  ///   - name: What the bytes are, for messages.
  ///   - memoryLimit: The most bytes that may be in memory while there is a disk; by default a third of the
  ///     available memory, because the analysis needs some, too.
  ///   - folder: The folder for a file on the disk, spelled; by default the temporary folder.
  /// - Throws: ``SystemError`` when there is neither memory nor a folder to write to.
  public init(
    of name: String, memoryLimit: Int? = nil, folder: String? = nil
  ) throws(SystemError) {
    self.name = name
    self.memoryLimit = memoryLimit ?? max((availableMemory() ?? 0) / 3, 2 * Self.step)
    self.folder = folder ?? temporaryFolder()
    isFolderChosen = folder != nil
    do throws(Errno) {
      file = try OpenFile(inMemoryAs: "wavfft")
      isInMemory = true
    } catch {
      isInMemory = false
      let disk = try openTemporaryFile()
      behind = WriteBehind(disk.descriptor)
      file = consume disk
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
      do throws(Errno) {
        let count = try systemCall {
          try bytes.extracting(droppingFirst: done).withUnsafeBytes {
            try descriptor.write(toAbsoluteOffset: place, $0)
          }
        }
        done += count
        byteCount += count
        try writeBehind(byteCount)
      } catch {
        throw SystemError(
          error, purpose: purpose,
          remedy: "\(error.remedy.map { "\($0) if there is one, or " } ?? "")\(Self.wayOut)")
      }
    }
  }

  /// Hands what was written to the disk so far to the device, in whole slices.
  private func writeBehind(_ end: Int) throws(Errno) {
    while behind != nil, end - handedOver >= Self.slice {
      try behind?.add(handedOver..<handedOver + Self.slice)
      handedOver += Self.slice
    }
  }

  private var purpose: String { "keep \(readableBytes(byteCount)) of \(name)" }

  private static let wayOut = "save the recording to a file and name that"

  /// Checks that the next step fits, and moves to the disk if it does not fit into memory.
  private func makeRoom() throws(SystemError) {
    let memory = availableMemory() ?? .max
    let hasMemory = memory > Self.reserve + Self.step
    if isInMemory, checkedUpTo >= memoryLimit || !hasMemory,
      moveToDisk(room: checkedUpTo + Self.step)
    {
      checkedUpTo += Self.step
      return
    }
    let disk = freeBytes(in: folder)
    guard isInMemory ? hasMemory : disk > Self.step else {
      throw SystemError(
        .noSpace, purpose: purpose,
        remedy: "\(readableBytes(memory)) of memory are available and \(folder) has "
          + "\(readableBytes(disk)) free; "
          + (isFolderChosen ? "make room there" : "set TMPDIR to a folder on a larger disk")
          + ", or \(Self.wayOut)"
      )
    }
    let next = checkedUpTo + Self.step
    // The last step in memory ends at the limit.
    checkedUpTo = isInMemory && checkedUpTo < memoryLimit ? min(next, memoryLimit) : next
  }

  /// Moves the bytes to a temporary file; false if no disk has `room` bytes free.
  private func moveToDisk(room: Int) -> Bool {
    guard !isMemory(folder), freeBytes(in: folder) > room + Self.step,
      let disk = try? openTemporaryFile()
    else { return false }
    behind = WriteBehind(disk.descriptor)
    handedOver = 0
    var offset = off_t(0)
    while offset < byteCount {
      let rest = min(Self.slice, byteCount - Int(offset))
      let count = sendfile(disk.descriptor.rawValue, descriptor.rawValue, &offset, rest)
      let isInterrupted = count < 0 && Errno.last == .interrupted
      guard count > 0 || isInterrupted, (try? writeBehind(Int(offset))) != nil else {
        behind = nil
        return false
      }
    }
    file = consume disk
    isInMemory = false
    return true
  }

  private func openTemporaryFile() throws(SystemError) -> OpenFile {
    try systemCall(
      "open a temporary file for \(name) in \(folder)",
      remedy: isFolderChosen
        ? "name a folder that you may write to" : "set TMPDIR to a folder that you may write to"
    ) { try OpenFile(temporaryIn: FilePath(spelled: folder)) }
  }
}
