// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation

/// A PNG file, decoded by cairo.
struct Image {
  let width: Int
  let height: Int
  /// Colours as 0xRRGGBB, row by row from the top.
  private let pixels: [UInt32]

  /// Reads a file; nil if cairo cannot.
  init?(_ file: URL) {
    typealias Pointer = UnsafeMutableRawPointer
    guard let library = dlopen("libcairo.so.2", RTLD_NOW) else { return nil }
    func function<Function>(_ name: String, _: Function.Type) -> Function {
      unsafeBitCast(dlsym(library, name), to: Function.self)
    }
    let read = function(
      "cairo_image_surface_create_from_png",
      (@convention(c) (UnsafePointer<CChar>) -> Pointer).self)
    let status = function("cairo_surface_status", (@convention(c) (Pointer) -> Int32).self)
    let data = function("cairo_image_surface_get_data", (@convention(c) (Pointer) -> Pointer?).self)
    let (getWidth, getHeight, getStride) = (
      function("cairo_image_surface_get_width", (@convention(c) (Pointer) -> Int32).self),
      function("cairo_image_surface_get_height", (@convention(c) (Pointer) -> Int32).self),
      function("cairo_image_surface_get_stride", (@convention(c) (Pointer) -> Int32).self)
    )
    let destroy = function("cairo_surface_destroy", (@convention(c) (Pointer) -> Void).self)

    let surface = read(file.path)
    defer { destroy(surface) }
    guard status(surface) == 0, let bytes = data(surface) else { return nil }
    let (width, height, stride) = (
      Int(getWidth(surface)), Int(getHeight(surface)), Int(getStride(surface))
    )
    (self.width, self.height) = (width, height)
    pixels = (0..<height).flatMap { y in
      (0..<width).map { x in
        bytes.load(fromByteOffset: y * stride + 4 * x, as: UInt32.self) & 0xffffff
      }
    }
  }

  /// The colour at a place.
  func colour(_ x: Int, _ y: Int) -> UInt32 { pixels[y * width + x] }

  /// Number of pixels with exactly this colour.
  func count(_ colour: UInt32) -> Int { pixels.count { $0 == colour } }
}
