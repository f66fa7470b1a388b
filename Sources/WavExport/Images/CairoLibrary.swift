// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSystem

/// cairo and fontconfig, loaded when the first image is drawn.
///
/// They are not linked, because most runs do not write images, and because programs without them should
/// run. The prototypes are those of `cairo.h`, `cairo-pdf.h`, `cairo-ft.h` (cairo 1.16) and `fontconfig.h`.
final class CairoLibrary: Sendable {
  typealias Object = OpaquePointer?
  /// Receives bytes of a page: the closure's pointer, the bytes and their number; returns 0 for
  /// success.
  typealias Receiver =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, UInt32
    ) -> Int32
  /// Changes or draws what is current in a context.
  typealias Command = @convention(c) (Object) -> Void
  typealias Setting = @convention(c) (Object, Int32) -> Void
  typealias Amount = @convention(c) (Object, Double) -> Void
  typealias Place = @convention(c) (Object, Double, Double) -> Void
  typealias Words = @convention(c) (Object, UnsafePointer<CChar>) -> Void

  // Surfaces
  /// An image of bytes in memory: format, width, height and distance of two rows in bytes.
  let imageOfBytes: @convention(c) (UnsafeMutableRawPointer?, Int32, Int32, Int32, Int32) -> Object
  let newPDF: @convention(c) (Receiver, UnsafeMutableRawPointer?, Double, Double) -> Object
  let setMetadata: @convention(c) (Object, Int32, UnsafePointer<CChar>) -> Void
  /// Completes drawing before the pixels are read.
  let flush: Command
  let finish: Command
  let surfaceStatus: @convention(c) (Object) -> Int32
  let destroySurface: Command

  // Contexts
  let newContext: @convention(c) (Object) -> Object
  let contextStatus: @convention(c) (Object) -> Int32
  let destroyContext: Command
  let save: Command
  let restore: Command
  let scale: Place
  let translate: Place
  let rotate: Amount
  let setColour: @convention(c) (Object, Double, Double, Double, Double) -> Void
  let setSurface: @convention(c) (Object, Object, Double, Double) -> Void
  let source: @convention(c) (Object) -> Object
  let setFilter: Setting
  let setExtension: Setting

  // Paths
  let moveTo: Place
  let lineTo: Place
  let closePath: Command
  let newPath: Command
  let arc: @convention(c) (Object, Double, Double, Double, Double, Double) -> Void
  let setLineWidth: Amount
  let setDashes: @convention(c) (Object, UnsafePointer<Double>, Int32, Double) -> Void
  let setLineJoin: Setting
  let setAntialias: Setting
  let stroke: Command
  let fill: Command
  let fillKeepingPath: Command
  let paint: Command
  let rectangle: @convention(c) (Object, Double, Double, Double, Double) -> Void

  // Texts
  let newFontOptions: @convention(c) () -> Object
  let destroyFontOptions: Command
  let setHintStyle: Setting
  let setHintMetrics: Setting
  let setTextAntialias: Setting
  let setFontOptions: @convention(c) (Object, Object) -> Void
  let setFontSize: Amount
  let setFont: @convention(c) (Object, Object) -> Void
  let newFont: @convention(c) (Object) -> Object
  /// Stores `cairo_text_extents_t`: x and y of the bearing, width, height, x and y of the advance.
  let extents: @convention(c) (Object, UnsafePointer<CChar>, UnsafeMutablePointer<Double>) -> Void
  let showText: Words
  let addTextPath: Words

  // fontconfig
  /// The fonts of a configuration (nil for the current one) and of a set: 0 for the system's fonts.
  let fonts: @convention(c) (Object, Int32) -> UnsafePointer<Int32>?
  /// A pattern with a name such as `serif,sans-serif:weight=200`.
  let pattern: @convention(c) (UnsafePointer<CChar>) -> Object
  let substitute: @convention(c) (Object, Object, Int32) -> Int32
  let substituteDefaults: Command
  let match: @convention(c) (Object, Object, UnsafeMutablePointer<Int32>) -> Object
  let characters:
    @convention(c) (Object, UnsafePointer<CChar>, Int32, UnsafeMutablePointer<Object>) -> Int32
  let hasCharacter: @convention(c) (Object, UInt32) -> Int32
  let destroyPattern: Command

  /// The libraries, or why they cannot be used.
  static let loaded = Result { () throws(ImageError) in try CairoLibrary() }

  private static let name = "libcairo.so.2"

  /// Checks that there are fonts: without fonts a figure would have no text, or boxes.
  func requireFonts() throws(ImageError) {
    // The first field of an FcFontSet is the number of its fonts.
    if let set = fonts(nil, 0), set.pointee > 0 { return }
    throw ImageError(
      reason: "no font can be found for its text; "
        + Self.wayOut("install one (Debian's package fonts-dejavu-core)"))
  }

  /// What to do for libraries and fonts, which need descriptors: fontconfig has some of its files open at a time.
  private static func wayOut(_ installation: String) -> String {
    (remedyForDescriptors(fewerThan: 16) ?? installation) + ", or write .svg"
  }

  /// Throws unless a status of cairo is success.
  func require(_ status: Int32) throws(ImageError) {
    guard status != 0 else { return }
    throw ImageError(reason: "cairo cannot draw the figure, status \(status); write .svg")
  }

  private init() throws(ImageError) {
    guard let library = dlopen(Self.name, RTLD_NOW | RTLD_LOCAL) else {
      let message = dlerror().map { String(cString: $0) } ?? "no reason given"
      throw ImageError(
        reason: "\(Self.name), which draws images, cannot be loaded (\(message)); "
          + Self.wayOut("install it (Debian's package libcairo2)"))
    }
    // Searches cairo and all libraries that it depends on.
    func symbol<Function>(_ name: String) throws(ImageError) -> Function {
      guard let address = dlsym(library, name) else {
        throw ImageError(
          reason:
            "\(Self.name) has no \(name); install cairo 1.16 or later with PDF and fontconfig, "
            + "or write .svg")
      }
      return unsafeBitCast(address, to: Function.self)
    }
    imageOfBytes = try symbol("cairo_image_surface_create_for_data")
    newPDF = try symbol("cairo_pdf_surface_create_for_stream")
    setMetadata = try symbol("cairo_pdf_surface_set_metadata")
    flush = try symbol("cairo_surface_flush")
    finish = try symbol("cairo_surface_finish")
    surfaceStatus = try symbol("cairo_surface_status")
    destroySurface = try symbol("cairo_surface_destroy")

    newContext = try symbol("cairo_create")
    contextStatus = try symbol("cairo_status")
    destroyContext = try symbol("cairo_destroy")
    save = try symbol("cairo_save")
    restore = try symbol("cairo_restore")
    scale = try symbol("cairo_scale")
    translate = try symbol("cairo_translate")
    rotate = try symbol("cairo_rotate")
    setColour = try symbol("cairo_set_source_rgba")
    setSurface = try symbol("cairo_set_source_surface")
    source = try symbol("cairo_get_source")
    setFilter = try symbol("cairo_pattern_set_filter")
    setExtension = try symbol("cairo_pattern_set_extend")

    moveTo = try symbol("cairo_move_to")
    lineTo = try symbol("cairo_line_to")
    closePath = try symbol("cairo_close_path")
    newPath = try symbol("cairo_new_path")
    arc = try symbol("cairo_arc")
    setLineWidth = try symbol("cairo_set_line_width")
    setDashes = try symbol("cairo_set_dash")
    setLineJoin = try symbol("cairo_set_line_join")
    setAntialias = try symbol("cairo_set_antialias")
    stroke = try symbol("cairo_stroke")
    fill = try symbol("cairo_fill")
    fillKeepingPath = try symbol("cairo_fill_preserve")
    paint = try symbol("cairo_paint")
    rectangle = try symbol("cairo_rectangle")

    newFontOptions = try symbol("cairo_font_options_create")
    destroyFontOptions = try symbol("cairo_font_options_destroy")
    setHintStyle = try symbol("cairo_font_options_set_hint_style")
    setHintMetrics = try symbol("cairo_font_options_set_hint_metrics")
    setTextAntialias = try symbol("cairo_font_options_set_antialias")
    setFontOptions = try symbol("cairo_set_font_options")
    setFontSize = try symbol("cairo_set_font_size")
    setFont = try symbol("cairo_set_font_face")
    newFont = try symbol("cairo_ft_font_face_create_for_pattern")
    extents = try symbol("cairo_text_extents")
    showText = try symbol("cairo_show_text")
    addTextPath = try symbol("cairo_text_path")

    fonts = try symbol("FcConfigGetFonts")
    pattern = try symbol("FcNameParse")
    substitute = try symbol("FcConfigSubstitute")
    substituteDefaults = try symbol("FcDefaultSubstitute")
    match = try symbol("FcFontMatch")
    characters = try symbol("FcPatternGetCharSet")
    hasCharacter = try symbol("FcCharSetHasChar")
    destroyPattern = try symbol("FcPatternDestroy")
  }
}
