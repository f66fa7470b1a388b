// SPDX-License-Identifier: GPL-2.0-or-later
// The curves of the list: all of them on the same axes, so that they can be compared.

const THUMBNAIL = { width: 132, height: 34 };
const NO_BIN = 255;
/** Codes of levels are half decibels above this one, which stands for silence. */
const LEVEL_OF_0 = -120.5;
/** Decibels from the top of a curve's plot to its bottom, which is never below the level of silence. */
const THUMBNAIL_RANGE = 100;

class Thumbnails {
  constructor(entry, arrays) {
    this.columns = entry.columns;
    this.lows = entry.low_hz;
    this.highs = entry.high_hz;
    this.codes = arrays[entry.array];
    const known = this.lows.map((_, index) => index).filter((index) => this.lows[index] !== null);
    this.low = known.reduce((low, index) => Math.min(low, this.lows[index]), Infinity);
    this.high = known.reduce((high, index) => Math.max(high, this.highs[index]), 0);
    const strongest = this.codes.reduce((most, code) => (code < NO_BIN && code > most ? code : most), 0);
    this.top = clamp(10 * Math.ceil((LEVEL_OF_0 + strongest / 2) / 10), -20, 10);
    this.bottom = this.top - THUMBNAIL_RANGE;
  }

  /** What the axes of all curves are, from left to right and from the bottom up. */
  get axes() {
    const hertz = (value) => (value >= 1000 ? `${compactHertz(value / 1000)} kHz` : `${compactHertz(value)} Hz`);
    return [`${hertz(this.low)} to ${hertz(this.high)}`, `${fixed(this.bottom, 0)} to ${fixed(this.top, 0)} dBFS`];
  }

  /** The points of a curve, from low to high frequencies; columns without bins have none. */
  points(index) {
    const [low, high] = [this.lows[index], this.highs[index]];
    if (low === null) return [];
    const octaves = Math.log2(this.high / this.low);
    const points = [];
    for (let column = 0; column < this.columns; column += 1) {
      const code = this.codes[index * this.columns + column];
      if (code === NO_BIN) continue;
      const hertz = low * (high / low) ** ((column + 0.5) / this.columns);
      const share = (LEVEL_OF_0 + code / 2 - this.bottom) / THUMBNAIL_RANGE;
      points.push([
        (THUMBNAIL.width * Math.log2(hertz / this.low)) / octaves,
        1 + (THUMBNAIL.height - 2) * (1 - clamp(share, 0, 1)),
      ]);
    }
    return points;
  }

  /** The curve of a recording as an image. */
  image(index) {
    const make = (name, attributes) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
      return node;
    };
    const image = make("svg", { viewBox: `0 0 ${THUMBNAIL.width} ${THUMBNAIL.height}`, class: "curve", "aria-hidden": "true" });
    const points = this.points(index);
    if (points.length === 0) return image;
    const line = `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
    const [first, last] = [points[0], points[points.length - 1]];
    const area = `${line}V${THUMBNAIL.height}H${first[0].toFixed(1)}Z`;
    image.append(make("path", { d: area, class: "area" }));
    image.append(make("path", { d: points.length > 1 ? line : `${line}h${clamp(THUMBNAIL.width - last[0], 0, 1)}`, class: "line" }));
    return image;
  }
}

const compactHertz = (value) => String(Number(value.toPrecision(3)));
