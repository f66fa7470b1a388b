// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// librsvg and cairo, loaded when the first image is drawn.
///
/// They are not linked, because they depend on forty libraries: loading these would double the
/// start-up time of every run (5 ms), for formats that most runs do not write. The prototypes are
/// those of `rsvg.h` (librsvg 2.52), `cairo.h`, `cairo-pdf.h` (cairo 1.16), `fontconfig.h` and
/// `gobject.h`.
struct ImageLibrary: Sendable {
  typealias Object = OpaquePointer?
  /// Receives bytes of a page: the closure's pointer, the bytes and their number; returns 0 for
  /// success.
  typealias Receiver =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, UInt32
    ) -> Int32
  /// Where a function stores the `GError` of a failure.
  typealias Errors = UnsafeMutablePointer<OpaquePointer?>

  // librsvg
  let newDocument: @convention(c) (UnsafePointer<UInt8>?, Int, Errors?) -> Object
  let size:
    @convention(c) (
      Object, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>
    ) -> Int32
  /// Draws into a viewport of x, y, width and height.
  let draw: @convention(c) (Object, Object, UnsafePointer<Double>, Errors?) -> Int32
  let unreference: @convention(c) (Object) -> Void

  // fontconfig
  /// The fonts of a configuration (nil for the current one) and of a set: 0 for the system's fonts.
  let fonts: @convention(c) (Object, Int32) -> UnsafePointer<Int32>?

  // cairo
  let newImage: @convention(c) (Int32, Int32, Int32) -> Object
  let newPDF: @convention(c) (Receiver, UnsafeMutableRawPointer?, Double, Double) -> Object
  let setMetadata: @convention(c) (Object, Int32, UnsafePointer<CChar>) -> Void
  let newContext: @convention(c) (Object) -> Object
  let contextStatus: @convention(c) (Object) -> Int32
  let destroyContext: @convention(c) (Object) -> Void
  /// Completes drawing before the pixels are read.
  let flush: @convention(c) (Object) -> Void
  let pixels: @convention(c) (Object) -> UnsafeMutableRawPointer?
  /// Distance of two rows of pixels in bytes.
  let pitch: @convention(c) (Object) -> Int32
  let finish: @convention(c) (Object) -> Void
  let surfaceStatus: @convention(c) (Object) -> Int32
  let destroySurface: @convention(c) (Object) -> Void

  /// The libraries, or why they cannot be used.
  static let loaded = Result { () throws(ImageError) in try ImageLibrary() }

  private static let name = "librsvg-2.so.2"

  /// The loader's reason for a failure, with the name of the file.
  private static var loaderMessage: String {
    dlerror().map { String(cString: $0) } ?? "no reason given"
  }

  /// Checks that there are fonts: without fonts a figure would have no text, or boxes.
  func requireFonts() throws(ImageError) {
    // The first field of an FcFontSet is the number of its fonts.
    if let set = fonts(nil, 0), set.pointee > 0 { return }
    throw ImageError(
      reason:
        "no font can be found for its text; install one (Debian's package fonts-dejavu-core), "
        + "raise the limit on open files (ulimit -n) if it is low, or write .svg")
  }

  /// The message of a `GError`: its third field, after two 32-bit integers.
  static func message(_ error: OpaquePointer?) -> String {
    let text = error.map {
      UnsafeRawPointer($0).load(fromByteOffset: 8, as: UnsafePointer<CChar>?.self)
    }
    return text.flatMap { $0 }.map { String(cString: $0) } ?? "no reason given"
  }

  private init() throws(ImageError) {
    guard let library = dlopen(Self.name, RTLD_NOW | RTLD_LOCAL) else {
      throw ImageError(
        reason: "\(Self.name), which draws images, cannot be loaded (\(Self.loaderMessage)); "
          + "install it (Debian's package librsvg2-2) or write .svg")
    }
    // Searches librsvg and all libraries that it depends on.
    func symbol<Function>(_ name: String) throws(ImageError) -> Function {
      guard let address = dlsym(library, name) else {
        throw ImageError(
          reason: "\(Self.name) is too old, it has no \(name); "
            + "install librsvg 2.52 or later, or write .svg")
      }
      return unsafeBitCast(address, to: Function.self)
    }
    newDocument = try symbol("rsvg_handle_new_from_data")
    size = try symbol("rsvg_handle_get_intrinsic_size_in_pixels")
    draw = try symbol("rsvg_handle_render_document")
    unreference = try symbol("g_object_unref")
    fonts = try symbol("FcConfigGetFonts")
    newImage = try symbol("cairo_image_surface_create")
    newPDF = try symbol("cairo_pdf_surface_create_for_stream")
    setMetadata = try symbol("cairo_pdf_surface_set_metadata")
    newContext = try symbol("cairo_create")
    contextStatus = try symbol("cairo_status")
    destroyContext = try symbol("cairo_destroy")
    flush = try symbol("cairo_surface_flush")
    pixels = try symbol("cairo_image_surface_get_data")
    pitch = try symbol("cairo_image_surface_get_stride")
    finish = try symbol("cairo_surface_finish")
    surfaceStatus = try symbol("cairo_surface_status")
    destroySurface = try symbol("cairo_surface_destroy")
  }
}
