// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import SystemPackage

/// A file that appears under its name complete, or not at all.
///
/// Bytes go to an unnamed file in the same folder. It gets its name when it is complete and on the
/// disk; until then an existing file of that name stays untouched. File systems without unnamed
/// files get a hidden temporary name instead. Anything but a regular file, such as `/dev/null` or a
/// pipe, is written to directly.
public final class OutputFile {
  /// Path as the user gave it, as spelled text.
  public let path: String

  /// Path of the finished file, with links resolved; nil for pipes and the like.
  public var target: FilePath? {
    if isDirect { return nil }
    let resolved = place.resolved
    // A file that is not there yet is in a folder that is.
    guard resolved == place, let name = place.lastComponent else { return resolved }
    return place.folder.resolved.appending(name)
  }

  /// Whether an existing file of that name is an error, instead of being replaced.
  public var mustBeNew = false

  private let place: FilePath
  private let file: OpenFile
  private var temporaryName: FilePath?
  private let isDirect: Bool
  private let owner = getpid()
  /// What was written at offsets and may still be in the page cache; nil if it may stay there.
  private var behind: WriteBehind?
  private var buffer: [UInt8] = []

  private static let flushSize = 1 << 20

  /// Prepares to write; nothing becomes visible yet.
  ///
  /// - Throws: `SystemError` when the folder does not exist or cannot be written to.
  public init(path name: String) throws(SystemError) {
    path = name
    let place = FilePath(spelled: name)
    self.place = place
    let status = try? place.stat()
    if status?.type == .directory {
      throw SystemError(
        .isDirectory, purpose: "write \(name)", remedy: "name a file in that folder")
    }
    if status == nil, (try? place.stat(followTargetSymlink: false)) != nil {
      throw SystemError(
        .noSuchFileOrDirectory, purpose: "write \(name)",
        remedy: "it is a link that leads nowhere; remove it")
    }
    isDirect = status.map { $0.type != .regular } ?? false
    if isDirect {
      file = try systemCall("write \(name)") { try OpenFile(place, .writeOnly) }
      return
    }
    let permissions =
      status.map { $0.permissions.intersection(FilePermissions(rawValue: 0o777)) }
      // The system applies the umask.
      ?? FilePermissions(rawValue: 0o666)
    do throws(Errno) {
      // An unnamed file gets its name through /proc.
      guard exists(Self.openFiles) else { throw .notSupported }
      file = try OpenFile(unnamedIn: place.resolved.folder, permissions: permissions)
      return
    } catch {
      let hidden = Self.hiddenName(beside: place)
      hidden.withPlatformString(shim_note_unfinished)
      do throws(SystemError) {
        file = try systemCall(
          "write \(name)",
          remedy: "\(error.remedy ?? "choose a folder that exists and that you may write to")"
        ) {
          try OpenFile(
            hidden, .readWrite, options: [.create, .exclusiveCreate], permissions: permissions)
        }
      } catch {
        hidden.withPlatformString(shim_forget_unfinished)
        throw error
      }
      temporaryName = hidden
    }
  }

  /// Writes directly to standard output.
  public init(standardOutput: Void) throws(SystemError) {
    path = "stdout"
    place = FilePath("/dev/stdout")
    isDirect = true
    file = try systemCall("write to stdout") {
      OpenFile(owning: try FileDescriptor.standardOutput.duplicate())
    }
  }

  deinit {
    guard getpid() == owner else { return }
    if let temporaryName {
      temporaryName.withPlatformString { _ = unlink($0) }
      temporaryName.withPlatformString(shim_forget_unfinished)
    }
  }

  /// Appends bytes.
  public func write(_ bytes: some Sequence<UInt8>) throws(SystemError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.flushSize { try flush() }
  }

  /// Appends bytes directly, without a copy.
  public func write(_ bytes: RawSpan) throws(SystemError) {
    try flush()
    var done = 0
    while done < bytes.byteCount {
      done += try systemCall("write \(path)", remedy: remedy) {
        try bytes.extracting(droppingFirst: done).withUnsafeBytes {
          try file.descriptor.write($0)
        }
      }
    }
  }

  /// Appends text.
  public func write(_ text: String) throws(SystemError) { try write(text.utf8) }

  /// Whether bytes can be written in any order, also by forked workers.
  public var isSeekable: Bool { !isDirect }

  /// Writes bytes at an offset, in this process or one that inherited the file; the file must be
  /// seekable.
  public func write(_ bytes: RawSpan, at offset: Int) throws(SystemError) {
    var done = 0
    while done < bytes.byteCount {
      done += try systemCall("write \(path)", remedy: remedy) {
        try bytes.extracting(droppingFirst: done).withUnsafeBytes {
          try file.descriptor.write(toAbsoluteOffset: Int64(offset + done), $0)
        }
      }
    }
    if behind != nil {
      do throws(Errno) {
        try behind?.add(offset..<offset + done)
      } catch {
        throw SystemError(error, purpose: "write \(path)", remedy: remedy)
      }
    }
  }

  /// From now on lets what is written at offsets go to the disk at once and leave the page cache.
  ///
  /// For files larger than memory. Each process that inherits the file does so with its own writes.
  public func keepOutOfCache() {
    if isSeekable { behind = WriteBehind(file.descriptor) }
  }

  private var remedy: Sentence? {
    isDirect ? nil : "make room and run again; an older file is still as it was"
  }

  /// Maps a file of at most `byteCount` bytes, which workers fill in any order.
  ///
  /// - Precondition: ``isSeekable``.
  func map(byteCount: Int) throws(SystemError) -> Mapping {
    try truncate(to: byteCount)
    return try systemCall("write \(path)") {
      try Mapping(file.descriptor, byteCount: byteCount, for: .writing)
    }
  }

  /// Allocates a range of a mapped file on the disk.
  func reserve(_ range: Range<Int>) throws(SystemError) {
    try systemCall("write \(path)", remedy: remedy) {
      try allocateBlocks(file.descriptor, range)
    }
  }

  /// Bytes written so far; 0 for pipes and the like.
  public func byteCount() throws(SystemError) -> Int {
    try flush()
    let status = try systemCall("write \(path)") { try file.descriptor.stat() }
    return isDirect ? 0 : Int(status.size)
  }

  /// Reads written bytes from an offset; returns their number, 0 at the end and for pipes.
  public func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemError) -> Int {
    if isDirect { return 0 }
    return try systemCall("read \(path)") {
      try file.descriptor.read(fromAbsoluteOffset: Int64(offset), into: buffer)
    }
  }

  /// Sets the size of the file.
  public func truncate(to byteCount: Int) throws(SystemError) {
    try systemCall("write \(path)", remedy: remedy) {
      try file.descriptor.resize(to: Int64(byteCount))
    }
  }

  /// Writes all remaining bytes to the disk and gives the files their names.
  ///
  /// Without `isSyncing` bytes may still be on their way to the disk: a crash of the system, but
  /// not of the program, can then leave an incomplete file.
  ///
  /// Everything that can take long or fail for lack of space comes first, for all files. Then all
  /// names change within microseconds, with signals blocked. If the program is killed at that
  /// moment, or a name is refused (a file of another user in a folder with the sticky bit), some of
  /// the files have their names and others not, but each is complete.
  ///
  /// - Parameters:
  ///   - files: The outputs.
  ///   - isSyncing: Whether to wait for the disk.
  ///   - isLast: Whether these are all outputs of the program: a signal that ends it later then
  ///     reports that the outputs are complete.
  /// - Throws: `SystemError`; when the disk is full, existing files are unchanged.
  public static func commit(
    _ files: [OutputFile], isSyncing: Bool = true, isLast: Bool = true
  ) throws(SystemError) {
    try complete(files, isSyncing: isSyncing)
    var all = sigset_t()
    var previous = sigset_t()
    sigfillset(&all)
    sigprocmask(SIG_SETMASK, &all, &previous)
    defer { sigprocmask(SIG_SETMASK, &previous, nil) }
    for file in files { try file.takeName() }
    if isLast { shim_note_outputs_complete() }
  }

  /// Writes all remaining bytes to the disk, which ``commit(_:isSyncing:isLast:)`` does, too: for what is to be looked
  /// at right before files get their names.
  public static func complete(_ files: [OutputFile], isSyncing: Bool = true) throws(SystemError) {
    for file in files { try file.complete(isSyncing: isSyncing) }
  }

  /// Writes all remaining bytes to the disk.
  private func complete(isSyncing: Bool) throws(SystemError) {
    try flush()
    if isSyncing, !isDirect {
      try systemCall("write \(path)", remedy: remedy) { fsync(file.descriptor.rawValue) }
    }
  }

  /// Gives the file its name, and replaces an existing file of that name.
  private func takeName() throws(SystemError) {
    if isDirect { return }
    let target = place.resolved
    if temporaryName == nil {
      if link(to: target) == 0 { return }
      guard Errno.last == .fileExists, !mustBeNew else {
        throw SystemError(.last, purpose: "write \(path)")
      }
      // An unnamed file cannot replace another directly: it gets a hidden name for a moment.
      let name = Self.hiddenName(beside: target)
      name.withPlatformString(shim_note_unfinished)
      temporaryName = name
      try systemCall("write \(path)") { link(to: name) }
    }
    guard let temporaryName else { return }
    try systemCall("write \(path)") {
      try temporaryName.withPlatformString { name in
        try target.withPlatformString { target in
          // A rename replaces an existing file, a hard link does not; but some file systems have no
          // hard links.
          if mustBeNew, Glibc.link(name, target) == 0 {
            unlink(name)
          } else if mustBeNew, Errno.last == .fileExists {
            throw Errno.fileExists
          } else if rename(name, target) != 0 {
            throw Errno.last
          }
        }
      }
    }
    self.temporaryName = nil
    temporaryName.withPlatformString(shim_forget_unfinished)
  }

  private func link(to name: FilePath) -> Int32 {
    name.withPlatformString {
      linkat(
        AT_FDCWD, "\(Self.openFiles)/\(file.descriptor.rawValue)", AT_FDCWD, $0, AT_SYMLINK_FOLLOW)
    }
  }

  /// The folder with links to the open files of this process.
  private static let openFiles = "/proc/self/fd"

  private func flush() throws(SystemError) {
    guard !buffer.isEmpty else { return }
    let bytes = buffer
    buffer.removeAll()
    try systemCall("write \(path)", remedy: remedy) { _ = try file.descriptor.writeAll(bytes) }
  }

  /// Whether two paths name the same existing file.
  public static func isSameFile(_ first: String, _ second: String) -> Bool {
    guard let first = try? status(of: first), let second = try? status(of: second) else {
      return false
    }
    return first.inode == second.inode && first.deviceID == second.deviceID
  }

  private static func hiddenName(beside path: FilePath) -> FilePath {
    let target = path.resolved
    let random = String(UInt32.random(in: .min ... .max), radix: 36)
    // The target's name may already have the greatest possible length.
    let stem = target.lastComponent?.bytes.prefix(200) ?? []
    let name = [UInt8(ascii: ".")] + stem + ".\(getpid()).\(random)".utf8
    return FilePath.Component(bytes: name).map(target.folder.appending) ?? target
  }
}
