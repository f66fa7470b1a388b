// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// A system call that failed, and its purpose.
public struct SystemError: ExplainedError {
  /// Why the kernel refused the call.
  public let errno: Errno
  /// The purpose of the call, in the infinitive: "map 12 bytes of shared memory".
  public let purpose: String
  /// What the user can do about it, as a clause; nil if there is nothing.
  public let remedy: Sentence?
  /// Always ``ErrorKind/system``.
  public var kind: ErrorKind { .system }

  /// Describes a failure.
  public init(_ errno: Errno, purpose: String, remedy: Sentence? = nil) {
    self.errno = errno
    self.purpose = purpose
    self.remedy = remedy
  }

  /// One sentence: what could not be done, why, and the remedy.
  public var sentence: Sentence {
    "could not \(purpose): \(errno)" + (remedy.map { "; \($0)" } ?? "")
  }
}

extension Errno {
  /// The error of the last system call of this thread.
  public static var last: Errno { Errno(rawValue: Glibc.errno) }

  /// How to raise the limit that a system call has met, as a clause; nil if it has met none.
  public var remedy: String? {
    switch self {
    case .fileTooLarge: "raise the limit on file sizes (ulimit -f)"
    case .tooManyOpenFiles: "raise the limit on open files (ulimit -n)"
    case .tooManyOpenFilesInSystem:
      "end other programs, or let the system open more files (fs.file-max)"
    default: nil
    }
  }
}

/// Allocates a range of a file on the disk, so that writing to it cannot run out of space.
public func allocateBlocks(_ file: FileDescriptor, _ range: Range<Int>) throws(Errno) {
  while true {
    // It returns the error that other calls store in errno.
    let code = posix_fallocate(file.rawValue, off_t(range.lowerBound), off_t(range.count))
    if code == 0 { return }
    if code != EINTR { throw Errno(rawValue: code) }
  }
}

/// Runs a call of swift-system, whose errors are all `Errno`.
public func systemCall<Result: ~Copyable>(
  _ calls: () throws -> Result
) throws(Errno) -> Result {
  do {
    return try calls()
  } catch let error as Errno {
    throw error
  } catch {
    preconditionFailure("a system call failed without an errno: \(error)")
  }
}

/// The same, with a purpose for the error.
public func systemCall<Result: ~Copyable>(
  _ purpose: @autoclosure () -> String, remedy: @autoclosure () -> Sentence? = nil,
  _ calls: () throws -> Result
) throws(SystemError) -> Result {
  do throws(Errno) {
    return try systemCall(calls)
  } catch {
    throw SystemError(error, purpose: purpose(), remedy: remedy())
  }
}

/// Runs a system call that returns -1 on failure; repeats it when a signal interrupts it.
///
/// - Throws: ``SystemError`` with the `errno` of the call.
@discardableResult
public func systemCall<Result: SignedInteger>(
  _ purpose: @autoclosure () -> String, remedy: @autoclosure () -> Sentence? = nil,
  _ call: () -> Result
) throws(SystemError) -> Result {
  while true {
    let result = call()
    if result != -1 { return result }
    let errno = Errno.last
    if errno != .interrupted {
      throw SystemError(errno, purpose: purpose(), remedy: remedy())
    }
  }
}
