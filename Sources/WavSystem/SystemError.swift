// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// A system call that the kernel refused, with what it was wanted for.
public struct SystemError: Error, CustomStringConvertible, Sendable {
  /// The `errno` that the call left.
  public let code: Int32
  /// What was being done, in the infinitive: "map 12 bytes of shared memory".
  public let purpose: String
  /// What the user can do about it, as a clause; empty if nothing in particular.
  public let remedy: String

  /// Describes a failure; `code` is an `errno` value.
  public init(code: Int32, purpose: String, remedy: String = "") {
    self.code = code
    self.purpose = purpose
    self.remedy = remedy
  }

  /// One sentence: what could not be done, why, and the way out.
  public var description: String {
    let reason = String(cString: strerror(code))
    return "could not \(purpose): \(reason)" + (remedy.isEmpty ? "" : "; \(remedy)")
  }
}

/// Allocates the blocks of a range of a file, so that writing to it cannot run out of room.
///
/// - Returns: 0, or the `errno` that says why not.
public func allocateBlocks(_ descriptor: Int32, _ range: Range<Int>) -> Int32 {
  var code = EINTR
  while code == EINTR {
    code = posix_fallocate(descriptor, off_t(range.lowerBound), off_t(range.count))
  }
  return code
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
    let code = errno
    if code != EINTR {
      throw SystemError(code: code, purpose: purpose(), remedy: remedy())
    }
  }
}
