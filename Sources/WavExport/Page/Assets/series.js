// SPDX-License-Identifier: GPL-2.0-or-later
// The curves. A curve answers what stands behind a range of frequencies: bins, cells of bins, or bands.

/** What stands behind a range: a part of one pyramid. */
class Part {
  constructor() {
    this.clear();
  }

  clear() {
    this.set("nothing", null, 0, 0, 0);
  }

  /** `origin` is the bin of the first value of the pyramid. */
  set(kind, pyramid, origin, start, end) {
    this.kind = kind;
    this.pyramid = pyramid;
    this.origin = origin;
    this.start = start;
    this.end = end;
  }

  get isEmpty() {
    return this.start >= this.end;
  }

  get bins() {
    return this.isEmpty ? 0 : this.pyramid.binsBetween(this.start, this.end);
  }

  /** The first bin of a value of the pyramid, or the bin after the last one. */
  binAt(index) {
    return this.origin + Math.min(index * this.pyramid.binsPerCell, this.pyramid.binCount);
  }
}

class Curve {
  constructor(entry, index) {
    this.entry = entry;
    this.index = index;
    this.name = entry.name;
    this.peaks = [...(entry.peaks ?? [])].sort((a, b) => a.frequency_hz - b.frequency_hz);
    this.bands = entry.bands;
    this.densityOffset = entry.density_offset_db;
  }

  /** The end of a range is not in it, but the end of the curve belongs to the last range, however it was rounded. */
  isEnd(hertz) {
    return hertz >= this.highest - 1e-4 * this.step;
  }
}

/** Bins at the same distance: each of them, or cells of them with every bin around peaks. */
class GridCurve extends Curve {
  constructor(entry, index, arrays) {
    super(entry, index);
    const { rate, divisor, first_bin: first, bin_count: count } = entry.grid;
    const { bins_per_cell: binsPerCell, greatest, mean } = entry.cells;
    Object.assign(this, { rate, divisor, first, end: first + count, binsPerCell });
    this.cells = new Pyramid(arrays[greatest], {
      means: arrays[mean] ?? arrays[greatest], binsPerCell, binCount: count, doubled: binsPerCell === 1 ? this.unpairedFrom(first) : [],
    });
    this.hasMean = binsPerCell === 1 || mean !== undefined;
    this.details = (entry.details ?? [])
      .map((detail) => ({
        first: detail.first_bin, pyramid: new Pyramid(arrays[detail.array], { doubled: this.unpairedFrom(detail.first_bin) }),
      }))
      .map((detail) => ({ ...detail, end: detail.first + detail.pyramid.count }))
      .sort((a, b) => a.first - b.first);
    this.step = rate / divisor;
    this.lowest = this.hertz(first);
    this.highest = this.hertz(Math.max(first, this.end - 1));
  }

  get count() {
    return this.cells.count;
  }

  /** Exact: the product is below 2^53. */
  hertz(bin) {
    return (bin * this.rate) / this.divisor;
  }

  /** Where DC and Nyquist, which have no mirror image, are in an array that begins with the bin `first`. */
  unpairedFrom(first) {
    const nyquist = (this.entry.limit_hz * this.divisor) / this.rate;
    const isWhole = Math.abs(nyquist - Math.round(nyquist)) < 0.25; // an odd transform has its limit between two bins
    return [0, ...(isWhole ? [Math.round(nyquist)] : [])].map((bin) => bin - first);
  }

  /** The first bin at or above a frequency. */
  binFrom(hertz) {
    let bin = Math.ceil((hertz * this.divisor) / this.rate);
    if (this.hertz(bin - 1) >= hertz) bin -= 1; // the frequency of a bin may be rounded up
    return clamp(bin, this.first, this.end);
  }

  /** The bins of a range: the first, and the one after the last. */
  range(low, high) {
    const bin = this.binFrom(low);
    return [bin, this.isEnd(high) ? this.end : Math.max(bin, this.binFrom(high))];
  }

  binsBetween(low, high) {
    const [bin, end] = this.range(low, high);
    return end - bin;
  }

  detailAround(bin, end = bin + 1) {
    return this.details.find((detail) => detail.first <= bin && end <= detail.end);
  }

  look(low, high, part) {
    const [bin, end] = this.range(low, high);
    if (this.binsPerCell === 1) {
      part.set("bins", this.cells, this.first, bin - this.first, end - this.first);
      return;
    }
    const detail = this.details.length > 0 ? this.detailAround(bin, Math.max(end, bin + 1)) : undefined;
    if (detail) part.set("bins", detail.pyramid, detail.first, bin - detail.first, end - detail.first);
    else this.lookAtCells(bin, end, part);
  }

  /** The cells of some bins. A range between two bins has the cell of the one before it, if it has any. */
  lookAtCells(bin, end, part) {
    const cellOf = (index) => Math.floor((index - this.first) / this.binsPerCell);
    const isOutside = bin === end && (bin === this.first || bin === this.end);
    if (isOutside) part.clear();
    else part.set("cells", this.cells, this.first, cellOf(bin === end ? bin - 1 : bin), cellOf(Math.max(bin, end) - 1) + 1);
  }

  /** The bin, cell or band next to a frequency, as a part. */
  nearest(hertz, part) {
    const bin = clamp(Math.round((hertz * this.divisor) / this.rate), this.first, this.end - 1);
    const detail = this.detailAround(bin);
    if (this.binsPerCell === 1) part.set("bins", this.cells, this.first, bin - this.first, bin - this.first + 1);
    else if (detail) part.set("bins", detail.pyramid, detail.first, bin - detail.first, bin - detail.first + 1);
    else {
      const cell = Math.floor((bin - this.first) / this.binsPerCell);
      part.set("cells", this.cells, this.first, cell, cell + 1);
    }
  }

  /** The frequency of a bin, or the middle of a cell; `doubt` is how far the strongest bin may be from it. */
  place(part, index) {
    const { binsPerCell } = part.pyramid;
    if (binsPerCell === 1) return { hertz: this.hertz(part.origin + index), doubt: 0 };
    const start = part.origin + index * binsPerCell;
    const last = start + part.pyramid.binsOf(index) - 1;
    const detail = this.detailAround(start, last + 1);
    if (!detail) return { hertz: this.hertz((start + last) / 2), doubt: this.hertz((last - start) / 2) };
    const exact = detail.pyramid.strongest(start - detail.first, last + 1 - detail.first);
    return { hertz: this.hertz(detail.first + exact), doubt: 0 };
  }

  /** Where a curve of single bins has its point. */
  abscissa(part, index) {
    return this.hertz(part.origin + index);
  }

  /** A range around a frequency in which bins can be told apart. */
  surroundings(hertz) {
    const bin = Math.round((hertz * this.divisor) / this.rate);
    const detail = this.detailAround(bin);
    const reach = detail ? Math.min(bin - detail.first, detail.end - 1 - bin, 100) : 100;
    return Math.max(reach, 8) * this.step;
  }
}

/** Bands of which only the strongest bin is known. */
class BandCurve extends Curve {
  constructor(entry, index, arrays) {
    super(entry, index);
    const { frequency, low, high, level } = entry.rows;
    Object.assign(this, { frequency: arrays[frequency], low: arrays[low], high: arrays[high] });
    this.cells = new Pyramid(arrays[level]);
    this.hasMean = false;
    this.details = [];
    let narrowest = Infinity;
    for (let row = 0; row < this.count; row += 1) {
      const width = this.high[row] - this.low[row];
      if (width > 0 && width < narrowest) narrowest = width;
    }
    this.step = Number.isFinite(narrowest) ? narrowest / 2 : 1;
    this.lowest = this.count > 0 ? this.low[0] : 0;
    this.highest = this.count > 0 ? this.high[this.count - 1] : 1;
  }

  get count() {
    return this.cells.count;
  }

  look(low, high, part) {
    const end = this.isEnd(high) ? this.count : lowerBound(this.frequency, high);
    part.set("bands", this.cells, 0, lowerBound(this.frequency, low), end);
  }

  nearest(hertz, part) {
    const above = clamp(lowerBound(this.frequency, hertz), 0, this.count - 1);
    const below = Math.max(above - 1, 0);
    const row = hertz - this.frequency[below] < this.frequency[above] - hertz ? below : above;
    part.set("bands", this.cells, 0, row, row + 1);
  }

  place(part, index) {
    return { hertz: this.frequency[index], doubt: 0 };
  }

  abscissa(part, index) {
    return this.frequency[index];
  }

  surroundings(hertz) {
    return hertz * (2 ** (1 / 12) - 1);
  }
}

/** The first index whose value is at or above `limit`, in ascending values. */
function lowerBound(values, limit) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

const makeCurve = (entry, index, arrays) =>
  (entry.rows ? new BandCurve(entry, index, arrays) : new GridCurve(entry, index, arrays));

/** The points of a curve in a view, from left to right: one for each bin, or one for each pixel with more of them. */
class Trace {
  constructor() {
    this.count = 0;
    this.room = 0;
  }

  reserve(room) {
    if (this.room >= room) return;
    this.room = room;
    this.x = new Float64Array(room);
    this.start = new Float64Array(room);
    this.strongest = new Float64Array(room);
    this.weakest = new Float64Array(room);
    this.mean = new Float64Array(room);
    this.single = new Uint8Array(room);
  }

  /** `edges` are frequencies of the edges of pixels; `step` is the width of a pixel. */
  fill(curve, scale, edges, step, wants) {
    this.count = 0;
    const columns = edges.length - 1;
    this.reserve(columns + 3);
    if (curve.count === 0) return this;
    const part = new Part();
    this.addNeighbour(curve, scale, edges[0], part, -1);
    for (let column = 0; column < columns; column += 1) {
      curve.look(edges[column], edges[column + 1], part);
      if (part.isEmpty) continue;
      const single = part.kind !== "cells" && part.end - part.start === 1;
      const x = single ? scale.x(curve.abscissa(part, part.start)) : scale.left + (column + 0.5) * step;
      this.add(part, x, single, wants);
    }
    this.addNeighbour(curve, scale, edges[columns], part, 0);
    return this;
  }

  /** The next point outside of the view, to which the line leads. */
  addNeighbour(curve, scale, edge, part, shift) {
    if (shift >= 0 && curve.isEnd(edge)) return;
    curve.nearest(edge, part);
    if (part.kind === "cells") return;
    const outside = (index) => (shift < 0 ? curve.abscissa(part, index) < edge : curve.abscissa(part, index) >= edge);
    const direction = shift < 0 ? -1 : 1;
    let index = part.start;
    if (!outside(index)) index += direction;
    if (index < 0 || index >= part.pyramid.count || !outside(index)) return;
    part.set(part.kind, part.pyramid, part.origin, index, index + 1);
    this.add(part, scale.x(curve.abscissa(part, index)), true, { range: true, mean: true });
  }

  add(part, x, single, wants) {
    const at = this.count++;
    const { pyramid, start, end } = part;
    this.x[at] = x;
    this.single[at] = single ? 1 : 0;
    this.start[at] = start;
    this.strongest[at] = single ? pyramid.values[start] : pyramid.maximum(start, end);
    const ranges = wants.range && part.kind === "bins" && !single;
    this.weakest[at] = ranges ? pyramid.minimum(start, end) : this.strongest[at];
    if (wants.mean) this.mean[at] = pyramid.mean(start, end);
  }
}
