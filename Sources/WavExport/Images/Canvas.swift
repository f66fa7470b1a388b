// SPDX-License-Identifier: GPL-2.0-or-later

/// A surface of cairo on which the marks of a figure are drawn, in the styles of a theme.
struct Canvas: ~Copyable {
  private let cairo: CairoLibrary
  private let context: CairoLibrary.Object
  private let theme: Theme
  private let typesetter: Typesetter

  /// Draws on a surface on which each unit of the figure has `scale` units.
  init(
    on surface: CairoLibrary.Object, scale: Double, _ theme: Theme, _ cairo: CairoLibrary
  ) throws(ImageError) {
    let context = cairo.newContext(surface)
    cairo.scale(context, scale, scale)
    // CAIRO_LINE_JOIN_ROUND.
    cairo.setLineJoin(context, 1)
    cairo.setAntialias(context, Self.fewShades)
    do throws(ImageError) {
      typesetter = try Typesetter(context, cairo)
    } catch {
      cairo.destroyContext(context)
      throw error
    }
    (self.cairo, self.theme, self.context) = (cairo, theme, context)
  }

  /// `CAIRO_ANTIALIAS_NONE`.
  private static let withoutShades: Int32 = 1
  /// `CAIRO_ANTIALIAS_FAST`: 16 shades at the edges of shapes look as 256 do, take a third of the time and
  /// compress to a quarter.
  private static let fewShades: Int32 = 4

  deinit { cairo.destroyContext(context) }

  /// Draws a scene.
  borrowing func draw(_ scene: Scene) throws(ImageError) {
    setColour(theme.page)
    cairo.paint(context)
    for mark in scene.marks { draw(mark) }
    try cairo.require(cairo.contextStatus(context))
  }

  private borrowing func draw(_ mark: Mark) {
    switch mark {
    case .stroke(let role, let paths):
      add(paths)
      stroke(theme.stroke(role))
    case .fill(let role, let paths):
      let style = theme.fill(role)
      add(paths)
      setColour(style.colour, opacity: style.opacity)
      // The edge of this area is below its curve.
      if role == .area { cairo.setAntialias(context, Self.withoutShades) }
      cairo.fill(context)
      cairo.setAntialias(context, Self.fewShades)
    case .image(let raster, let frame): image(raster, in: frame)
    case .peak(let center, let role):
      cairo.newPath(context)
      cairo.arc(context, center.x, center.y, Theme.peakRadius, 0, 2 * .pi)
      setColour(theme.peakFill.colour, opacity: theme.peakFill.opacity)
      cairo.fillKeepingPath(context)
      stroke(theme.stroke(.peak(on: role)))
    case .text(let mark): text(mark)
    }
  }

  private borrowing func add(_ paths: [Path]) {
    for path in paths {
      for (index, point) in path.points.enumerated() {
        (index == 0 ? cairo.moveTo : cairo.lineTo)(context, point.x, point.y)
      }
      if path.isClosed { cairo.closePath(context) }
    }
  }

  private borrowing func stroke(_ style: StrokeStyle) {
    setColour(style.colour, opacity: style.opacity)
    cairo.setLineWidth(context, style.width)
    cairo.setDashes(context, style.dashes, Int32(style.dashes.count), 0)
    cairo.stroke(context)
  }

  private borrowing func setColour(_ colour: Colour, opacity: Double = 1) {
    cairo.setColour(
      context, Double(colour.red) / 255, Double(colour.green) / 255, Double(colour.blue) / 255,
      opacity)
  }

  /// Draws an image with sharp pixels if these are large, otherwise blended where they are too many.
  private borrowing func image(_ raster: Raster, in frame: Rectangle) {
    let (sharp, hasLargePixels) = raster.sharpened(for: frame)
    let colours = sharp.palette.map {
      UInt32($0.red) << 16 | UInt32($0.green) << 8 | UInt32($0.blue)
    }
    var pixels = sharp.indices.map { colours[Int($0)] }
    pixels.withUnsafeMutableBytes { bytes in
      // CAIRO_FORMAT_RGB24: 32-bit integers, whose rows have no space between them.
      let image = cairo.imageOfBytes(
        bytes.baseAddress, 1, Int32(sharp.width), Int32(sharp.height), Int32(4 * sharp.width))
      cairo.save(context)
      cairo.translate(context, frame.left, frame.top)
      cairo.scale(
        context, frame.width / Double(sharp.width), frame.height / Double(sharp.height))
      cairo.setSurface(context, image, 0, 0)
      let source = cairo.source(context)
      // CAIRO_FILTER_NEAREST or _GOOD; CAIRO_EXTEND_PAD, or else edges fade into the page.
      cairo.setFilter(source, hasLargePixels ? 3 : 1)
      cairo.setExtension(source, 3)
      cairo.rectangle(context, 0, 0, Double(sharp.width), Double(sharp.height))
      cairo.fill(context)
      cairo.restore(context)
      // A page copies the pixels when it is finished: it must not find them changed.
      cairo.finish(image)
      cairo.destroySurface(image)
    }
  }

  private borrowing func text(_ mark: TextMark) {
    guard !mark.text.isEmpty else { return }
    let style = theme.text(mark.role, isSmall: mark.isSmall)
    let text = typesetter.text(writable(mark.text), size: style.size, isBold: style.isBold)
    let shift =
      switch mark.anchor {
      case .start: 0.0
      case .middle: -text.width / 2
      case .end: -text.width
      }
    cairo.save(context)
    cairo.translate(context, mark.position.x, mark.position.y)
    if mark.isRotated { cairo.rotate(context, -.pi / 2) }
    if let halo = style.halo {
      cairo.moveTo(context, shift, 0)
      text.addOutline()
      stroke(StrokeStyle(colour: halo, width: TextStyle.haloWidth))
    }
    setColour(style.colour)
    cairo.moveTo(context, shift, 0)
    text.show()
    cairo.restore(context)
    cairo.newPath(context)
  }
}
