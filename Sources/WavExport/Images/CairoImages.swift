// SPDX-License-Identifier: GPL-2.0-or-later

/// A scene as a PNG file, with `scale` pixels for each unit in each direction.
func png(_ scene: Scene, scale: Double, _ cairo: CairoLibrary) throws(ImageError) -> [UInt8] {
  let columns = Int((Double(scene.width) * scale).rounded(.up))
  let rows = Int((Double(scene.height) * scale).rounded(.up))
  // CAIRO_FORMAT_RGB24: each pixel is a 32-bit integer.
  let surface = cairo.newImage(1, Int32(columns), Int32(rows))
  defer { cairo.destroySurface(surface) }
  try Canvas(on: surface, scale: scale, Theme.themes(scene.theme).first, cairo).draw(scene)
  cairo.flush(surface)
  try cairo.require(cairo.surfaceStatus(surface))
  guard let data = cairo.pixels(surface) else {
    throw ImageError(reason: "cairo draws no pixels; write .svg")
  }
  let pitch = Int(cairo.pitch(surface))
  let bytes = UnsafeRawBufferPointer(start: data, count: pitch * rows)
  let pixels = bytes.assumingMemoryBound(to: UInt32.self)
  let compression = scene.hasImage ? PNGEncoder.Compression.ofColours : .ofDrawings
  // cairo's own encoder compresses by level 6 of zlib, which takes longer than drawing.
  if let raster = raster(ofFewColours: pixels, width: columns, height: rows, pitch: pitch / 4) {
    return try PNGEncoder.file(raster, compression)
  }
  return try PNGEncoder.file(
    bytes, width: columns, height: rows, pitch: pitch, .bgrx, compression)
}

/// A scene as a PDF file, with `scale` points for each unit.
func pdf(_ scene: Scene, scale: Double, _ cairo: CairoLibrary) throws(ImageError) -> [UInt8] {
  let file = Bytes()
  let surface = cairo.newPDF(
    Bytes.receiver, Unmanaged.passUnretained(file).toOpaque(), Double(scene.width) * scale,
    Double(scene.height) * scale)
  defer { cairo.destroySurface(surface) }
  // CAIRO_PDF_METADATA_TITLE and _CREATE_DATE: without a date the same figure has the same bytes.
  cairo.setMetadata(surface, 0, writable(scene.title))
  cairo.setMetadata(surface, 5, "")
  try Canvas(on: surface, scale: scale, Theme.themes(scene.theme).first, cairo).draw(scene)
  cairo.finish(surface)
  try cairo.require(cairo.surfaceStatus(surface))
  return file.bytes
}

/// Collects the bytes that cairo writes.
private final class Bytes {
  var bytes: [UInt8] = []

  static let receiver: CairoLibrary.Receiver = { closure, data, count in
    guard let closure else { return 0 }
    let file = Unmanaged<Bytes>.fromOpaque(closure).takeUnretainedValue()
    file.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
    return 0
  }
}
