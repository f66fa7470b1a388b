// SPDX-License-Identifier: GPL-2.0-or-later
// The lower panel of a comparison: differences in dB, the tolerance around zero, and what is beyond it.

const NO_LIMIT = 32767;

class Difference {
  constructor(entry, arrays) {
    this.verdict = entry.verdict;
    this.frequency = arrays[entry.frequency];
    this.values = arrays[entry.difference];
    this.tolerance = arrays[entry.tolerance];
    this.violation = arrays[entry.violation];
    this.greatest = new Pyramid(this.values);
    // Levels that are not there would be the least ones.
    this.least = new Pyramid(this.values.map((value) => (value === NO_ENERGY ? NO_LIMIT : value)));
    this.limits = new Pyramid(this.tolerance);
    this.violations = new Pyramid(Int16Array.from(this.violation));
  }

  get count() {
    return this.values.length;
  }

  /** Half the height of the panel in dB: twice the tolerance, and all differences up to 40 dB. */
  reach() {
    const limits = this.tolerance.filter((value) => value !== NO_LIMIT).sort();
    const limit = limits.length > 0 ? limits[limits.length >> 1] : 0;
    let size = 0;
    for (const value of this.values) if (value !== NO_ENERGY) size = Math.max(size, Math.abs(value));
    return niceStep(Math.max(2 * limit, Math.min(1.1 * size, 4000), 10) / 100);
  }

  /** The rows from one frequency to another. */
  rows(low, high) {
    const isEnd = high >= this.frequency[this.count - 1] * (1 - 1e-9); // the last row belongs to the last pixel
    return [lowerBound(this.frequency, low), isEnd ? this.count : lowerBound(this.frequency, high)];
  }

  /** The row with the greatest difference behind a pixel, or the next row. */
  read(low, high) {
    if (this.count === 0) return null;
    let [start, end] = this.rows(low, high);
    if (start === end) {
      const middle = (low + high) / 2;
      start = clamp(start, 0, this.count - 1);
      if (start > 0 && middle - this.frequency[start - 1] < this.frequency[start] - middle) start -= 1;
      end = start + 1;
    }
    const above = this.greatest.strongest(start, end);
    let row = above;
    const below = this.least.minimum(start, end);
    if (below !== NO_LIMIT && -below > this.values[above]) {
      row = start;
      while (this.values[row] !== below) row += 1;
    }
    return {
      row, hertz: this.frequency[row], difference: this.values[row], tolerance: this.tolerance[row],
      violates: this.violations.maximum(start, end) > 0, rows: end - start,
    };
  }
}

const differenceText = (value) => (value === NO_ENERGY ? "none" : `${signed(value / 100, 2)} dB`);

function drawDifference(pen, box, scale, difference, theme, colour, pixel) {
  const { left, top, width, height } = box;
  const reach = box.reach;
  const y = (value) => top + height / 2 - clamp(value / 100 / reach, -1e3, 1e3) * (height / 2);
  const points = differencePoints(difference, scale, pixel);
  const beyond = arrowsBeyond(points, reach, box);
  const title = beyond.length > 0 ? "Difference in dB; arrows: beyond the axis" : "Difference in dB";
  drawLevelAxis(pen, { ...box, low: -reach, high: reach, title }, theme);
  pen.segments(beyond, { stroke: theme.ink, width: 1.5 });
  pen.clip(left, top, width, height, () => {
    pen.boxes(toleranceBoxes(points, y, top, height, pixel), { fill: colour, opacity: 0.13 });
    pen.segments([left, y(0), left + width, y(0)], { stroke: theme.soft });
    const worst = ({ high, low }) => y(Math.abs(high) >= Math.abs(low) ? high : low);
    const range = ({ x, high, low }) => [x, Math.min(y(high), y(low) - 0.6), x, y(low) + 0.6];
    pen.segments(points.flatMap(range), { stroke: colour, width: pixel });
    pen.polyline(points.flatMap((point) => [point.x, worst(point)]), { stroke: colour, width: 1.2 });
    const marks = points.filter((point) => point.violates);
    const within = (place) => clamp(place, top + 3, top + height - 3);
    pen.boxes(marks.flatMap(({ x }) => [x - 1, top, 2, 6]), { fill: theme.lost });
    pen.dots(marks.flatMap((point) => [point.x, within(worst(point))]), marks.length < 100 ? 2.4 : 1.2, { fill: theme.lost });
  });
}

/** An arrow outside of the panel for each difference that is off its axis, or for several where they are close. */
function arrowsBeyond(points, reach, { top, height }) {
  const arrows = (isBeyond, edge, tip) => {
    let last = -Infinity;
    return points.filter(isBeyond).flatMap(({ x }) => {
      if (x - last < 12) return [];
      last = x;
      return [x - 4, edge, x, tip, x, tip, x + 4, edge];
    });
  };
  return [
    ...arrows(({ high }) => high / 100 > reach, top - 2, top - 7),
    ...arrows(({ low }) => low / 100 < -reach, top + height + 2, top + height + 7),
  ];
}

/** One point for each row, or for each pixel with more of them. */
function differencePoints(difference, scale, pixel) {
  const points = [];
  const edges = scale.edges(Math.round(scale.width / pixel));
  for (let column = 0; column < edges.length - 1; column += 1) {
    const [start, end] = difference.rows(edges[column], edges[column + 1]);
    if (start === end) continue;
    const high = difference.greatest.maximum(start, end);
    if (high === NO_ENERGY) continue;
    points.push({
      x: end - start === 1 ? scale.x(difference.frequency[start]) : scale.left + (column + 0.5) * pixel,
      high, low: difference.least.minimum(start, end),
      limit: difference.limits.minimum(start, end), violates: difference.violations.maximum(start, end) > 0,
    });
  }
  return points;
}

/** The band of the tolerance, from the middle between points to the next middle. */
function toleranceBoxes(points, y, top, height, pixel) {
  return points.flatMap((point, at) => {
    // On whole pixels, so that no seams are seen.
    const snap = (x) => Math.round(x / pixel) * pixel;
    const from = snap(at > 0 ? (points[at - 1].x + point.x) / 2 : point.x - pixel);
    const to = snap(at + 1 < points.length ? (points[at + 1].x + point.x) / 2 : point.x + pixel);
    if (point.limit === NO_LIMIT) return [from, top, to - from, height];
    return [from, y(point.limit), to - from, y(-point.limit) - y(point.limit)];
  });
}
