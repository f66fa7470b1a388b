// SPDX-License-Identifier: GPL-2.0-or-later

/// A line of text in a context of cairo; its base line begins at the current point.
protocol TypesetText {
  /// Distance from its beginning to its end.
  var width: Double { get }
  /// Appends the outline of the letters to the path.
  func addOutline()
  /// Draws the letters.
  func show()
}

/// Sets the texts of a figure.
///
/// cairo sets most of them, letter by letter: loading pango and its libraries takes longer than drawing.
/// pango is loaded for scripts that the font does not have or that need a layout. Without pango, their
/// letters are in one row and those that the font does not have are boxes.
struct Typesetter {
  private let context: CairoLibrary.Object
  private let cairo: CairoLibrary
  private let regular: Font
  private let bold: Font

  /// Finds the fonts for a context.
  init(_ context: CairoLibrary.Object, _ cairo: CairoLibrary) throws(ImageError) {
    self.context = context
    self.cairo = cairo
    regular = try Font(isBold: false, cairo)
    bold = try Font(isBold: true, cairo)
    // Letters have their true shapes, whatever suits the screen of this system.
    let options = cairo.newFontOptions()
    // CAIRO_HINT_STYLE_NONE, CAIRO_HINT_METRICS_OFF, CAIRO_ANTIALIAS_GRAY.
    cairo.setHintStyle(options, 1)
    cairo.setHintMetrics(options, 1)
    cairo.setTextAntialias(options, 2)
    cairo.setFontOptions(context, options)
    cairo.destroyFontOptions(options)
  }

  /// Sets a line of text.
  func text(_ text: String, size: Double, isBold: Bool) -> any TypesetText {
    let font = isBold ? bold : regular
    if !font.sets(text), let pango = PangoLibrary.loaded {
      return TextOfPango(text, size: size, isBold: isBold, context, pango)
    }
    return TextOfCairo(text, font, size: size, context, cairo)
  }
}

/// A text in a single font, a letter for each character.
private struct TextOfCairo: TypesetText {
  let width: Double
  private let text: String
  private let context: CairoLibrary.Object
  private let cairo: CairoLibrary

  init(
    _ text: String, _ font: Font, size: Double, _ context: CairoLibrary.Object,
    _ cairo: CairoLibrary
  ) {
    self.text = text
    self.context = context
    self.cairo = cairo
    cairo.setFont(context, font.face)
    cairo.setFontSize(context, size)
    var extents = [Double](repeating: 0, count: 6)
    cairo.extents(context, text, &extents)
    width = extents[4]
  }

  func addOutline() { cairo.addTextPath(context, text) }
  func show() { cairo.showText(context, text) }
}
