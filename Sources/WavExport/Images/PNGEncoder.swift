// SPDX-License-Identifier: GPL-2.0-or-later

import CPNGWriter
import Glibc

/// Encodes pixels as PNG files by libpng.
///
/// Files have no date, and the same pixels have the same bytes on every run.
enum PNGEncoder {
  /// How pixels are stored, with 8 bits a component.
  enum Layout {
    /// A grey.
    case grey
    /// An index into up to 256 colours.
    case indices([Colour])
    /// Red, green, blue.
    case rgb
    /// Blue, green, red and an unused byte: opaque images of cairo on this machine.
    case bgrx
  }

  /// What is compressed, and how thoroughly: chosen for images of two kinds by measurement.
  ///
  /// A curve and its area on 2400 x 1280 pixels in 33 colours, as level 2 of zlib with differences from the
  /// row above: 16 ms, 72 kB; as runs of such differences: 13 ms, 42 kB. A spectrogram of that size, as level 6
  /// of the pixels themselves: 150 ms, 867 kB; as level 3: 50 ms, 902 kB; by differences: up to 1.8 times that.
  /// Indices of cells in 128 shades, 504 x 464 of music: as runs of Paeth's differences 1 ms and 92 kB; as level 9 of
  /// zlib 20 ms and 94 kB, of differences from the left 27 ms and 90 kB.
  enum Compression {
    /// For curves and text: most pixels are as those above.
    case ofDrawings
    /// For colours that change from pixel to pixel.
    case ofColours
    /// For indices into a scale of colours.
    case ofShades
  }

  /// The file of an image.
  ///
  /// - Throws: ``ImageError`` when libpng has not enough memory.
  static func file(
    _ raster: Raster, _ compression: Compression = .ofShades
  ) throws(ImageError) -> [UInt8] {
    try raster.indices.withUnsafeBufferPointer { (indices) throws(ImageError) in
      try file(
        UnsafeRawBufferPointer(indices), width: raster.width, height: raster.height,
        pitch: raster.width, .indices(raster.palette), compression)
    }
  }

  /// The file of an image whose rows are `pitch` bytes apart, from top to bottom.
  ///
  /// - Throws: ``ImageError`` when libpng refuses the image or has not enough memory.
  static func file(
    _ rows: UnsafeRawBufferPointer, width: Int, height: Int, pitch: Int, _ layout: Layout,
    _ compression: Compression
  ) throws(ImageError) -> [UInt8] {
    var image = png_writer_image()
    image.rows = rows.assumingMemoryBound(to: UInt8.self).baseAddress
    image.pitch = pitch
    (image.width, image.height) = (UInt32(width), UInt32(height))
    var palette: [UInt8] = []
    switch layout {
    case .grey: image.layout = png_writer_grey
    case .indices(let colours):
      image.layout = png_writer_palette
      palette = colours.flatMap { [$0.red, $0.green, $0.blue] }
      image.colour_count = Int32(colours.count)
    case .rgb: image.layout = png_writer_rgb
    case .bgrx: image.layout = png_writer_bgrx
    }
    (image.filter, image.level, image.has_runs) =
      switch compression {
      case .ofDrawings: (png_writer_above, 1, 1)
      case .ofColours: (png_writer_plain, 3, 0)
      case .ofShades: (png_writer_paeth, 1, 1)
      }
    var byteCount = 0
    var message = [CChar](repeating: 0, count: 128)
    let bytes = palette.withUnsafeBufferPointer { palette in
      image.palette = palette.baseAddress
      return png_writer_encode(&image, &byteCount, &message)
    }
    guard let bytes else {
      let reason = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
      throw ImageError(reason: "libpng cannot encode the image: \(reason)")
    }
    defer { free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: byteCount))
  }
}
