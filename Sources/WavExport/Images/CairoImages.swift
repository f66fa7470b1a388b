// SPDX-License-Identifier: GPL-2.0-or-later

/// A scene as a PNG file, with `scale` pixels for each unit in each direction.
func png(_ scene: Scene, scale: Double, _ cairo: CairoLibrary) throws(ImageError) -> [UInt8] {
  let columns = Int((Double(scene.width) * scale).rounded(.up))
  let rows = Int((Double(scene.height) * scale).rounded(.up))
  let pixels = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: columns * rows)
  defer { pixels.deallocate() }
  // CAIRO_FORMAT_RGB24: each pixel is a 32-bit integer.
  let surface = cairo.imageOfBytes(
    pixels.baseAddress, 1, Int32(columns), Int32(rows), Int32(4 * columns))
  defer { cairo.destroySurface(surface) }
  try Canvas(on: surface, scale: scale, Theme.themes(scene.theme).first, cairo).draw(scene)
  cairo.flush(surface)
  try cairo.require(cairo.surfaceStatus(surface))
  // cairo's own encoder compresses by level 6 of zlib, which takes longer than drawing.
  if !scene.hasImage,
    let raster = raster(
      ofDrawing: UnsafeBufferPointer(pixels), width: columns, height: rows, pitch: columns)
  {
    return try PNGEncoder.file(raster, .ofDrawings)
  }
  return try PNGEncoder.file(
    UnsafeRawBufferPointer(pixels), width: columns, height: rows, pitch: 4 * columns, .bgrx,
    scene.hasImage ? .ofColours : .ofDrawings)
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
