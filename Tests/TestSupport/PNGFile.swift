// SPDX-License-Identifier: GPL-2.0-or-later

/// A PNG file of 8 bits a component, decoded without libpng and zlib (RFC 1951, RFC 2083).
package struct PNGFile {
  package struct Damaged: Error {}

  package let width: Int
  package let height: Int
  /// The types of the chunks in the order of the file.
  package let chunks: [String]
  /// The colours as 0xRRGGBB, row by row from the top.
  package let pixels: [UInt32]

  /// Reads a file; its check sums must be right.
  package init(_ bytes: [UInt8]) throws {
    func number(_ place: Int) -> UInt32 {
      bytes[place..<(place + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
    guard bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]) else { throw Damaged() }
    var (place, data, palette) = (8, [UInt8](), [UInt8]())
    var (chunks, header) = ([String](), [UInt8]())
    while place + 12 <= bytes.count {
      let end = place + 8 + Int(number(place))
      let type = String(decoding: bytes[(place + 4)..<(place + 8)], as: UTF8.self)
      let content = Array(bytes[(place + 8)..<end])
      guard crc(bytes[(place + 4)..<end]) == number(end) else { throw Damaged() }
      chunks.append(type)
      switch type {
      case "IHDR": header = content
      case "PLTE": palette = content
      case "IDAT": data += content
      default: break
      }
      place = end + 4
    }
    guard place == bytes.count, chunks.last == "IEND", header.count == 13, header[8] == 8 else {
      throw Damaged()
    }
    self.chunks = chunks
    (width, height) = (Int(number(16)), Int(number(20)))
    let size = header[9] == 2 ? 3 : 1
    let rows = try unfiltered(Inflation(data).bytes, width * size, height, size)
    pixels = (0..<(width * height)).map { (pixel: Int) -> UInt32 in
      let place = pixel * size
      let components: [UInt8]
      switch header[9] {
      case 2: components = Array(rows[place..<(place + 3)])
      case 3:
        let colour = 3 * Int(rows[place])
        components = Array(palette[colour..<(colour + 3)])
      default: components = [UInt8](repeating: rows[place], count: 3)
      }
      return components.reduce(0) { $0 << 8 | UInt32($1) }
    }
  }

  /// The colour at a place.
  package func colour(_ x: Int, _ y: Int) -> UInt32 { pixels[y * width + x] }
}

private func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  ~bytes.reduce(~0) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1
    }
  }
}

/// The rows of pixels without their filters.
private func unfiltered(
  _ bytes: [UInt8], _ length: Int, _ height: Int, _ size: Int
) throws -> [UInt8] {
  guard bytes.count == height * (length + 1) else { throw PNGFile.Damaged() }
  var result: [UInt8] = []
  for row in 0..<height {
    let filter = bytes[row * (length + 1)]
    for column in 0..<length {
      let left = column >= size ? Int(result[row * length + column - size]) : 0
      let above = row > 0 ? Int(result[(row - 1) * length + column]) : 0
      let corner =
        row > 0 && column >= size ? Int(result[(row - 1) * length + column - size]) : 0
      let guess: Int
      switch filter {
      case 0: guess = 0
      case 1: guess = left
      case 2: guess = above
      case 3: guess = (left + above) / 2
      default:
        let distances = [left, above, corner].map { abs(left + above - corner - $0) }
        guess =
          distances[0] <= min(distances[1], distances[2])
          ? left : distances[1] <= distances[2] ? above : corner
      }
      result.append(bytes[row * (length + 1) + 1 + column] &+ UInt8(guess))
    }
  }
  return result
}

/// The contents of a zlib stream.
private struct Inflation {
  private(set) var bytes: [UInt8] = []
  private let stream: [UInt8]
  private var place = 16

  init(_ stream: [UInt8]) throws {
    self.stream = stream
    guard stream.count > 6, stream[0] & 15 == 8 else { throw PNGFile.Damaged() }
    var isLast = false
    while !isLast {
      isLast = try bits(1) == 1
      switch try bits(2) {
      case 0: try copyStored()
      case 1:
        let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
        try copy(Codes(lengths), Codes([Int](repeating: 5, count: 30)))
      case 2:
        let (literals, distances) = try codes()
        try copy(literals, distances)
      default: throw PNGFile.Damaged()
      }
    }
    // Adler-32.
    var (a, b) = (UInt32(1), UInt32(0))
    for byte in bytes {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    let end = (place + 7) / 8
    guard end + 4 == stream.count,
      stream[end...].reduce(UInt32(0), { $0 << 8 | UInt32($1) }) == b << 16 | a
    else { throw PNGFile.Damaged() }
  }

  private mutating func bits(_ count: Int) throws -> Int {
    guard place + count <= 8 * stream.count else { throw PNGFile.Damaged() }
    var value = 0
    for bit in 0..<count {
      value |= Int(stream[place >> 3] >> UInt8(place & 7) & 1) << bit
      place += 1
    }
    return value
  }

  private mutating func copyStored() throws {
    place = (place + 7) / 8 * 8
    let count = try bits(16)
    guard try bits(16) == ~count & 0xffff else { throw PNGFile.Damaged() }
    for _ in 0..<count { bytes.append(UInt8(try bits(8))) }
  }

  private mutating func codes() throws -> (Codes, Codes) {
    let (literals, distances, count) = (
      try bits(5) + 257, try bits(5) + 1, try bits(4) + 4
    )
    var lengths = [Int](repeating: 0, count: 19)
    for index in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15].prefix(count) {
      lengths[index] = try bits(3)
    }
    let codes = Codes(lengths)
    lengths = []
    while lengths.count < literals + distances {
      switch try symbol(codes) {
      case 16:
        guard let last = lengths.last else { throw PNGFile.Damaged() }
        lengths += [Int](repeating: last, count: try bits(2) + 3)
      case 17: lengths += [Int](repeating: 0, count: try bits(3) + 3)
      case 18: lengths += [Int](repeating: 0, count: try bits(7) + 11)
      case let length: lengths.append(length)
      }
    }
    return (Codes(Array(lengths[..<literals])), Codes(Array(lengths[literals...])))
  }

  private mutating func copy(_ literals: Codes, _ distances: Codes) throws {
    while true {
      let symbol = try symbol(literals)
      if symbol == 256 { return }
      if symbol < 256 {
        bytes.append(UInt8(symbol))
        continue
      }
      // 4 lengths for each number of further bits; 258 has a symbol of its own.
      let index = symbol - 257
      let extra = index < 8 || index == 28 ? 0 : index / 4 - 1
      let base = index < 8 ? index + 3 : index == 28 ? 258 : (4 + index % 4) << extra + 3
      let length = base + (try bits(extra))
      let code = try self.symbol(distances)
      let more = code < 4 ? 0 : code / 2 - 1
      let distance = (code < 4 ? code : (2 + code % 2) << more) + 1 + (try bits(more))
      guard distance <= bytes.count else { throw PNGFile.Damaged() }
      for _ in 0..<length { bytes.append(bytes[bytes.count - distance]) }
    }
  }

  private mutating func symbol(_ codes: Codes) throws -> Int {
    var (code, length) = (0, 0)
    while length < 15 {
      code = code << 1 | (try bits(1))
      length += 1
      if let symbol = codes.symbols[length << 16 | code] { return symbol }
    }
    throw PNGFile.Damaged()
  }
}

/// A Huffman code: the symbols by length and code.
private struct Codes {
  private(set) var symbols: [Int: Int] = [:]

  init(_ lengths: [Int]) {
    var code = 0
    for length in 1...15 {
      for (symbol, own) in lengths.enumerated() where own == length {
        symbols[length << 16 | code] = symbol
        code += 1
      }
      code <<= 1
    }
  }
}
