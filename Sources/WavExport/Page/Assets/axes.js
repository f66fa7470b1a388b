// SPDX-License-Identifier: GPL-2.0-or-later
// Scales and their ticks. A scale maps values to pixels; the logarithm is taken relative to the lower end, so that it
// stays exact when the view is millionths of an octave wide.

class Scale {
  constructor({ isLogarithmic = false, low, high, left, width }) {
    Object.assign(this, { isLogarithmic, low, high, left, width });
    this.span = isLogarithmic ? Math.log1p((high - low) / low) : high - low;
  }

  x(value) {
    const from = value - this.low;
    const share = this.isLogarithmic
      ? Math.log1p(Math.max(from / this.low, -1)) / this.span
      : from / this.span;
    return this.left + clamp(share, -1e4, 1e4) * this.width;
  }

  value(x) {
    const share = ((x - this.left) / this.width) * this.span;
    return this.low + (this.isLogarithmic ? this.low * Math.expm1(share) : share);
  }

  /** The pixel of a value, of those that are `step` wide; the end of the axis belongs to its last pixel. */
  column(value, step) {
    const column = Math.floor((this.x(value) - this.left) / step);
    return value <= this.high ? Math.min(column, Math.max(1, Math.round(this.width / step)) - 1) : column;
  }

  /** The values at the edges of `columns` equal parts. */
  edges(columns) {
    const edges = new Float64Array(columns + 1);
    for (let column = 0; column <= columns; column += 1) {
      edges[column] = this.value(this.left + (column / columns) * this.width);
    }
    return edges;
  }

  /** The ends after a zoom around `x`, in which `factor` times as much is seen, but not less than `narrowest`. */
  zoomed(x, wanted, narrowest = 0) {
    // At the end of all zooms the view must rest, not creep towards the pointer.
    const factor = wanted < 1 ? Math.min(1, Math.max(wanted, narrowest / (this.high - this.low))) : wanted;
    const from = x - this.left;
    return [this.value(x - from * factor), this.value(x + (this.width - from) * factor)];
  }

  /** The ends after a move by pixels. */
  moved(pixels) {
    return [this.value(this.left + pixels), this.value(this.left + this.width + pixels)];
  }
}

/** Ends moved and widened so that they are within `lowest` and `highest` and at least `narrowest` apart. */
function fitted([low, high], { lowest, highest, narrowest }, isLogarithmic) {
  if (!(low < high)) [low, high] = [lowest, highest];
  const least = Math.min(narrowest, highest - lowest);
  if (high - low < least) {
    const middle = clamp((low + high) / 2, lowest, highest);
    [low, high] = [middle - least / 2, middle + least / 2];
  }
  const shift = (to, from) => (isLogarithmic && from > 0 ? (value) => (value / from) * to : (value) => value - from + to);
  if (low < lowest) [low, high] = [lowest, shift(lowest, low)(high)];
  if (high > highest) [low, high] = [shift(highest, high)(low), highest];
  return [Math.max(low, lowest), Math.min(high, highest)];
}

/** The smallest of 1, 2, 5, 10 … that is not below `least`. */
function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  const digit = [1, 2, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  return digit * power;
}

const stepDecimals = (step) => clamp(Math.ceil(-Math.log10(step) - 1e-9), 0, 12);

function multiples(step, low, high) {
  const values = [];
  const last = Math.floor(high / step + 1e-9);
  for (let index = Math.ceil(low / step - 1e-9); index <= last && values.length < 500; index += 1) {
    // Steps below 1 are divided by their inverse, because 3 * 0.1 is not 0.3.
    values.push(step < 1 ? index / Math.round(1 / step) : index * step);
  }
  return values;
}

/** Ticks of equal steps: `{value, label, isMajor}`; `least` is the distance of labels in pixels. */
function linearTicks(low, high, pixels, least, toLabel) {
  const step = niceStep(((high - low) * least) / pixels);
  const digit = Math.round(step / 10 ** Math.floor(Math.log10(step) + 1e-9));
  const minor = step / (digit === 2 ? 4 : 5);
  const isMajor = (value) => Math.abs(value / step - Math.round(value / step)) < 1e-6;
  return multiples(minor, low, high).map((value) => (isMajor(value)
    ? { value, label: toLabel(value, step), isMajor: true }
    : { value, label: "", isMajor: false }));
}

function hertzLabel(value, step) {
  if (value >= 1000 && step >= 100) return `${fixed(value / 1000, stepDecimals(step / 1000))}k`;
  return fixed(value, stepDecimals(step));
}

/** Ticks of a frequency axis, with labels where they have room. `measure` is the width of a label. */
function hertzTicks(scale, measure, gap = 14) {
  const { low, high, width } = scale;
  if (!scale.isLogarithmic || high / low < 4) {
    const widest = (step) => measure(hertzLabel(high, step)) + gap + 8;
    let least = 60;
    for (let round = 0; round < 3; round += 1) least = widest(niceStep(((high - low) * least) / width));
    return withoutOverlap(linearTicks(low, high, width, least, hertzLabel), scale, measure, gap);
  }
  return withoutOverlap(decadeTicks(low, high), scale, measure, gap);
}

function decadeTicks(low, high) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power += 1) {
    for (let digit = 1; digit <= 9; digit += 1) {
      const value = power < 0 ? digit / 10 ** -power : digit * 10 ** power;
      if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) continue;
      const step = 10 ** power;
      const label = value >= 1000 ? `${fixed(value / 1000, 0)}k` : fixed(value, stepDecimals(step));
      ticks.push({ value, label, isMajor: digit === 1, rank: digit === 1 ? 0 : digit === 5 ? 1 : digit === 2 ? 2 : 3 });
    }
  }
  return ticks;
}

/** Takes away the labels that would touch one of a higher rank, or an end of the axis. */
function withoutOverlap(ticks, scale, measure, gap) {
  const taken = [];
  const ranked = ticks.filter((tick) => tick.label).sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
  let refused = 9;
  // A label may reach into the margin, but not out of the figure.
  const end = Math.max(scale.left, scale.left + scale.width) + MARGIN.right - 1;
  for (const tick of ranked) {
    const x = scale.x(tick.value);
    const half = (measure(tick.label) + gap) / 2;
    const isFree = x + half - gap / 2 <= end && taken.every(([from, to]) => x + half <= from || x - half >= to);
    if (isFree && (tick.rank ?? 0) <= refused) taken.push([x - half, x + half]);
    else {
      // All or none of the digits between 1, 2 and 5, so that the axis keeps its rhythm.
      if (tick.rank === 3) refused = 2;
      tick.label = "";
    }
  }
  if (refused === 2) ticks.filter((tick) => tick.rank === 3).forEach((tick) => { tick.label = ""; });
  return ticks;
}

function levelTicks(low, high, pixels) {
  return linearTicks(low, high, pixels, 26, (value, step) => (step < 1e-6 ? compact(value) : fixed(value, stepDecimals(step))));
}

function timeLabel(seconds, step) {
  const decimals = stepDecimals(step);
  if (seconds < 60) return fixed(seconds, decimals);
  const whole = Number(seconds.toFixed(decimals));
  const parts = [Math.floor(whole / 60) % 60, (whole % 60).toFixed(decimals).padStart(decimals > 0 ? decimals + 3 : 2, "0")];
  if (whole < 3600) return parts.join(":");
  return [Math.floor(whole / 3600), String(parts[0]).padStart(2, "0"), parts[1]].join(":");
}

const TIME_STEPS = [20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 36000, 86400];

function timeTicks(low, high, width) {
  const least = ((high - low) * 80) / width;
  const step = least > 10 ? TIME_STEPS.find((candidate) => candidate >= least) ?? niceStep(least) : niceStep(least);
  return multiples(step, low, high).map((value) => ({ value, label: timeLabel(value, step), isMajor: true }));
}
