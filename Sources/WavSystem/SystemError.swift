// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// A system call that the kernel refused, with what it was wanted for.
public struct SystemError: Error, CustomStringConvertible, Sendable {
  /// Why the kernel refused.
  public let errno: Errno
  /// What was being done, in the infinitive: "map 12 bytes of shared memory".
  public let purpose: String
  /// What the user can do about it, as a clause; empty if nothing in particular.
  public let remedy: String
  /// What else can be done, if the program offers it.
  public let remedies: Remedies

  /// Describes a failure.
  public init(_ errno: Errno, purpose: String, remedy: String = "", or remedies: Remedies = []) {
    self.errno = errno
    self.purpose = purpose
    self.remedy = remedy
    self.remedies = remedy.isEmpty ? remedies : remedies.union(.afterAnother)
  }

  /// One sentence: what could not be done, why, and the way out that needs no option.
  public var description: String {
    "could not \(purpose): \(errno)" + (remedy.isEmpty ? "" : "; \(remedy)")
  }
}

extension Errno {
  /// What the last system call of this thread left.
  public static var last: Errno { Errno(rawValue: Glibc.errno) }
}

/// Allocates the blocks of a range of a file, so that writing to it cannot run out of room.
public func allocateBlocks(_ file: FileDescriptor, _ range: Range<Int>) throws(Errno) {
  while true {
    // It answers what other calls leave in errno.
    let code = posix_fallocate(file.rawValue, off_t(range.lowerBound), off_t(range.count))
    if code == 0 { return }
    if code != EINTR { throw Errno(rawValue: code) }
  }
}

/// Runs calls of swift-system, whose only errors are those of the kernel.
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

/// The same, for a purpose.
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

/// Runs a system call that answers -1 for failure; repeats it when a signal interrupted it.
///
/// - Throws: ``SystemError`` carrying the `errno` of the call.
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
