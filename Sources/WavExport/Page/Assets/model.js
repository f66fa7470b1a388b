// SPDX-License-Identifier: GPL-2.0-or-later
// The page as numbers: curves, their limits, and what is read at a frequency. Knows no element of the document.

/** How little of an axis fills the figure at the deepest zoom. */
const LEAST_BINS = 6;
const LEAST_COLUMNS = 8;

class Model {
  constructor(description, arrays) {
    this.description = description;
    this.kind = description.kind;
    this.a4 = description.a4_hz ?? 440;
    this.loss = description.loss;
    this.reference = description.reference;
    this.curves = (description.series ?? []).map((entry, index) => makeCurve(entry, index, arrays));
    this.bands = description.bands ?? this.curves.find((curve) => curve.bands)?.bands ?? [];
    this.spectrogram = description.spectrogram && new Spectrogram(description.spectrogram, arrays);
    this.difference = description.comparison && new Difference(description.comparison, arrays);
    this.hasDensity = this.curves.some((curve) => curve.densityOffset !== undefined);
    this.hasMean = this.curves.some((curve) => curve.hasMean);
    this.hasAllBins = this.curves.some((curve) => curve.cells.binsPerCell === 1 && curve instanceof GridCurve);
    this.measureLimits();
  }

  measureLimits() {
    const filled = this.curves.filter((curve) => curve.count > 0);
    const low = Math.min(...filled.map((curve) => curve.lowest), this.spectrogram?.lowest ?? Infinity);
    const high = Math.max(...filled.map((curve) => curve.highest), this.spectrogram?.highest ?? -Infinity);
    const step = Math.min(...filled.map((curve) => curve.step), this.spectrogram?.narrowest ?? Infinity);
    this.lowest = Number.isFinite(low) ? low : 0;
    this.highest = high > this.lowest ? high : this.lowest + 1;
    this.step = Number.isFinite(step) ? step : 1;
    this.widenToBand(this.description.band);
    // A decimated spectrum ends early, and what it lost is shown up to the limit of the recording.
    if (this.loss) this.highest = Math.max(this.highest, this.loss.original_limit_hz);
  }

  /** The first and the last bin may lie just within the band that was asked for: the axis shows the band. */
  widenToBand(band) {
    if (!band) return;
    const isNear = (a, b) => Math.abs(a - b) < 2 * Math.max(this.step, ...this.curves.map((curve) => curve.step));
    if (band.low_hz < this.lowest && isNear(band.low_hz, this.lowest)) this.lowest = band.low_hz;
    if (band.high_hz > this.highest && isNear(band.high_hz, this.highest)) this.highest = band.high_hz;
  }

  /** The limits of a frequency axis: from all to six bins. */
  limits(isLogarithmic) {
    const lowest = isLogarithmic ? Math.max(this.lowest, Math.min(this.step, this.highest / 2)) : this.lowest;
    return { lowest, highest: this.highest, narrowest: LEAST_BINS * this.step };
  }

  /** What the page opens with, if the description says so in words that are understood. */
  get opensWithAmplitude() {
    return this.kind !== "spectrogram" && this.description.scale === "linear";
  }

  get opensWithBands() {
    return this.kind !== "spectrogram" && this.bands.length > 0 && this.description.shows_bands === true;
  }

  get theme() {
    return askedTheme(this.description);
  }

  /** Its levels are in dBFS, as all of the description. */
  get levelRange() {
    const range = this.description.level_range_db;
    if (this.kind === "spectrogram" || !Array.isArray(range) || range.length !== 2 || !range.every(Number.isFinite)) return null;
    const [low, high] = range;
    if (!(high - low >= 1) || Math.abs(low) > 1000 || Math.abs(high) > 1000) return null;
    const offset = this.reference?.offset_db ?? 0;
    return { bottom: low + offset, top: high + offset };
  }

  timeLimits() {
    const { start, end, perColumn } = this.spectrogram;
    return { lowest: start, highest: end, narrowest: LEAST_COLUMNS * perColumn };
  }

  /** The ends of a page that was just opened: the band, with DC if it is there and the axis can show it. */
  homeRange(axis) {
    const { band } = this.description;
    const { lowest, highest } = this.limits(axis === "log");
    const wanted = band?.low_hz ?? lowest;
    const low = lowest === 0 && wanted < 2 * this.step ? 0 : clamp(wanted, lowest, highest);
    const high = clamp(band?.high_hz ?? highest, lowest, highest);
    return low < high ? [low, high] : [lowest, highest];
  }

  /** What a level, in hundredths of a dB, is in the quantity that is shown; NaN if a curve has no such quantity. */
  quantityOf(curve, quantity, level) {
    if (level === NO_ENERGY) return quantity === "amplitude" ? 0 : -Infinity;
    if (quantity === "amplitude") return 10 ** (level / 2000);
    if (quantity === "density") return curve.densityOffset === undefined ? NaN : level / 100 + curve.densityOffset;
    return level / 100 + (this.reference?.offset_db ?? 0);
  }

  unitOf(quantity) {
    if (quantity === "amplitude") return "of full scale";
    if (quantity === "density") return "dB re 1\u00a0FS\u00b2/Hz";
    return this.reference?.unit ?? "dBFS";
  }

  hasQuantity(curve, quantity) {
    return quantity !== "density" || curve.densityOffset !== undefined;
  }

  quantityText(curve, quantity, level) {
    const value = this.quantityOf(curve, quantity, level);
    if (Number.isNaN(value)) return "no density";
    if (value === -Infinity) return "no energy";
    return quantity === "amplitude" ? compact(value) : fixed(value, 2);
  }

  /** What stands behind the pixel around a frequency, or the next bin if nothing does. */
  read(curve, scale, pixel, hertz) {
    if (curve.count === 0) return null;
    const part = new Part();
    const column = scale.column(hertz, pixel);
    const edge = (index) => scale.value(scale.left + index * pixel);
    curve.look(edge(column), edge(column + 1), part);
    const isBetween = part.isEmpty;
    if (isBetween) curve.nearest(hertz, part);
    const index = part.pyramid.strongest(part.start, part.end);
    return {
      ...curve.place(part, index),
      level: part.pyramid.values[index],
      bins: part.kind === "cells" ? curve.binsBetween(edge(column), edge(column + 1)) : part.bins,
      cells: part.end - part.start,
      start: part.start,
      kind: part.kind,
      binsPerCell: part.pyramid.binsPerCell,
      weakest: part.kind === "bins" ? part.pyramid.minimum(part.start, part.end) : null,
      mean: curve.hasMean ? part.pyramid.mean(part.start, part.end) : null,
      isBetween,
    };
  }

  /** The proportional bands of the page, or of a curve if its curves have their own. */
  bandsOf(index) {
    return this.description.bands ?? this.curves[index]?.bands ?? [];
  }

  /** Bins, or bands, of a curve in the view. */
  binsIn(curve, { low, high }) {
    const part = new Part();
    curve.look(low, high, part);
    return part.bins;
  }

  /** The sentence on what stands behind a pixel. */
  behind(reading, curve) {
    if (!reading) return "This curve has no bins.";
    const { kind, bins, cells, binsPerCell, isBetween, start } = reading;
    if (kind === "bands") {
      const edges = `from ${compact(curve.low[start])} to ${compact(curve.high[start + cells - 1])} Hz`;
      const what = isBetween
        ? `Next to this pixel: the band ${edges}.`
        : `Behind this pixel: ${counted(cells, "band", "bands")}, ${edges}.`;
      return `${what} The page has the level of each band and the frequency of its strongest bin, not its bins.`;
    }
    if (kind === "cells") {
      const has = "Here the page has only the strongest and the mean of each cell, not every bin.";
      const size = `(of up to ${counted(binsPerCell, "bin", "bins")})`;
      if (isBetween || bins === 0) return `Behind this pixel: no bin; a cell ${size} beside or around it is read. ${has}`;
      const where = cells === 1 ? `the cell ${size} that reaches` : `the ${grouped(cells)} cells ${size} that reach`;
      return `Behind this pixel: ${counted(bins, "bin", "bins")}, in ${where} into this pixel. ${has}`;
    }
    if (isBetween) return "Behind this pixel: no bin; the next bin is read. Here every bin is in the page.";
    return `Behind this pixel: ${counted(bins, "bin", "bins")}. Here every bin is in the page.`;
  }

  frequencyText(reading, curve) {
    return `${doubtful(fixed, reading.hertz, reading.doubt, decimalsOf(curve.step))} Hz`;
  }
}
