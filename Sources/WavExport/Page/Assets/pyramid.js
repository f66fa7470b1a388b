// SPDX-License-Identifier: GPL-2.0-or-later
// A pyramid over levels: the strongest, the weakest and the power of any range in some dozens of steps, so that a
// redraw costs the same at every zoom.

const FACTOR = 4;

/** The power of each level of 16 bits, in hundredths of a dB; `POWERS[level + 32768]`. */
const POWERS = new Float32Array(65536);
for (let level = NO_ENERGY + 1; level < 32768; level += 1) POWERS[level - NO_ENERGY] = 10 ** (level / 1000);

const powerToLevel = (power) => (power > 0 ? 1000 * Math.log10(power) : NO_ENERGY);

class Pyramid {
  /**
   * `means` are the levels of the mean power of cells of `binsPerCell` bins, `binCount` in all; without them each
   * value is a bin, and those of the indices in `doubled`, whose levels are those of bins without a mirror image,
   * count twice as powers. Powers are summed when they are first asked for.
   */
  constructor(values, { means = values, binsPerCell = 1, binCount = values.length, doubled = [] } = {}) {
    this.values = values;
    this.means = means;
    this.binsPerCell = binsPerCell;
    this.binCount = binCount;
    this.doubled = doubled.filter((index) => index >= 0 && index < values.length);
    Object.assign(this, buildExtremes(values));
    this.lazyPowers = null;
  }

  get count() {
    return this.values.length;
  }

  get powers() {
    if (!this.lazyPowers) {
      const first = this.firstPowers();
      this.lazyPowers = [null, ...(first.length > 0 ? buildSums(first) : [])];
    }
    return this.lazyPowers;
  }

  /** Bins of a cell; the last cell may have fewer. */
  binsOf(index) {
    return Math.min(this.binsPerCell, this.binCount - index * this.binsPerCell);
  }

  /** Bins of the cells from `start` up to `end`. */
  binsBetween(start, end) {
    return Math.min(end * this.binsPerCell, this.binCount) - start * this.binsPerCell;
  }

  powerOf(index) {
    return POWERS[this.means[index] - NO_ENERGY] * this.binsOf(index) * (this.doubled.includes(index) ? 2 : 1);
  }

  firstPowers() {
    if (this.maxima.length < 2) return new Float32Array(0);
    const { means, binsPerCell } = this;
    const sums = new Float32Array(this.maxima[1].length);
    const whole = Math.floor((means.length - 1) / FACTOR);
    for (let index = 0, at = 0; index < whole; index += 1, at += 4) {
      sums[index] = binsPerCell * (POWERS[means[at] + 32768] + POWERS[means[at + 1] + 32768]
        + POWERS[means[at + 2] + 32768] + POWERS[means[at + 3] + 32768]);
    }
    for (const at of this.doubled) if (at < whole * FACTOR) sums[Math.floor(at / FACTOR)] += this.powerOf(at) / 2;
    for (let at = whole * FACTOR; at < means.length; at += 1) sums[Math.floor(at / FACTOR)] += this.powerOf(at);
    return sums;
  }

  maximum(start, end) {
    let greatest = NO_ENERGY;
    walk(this.maxima, start, end, (values, index) => {
      if (values[index] > greatest) greatest = values[index];
    });
    return greatest;
  }

  minimum(start, end) {
    let least = 32767;
    walk(this.minima, start, end, (values, index) => {
      if (values[index] < least) least = values[index];
    });
    return least;
  }

  /** The level of the mean power of the bins in the cells from `start` up to `end`. */
  mean(start, end) {
    let sum = 0;
    walk(this.powers, start, end, (values, index) => {
      sum += values ? values[index] : this.powerOf(index);
    });
    return powerToLevel(sum / this.binsBetween(start, end));
  }

  /** The first index with the greatest level from `start` up to `end`. */
  strongest(start, end) {
    const greatest = this.maximum(start, end);
    let found = end;
    let level = 0;
    walk(this.maxima, start, end, (values, index, at) => {
      if (values[index] !== greatest || index * FACTOR ** at >= found * FACTOR ** level) return;
      found = index;
      level = at;
    });
    for (; level > 0; level -= 1) {
      found *= FACTOR;
      while (this.maxima[level - 1][found] !== greatest) found += 1;
    }
    return found;
  }
}

/** Visits the fewest nodes that make up the range, at most six of each level. */
function walk(levels, start, end, visit) {
  const top = levels.length - 1;
  for (let at = 0; start < end; at += 1) {
    const values = levels[at];
    while (start < end && (start % FACTOR !== 0 || at >= top)) visit(values, start++, at);
    while (start < end && end % FACTOR !== 0) visit(values, --end, at);
    start /= FACTOR;
    end /= FACTOR;
  }
}

/** Sums of powers, level by level. */
function buildSums(values) {
  const levels = [values];
  while (levels[levels.length - 1].length > FACTOR) {
    const below = levels[levels.length - 1];
    const above = new Float32Array(Math.ceil(below.length / FACTOR));
    for (let at = 0; at < below.length; at += 1) above[at >> 2] += below[at];
    levels.push(above);
  }
  return levels;
}

/** Maxima and minima, level by level, in one pass over the numbers below. */
function buildExtremes(values) {
  const maxima = [values];
  const minima = [values];
  while (maxima[maxima.length - 1].length > FACTOR) {
    const size = Math.ceil(maxima[maxima.length - 1].length / FACTOR);
    const greatest = new Int16Array(size);
    const least = new Int16Array(size);
    combine(maxima[maxima.length - 1], minima[minima.length - 1], greatest, least);
    maxima.push(greatest);
    minima.push(least);
  }
  return { maxima, minima };
}

/**
 * The sign of a difference selects the smaller number without a branch: the processor could not foresee which of two
 * bins of noise is the stronger one.
 */
function combine(high, low, greatest, least) {
  const whole = Math.floor(high.length / FACTOR);
  const isFirst = high === low;
  for (let index = 0, at = 0; index < whole; index += 1, at += 4) {
    const left = high[at] - high[at + 1], right = high[at + 2] - high[at + 3];
    const leftLess = left & (left >> 31), rightLess = right & (right >> 31);
    const high1 = high[at] - leftLess, high2 = high[at + 2] - rightLess;
    const between = high1 - high2;
    greatest[index] = high1 - (between & (between >> 31));
    if (isFirst) {
      const low1 = high[at + 1] + leftLess, low2 = high[at + 3] + rightLess;
      const gap = low1 - low2;
      least[index] = low2 + (gap & (gap >> 31));
    } else least[index] = Math.min(low[at], low[at + 1], low[at + 2], low[at + 3]);
  }
  if (whole === greatest.length) return;
  greatest[whole] = Math.max(...high.subarray(whole * FACTOR));
  least[whole] = Math.min(...low.subarray(whole * FACTOR));
}
