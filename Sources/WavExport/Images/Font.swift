// SPDX-License-Identifier: GPL-2.0-or-later

/// The font of the system that is nearest to the families of the style sheet, upright, regular or bold.
///
/// It lives as long as the process.
struct Font {
  /// `cairo_font_face_t`.
  let face: CairoLibrary.Object
  /// The characters that it has, `FcCharSet`.
  private let characters: CairoLibrary.Object
  private let cairo: CairoLibrary

  /// Finds a font.
  init(isBold: Bool, _ cairo: CairoLibrary) throws(ImageError) {
    self.cairo = cairo
    // In names a hyphen begins a size. fontconfig counts weights in its own way: 180 is 600 of CSS.
    let families = TextStyle.families.map { $0.split(separator: "-").joined(separator: "\\-") }
    let wanted = cairo.pattern("\(families.joined(separator: ",")):weight=\(isBold ? 180 : 80)")
    defer { cairo.destroyPattern(wanted) }
    // FcMatchPattern.
    _ = cairo.substitute(nil, wanted, 0)
    cairo.substituteDefaults(wanted)
    var result: Int32 = 0
    let found = cairo.match(nil, wanted, &result)
    var characters: CairoLibrary.Object = nil
    guard found != nil, cairo.characters(found, "charset", 0, &characters) == 0 else {
      throw ImageError(reason: "fontconfig finds no font for its text; write .svg")
    }
    face = cairo.newFont(found)
    self.characters = characters
  }

  /// Whether a text is a row of letters of this font, one for each character: letters of another font, marks
  /// on letters, joined letters and writing from right to left need a layout.
  func sets(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { character in
      if character.isASCII { return true }
      let isSimple =
        switch character.value {
        // Latin, Greek, Cyrillic, Armenian; Latin and Greek; punctuation, signs and arrows.
        case 0xa0..<0x590, 0x1e00..<0x2000, 0x2010..<0x2c00: true
        default: false
        }
      let properties = character.properties
      let isAlone =
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .format: false
        default: !properties.isEmojiPresentation
        }
      return isSimple && isAlone && cairo.hasCharacter(characters, character.value) != 0
    }
  }
}
