// SPDX-License-Identifier: GPL-2.0-or-later

/// A drawing as a raster of up to 256 colours: its file is a third of the size, and compressed in half the
/// time.
///
/// The most frequent colours stay as they are. Others, which are at the edges of lines and letters, become
/// their nearest neighbours.
///
/// - Parameters:
///   - pixels: The colours as 0xRRGGBB in the lower bits.
///   - width: Number of columns, at least 1.
///   - height: Number of rows.
///   - pitch: Distance of two rows in pixels.
/// - Returns: The raster; nil if it has thousands of colours, or if one would differ visibly.
/// - Complexity: O(*n*) for *n* pixels.
func raster(
  ofDrawing pixels: UnsafeBufferPointer<UInt32>, width: Int, height: Int, pitch: Int
) -> Raster? {
  var colours = ColourCounts()
  for row in 0..<height {
    // Most pixels have the colour of their left neighbour.
    var (last, start) = (pixels[row &* pitch], 0)
    for column in 0..<width {
      let pixel = pixels[row &* pitch &+ column]
      guard pixel != last else { continue }
      guard colours.add(last, count: column &- start) else { return nil }
      (last, start) = (pixel, column)
    }
    guard colours.add(last, count: width &- start) else { return nil }
  }
  guard let palette = colours.chooseIndices() else { return nil }
  let indices = [UInt8](unsafeUninitializedCapacity: width * height) { indices, count in
    for row in 0..<height {
      var last = pixels[row &* pitch]
      var index = colours.index(of: last)
      for column in 0..<width {
        let pixel = pixels[row &* pitch &+ column]
        if pixel != last { (last, index) = (pixel, colours.index(of: pixel)) }
        indices[row &* width &+ column] = index
      }
    }
    count = width * height
  }
  return Raster(width: width, height: height, palette: palette, indices: indices)
}

/// The colours of an image, how many pixels have each, and later their indices in a palette.
private struct ColourCounts {
  /// A table with open addressing, a quarter of which is used at most.
  private static let bits = 14
  private static let mostColours = 1 << 12
  /// 0xRRGGBB, or `free`.
  private var colours = [UInt32](repeating: free, count: 1 << bits)
  private var counts = [Int](repeating: 0, count: 1 << bits)
  private var indices = [UInt8](repeating: 0, count: 1 << bits)
  private var used = 0

  private static let free = UInt32.max
  /// Greatest difference of red, green or blue that is not seen at the edge of a line.
  private static let mostDifference = 40

  /// The place of a colour, or the free one for it.
  private func place(_ colour: UInt32) -> Int {
    // A multiplicative hash: the upper bits of the product with a large odd number.
    var place = Int((colour &* 0x9e37_79b1) >> UInt32(32 - Self.bits))
    while colours[place] != colour, colours[place] != Self.free {
      place = (place &+ 1) & ((1 << Self.bits) - 1)
    }
    return place
  }

  /// Counts pixels of a colour; false if there are too many colours.
  mutating func add(_ pixel: UInt32, count: Int) -> Bool {
    let colour = pixel & 0xffffff
    let place = place(colour)
    if colours[place] == Self.free {
      guard used < Self.mostColours else { return false }
      used += 1
      colours[place] = colour
    }
    counts[place] += count
    return true
  }

  /// The index of a colour that was counted.
  func index(of pixel: UInt32) -> UInt8 { indices[place(pixel & 0xffffff)] }

  /// The palette; nil if a colour is too far from all colours in it.
  mutating func chooseIndices() -> [Colour]? {
    let places = colours.indices.filter { counts[$0] > 0 }.sorted {
      (counts[$1], colours[$0]) < (counts[$0], colours[$1])
    }
    let palette = places.prefix(256).map { Colour(hex: colours[$0]) }
    for (index, place) in places.enumerated() {
      guard let index = index < 256 ? index : nearest(to: colours[place], in: palette) else {
        return nil
      }
      indices[place] = UInt8(index)
    }
    return palette
  }

  private func nearest(to colour: UInt32, in palette: [Colour]) -> Int? {
    let colour = Colour(hex: colour)
    var (least, nearest) = (Self.mostDifference + 1, Int?.none)
    for (index, other) in palette.enumerated() {
      let red = abs(Int(colour.red) - Int(other.red))
      let green = abs(Int(colour.green) - Int(other.green))
      let blue = abs(Int(colour.blue) - Int(other.blue))
      let difference = max(red, green, blue)
      if difference < least { (least, nearest) = (difference, index) }
    }
    return nearest
  }
}

extension Colour {
  /// The colour 0xRRGGBB.
  init(hex: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
      blue: UInt8(truncatingIfNeeded: hex))
  }

  /// The colour with six hexadecimal digits.
  init(digits: String) {
    self.init(hex: UInt32(digits, radix: 16) ?? 0)
  }
}
