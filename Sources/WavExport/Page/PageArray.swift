// SPDX-License-Identifier: GPL-2.0-or-later

/// Numbers of a page, which are written piece by piece.
public struct PageArray {
  /// The type of numbers, as a page names it.
  public enum Kind: String, Codable, Sendable {
    /// Levels in hundredths of a dB, see ``PageLevel``.
    case int16
    /// Frequencies in Hz.
    case float64
    /// Yes or no, or the levels of a ``Thumbnail``.
    case uint8

    /// Size of a number in bytes.
    var byteCount: Int {
      switch self {
      case .int16: 2
      case .float64: 8
      case .uint8: 1
      }
    }
  }

  /// The type of the numbers.
  public let kind: Kind
  /// How many there are.
  public let count: Int
  /// Passes their bytes on, little-endian, in pieces of any size.
  let pieces: (_ take: (UnsafeRawBufferPointer) throws -> Void) throws -> Void

  /// Size in bytes.
  var byteCount: Int { count * kind.byteCount }

  /// Numbers that come in pieces: `pieces` calls what it is given for one piece after the other.
  public init(
    _ kind: Kind, count: Int,
    pieces: @escaping (_ take: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) {
    self.kind = kind
    self.count = count
    self.pieces = pieces
  }

  /// Levels in memory, from ``PageLevel``.
  public init(_ levels: [Int16]) {
    self.init(.int16, count: levels.count) { take in try levels.withUnsafeBytes { try take($0) } }
  }

  /// Frequencies in memory.
  public init(_ numbers: [Double]) {
    self.init(.float64, count: numbers.count) { take in
      try numbers.withUnsafeBytes { try take($0) }
    }
  }

  /// Truth values in memory.
  public init(_ flags: [Bool]) { self.init(flags.map { UInt8($0 ? 1 : 0) }) }

  /// Bytes in memory.
  init(_ bytes: [UInt8]) {
    self.init(.uint8, count: bytes.count) { take in try bytes.withUnsafeBytes { try take($0) } }
  }
}

/// Levels as a page holds them: whole hundredths of a dB.
public enum PageLevel {
  /// The level of silence.
  public static let silence = Int16.min

  /// A level in dB; levels out of range become the nearest in range, and what is no number becomes silence.
  public static func code(_ level: Double) -> Int16 {
    guard level > -.infinity else { return silence }
    return Int16(max(-32767, min(32767, (100 * level).rounded())))
  }

  /// Converts levels in dB, eight at a time.
  public static func encode(
    _ levels: UnsafeBufferPointer<Float>, to codes: UnsafeMutablePointer<Int16>
  ) {
    guard let source = levels.baseAddress else { return }
    let whole = levels.count - levels.count % 8
    for index in stride(from: 0, to: whole, by: 8) {
      let vector = UnsafeRawPointer(source + index).loadUnaligned(as: SIMD8<Float>.self)
      UnsafeMutableRawPointer(codes + index).storeBytes(
        of: encoded(vector), as: SIMD8<Int16>.self)
    }
    for index in whole..<levels.count {
      codes[index] = encoded(SIMD8(repeating: source[index]))[0]
    }
  }

  @inline(__always)
  private static func encoded(_ levels: SIMD8<Float>) -> SIMD8<Int16> {
    let hundredths = (levels * 100).clamped(
      lowerBound: SIMD8(repeating: -32767), upperBound: SIMD8(repeating: 32767))
    // Floats become the nearest integers as the last bits of 1.5 * 2^23.
    let bits = unsafeBitCast(hundredths + 12_582_912, to: SIMD8<Int32>.self) &- 0x4b40_0000
    return SIMD8<Int16>(
      truncatingIfNeeded: bits.replacing(with: Int32(silence), where: levels .== -.infinity))
  }
}
