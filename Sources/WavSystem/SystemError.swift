// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// A system call that failed, and its purpose.
public struct SystemError: Error, CustomStringConvertible, Sendable {
  /// Why the kernel refused the call.
  public let errno: Errno
  /// The purpose of the call, in the infinitive: "map 12 bytes of shared memory".
  public let purpose: String
  /// What the user can do about it, as a clause; may be empty.
  public let remedy: String
  /// Further remedies, for the program to put into words.
  public let remedies: Remedies

  /// Describes a failure.
  public init(_ errno: Errno, purpose: String, remedy: String = "", or remedies: Remedies = []) {
    self.errno = errno
    self.purpose = purpose
    self.remedy = remedy
    self.remedies = remedy.isEmpty ? remedies : remedies.union(.afterAnother)
  }

  /// One sentence: what could not be done, why, and the remedy that needs no option.
  public var description: String {
    "could not \(purpose): \(errno)" + (remedy.isEmpty ? "" : "; \(remedy)")
  }
}

extension Errno {
  /// The error of the last system call of this thread.
  public static var last: Errno { Errno(rawValue: Glibc.errno) }
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
  _ purpose: @autoclosure () -> String, remedy: @autoclosure () -> String = "",
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
  _ purpose: @autoclosure () -> String, remedy: @autoclosure () -> String = "",
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
