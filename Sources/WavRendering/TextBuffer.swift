// SPDX-License-Identifier: GPL-2.0-or-later

/// Bytes of text or numbers under construction, without a check or an allocation for each.
///
/// Made for tables of a hundred million rows: numbers go in as digits by integer arithmetic, about 10
/// ns each, where `description` takes five times as long.
public struct TextBuffer: ~Copyable {
  private let base: UnsafeMutablePointer<UInt8>
  /// Bytes in use.
  public private(set) var count = 0

  /// An empty buffer with room for `capacity` bytes.
  public init(capacity: Int) {
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  /// The bytes in use.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// Forgets the contents.
  public mutating func clear() { count = 0 }

  /// Appends one byte.
  @inline(__always)
  mutating func append(_ byte: UInt8) {
    base[count] = byte
    count &+= 1
  }

  /// Appends the bytes of a number as they are in memory.
  @inline(__always)
  mutating func appendBytes<Number: BitwiseCopyable>(of number: Number) {
    UnsafeMutableRawPointer(base + count).storeBytes(of: number, as: Number.self)
    count &+= MemoryLayout<Number>.size
  }

  /// Appends text.
  mutating func append(_ text: String) {
    for byte in text.utf8 { append(byte) }
  }

  /// Appends a number with a fixed number of decimals, 0 to 15, trailing zeros left out.
  @inline(__always)
  mutating func append(_ value: Double, decimals: Int) {
    let scaled = (value.magnitude * powersOfTen[decimals + 32]).rounded()
    guard scaled < 0x1p63 else { return append(value.description) }
    if value < 0, scaled > 0 { append(UInt8(ascii: "-")) }
    append(digits: UInt64(scaled), decimals: decimals)
  }

  /// Appends a single-precision number in so many digits that it reads back as the same.
  @inline(__always)
  mutating func append(_ value: Float) {
    let size = Double(value.magnitude)
    // Outside this range the notation is exponential.
    guard size >= 1e-4, size < 1e9 else { return append(value.description) }
    if value < 0 { append(UInt8(ascii: "-")) }
    // Nine significant digits tell all numbers of 24 bits apart.
    var decimals = 8
    var power = 1.0
    while size >= power * 10 {
      power *= 10
      decimals &-= 1
    }
    while size < power {
      power /= 10
      decimals &+= 1
    }
    let scaled = (size * powersOfTen[decimals + 32]).rounded()
    append(digits: UInt64(scaled), decimals: decimals)
  }

  /// Appends an integer as digits, the last `decimals` of them behind a point.
  @inline(__always)
  private mutating func append(digits number: UInt64, decimals: Int) {
    var rest = number
    var kept = decimals
    // Without trailing zeros, but with one decimal at least, as `description` has it.
    while kept > 1, rest % 10 == 0 {
      rest /= 10
      kept &-= 1
    }
    var length = 1
    var bound: UInt64 = 10
    while length < 19, rest >= bound {
      bound &*= 10
      length &+= 1
    }
    let digits = max(length, kept &+ 1)
    let total = kept > 0 ? digits &+ 1 : digits
    var place = count &+ total &- 1
    for index in 0..<digits {
      if index == kept, kept > 0 {
        base[place] = UInt8(ascii: ".")
        place &-= 1
      }
      let (quotient, digit) = (rest / 10, rest % 10)
      base[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
      place &-= 1
      rest = quotient
    }
    count &+= total
  }
}

/// 10^-32 … 10^32.
private let powersOfTen: [Double] = (-32...32).map { Double("1e\($0)") ?? .nan }
