// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// A title without the characters that are no text, at which cairo stops.
private func plain(_ title: String) -> String {
  String(
    String.UnicodeScalarView(
      title.unicodeScalars.map { $0.value < 0x20 || $0.value & 0xfffe == 0xfffe ? "\u{fffd}" : $0 })
  )
}

/// Kinds of file that a figure can be written as.
public enum FigureFormat: String, CaseIterable, Sendable {
  /// The document as it is, light or dark by the reader's preference.
  case svg
  /// Pixels, two for each of the figure's units in either direction, in the light colours.
  case png
  /// A page of vectors and text in the light colours; 96 of the figure's units are an inch, as in CSS.
  case pdf

  /// Makes sure that figures can be drawn in this format, before any work is done for one.
  ///
  /// - Throws: ``ImageError`` when librsvg, which draws the images, is not installed or too old.
  public func requireLibrary() throws(ImageError) {
    if self != .svg { _ = try ImageLibrary.loaded.get() }
  }

  /// Makes the bytes of a file.
  ///
  /// For images librsvg and its libraries may start threads: a process that forks later should do
  /// this in a child of its own. They look for fonts, so that the same figure can be other bytes on
  /// another machine.
  ///
  /// - Throws: ``ImageError``.
  public func bytes(of figure: FigureDocument) throws(ImageError) -> [UInt8] {
    if self == .svg { return Array(figure.svg.utf8) }
    let quiet = QuietStandardError()
    defer { quiet.end() }
    let library = try ImageLibrary.loaded.get()
    try library.requireFonts()
    let drawing = try SVGDrawing(figure.svg, library)
    return self == .png
      ? try drawing.png(scale: 2) : try drawing.pdf(scale: 72.0 / 96, title: plain(figure.title))
  }
}
