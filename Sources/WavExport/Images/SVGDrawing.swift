// SPDX-License-Identifier: GPL-2.0-or-later

/// An SVG document, read by librsvg, which can be drawn on surfaces of cairo.
struct SVGDrawing: ~Copyable {
  private let library: ImageLibrary
  private let document: ImageLibrary.Object
  private let width: Double
  private let height: Double

  /// Reads a document that has a width and height in pixels.
  init(_ svg: String, _ library: ImageLibrary) throws(ImageError) {
    self.library = library
    var error: OpaquePointer?
    let bytes = Array(svg.utf8)
    guard let document = library.newDocument(bytes, bytes.count, &error) else {
      throw ImageError(reason: "librsvg cannot read the figure: \(ImageLibrary.message(error))")
    }
    self.document = document
    var (width, height) = (0.0, 0.0)
    _ = library.size(document, &width, &height)
    (self.width, self.height) = (width, height)
  }

  deinit { library.unreference(document) }

  /// The drawing as a PNG file, with `scale` pixels for each of its own.
  borrowing func png(
    scale: Double, _ compression: PNGEncoder.Compression
  ) throws(ImageError) -> [UInt8] {
    let (columns, rows) = (Int((width * scale).rounded(.up)), Int((height * scale).rounded(.up)))
    // Each pixel is a 32-bit integer: CAIRO_FORMAT_RGB24.
    let opaque: Int32 = 1
    let surface = library.newImage(opaque, Int32(columns), Int32(rows))
    defer { library.destroySurface(surface) }
    try draw(on: surface, scale: scale)
    library.flush(surface)
    try require(library.surfaceStatus(surface))
    guard let data = library.pixels(surface) else {
      throw ImageError(reason: "cairo draws no pixels; write .svg")
    }
    let pitch = Int(library.pitch(surface))
    let bytes = UnsafeRawBufferPointer(start: data, count: pitch * rows)
    let pixels = bytes.assumingMemoryBound(to: UInt32.self)
    // cairo compresses by level 6 of zlib, which takes longer than drawing.
    if let raster = raster(ofFewColours: pixels, width: columns, height: rows, pitch: pitch / 4) {
      return try PNGEncoder.file(raster, compression)
    }
    return try PNGEncoder.file(
      bytes, width: columns, height: rows, pitch: pitch, .bgrx, compression)
  }

  /// The drawing as a PDF file, with `scale` points for each of its pixels.
  borrowing func pdf(scale: Double, title: String) throws(ImageError) -> [UInt8] {
    let file = Bytes()
    let surface = library.newPDF(
      Bytes.receiver, Unmanaged.passUnretained(file).toOpaque(), width * scale, height * scale)
    defer { library.destroySurface(surface) }
    // CAIRO_PDF_METADATA_TITLE and _CREATE_DATE: without a date the same figure has the same bytes.
    library.setMetadata(surface, 0, title)
    library.setMetadata(surface, 5, "")
    try draw(on: surface, scale: scale)
    library.finish(surface)
    try require(library.surfaceStatus(surface))
    return file.bytes
  }

  private borrowing func draw(
    on surface: ImageLibrary.Object, scale: Double
  ) throws(ImageError) {
    let context = library.newContext(surface)
    defer { library.destroyContext(context) }
    try require(library.contextStatus(context))
    var error: OpaquePointer?
    let isDrawn = library.draw(document, context, [0, 0, width * scale, height * scale], &error)
    guard isDrawn != 0 else {
      throw ImageError(reason: "librsvg cannot draw the figure: \(ImageLibrary.message(error))")
    }
    try require(library.contextStatus(context))
  }

  /// Throws unless a cairo status is success.
  private borrowing func require(_ status: Int32) throws(ImageError) {
    guard status != 0 else { return }
    throw ImageError(reason: "cairo cannot draw the figure, status \(status); write .svg")
  }
}

/// Collects the bytes that cairo writes.
private final class Bytes {
  var bytes: [UInt8] = []

  static let receiver: ImageLibrary.Receiver = { closure, data, count in
    guard let closure else { return 0 }
    let file = Unmanaged<Bytes>.fromOpaque(closure).takeUnretainedValue()
    file.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
    return 0
  }
}
