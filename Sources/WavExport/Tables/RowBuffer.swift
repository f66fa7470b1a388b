// SPDX-License-Identifier: GPL-2.0-or-later

/// A buffer for rows of a table, text or numbers, without a check or an allocation for each.
///
/// For tables of a hundred million rows: numbers become digits by integer arithmetic, about 10 ns
/// each; `description` takes five times as long.
public struct RowBuffer: ~Copyable {
  private let base: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  private let isOwner: Bool
  private let tables = DigitTables.shared
  /// Number of bytes in use.
  public private(set) var count = 0

  /// An empty buffer with a capacity in bytes.
  public init(capacity: Int) {
    base = .allocate(capacity: capacity)
    self.capacity = capacity
    isOwner = true
  }

  /// An empty buffer in memory of another owner, which must outlive the buffer.
  public init(in memory: UnsafeMutableRawBufferPointer) {
    guard let start = memory.assumingMemoryBound(to: UInt8.self).baseAddress else {
      preconditionFailure("rows need memory")
    }
    base = start
    capacity = memory.count
    isOwner = false
  }

  deinit {
    if isOwner { base.deallocate() }
  }

  /// A copy of the bytes in use.
  public var bytes: [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Lends the bytes in use.
  public func withBytes<Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Void
  ) throws(Failure) {
    try body(UnsafeRawBufferPointer(start: base, count: count).bytes)
  }

  /// Removes the contents.
  public mutating func clear() { count = 0 }

  /// Appends one byte.
  @inline(__always)
  mutating func append(_ byte: UInt8) {
    base[count] = byte
    count &+= 1
  }

  /// Appends a number as its bytes in memory.
  @inline(__always)
  mutating func appendBytes<Number: BitwiseCopyable>(of number: Number) {
    UnsafeMutableRawPointer(base + count).storeBytes(of: number, as: Number.self)
    count &+= MemoryLayout<Number>.size
  }

  /// Appends `byteCount` bytes, which `fill` writes to memory.
  mutating func append(byteCount: Int, _ fill: (UnsafeMutableRawPointer) -> Void) {
    precondition(count + byteCount <= capacity, "room in the buffer")
    fill(UnsafeMutableRawPointer(base + count))
    count += byteCount
  }

  /// Appends text.
  mutating func append(_ text: String) {
    var text = text
    text.withUTF8 {
      guard let start = $0.baseAddress else { return }
      (base + count).update(from: start, count: $0.count)
      count += $0.count
    }
  }

  /// Appends a number with a fixed number of decimals, 0 to 15, but without trailing zeros.
  @inline(__always)
  mutating func append(_ value: Double, decimals: Int) {
    let scaled = value.magnitude * tables.powersOfTen[decimals &+ 32]
    guard scaled < 0x1p52 else { return append(value.description) }
    // Not `rounded`, which is a call to the C library on the oldest processors.
    let rounded = UInt64(scaled + 0.5)
    if value < 0, rounded > 0 { append(UInt8(ascii: "-")) }
    append(digits: rounded, decimals: decimals)
  }

  /// Appends a single-precision number with enough digits that it reads back as the same value.
  @inline(__always)
  mutating func append(_ value: Float) {
    let size = Double(value.magnitude)
    // Outside this range the exponential notation is used.
    guard size >= 1e-4, size < 1e9 else { return append(value.description) }
    if value < 0 { append(UInt8(ascii: "-")) }
    // Nine significant digits distinguish all numbers of 24 bits.
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
    append(digits: UInt64(size * tables.powersOfTen[decimals &+ 32] + 0.5), decimals: decimals)
  }

  /// Appends an integer as digits, with the last `decimals` digits after a point.
  @inline(__always)
  private mutating func append(digits number: UInt64, decimals: Int) {
    var rest = number
    var kept = decimals
    // Without trailing zeros but with at least one decimal, as `description` writes it.
    while kept > 1, rest % 10 == 0 {
      rest /= 10
      kept &-= 1
    }
    let unit = tables.integerPowersOfTen[kept]
    let whole = rest / unit
    var length = 1
    while length < 19, whole >= tables.integerPowersOfTen[length] { length &+= 1 }
    place(whole, digits: length, at: count)
    count &+= length
    guard kept > 0 else { return }
    base[count] = UInt8(ascii: ".")
    place(rest &- whole &* unit, digits: kept, at: count &+ 1)
    count &+= kept &+ 1
  }

  /// Writes the last `digits` digits of a number, two at a time.
  @inline(__always)
  private func place(_ number: UInt64, digits: Int, at start: Int) {
    var rest = number
    var end = start &+ digits
    while end &- start >= 2 {
      let quotient = rest / 100
      end &-= 2
      UnsafeMutableRawPointer(base + end).storeBytes(
        of: tables.pairs[Int(truncatingIfNeeded: rest &- quotient &* 100)], as: UInt16.self)
      rest = quotient
    }
    if end > start { base[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest) }
  }
}

/// Powers of ten and pairs of digits.
///
/// Buffers keep a reference: each use of a global table would check whether it is initialised.
private final class DigitTables: Sendable {
  static let shared = DigitTables()

  /// 10^-32 … 10^32.
  let powersOfTen: [Double] = (-32...32).map { Double("1e\($0)") ?? .nan }
  /// 10^0 … 10^19.
  let integerPowersOfTen: [UInt64] = (0..<20).map { power in
    (0..<power).reduce(1) { value, _ in value * 10 }
  }
  /// The characters of 00 … 99, in memory order.
  let pairs: [UInt16] = (0..<100).map { number in
    let zero = UInt8(ascii: "0")
    let (tens, ones) = (zero + UInt8(number / 10), zero + UInt8(number % 10))
    return UInt16(littleEndian: UInt16(tens) | UInt16(ones) << 8)
  }
}
