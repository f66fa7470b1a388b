// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// A file format for figures: its name, and how it encodes a figure.
///
/// ``all`` is the only list of these formats; each is also a format of spectra (``Exporter/all``).
public struct FigureRenderer: Sendable {
  /// The name on the command line, and the extension of its files.
  public let name: String
  /// Whether it uses librsvg, which is loaded on demand and may start threads.
  public let usesImageLibrary: Bool

  private let render: @Sendable (Scene) throws(ImageError) -> [UInt8]

  /// Every format of figures, in the order of all lists.
  public static let all: [FigureRenderer] = [.svg, .png, .pdf]

  /// The extensions in words: `.svg, .png or .pdf`.
  public static var extensionsInWords: String { alternatives(all.map { ".\($0.name)" }) }

  /// The document itself, light or dark by the reader's preference.
  public static let svg = FigureRenderer(name: "svg", usesImageLibrary: false) {
    scene throws(ImageError) in
    Array(try SVG.document(scene).utf8)
  }
  /// Pixels in the light colours, two per unit of the figure in each direction.
  static let png = FigureRenderer(name: "png") { drawing, scene throws(ImageError) in
    try drawing.png(scale: 2, scene.hasImage ? .ofColours : .ofDrawings)
  }
  /// A page of vectors and text in the light colours; 96 units of the figure are an inch, as in
  /// CSS.
  static let pdf = FigureRenderer(name: "pdf") { drawing, scene throws(ImageError) in
    try drawing.pdf(scale: 72.0 / 96, title: plain(scene.title))
  }

  private init(
    name: String, usesImageLibrary: Bool,
    render: @escaping @Sendable (Scene) throws(ImageError) -> [UInt8]
  ) {
    self.name = name
    self.usesImageLibrary = usesImageLibrary
    self.render = render
  }

  /// A format drawn by librsvg and cairo.
  private init(
    name: String,
    draw: @escaping @Sendable (borrowing SVGDrawing, Scene) throws(ImageError) -> [UInt8]
  ) {
    self.init(name: name, usesImageLibrary: true) { scene throws(ImageError) in
      let quiet = QuietStandardError()
      defer { quiet.end() }
      let library = try ImageLibrary.loaded.get()
      try library.requireFonts()
      return try draw(SVGDrawing(try SVG.document(scene), library), scene)
    }
  }

  /// The format of files with an extension.
  public init?(extension fileExtension: String) {
    guard let found = Self.all.first(where: { $0.name == fileExtension }) else { return nil }
    self = found
  }

  /// Checks that figures can be drawn in this format, before they are computed.
  ///
  /// - Throws: ``ImageError`` when librsvg, which draws the images, is not installed or too old.
  public func requireLibrary() throws(ImageError) {
    if usesImageLibrary { _ = try ImageLibrary.loaded.get() }
  }

  /// Encodes a figure as the bytes of a file.
  ///
  /// For images librsvg and its libraries may start threads: a process that forks later should call
  /// this in a child process. They use the installed fonts, so the same figure can have other bytes
  /// on another machine.
  ///
  /// - Throws: ``ImageError``.
  public func bytes(of figure: Scene) throws(ImageError) -> [UInt8] {
    try render(figure)
  }
}

/// A title without control characters, at which cairo stops.
private func plain(_ title: String) -> String {
  String(
    String.UnicodeScalarView(
      title.unicodeScalars.map { $0.value < 0x20 || $0.value & 0xfffe == 0xfffe ? "\u{fffd}" : $0 })
  )
}
