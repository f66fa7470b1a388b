// SPDX-License-Identifier: GPL-2.0-or-later

/// How one linear sample is stored.
///
/// Types, so that the loops over samples are specialised.
protocol PCMCode {
  /// Bytes of one sample.
  static var byteCount: Int { get }
  /// The value of full scale: samples are divided by it.
  static var fullScale: Double { get }
  /// Reads a sample, in units of its least bit.
  static func load<Scalar: BinaryFloatingPoint>(
    _ address: UnsafeRawPointer, as type: Scalar.Type
  ) -> Scalar
}

enum Signed8: PCMCode {
  static let byteCount = 1
  static let fullScale = 128.0
  @inline(__always)
  static func load<Scalar: BinaryFloatingPoint>(
    _ address: UnsafeRawPointer, as type: Scalar.Type
  ) -> Scalar { Scalar(address.load(as: Int8.self)) }
}

enum Unsigned8: PCMCode {
  static let byteCount = 1
  static let fullScale = 128.0
  @inline(__always)
  static func load<Scalar: BinaryFloatingPoint>(
    _ address: UnsafeRawPointer, as type: Scalar.Type
  ) -> Scalar { Scalar(Int32(address.load(as: UInt8.self)) - 128) }
}

/// 16- or 32-bit integers; `Order` says which byte is first.
enum SignedPCM<Raw: FixedWidthInteger, Order: ByteOrder>: PCMCode {
  static var byteCount: Int { Raw.bitWidth / 8 }
  static var fullScale: Double { Raw.bitWidth == 16 ? 0x1p15 : 0x1p31 }
  @inline(__always)
  static func load<Scalar: BinaryFloatingPoint>(
    _ address: UnsafeRawPointer, as type: Scalar.Type
  ) -> Scalar { Scalar(Order.inOrder(address.loadUnaligned(as: Raw.self))) }
}

enum Signed24<Order: ByteOrder>: PCMCode {
  static var byteCount: Int { 3 }
  // The three bytes become the upper three of 32 bits, which keeps the sign.
  static var fullScale: Double { 0x1p31 }
  @inline(__always)
  static func load<Scalar: BinaryFloatingPoint>(
    _ address: UnsafeRawPointer, as type: Scalar.Type
  ) -> Scalar {
    let first = UInt32(address.load(as: UInt8.self))
    let second = UInt32(address.load(fromByteOffset: 1, as: UInt8.self))
    let third = UInt32(address.load(fromByteOffset: 2, as: UInt8.self))
    let bits =
      Order.isSwapped
      ? first << 24 | second << 16 | third << 8 : third << 24 | second << 16 | first << 8
    return Scalar(Int32(bitPattern: bits))
  }
}

enum Float32<Order: ByteOrder>: PCMCode {
  static var byteCount: Int { 4 }
  static var fullScale: Double { 1 }
  @inline(__always)
  static func load<Scalar: BinaryFloatingPoint>(
    _ address: UnsafeRawPointer, as type: Scalar.Type
  ) -> Scalar {
    Scalar(Float(bitPattern: Order.inOrder(address.loadUnaligned(as: UInt32.self))))
  }
}

enum Float64<Order: ByteOrder>: PCMCode {
  static var byteCount: Int { 8 }
  static var fullScale: Double { 1 }
  @inline(__always)
  static func load<Scalar: BinaryFloatingPoint>(
    _ address: UnsafeRawPointer, as type: Scalar.Type
  ) -> Scalar {
    Scalar(Double(bitPattern: Order.inOrder(address.loadUnaligned(as: UInt64.self))))
  }
}

/// Whether the bytes of a sample are in this machine's order.
protocol ByteOrder {
  static var isSwapped: Bool { get }
}

extension ByteOrder {
  @inline(__always)
  static func inOrder<Raw: FixedWidthInteger>(_ raw: Raw) -> Raw {
    isSwapped ? raw.byteSwapped : raw
  }
}

enum NativeOrder: ByteOrder {
  static var isSwapped: Bool { false }
}

enum SwappedOrder: ByteOrder {
  static var isSwapped: Bool { true }
}
