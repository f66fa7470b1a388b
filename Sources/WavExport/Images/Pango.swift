// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// pango, which lays out the letters of all scripts from several fonts; loaded when a text needs it.
///
/// The prototypes are those of `pangocairo.h`, `pango-layout.h`, `pango-font.h` (pango 1.50) and `gobject.h`.
final class PangoLibrary: Sendable {
  typealias Object = OpaquePointer?

  let newLayout: @convention(c) (Object) -> Object
  let setText: @convention(c) (Object, UnsafePointer<CChar>, Int32) -> Void
  let setFont: @convention(c) (Object, Object) -> Void
  let line: @convention(c) (Object, Int32) -> Object
  /// Stores x, y, width and height of the ink and of the line, in `unit`s.
  let lineExtents:
    @convention(c) (Object, UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<Int32>?) -> Void
  let addPath: @convention(c) (Object, Object) -> Void
  let showLine: @convention(c) (Object, Object) -> Void
  let newDescription: @convention(c) () -> Object
  let setFamilies: @convention(c) (Object, UnsafePointer<CChar>) -> Void
  let setWeight: @convention(c) (Object, Int32) -> Void
  let setSize: @convention(c) (Object, Double) -> Void
  let destroyDescription: @convention(c) (Object) -> Void
  let unreference: @convention(c) (Object) -> Void

  /// Units of pango in one of cairo.
  static let unit = 1024.0

  /// The library; nil if it cannot be loaded.
  static let loaded = try? PangoLibrary()

  private struct Missing: Error {}

  private init() throws(Missing) {
    guard let library = dlopen("libpangocairo-1.0.so.0", RTLD_NOW | RTLD_LOCAL) else {
      throw Missing()
    }
    func symbol<Function>(_ name: String) throws(Missing) -> Function {
      guard let address = dlsym(library, name) else { throw Missing() }
      return unsafeBitCast(address, to: Function.self)
    }
    newLayout = try symbol("pango_cairo_create_layout")
    setText = try symbol("pango_layout_set_text")
    setFont = try symbol("pango_layout_set_font_description")
    line = try symbol("pango_layout_get_line_readonly")
    lineExtents = try symbol("pango_layout_line_get_extents")
    addPath = try symbol("pango_cairo_layout_line_path")
    showLine = try symbol("pango_cairo_show_layout_line")
    newDescription = try symbol("pango_font_description_new")
    setFamilies = try symbol("pango_font_description_set_family")
    setWeight = try symbol("pango_font_description_set_weight")
    setSize = try symbol("pango_font_description_set_absolute_size")
    destroyDescription = try symbol("pango_font_description_free")
    unreference = try symbol("g_object_unref")
  }
}

/// A text in any script, laid out by pango.
final class TextOfPango: TypesetText {
  let width: Double
  private let layout: PangoLibrary.Object
  private let context: PangoLibrary.Object
  private let pango: PangoLibrary

  init(
    _ text: String, size: Double, isBold: Bool, _ context: PangoLibrary.Object,
    _ pango: PangoLibrary
  ) {
    self.context = context
    self.pango = pango
    layout = pango.newLayout(context)
    let description = pango.newDescription()
    pango.setFamilies(description, TextStyle.families.joined(separator: ","))
    pango.setWeight(description, Int32(isBold ? TextStyle.boldWeight : 400))
    pango.setSize(description, size * PangoLibrary.unit)
    pango.setFont(layout, description)
    pango.destroyDescription(description)
    pango.setText(layout, text, -1)
    var extents = [Int32](repeating: 0, count: 4)
    pango.lineExtents(pango.line(layout, 0), nil, &extents)
    width = Double(extents[2]) / PangoLibrary.unit
  }

  deinit { pango.unreference(layout) }

  func addOutline() { pango.addPath(context, pango.line(layout, 0)) }
  func show() { pango.showLine(context, pango.line(layout, 0)) }
}
