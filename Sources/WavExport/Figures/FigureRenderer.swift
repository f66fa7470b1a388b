// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// A file format for figures: its name, and how it encodes a figure.
///
/// ``all`` is the only list of these formats; each is also a format of spectra (``Exporter/all``).
public struct FigureRenderer: Sendable {
  /// The name on the command line, and the extension of its files.
  public let name: String
  /// Whether it uses cairo, which is loaded on demand.
  public let usesImageLibrary: Bool

  private let render: @Sendable (Scene) throws(ImageError) -> [UInt8]

  /// Every format of figures, in the order of all lists.
  public static let all: [FigureRenderer] = [.svg, .png, .pdf]

  /// The extensions in words: `.svg, .png or .pdf`.
  public static var extensionsInWords: String { alternatives(all.map { ".\($0.name)" }) }

  /// The document itself.
  public static let svg = FigureRenderer(name: "svg", usesImageLibrary: false) {
    scene throws(ImageError) in
    Array(try SVG.document(scene).utf8)
  }
  /// Pixels, two per unit of the figure in each direction.
  static let png = FigureRenderer(name: "png") { scene, cairo throws(ImageError) in
    try WavExport.png(scene, scale: Raster.finestScale, cairo)
  }
  /// A page of vectors and text; 96 units of the figure are an inch, as in CSS.
  static let pdf = FigureRenderer(name: "pdf") { scene, cairo throws(ImageError) in
    try WavExport.pdf(scene, scale: 72.0 / 96, cairo)
  }

  private init(
    name: String, usesImageLibrary: Bool,
    render: @escaping @Sendable (Scene) throws(ImageError) -> [UInt8]
  ) {
    self.name = name
    self.usesImageLibrary = usesImageLibrary
    self.render = render
  }

  /// A format drawn by cairo.
  private init(
    name: String, draw: @escaping @Sendable (Scene, CairoLibrary) throws(ImageError) -> [UInt8]
  ) {
    self.init(name: name, usesImageLibrary: true) { scene throws(ImageError) in
      let quiet = QuietStandardError()
      defer { quiet.end() }
      let cairo = try CairoLibrary.loaded.get()
      try cairo.requireFonts()
      return try draw(scene, cairo)
    }
  }

  /// The format of files with an extension.
  public init?(extension fileExtension: String) {
    guard let found = Self.all.first(where: { $0.name == fileExtension }) else { return nil }
    self = found
  }

  /// Checks that figures can be drawn in this format, before they are computed.
  ///
  /// - Throws: ``ImageError`` when cairo, which draws the images, is not installed or too old.
  public func requireLibrary() throws(ImageError) {
    if usesImageLibrary { _ = try CairoLibrary.loaded.get() }
  }

  /// Encodes a figure as the bytes of a file.
  ///
  /// For texts in some scripts pango is loaded, which may start threads: a process that forks later should
  /// draw images in a child process. They use the installed fonts, so the same figure can have other bytes on
  /// another machine.
  ///
  /// - Throws: ``ImageError``.
  public func bytes(of figure: Scene) throws(ImageError) -> [UInt8] {
    try render(figure)
  }
}
