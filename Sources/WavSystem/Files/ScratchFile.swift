// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import Synchronization
import SystemPackage
import WavStages

/// An unnamed file for what does not fit into memory, written and read by all processes that inherit it.
///
/// Its room is reserved when it is opened. The system removes it with the last process that has it open,
/// however that process ends. Written pages go to the device at once, and pages that were written or read
/// leave the page cache: each writing process keeps at most ``bytesBehind`` there, and the pages of other
/// files remain.
public final class ScratchFile: Scratch {
  /// Size in bytes.
  public let byteCount: Int
  /// The folder that has the file, spelled.
  public let folder: String
  /// The most bytes of the page cache that a writing process takes.
  public static let bytesBehind = WriteBehind.mostBytes

  /// What all processes have written.
  public let writes: TransferMeter
  /// What all processes have read.
  public let reads: TransferMeter

  let file: OpenFile
  /// What this process has written; a forked process continues with a copy.
  private let behind: Mutex<WriteBehind>

  /// Bytes that one call writes, and that leave the cache together.
  private static let slice = 1 << 20
  /// Bytes that one call announces: of longer ranges the kernel may read the beginning only.
  private static let announcement = 128 << 10

  /// Opens a file of `byteCount` > 0 bytes, before workers are forked.
  ///
  /// - Parameters:
  ///   - byteCount: Its size.
  ///   - folder: A folder, spelled, such as ``ScratchFolder`` chooses.
  /// - Throws: ``SystemError`` when the folder has no room, or no files can be made there.
  public init(byteCount: Int, in folder: String) throws(SystemError) {
    precondition(byteCount > 0, "a scratch file has at least one byte")
    do throws(Errno) {
      file = try OpenFile(temporaryIn: FilePath(spelled: folder))
    } catch {
      throw SystemError(
        error, purpose: "make a file in \(folder)",
        remedy: error.remedy.map { "\($0)" }
          ?? "set TMPDIR to a folder that you may write to, or name one with \(.scratchFolder)")
    }
    let free = freeBytes(in: folder)
    do throws(Errno) {
      if byteCount > free { throw .noSpace }
      try reserveBlocks(file.descriptor, byteCount)
    } catch {
      throw shortage(
        of: error, in: folder, free: free,
        purpose: "reserve \(readableBytes(byteCount)) in \(folder)")
    }
    // Without this the kernel reads beyond the end of a piece, but the next piece is elsewhere.
    posix_fadvise(file.descriptor.rawValue, 0, 0, POSIX_FADV_RANDOM)
    self.byteCount = byteCount
    self.folder = folder
    writes = try TransferMeter()
    reads = try TransferMeter()
    behind = Mutex(WriteBehind(file.descriptor))
  }

  /// Writes bytes at an offset.
  ///
  /// Fastest with pieces of a megabyte or more that begin and end at multiples of a page.
  ///
  /// - Throws: ``SystemError`` if the device fails, or if there is no room: reserved room may be missing
  ///   on file systems that copy on write. The error may come from a later call, or in another process.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(SystemError) {
    precondition(offset >= 0 && offset + bytes.count <= byteCount, "range of the scratch file")
    let start = ContinuousClock.now
    defer { writes.add(bytes: bytes.count, ContinuousClock.now - start) }
    do throws(Errno) {
      var place = offset
      while place < offset + bytes.count {
        let end = min(offset + bytes.count, (place / Self.slice + 1) * Self.slice)
        try writeAll(UnsafeRawBufferPointer(rebasing: bytes[place - offset..<end - offset]), place)
        let slice = place..<end
        try behind.withLock { state throws(Errno) in try state.add(slice) }
        place = end
      }
    } catch {
      throw writingFailed(error)
    }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer, _ offset: Int) throws(Errno) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let place = Int64(offset + done)
      // Repeats what signals interrupt.
      let count = try systemCall { try file.descriptor.write(toAbsoluteOffset: place, rest) }
      guard count > 0 else { throw .ioError }
      done += count
    }
  }

  /// Reads bytes that were written before.
  ///
  /// - Throws: ``SystemError`` when the device fails.
  public func read(
    into bytes: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemError) {
    precondition(offset >= 0 && offset + bytes.count <= byteCount, "range of the scratch file")
    let start = ContinuousClock.now
    defer { reads.add(bytes: bytes.count, ContinuousClock.now - start) }
    do throws(Errno) {
      var done = 0
      while done < bytes.count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
        let place = Int64(offset + done)
        let count = try systemCall {
          try file.descriptor.read(fromAbsoluteOffset: place, into: rest)
        }
        guard count > 0 else { throw .ioError }
        done += count
      }
    } catch {
      throw SystemError(
        error, purpose: "read what was written to a file in \(folder)",
        remedy: "set TMPDIR to a folder on another disk, or name one with \(.scratchFolder)")
    }
    forget(wholePages(around: offset..<offset + bytes.count), of: file.descriptor)
  }

  /// Announces that a range will be read soon, so that the device can begin.
  public func announce(_ range: Range<Int>) {
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.announcement) {
      let count = min(Self.announcement, range.upperBound - start)
      posix_fadvise(file.descriptor.rawValue, off_t(start), off_t(count), POSIX_FADV_WILLNEED)
    }
  }

  /// Waits until everything that any process has written is on the device, and out of the page cache.
  ///
  /// The coordinator calls it when all workers have finished. An error of the device that no call has
  /// reported yet is thrown here.
  ///
  /// - Throws: ``SystemError`` as writing does.
  public func settle() throws(SystemError) {
    do throws(Errno) {
      try behind.withLock { state throws(Errno) in try state.settle() }
    } catch {
      throw writingFailed(error)
    }
    // Also what the other processes wrote last.
    forget(0..<byteCount, of: file.descriptor)
  }

  private func writingFailed(_ error: Errno) -> SystemError {
    shortage(
      of: error, in: folder, free: freeBytes(in: folder),
      purpose: "write to a file of \(readableBytes(byteCount)) in \(folder)")
  }
}

/// The error for a file without room, or on a device that fails.
private func shortage(
  of reason: Errno, in folder: String, free: Int, purpose: String
) -> SystemError {
  switch reason {
  case .noSpace, .diskQuotaExceeded:
    SystemError(
      reason, purpose: purpose,
      remedy: (reason == .noSpace ? "\(readableBytes(free)) are free there; " : "")
        + "set TMPDIR to a folder on a larger disk, or name one with \(.scratchFolder), or allow more memory with "
        + "\(.memory)")
  case .fileTooLarge:
    // By the limit of this process, or by that of the file system.
    SystemError(
      reason, purpose: purpose,
      remedy: (ProcessLimits().fileSize == nil
        ? "set TMPDIR to a folder whose file system takes larger files, or name one with \(.scratchFolder)"
        : "\(reason.remedy ?? "")") + ", or allow more memory with \(.memory)")
  default:
    SystemError(
      reason, purpose: purpose,
      remedy: "set TMPDIR to a folder on another disk, or name one with \(.scratchFolder)")
  }
}

/// Reserves the first bytes of a file where the file system can, and sets its size.
///
/// Not `posix_fallocate`, which writes to every block where the file system cannot.
private func reserveBlocks(_ file: FileDescriptor, _ byteCount: Int) throws(Errno) {
  while shim_reserve(file.rawValue, Int64(byteCount)) != 0 {
    switch Errno.last {
    case .interrupted: continue
    case .notSupported, .noFunction:
      try systemCall { try file.resize(to: Int64(byteCount)) }
      return
    case let error: throw error
    }
  }
}

extension OpenFile {
  /// Opens a new file without a name, on any file system that can be written to.
  ///
  /// Where the file system has no unnamed files the file has a name for an instant, while signals are
  /// blocked.
  init(temporaryIn folder: FilePath) throws(Errno) {
    do throws(Errno) {
      try self.init(unnamedIn: folder, permissions: .ownerReadWrite)
    } catch {
      // The last is what some network file systems say.
      guard [.notSupported, .isDirectory, .noFunction, .invalidArgument].contains(error) else {
        throw error
      }
      try self.init(namedForAnInstantIn: folder)
    }
  }

  /// The same for a file system without unnamed files.
  init(namedForAnInstantIn folder: FilePath) throws(Errno) {
    var all = sigset_t()
    var previous = sigset_t()
    sigfillset(&all)
    sigprocmask(SIG_SETMASK, &all, &previous)
    defer { sigprocmask(SIG_SETMASK, &previous, nil) }
    let name = ".wavfft.\(getpid()).\(String(UInt64.random(in: .min ... .max), radix: 36))"
    let path = folder.appending(name)
    try self.init(
      path, .readWrite, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
    path.withPlatformString { _ = unlink($0) }
  }
}
