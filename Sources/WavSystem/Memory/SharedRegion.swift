// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import Synchronization
import SystemPackage
import WavStages

/// Memory that this process shares with the workers it forks, released with its owner.
///
/// The region is POSIX shared memory. Its name is removed as soon as it is open: forked processes
/// inherit the mapping and need no name, so nothing can remain in `/dev/shm`, however the program
/// ends. If `/dev/shm` is missing, read-only or too small, a memory file is used (`memfd_create`),
/// then an unnamed file in the temporary folder.
///
/// Regions are reserved when they are opened, except for large ones that workers fill: they are
/// reserved piece by piece, in parallel (``SharedPages/reserve(_:)``). Either way pages are
/// allocated before they are touched, so that a full `/dev/shm` is an error and not a bus error.
public struct SharedRegion: ~Copyable, Sendable {
  /// The pages, as a view that closures and workers may keep as long as the region lives.
  public let pages: SharedPages
  /// The kind of memory that holds the pages.
  public let backing: MemoryBacking
  /// Number of bytes mapped, at least that of the pages.
  private let capacity: Int
  private let owner: pid_t

  /// Piecewise regions up to this size are reserved at once, too.
  private static let smallSize = 16 << 20

  /// Opens a zero-filled region of `byteCount` > 0 bytes.
  ///
  /// - Throws: ``SystemError`` when no kind of memory is large enough.
  public init(
    byteCount: Int, purpose: String, access: RegionNeed.Access = .inPlace
  ) throws(SystemError) {
    precondition(byteCount > 0, "a shared region has at least one byte")
    if let spare = SpareRegions.take(byteCount) {
      pages = SharedPages(base: spare.base, byteCount: byteCount, descriptor: spare.descriptor)
      backing = spare.backing
      capacity = spare.capacity
      owner = getpid()
      return
    }
    let isReserved = access == .inPlace || byteCount <= Self.smallSize
    var backing = MemoryBacking.posixSharedMemory
    let file = try Self.open(byteCount, purpose, isReserved: isReserved, &backing)
    let base = mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor.rawValue, 0)
    guard let base, base != MAP_FAILED else {
      throw Self.unmapped(byteCount, purpose, .last)
    }
    self.pages = SharedPages(base: base, byteCount: byteCount, descriptor: file.release())
    self.backing = backing
    self.capacity = byteCount
    self.owner = getpid()
    MemoryUse.add(byteCount, of: backing)
  }

  deinit {
    // A forked child that unwinds must not release what belongs to its parent.
    guard getpid() == owner else { return }
    let memory = SpareRegions.Spare(
      base: pages.base, capacity: capacity, descriptor: pages.descriptor, backing: backing)
    if !SpareRegions.give(memory) { Self.release(memory) }
  }

  /// Returns memory to the system.
  static func release(_ memory: SpareRegions.Spare) {
    MemoryUse.add(-memory.capacity, of: memory.backing)
    munmap(memory.base, memory.capacity)
    try? memory.descriptor.close()
  }

  /// The error of a process that has no address space for memory.
  static func unmapped(_ byteCount: Int, _ purpose: String, _ reason: Errno) -> SystemError {
    SystemError(
      reason, purpose: "map \(readableBytes(byteCount)) of memory for \(purpose)",
      remedy: "raise the limit on address space (ulimit -v), or \(needingLess)")
  }

  /// Remedies that need less memory.
  private static let needingLess: Sentence =
    "analyse a part with \(.duration), or use \(.parts) or \(.singlePrecision)"

  /// Opens the first kind of memory that has space for the region beside the regions already open;
  /// returns its kind, too.
  private static func open(
    _ byteCount: Int, _ purpose: String, isReserved: Bool, _ backing: inout MemoryBacking
  ) throws(SystemError) -> OpenFile {
    let use = MemoryUse.now
    let available = AvailableMemory.now(
      promised: use.byteCount(of: .posixSharedMemory) + use.byteCount(of: .memoryFile))
    let fitsMemory = byteCount <= available?.byteCount ?? .max
    if fitsMemory {
      if let file = openSharedMemory() {
        let free = freeBytes(in: "/dev/shm") - use.byteCount(of: .posixSharedMemory)
        if free >= byteCount, hasSize(file, byteCount, isReserved) {
          backing = .posixSharedMemory
          return file
        }
      }
      if let file = try? OpenFile(inMemoryAs: "wavfft"), hasSize(file, byteCount, isReserved) {
        backing = .memoryFile
        return file
      }
    }
    backing = .temporaryFile
    return try openTemporaryFile(
      byteCount, use.byteCount(of: .temporaryFile), fitsMemory ? nil : available, purpose,
      isReserved)
  }

  /// Opens an unnamed file in the temporary folder.
  ///
  /// If it does not fit, the error tells the free space everywhere; `shortage` is the available
  /// memory if the region does not fit into memory.
  private static func openTemporaryFile(
    _ byteCount: Int, _ bytesInUse: Int, _ shortage: AvailableMemory?, _ purpose: String,
    _ isReserved: Bool
  ) throws(SystemError) -> OpenFile {
    let folder = temporaryFolder()
    let isMemory = isMemory(folder)
    let free = max(0, freeBytes(in: folder) - bytesInUse)
    let reason: Errno
    do throws(Errno) {
      let file = try OpenFile(unnamedIn: FilePath(spelled: folder), permissions: .ownerReadWrite)
      if free < byteCount || (isMemory && shortage != nil) { throw .noSpace }
      try setSize(of: file, byteCount, isReserved)
      return file
    } catch {
      reason = error
    }
    let memory =
      shortage.map { "\(readableBytes($0.byteCount)) are available \($0.bound)" }
      ?? "/dev/shm has \(readableBytes(freeBytes(in: "/dev/shm"))) free"
    let disk =
      isMemory
      ? "\(folder) is memory, too" : "\(folder) has \(readableBytes(free)) free for a file"
    throw SystemError(
      reason, purpose: "reserve \(readableBytes(byteCount)) of memory for \(purpose)",
      remedy: reason.remedy.map { "\($0)" }
        ?? "\(memory) and \(disk); set TMPDIR to a folder on a larger disk, or \(needingLess)")
  }

  /// A new POSIX shared memory object whose name is already removed; nil if the system has none.
  private static func openSharedMemory() -> OpenFile? {
    for attempt in 0..<16 {
      let name = "/wavfft.\(getpid()).\(attempt).\(UInt32.random(in: .min ... .max))"
      let descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
      if descriptor >= 0 {
        shm_unlink(name)
        return OpenFile(owning: FileDescriptor(rawValue: descriptor))
      }
      if Errno.last != .fileExists { return nil }
    }
    return nil
  }

  /// Sets the size of the file of a region, and reserves it if asked to.
  private static func setSize(
    of file: borrowing OpenFile, _ byteCount: Int, _ isReserved: Bool
  ) throws(Errno) {
    let descriptor = file.descriptor
    if isReserved { return try allocateBlocks(descriptor, 0..<byteCount) }
    try systemCall { try descriptor.resize(to: Int64(byteCount)) }
  }

  private static func hasSize(
    _ file: borrowing OpenFile, _ byteCount: Int, _ isReserved: Bool
  ) -> Bool {
    (try? setSize(of: file, byteCount, isReserved)) != nil
  }
}

/// A view of the pages of a ``SharedRegion``; valid while the region lives.
public struct SharedPages: @unchecked Sendable {
  /// The first byte; page-aligned.
  public let base: UnsafeMutableRawPointer
  /// Size in bytes.
  public let byteCount: Int
  fileprivate let descriptor: FileDescriptor
  private let reserved = ReservedRanges()

  fileprivate init(base: UnsafeMutableRawPointer, byteCount: Int, descriptor: FileDescriptor) {
    self.base = base
    self.byteCount = byteCount
    self.descriptor = descriptor
  }

  /// Allocates the pages of a range of bytes before they are written to.
  ///
  /// Several processes may reserve different ranges at the same time.
  ///
  /// - Throws: ``SystemError`` (`ENOSPC`) when the memory is used up.
  public func reserve(_ range: Range<Int>) throws(SystemError) {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "range of the region")
    guard !reserved.contain(range) else { return }
    let page = 4096
    let start = range.lowerBound / page * page
    try systemCall(
      "reserve \(readableBytes(byteCount)) of shared memory",
      remedy: "something else used up the memory meanwhile; make room and run again"
    ) { try allocateBlocks(descriptor, start..<range.upperBound) }
    shim_populate_for_writing(base + start, range.upperBound - start)
    reserved.insert(range)
  }

  /// The elements of one type from a byte offset on, which must be aligned for that type.
  public func pointer<Element>(
    at offset: Int = 0, to type: Element.Type
  ) -> UnsafeMutablePointer<Element> {
    (base + offset).assumingMemoryBound(to: type)
  }
}

/// The ranges that this process has already reserved.
///
/// An engine that is reused reserves the same ranges again, and the system would check each of
/// their pages (measured for a batch of recordings of 441,000 samples: a tenth of its processor
/// time).
private final class ReservedRanges: Sendable {
  private let ranges = Mutex<Set<Range<Int>>>([])

  func contain(_ range: Range<Int>) -> Bool { ranges.withLock { $0.contains(range) } }

  func insert(_ range: Range<Int>) { ranges.withLock { _ = $0.insert(range) } }
}
