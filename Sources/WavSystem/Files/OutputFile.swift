// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc

/// A file that appears under its name complete, or not at all.
///
/// Bytes go to an unnamed file in the same folder, which gets its name only when it is finished and
/// on the disk; an existing file stays untouched until then. Where the file system knows no unnamed
/// files a hidden temporary name is used. Anything that is not a regular file, such as `/dev/null`
/// or a pipe, is written to directly.
public final class OutputFile {
  /// Path as the user gave it.
  public let path: String

  /// Where the file is going to be, whatever links lead there; nil for pipes and the like.
  public var target: String? {
    guard !isDirect else { return nil }
    return Self.resolved(Self.folder(of: path)) + "/" + Self.name(of: path)
  }

  /// Whether a file that has the name by then is an error instead of being replaced.
  public var mustBeNew = false

  private let descriptor: Int32
  private var temporaryName: String?
  private let isDirect: Bool
  private let owner = getpid()
  private var buffer: [UInt8] = []

  private static let flushSize = 1 << 20

  /// Prepares to write; nothing is visible yet.
  ///
  /// - Throws: `SystemError` when the folder does not exist or cannot be written to.
  public init(path: String) throws(SystemError) {
    self.path = path
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      throw SystemError(
        code: EISDIR, purpose: "write \(path)", remedy: "name a file in that folder")
    }
    if !exists, lstat(path, &status) == 0 {
      throw SystemError(
        code: ENOENT, purpose: "write \(path)", remedy: "it is a link that leads nowhere; remove it"
      )
    }
    isDirect = exists && status.st_mode & S_IFMT != S_IFREG
    if isDirect {
      descriptor = try systemCall("write \(path)") { open(path, O_WRONLY | O_CLOEXEC) }
      return
    }
    let folder = Self.folder(of: path)
    let mask = umask(0)
    umask(mask)
    let mode = exists ? status.st_mode & 0o777 : 0o666 & ~mask
    let unnamed = shim_open_unnamed(folder, mode)
    if unnamed >= 0 {
      descriptor = unnamed
      return
    }
    let name = Self.hiddenName(beside: path)
    shim_note_unfinished(name)
    do {
      descriptor = try systemCall(
        "write \(path)",
        remedy: [EMFILE, ENFILE].contains(errno)
          ? "raise the limit on open files (ulimit -n)"
          : "choose a folder that exists and that you may write to"
      ) { open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode) }
    } catch {
      shim_forget_unfinished(name)
      throw error
    }
    temporaryName = name
  }

  /// Writes straight to standard output, whatever it is connected to.
  public init(standardOutput: Void) throws(SystemError) {
    path = "stdout"
    isDirect = true
    descriptor = try systemCall("write to stdout") { dup(STDOUT_FILENO) }
  }

  deinit {
    guard getpid() == owner else { return }
    if let temporaryName {
      unlink(temporaryName)
      shim_forget_unfinished(temporaryName)
    }
    close(descriptor)
  }

  /// Appends bytes.
  public func write(_ bytes: some Sequence<UInt8>) throws(SystemError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.flushSize { try flush() }
  }

  /// Appends bytes at once, without a copy.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    try flush()
    var done = 0
    while done < bytes.count {
      done += try systemCall("write \(path)", remedy: remedy) {
        Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      }
    }
  }

  /// Appends text.
  public func write(_ text: String) throws(SystemError) { try write(text.utf8) }

  /// Whether bytes can be written in any order, also by forked workers.
  public var hasPlaces: Bool { !isDirect }

  /// Writes bytes to a place, in any process that inherited the file; not for pipes and the like.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      done += try systemCall("write \(path)", remedy: remedy) {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
        return pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      }
    }
  }

  private var remedy: String {
    isDirect ? "" : "make room and run again; an older file is still as it was"
  }

  /// Maps a file of at most `byteCount` bytes, to be filled by workers in any order.
  ///
  /// - Precondition: ``hasPlaces``.
  func map(byteCount: Int) throws(SystemError) -> UnsafeMutableRawPointer {
    try truncate(to: byteCount)
    let base = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let base, base != MAP_FAILED else {
      throw SystemError(code: errno, purpose: "write \(path)")
    }
    return base
  }

  /// Makes sure that there is room on the disk for a range of a mapped file.
  func reserve(_ range: Range<Int>) throws(SystemError) {
    let code = allocateBlocks(descriptor, range)
    if code != 0 { throw SystemError(code: code, purpose: "write \(path)", remedy: remedy) }
  }

  /// Bytes written so far; 0 for pipes and the like.
  public func byteCount() throws(SystemError) -> Int {
    try flush()
    var status = stat()
    try systemCall("write \(path)") { fstat(descriptor, &status) }
    return isDirect ? 0 : Int(status.st_size)
  }

  /// Reads what was written, from an offset on; answers the number of bytes, 0 at the end and for pipes.
  public func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemError) -> Int {
    if isDirect { return 0 }
    return try systemCall("read \(path)") {
      pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
    }
  }

  /// Sets the size of the file.
  public func truncate(to byteCount: Int) throws(SystemError) {
    try systemCall("write \(path)", remedy: remedy) {
      ftruncate(descriptor, off_t(byteCount))
    }
  }

  /// Writes what is left to the disk and gives the files their names.
  ///
  /// Without `isSyncing` the bytes may still be on their way to the disk: a crash of the system, not
  /// one of the program, can then leave a file short.
  ///
  /// All that can be long or fail for want of room comes first, for all files; then the names change,
  /// within microseconds, while signals are held back. Should the program be killed just then, or a
  /// name be refused (a file of somebody else in a folder with the sticky bit), some files are
  /// there and others not, each of them complete.
  ///
  /// - Parameters:
  ///   - files: The outputs.
  ///   - isSyncing: Whether to wait for the disk.
  ///   - isLast: Whether these are all that the program is asked for: a signal that ends it later says
  ///     that the outputs are complete.
  /// - Throws: `SystemError`; when the disk is full, files that were there are still as they were.
  public static func commit(
    _ files: [OutputFile], isSyncing: Bool = true, isLast: Bool = true
  ) throws(SystemError) {
    for file in files { try file.complete(isSyncing: isSyncing) }
    var all = sigset_t()
    var previous = sigset_t()
    sigfillset(&all)
    sigprocmask(SIG_SETMASK, &all, &previous)
    defer { sigprocmask(SIG_SETMASK, &previous, nil) }
    for file in files { try file.takeName() }
    if isLast { shim_note_outputs_complete() }
  }

  /// Writes what is left to the disk.
  private func complete(isSyncing: Bool) throws(SystemError) {
    try flush()
    if isSyncing, !isDirect {
      try systemCall("write \(path)", remedy: remedy) { fsync(descriptor) }
    }
  }

  /// Gives the file its name; one that has that name is replaced.
  private func takeName() throws(SystemError) {
    if isDirect { return }
    let target = Self.resolved(path)
    if temporaryName == nil {
      if link(to: target) == 0 { return }
      guard errno == EEXIST, !mustBeNew else {
        throw SystemError(code: errno, purpose: "write \(path)")
      }
      // An unnamed file cannot replace another directly: it gets a hidden name for an instant.
      let name = Self.hiddenName(beside: target)
      shim_note_unfinished(name)
      temporaryName = name
      try systemCall("write \(path)") { link(to: name) }
    }
    guard let name = temporaryName else { return }
    // A rename replaces; a second name does not. Some file systems have no second names.
    if mustBeNew, Glibc.link(name, target) == 0 {
      unlink(name)
    } else if mustBeNew, errno == EEXIST {
      throw SystemError(code: EEXIST, purpose: "write \(path)")
    } else {
      try systemCall("write \(path)") { rename(name, target) }
    }
    temporaryName = nil
    shim_forget_unfinished(name)
  }

  private func link(to name: String) -> Int32 {
    linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW)
  }

  private func flush() throws(SystemError) {
    guard !buffer.isEmpty else { return }
    let bytes = buffer
    buffer.removeAll()
    var done = 0
    while done < bytes.count {
      done += try systemCall("write \(path)", remedy: remedy) {
        bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      }
    }
  }

  /// Whether two paths name the same existing file.
  public static func isSameFile(_ first: String, _ second: String) -> Bool {
    var (a, b) = (stat(), stat())
    return stat(first, &a) == 0 && stat(second, &b) == 0 && a.st_ino == b.st_ino
      && a.st_dev == b.st_dev
  }

  /// The file behind a symbolic link, so that the link stays.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func folder(of path: String) -> String {
    let target = resolved(path)
    guard let slash = target.lastIndex(of: "/") else { return "." }
    return slash == target.startIndex ? "/" : String(target[..<slash])
  }

  /// Name, without the folder, of the file behind a path.
  private static func name(of path: String) -> String {
    lastComponent(of: resolved(path))
  }

  private static func hiddenName(beside path: String) -> String {
    let random = String(UInt32.random(in: .min ... .max), radix: 36)
    // The name may be as long as names can be.
    let stem = String(decoding: name(of: path).utf8.prefix(200), as: UTF8.self)
    return "\(folder(of: path))/.\(stem).\(getpid()).\(random)"
  }
}
