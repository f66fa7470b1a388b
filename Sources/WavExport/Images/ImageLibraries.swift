// SPDX-License-Identifier: GPL-2.0-or-later

import CPNGWriter
import Glibc

/// The libraries that draw images, with their versions.
public enum ImageLibraries {
  /// The version of libpng.
  public static var png: String { String(cString: png_writer_version()) }
  /// The version of cairo; nil if it is not installed.
  public static var cairo: String? { version("libcairo.so.2", "cairo_version_string") }
  /// The version of pango, which sets names in further scripts; nil if it is not installed.
  public static var pango: String? { version("libpangocairo-1.0.so.0", "pango_version_string") }

  /// Why images cannot be drawn, as a sentence with a remedy; nil if they can.
  public static var obstacle: String? {
    do throws(ImageError) {
      try CairoLibrary.loaded.get().requireFonts()
      return nil
    } catch {
      return error.reason
    }
  }

  /// The number of fonts that fontconfig finds; 0 without it.
  public static var fontCount: Int {
    guard let cairo = try? CairoLibrary.loaded.get(), let set = cairo.fonts(nil, 0) else {
      return 0
    }
    return Int(set.pointee)
  }

  private static func version(_ library: String, _ function: String) -> String? {
    typealias Version = @convention(c) () -> UnsafePointer<CChar>
    guard let library = dlopen(library, RTLD_NOW | RTLD_LOCAL),
      let address = dlsym(library, function)
    else { return nil }
    return String(cString: unsafeBitCast(address, to: Version.self)())
  }
}
