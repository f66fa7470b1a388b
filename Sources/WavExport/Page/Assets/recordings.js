// SPDX-License-Identifier: GPL-2.0-or-later
// The recordings of the list, their order, and those that filters leave.

const folded = (text) => text.normalize("NFC").toLowerCase();

class Recordings {
  constructor(description) {
    this.entries = description.recordings;
    this.count = this.entries.name.length;
    this.columns = columnsOf(description);
    this.keys = new Map(this.columns.map((column) => [column.key, column]));
  }

  /** How many have a status. */
  countOf(status) {
    return this.entries.status.filter((own) => own === status).length;
  }

  /** All recordings by a column; those without a value are last, equal ones in the order of the folder. */
  ordered(key, isFalling) {
    const name = `${key} ${isFalling}`;
    if (this.order?.name === name) return this.order.places;
    const { value } = this.keys.get(key);
    const values = Float64Array.from({ length: this.count }, (_, index) => value(index));
    const sign = isFalling ? -1 : 1;
    const places = Array.from(values, (_, index) => index).sort((a, b) => {
      const [x, y] = [values[a], values[b]];
      if (x === y || (x !== x && y !== y)) return a - b;
      if (x !== x || y !== y) return x !== x ? 1 : -1;
      return x < y ? -sign : sign;
    });
    this.order = { name, places };
    return places;
  }

  /** What the words of a reader are looked for in. */
  get texts() {
    const { name, error, peak_note } = this.entries;
    this.foldedTexts ??= name.map((text, index) => folded(`${text}\n${peak_note[index] ?? ""}\n${error[index] ?? ""}`));
    return this.foldedTexts;
  }

  /** The recordings that have all words, a status and values in all ranges, in the order of a column. */
  matching({ sort, isFalling, text, status, ranges }) {
    const words = folded(text).split(/\s+/).filter(Boolean);
    const texts = words.length > 0 ? this.texts : [];
    const bounds = Object.entries(ranges).map(([key, [low, high]]) => [this.keys.get(key).value, low ?? -Infinity, high ?? Infinity]);
    return this.ordered(sort, isFalling).filter((index) => {
      if (status !== "all" && this.entries.status[index] !== status) return false;
      if (!words.every((word) => texts[index].includes(word))) return false;
      return bounds.every(([value, low, high]) => value(index) >= low && value(index) <= high);
    });
  }
}
