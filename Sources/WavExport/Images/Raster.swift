// SPDX-License-Identifier: GPL-2.0-or-later

/// A colour of the space sRGB.
public struct Colour: Sendable, Hashable {
  /// The share of red, 0 to 255.
  public var red: UInt8
  /// The share of green, 0 to 255.
  public var green: UInt8
  /// The share of blue, 0 to 255.
  public var blue: UInt8

  /// The colour with these shares.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }
}

/// An image of pixels, each of which has one of up to 256 colours.
public struct Raster: Sendable, Equatable {
  /// Number of columns.
  public let width: Int
  /// Number of rows.
  public let height: Int
  /// The colours.
  public let palette: [Colour]
  /// The colour of each pixel as its index in the palette: `indices[row * width + column]`, row 0 at
  /// the top.
  public let indices: [UInt8]

  /// Combines pixels and colours.
  ///
  /// - Precondition: 1 to 65,535 columns and rows, an index for each pixel, and 1 to 256 colours, one
  ///   for each index that occurs.
  public init(width: Int, height: Int, palette: [Colour], indices: [UInt8]) {
    precondition((1...65535).contains(width) && (1...65535).contains(height))
    precondition(indices.count == width * height, "an image needs an index for each pixel")
    precondition((1...256).contains(palette.count), "an image needs 1 to 256 colours")
    precondition(indices.max().map { Int($0) < palette.count } ?? false)
    self.width = width
    self.height = height
    self.palette = palette
    self.indices = indices
  }

  /// The image with each pixel repeated this many times from left to right and from top to bottom.
  func enlarged(columns: Int, rows: Int) -> Raster {
    guard columns > 1 || rows > 1 else { return self }
    var enlarged: [UInt8] = []
    enlarged.reserveCapacity(indices.count * columns * rows)
    for row in 0..<height {
      let wide = indices[(row * width)..<((row + 1) * width)].flatMap {
        repeatElement($0, count: columns)
      }
      for _ in 0..<rows { enlarged += wide }
    }
    return Raster(
      width: width * columns, height: height * rows, palette: palette, indices: enlarged)
  }

  /// The image as it is handed to programs that show it in a frame, and whether its pixels have at least a
  /// unit in both directions.
  ///
  /// Such pixels have sharp edges: they are repeated, because some renderers only blend neighbours when
  /// they enlarge an image. Finer ones are blended where a reader shows fewer of them, instead of leaving
  /// some out.
  ///
  /// - Parameters:
  ///   - frame: Where the image is shown.
  ///   - scale: To how many pixels for each unit pixels with sharp edges are repeated: what blends them is blurred by
  ///     one of these.
  /// - Returns: The image, and whether its pixels are large.
  func sharpened(
    for frame: Rectangle, scale: Double = finestScale
  ) -> (raster: Raster, hasLargePixels: Bool) {
    let isLarge = Double(width) <= frame.width && Double(height) <= frame.height
    let scale = isLarge ? scale : Self.finestScale
    func factor(_ count: Int, _ length: Double) -> Int {
      Double(count) > length ? 1 : Int((scale * length / Double(count)).rounded(.up))
    }
    return (
      enlarged(columns: factor(width, frame.width), rows: factor(height, frame.height)), isLarge
    )
  }

  /// The image with half of its colours, if it has a scale of many: neighbours on a scale look alike.
  func withFewerShades() -> Raster {
    guard palette.count == 256 else { return self }
    return Raster(
      width: width, height: height, palette: palette, indices: indices.map { $0 & 0xfe })
  }

  /// Pixels for each unit, where a figure is shown finely: those of images of figures.
  static let finestScale = 2.0
}
