// SPDX-License-Identifier: GPL-2.0-or-later
// Two pens with the same strokes: one draws on a canvas, the other writes SVG. Points are flat lists x, y, x, y …

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif';

const fontOf = (size, weight) => `${weight ?? 400} ${size ?? 12}px ${FONT}`;

class CanvasPen {
  constructor(context) {
    this.context = context;
    context.lineJoin = "bevel";
  }

  polyline(points, { stroke, width = 1, dash = [], opacity = 1 }) {
    const { context } = this;
    this.begin(stroke, width, dash, opacity);
    for (let at = 0; at < points.length; at += 2) {
      if (at === 0) context.moveTo(points[0], points[1]);
      else context.lineTo(points[at], points[at + 1]);
    }
    context.stroke();
  }

  /** Separate lines, four numbers each. */
  segments(points, { stroke, width = 1, dash = [], opacity = 1 }) {
    const { context } = this;
    this.begin(stroke, width, dash, opacity);
    for (let at = 0; at < points.length; at += 4) {
      context.moveTo(points[at], points[at + 1]);
      context.lineTo(points[at + 2], points[at + 3]);
    }
    context.stroke();
  }

  begin(stroke, width, dash, opacity) {
    const { context } = this;
    context.globalAlpha = opacity;
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.setLineDash(dash);
    context.beginPath();
  }

  /** Rectangles, four numbers each: x, y, width, height. */
  boxes(points, { fill, opacity = 1 }) {
    const { context } = this;
    context.globalAlpha = opacity;
    context.fillStyle = fill;
    context.beginPath(); // one shape, so that its parts add nothing where they touch
    for (let at = 0; at < points.length; at += 4) context.rect(points[at], points[at + 1], points[at + 2], points[at + 3]);
    context.fill();
  }

  dots(points, radius, { fill }) {
    const { context } = this;
    context.globalAlpha = 1;
    context.fillStyle = fill;
    context.beginPath();
    for (let at = 0; at < points.length; at += 2) {
      context.moveTo(points[at] + radius, points[at + 1]);
      context.arc(points[at], points[at + 1], radius, 0, 2 * Math.PI);
    }
    context.fill();
  }

  text(text, x, y, { fill, size, weight, align = "left", turned = false, opacity = 1 }) {
    const { context } = this;
    context.globalAlpha = opacity;
    context.fillStyle = fill;
    context.font = fontOf(size, weight);
    context.textAlign = align;
    context.textBaseline = "alphabetic";
    if (!turned) return void context.fillText(text, x, y);
    context.save();
    context.translate(x, y);
    context.rotate(-Math.PI / 2);
    context.fillText(text, 0, 0);
    context.restore();
  }

  clip(x, y, width, height, draw) {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    draw();
    context.restore();
  }

  image(canvas, x, y, width, height) {
    const { context } = this;
    context.globalAlpha = 1;
    context.imageSmoothingEnabled = false;
    context.drawImage(canvas, x, y, width, height);
  }
}

const short = (value) => String(Math.round(value * 100) / 100);

/** XML has no room for control characters and halves of pairs. */
const escaped = (text) => String(text).toWellFormed()
  .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
  .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

class VectorPen {
  constructor(width, height, title) {
    this.parts = [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${short(width)}" height="${short(height)}" `
        + `viewBox="0 0 ${short(width)} ${short(height)}" role="img">`,
      `<title>${escaped(title)}</title>`,
    ];
    this.clips = 0;
  }

  get source() {
    return [...this.parts, "</svg>", ""].join("\n");
  }

  polyline(points, style) {
    if (points.length === 0) return;
    const pairs = [];
    for (let at = 0; at < points.length; at += 2) pairs.push(`${short(points[at])},${short(points[at + 1])}`);
    this.parts.push(`<polyline fill="none" stroke-linejoin="bevel" ${this.stroke(style)} points="${pairs.join(" ")}"/>`);
  }

  segments(points, style) {
    if (points.length === 0) return;
    const moves = [];
    for (let at = 0; at < points.length; at += 4) {
      moves.push(`M${short(points[at])} ${short(points[at + 1])}L${short(points[at + 2])} ${short(points[at + 3])}`);
    }
    this.parts.push(`<path fill="none" ${this.stroke(style)} d="${moves.join("")}"/>`);
  }

  stroke({ stroke, width = 1, dash = [], opacity = 1 }) {
    return `stroke="${stroke}" stroke-width="${width}"`
      + (dash.length > 0 ? ` stroke-dasharray="${dash.join(" ")}"` : "") + (opacity < 1 ? ` stroke-opacity="${opacity}"` : "");
  }

  boxes(points, { fill, opacity = 1 }) {
    const moves = [];
    for (let at = 0; at < points.length; at += 4) {
      const [x, y, width, height] = points.slice(at, at + 4).map(short);
      moves.push(`M${x} ${y}h${width}v${height}h${short(-points[at + 2])}z`);
    }
    if (moves.length > 0) this.parts.push(`<path fill="${fill}" fill-opacity="${opacity}" d="${moves.join("")}"/>`);
  }

  dots(points, radius, { fill }) {
    for (let at = 0; at < points.length; at += 2) {
      this.parts.push(`<circle fill="${fill}" r="${short(radius)}" cx="${short(points[at])}" cy="${short(points[at + 1])}"/>`);
    }
  }

  text(text, x, y, { fill, size = 12, weight = 400, align = "left", turned = false, opacity = 1 }) {
    const anchor = { left: "start", center: "middle", right: "end" }[align];
    const turn = turned ? ` transform="rotate(-90 ${short(x)} ${short(y)})"` : "";
    this.parts.push(`<text x="${short(x)}" y="${short(y)}" fill="${fill}" fill-opacity="${opacity}" font-size="${size}" `
      + `font-weight="${weight}" text-anchor="${anchor}" font-family="${escaped(FONT)}"${turn}>${escaped(text)}</text>`);
  }

  clip(x, y, width, height, draw) {
    const name = `clip${this.clips++}`;
    this.parts.push(`<clipPath id="${name}"><rect x="${short(x)}" y="${short(y)}" width="${short(width)}" `
      + `height="${short(height)}"/></clipPath><g clip-path="url(#${name})">`);
    draw();
    this.parts.push("</g>");
  }

  image(canvas, x, y, width, height) {
    this.parts.push(`<image href="${canvas.toDataURL("image/png")}" x="${short(x)}" y="${short(y)}" width="${short(width)}" `
      + `height="${short(height)}" preserveAspectRatio="none" image-rendering="pixelated"/>`);
  }
}
