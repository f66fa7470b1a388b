// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Reads decimal numbers from bytes, fast enough for a hundred million of them.
///
/// Numbers of up to 19 digits, at most a whole number below 2^53 times 10^22, are exact by one
/// division or multiplication (W. D. Clinger, "How to read floating point numbers accurately", PLDI
/// 1990); all others are read by `strtod`.
struct NumberText {
  private static let powersOfTen: [Double] = (0...22).map { Double("1e\($0)") ?? .nan }
  private let powers: UnsafeMutablePointer<Double>

  init() {
    powers = .allocate(capacity: Self.powersOfTen.count)
    powers.initialize(from: Self.powersOfTen, count: Self.powersOfTen.count)
  }

  /// The number at `position`, which is moved to its end; nil if there is none.
  ///
  /// - Parameters:
  ///   - position: Where to begin; leading blanks are skipped.
  ///   - end: End of the last byte.
  /// - Returns: The number nearest to the text.
  @inline(__always)
  func read(
    _ position: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Double? {
    while position < end, position.pointee == 0x20 { position += 1 }
    let start = position
    var isNegative = false
    if position < end, position.pointee == UInt8(ascii: "-") {
      isNegative = true
      position += 1
    }
    var digits: UInt64 = 0
    var digitCount = 0
    var hasDigits = false
    var decimals = 0
    var isBehindPoint = false
    while position < end {
      let value = position.pointee &- UInt8(ascii: "0")
      if value <= 9 {
        // Leading zeros do not count. Too many digits overflow; such numbers are read by `strtod`.
        if digitCount > 0 || value > 0 { digitCount &+= 1 }
        digits = digits &* 10 &+ UInt64(value)
        hasDigits = true
        if isBehindPoint { decimals &+= 1 }
      } else if position.pointee == UInt8(ascii: "."), !isBehindPoint {
        isBehindPoint = true
      } else {
        break
      }
      position += 1
    }
    let next = position < end ? position.pointee | 0x20 : 0
    let isPlain =
      hasDigits && digitCount <= 19 && digits < 1 << 53 && decimals <= 22
      && next != UInt8(ascii: "e") && next != UInt8(ascii: "i") && next != UInt8(ascii: "n")
    if isPlain {
      let value = Double(digits) / powers[decimals]
      return isNegative ? -value : value
    }
    position = start
    return readSlowly(&position, end)
  }

  /// Exponents, many digits, `inf` and `nan`.
  @inline(never)
  private func readSlowly(
    _ position: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Double? {
    var text: [CChar] = []
    while position < end, text.count < 400 {
      let byte = position.pointee
      let isPart =
        byte &- UInt8(ascii: "0") <= 9 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "+") || (byte | 0x20) &- UInt8(ascii: "a") < 26
      guard isPart else { break }
      text.append(CChar(bitPattern: byte))
      position += 1
    }
    guard !text.isEmpty else { return nil }
    text.append(0)
    return text.withUnsafeBufferPointer { buffer -> Double? in
      guard let base = buffer.baseAddress else { return nil }
      var rest: UnsafeMutablePointer<CChar>?
      let value = strtod(base, &rest)
      return rest?.pointee == 0 ? value : nil
    }
  }
}
