// SPDX-License-Identifier: GPL-2.0-or-later
// Levels over time and frequency as colours, with the strongest (or the mean) of what stands behind each pixel.

class Spectrogram {
  constructor(entry, arrays) {
    this.entry = entry;
    this.columns = entry.columns;
    this.rows = entry.rows;
    this.start = entry.start_s;
    this.perColumn = entry.seconds_per_column;
    this.end = this.start + this.columns * this.perColumn;
    this.edges = arrays[entry.row_edges];
    this.isMean = entry.reduction === "mean";
    this.lowest = this.edges[0] ?? 0;
    this.highest = this.edges[this.rows] ?? 1;
    this.narrowest = Infinity;
    for (let row = 0; row < this.rows; row += 1) this.narrowest = Math.min(this.narrowest, this.edges[row + 1] - this.edges[row]);
    this.levels = [{ values: arrays[entry.levels], columns: this.columns }];
    while (this.levels[this.levels.length - 1].columns > 64) this.levels.push(this.halved(this.levels[this.levels.length - 1]));
  }

  /** Half the columns, each for two. */
  halved({ values, columns }) {
    const { rows, isMean } = this;
    const half = Math.ceil(columns / 2);
    const result = new Int16Array(half * rows);
    for (let column = 0; column < half; column += 1) {
      const left = 2 * column * rows;
      const right = Math.min(2 * column + 1, columns - 1) * rows;
      for (let row = 0; row < rows; row += 1) {
        const a = values[left + row], b = values[right + row];
        result[column * rows + row] = isMean ? meanLevel(a, b) : Math.max(a, b);
      }
    }
    return { values: result, columns: half };
  }

  columnAt(seconds) {
    return (seconds - this.start) / this.perColumn;
  }

  /** The rows that reach into a range of frequencies. */
  rowsBetween(low, high) {
    const start = clamp(lowerBound(this.edges, low) - (this.edges[lowerBound(this.edges, low)] === low ? 0 : 1), 0, this.rows);
    const end = clamp(lowerBound(this.edges, high), start, this.rows);
    return [start, end];
  }

  columnsBetween(from, to) {
    const start = clamp(Math.floor(this.columnAt(from) + 1e-9), 0, this.columns);
    return [start, clamp(Math.ceil(this.columnAt(to) - 1e-9), start, this.columns)];
  }

  /** The cells behind a pixel as its colour shows them: the strongest of them, or their mean. */
  read(fromTime, toTime, low, high) {
    const [firstColumn, endColumn] = this.columnsBetween(fromTime, toTime);
    const [firstRow, endRow] = this.rowsBetween(low, high);
    if (firstColumn >= endColumn || firstRow >= endRow) return null;
    const size = {
      cells: (endColumn - firstColumn) * (endRow - firstRow), columns: endColumn - firstColumn, rows: endRow - firstRow,
    };
    const found = this.isMean
      ? this.mean(firstColumn, endColumn, firstRow, endRow)
      : this.strongest(firstColumn, endColumn, firstRow, endRow);
    return { ...found, ...size };
  }

  /** The mean power of some cells, in their middle. */
  mean(firstColumn, endColumn, firstRow, endRow) {
    const line = new Int16Array(this.rows);
    meanOf(line, this.levels[0].values, this.rows, firstColumn, endColumn, firstRow, endRow);
    const [low, high] = [this.edges[firstRow], this.edges[endRow]];
    return {
      level: reduceLine(line, firstRow, endRow, true),
      seconds: this.start + ((firstColumn + endColumn) / 2) * this.perColumn,
      hertz: (low + high) / 2, doubt: (high - low) / 2,
    };
  }

  strongest(firstColumn, endColumn, firstRow, endRow) {
    const { values } = this.levels[0];
    let best = firstColumn * this.rows + firstRow;
    for (let column = firstColumn; column < endColumn; column += 1) {
      for (let row = firstRow; row < endRow; row += 1) {
        if (values[column * this.rows + row] > values[best]) best = column * this.rows + row;
      }
    }
    const column = Math.floor(best / this.rows);
    const row = best % this.rows;
    return {
      level: values[best],
      seconds: this.start + (column + 0.5) * this.perColumn,
      hertz: (this.edges[row] + this.edges[row + 1]) / 2, doubt: (this.edges[row + 1] - this.edges[row]) / 2,
    };
  }

  /** An image of `width` by `height` pixels; `colours` has one for each level. */
  paint(image, time, frequency, colours) {
    const { width, height } = image;
    const pixels = new Uint32Array(image.data.buffer);
    const perPixel = (this.columnAt(time.high) - this.columnAt(time.low)) / width;
    const depth = clamp(Math.floor(Math.log2(Math.max(perPixel, 1))), 0, this.levels.length - 1);
    const { values, columns } = this.levels[depth];
    const edges = frequency.edges(height);
    const bounds = Array.from({ length: height }, (_, y) => this.rowsBetween(edges[height - 1 - y], edges[height - y]));
    const starts = Int32Array.from(bounds, ([start]) => start);
    const ends = Int32Array.from(bounds, ([, end]) => end);
    const reduced = this.isMean ? meanOf : greatestOf;
    const column = (x) => (this.columnAt(time.low) + x * perPixel) / 2 ** depth;
    const line = new Int16Array(this.rows);
    for (let x = 0; x < width; x += 1) {
      const from = clamp(Math.floor(column(x) + 1e-9), 0, columns - 1);
      const to = clamp(Math.ceil(column(x + 1) - 1e-9), from + 1, columns);
      reduced(line, values, this.rows, from, to, starts[height - 1], ends[0]);
      for (let y = 0, at = x; y < height; y += 1, at += width) {
        pixels[at] = colours[reduceLine(line, starts[y], ends[y], this.isMean) - NO_ENERGY];
      }
    }
  }
}

function meanLevel(a, b) {
  return Math.round(powerToLevel((POWERS[a - NO_ENERGY] + POWERS[b - NO_ENERGY]) / 2));
}

function greatestOf(line, values, rows, from, to, start, end) {
  const first = from * rows;
  for (let row = start; row < end; row += 1) line[row] = values[first + row];
  for (let column = from + 1; column < to; column += 1) {
    const at = column * rows;
    for (let row = start; row < end; row += 1) if (values[at + row] > line[row]) line[row] = values[at + row];
  }
}

function meanOf(line, values, rows, from, to, start, end) {
  if (to - from === 1) return void greatestOf(line, values, rows, from, to, start, end);
  for (let row = start; row < end; row += 1) {
    let sum = 0;
    for (let column = from; column < to; column += 1) sum += POWERS[values[column * rows + row] - NO_ENERGY];
    line[row] = powerToLevel(sum / (to - from));
  }
}

function reduceLine(line, start, end, isMean) {
  if (end - start <= 1) return end > start ? line[start] : NO_ENERGY;
  if (isMean) {
    let sum = 0;
    for (let row = start; row < end; row += 1) sum += POWERS[line[row] - NO_ENERGY];
    return Math.round(powerToLevel(sum / (end - start)));
  }
  let greatest = line[start];
  for (let row = start + 1; row < end; row += 1) if (line[row] > greatest) greatest = line[row];
  return greatest;
}

/** A colour for each level of 16 bits. */
function colourTable(coldest, hottest, offset) {
  const table = new Uint32Array(65536);
  const span = Math.max(hottest - coldest, 0.01);
  for (let index = 0; index < table.length; index += 1) {
    const share = ((index + NO_ENERGY) / 100 + offset - coldest) / span;
    table[index] = HEAT[Math.round(255 * clamp(share, 0, 1))];
  }
  return table;
}
