// SPDX-License-Identifier: GPL-2.0-or-later
// The columns of the list: what a cell says, and the number that orders it and that ranges are compared with.

/** What a recording without a value shows. */
const NO_VALUE = "\u2013";

const STATUS_NAMES = { ok: "done", partial: "partial", error: "failed" };
const STATUS_ORDER = Object.keys(STATUS_NAMES);

const lengthText = (seconds) => {
  if (seconds < 0.1) return `${(1000 * seconds).toPrecision(3)} ms`;
  if (seconds < 60) return `${seconds.toPrecision(3)} s`;
  const tenths = Math.round(10 * seconds);
  const [hours, minutes, rest] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60, tenths % 600];
  const padded = (count) => String(count).padStart(2, "0");
  if (hours > 0) return `${hours}:${padded(minutes)}:${padded(Math.floor(rest / 10))}`;
  return `${minutes}:${padded(Math.floor(rest / 10))}.${rest % 10}`;
};

const hertzText = (hertz) => (hertz < 1000 ? fixed(hertz, hertz < 100 ? 2 : 1) : grouped(Math.round(hertz)));

const decibelText = (level) => fixed(level, 1);

/** The place of a note by its name, then its octave; NaN for what is no note. */
function notePlace(name) {
  const [, letter, octave] = /^([A-G]#?)(-?\d+)$/.exec(name ?? "") ?? [];
  return letter ? 100 * NOTES.indexOf(letter) + Number(octave) : NaN;
}

/** Width of a column whose head has a text, which may break at its blanks. */
function widthOfHead(text) {
  return Math.max(64, 14 + 8 * Math.max(...text.split(" ").map(({ length }) => length)));
}

/** The column of a list: its numbers, and their text; those of texts are their order. */
class Column {
  constructor(key, title, unit, width, value, text) {
    Object.assign(this, { key, title, unit, width, value, text, isNumber: unit !== "" });
  }
}

/** Numbers that order texts as a reader would, with the numbers in them by their size. */
function orderOf(texts) {
  const { compare } = new Intl.Collator("en", { numeric: true });
  const sorted = texts.map((_, index) => index).sort((a, b) => compare(texts[a], texts[b]) || a - b);
  const places = new Float64Array(texts.length);
  sorted.forEach((index, place) => (places[index] = place));
  return (index) => places[index];
}

/** All columns of a description; a column that would say the same everywhere is left out. */
function columnsOf({ recordings, bands, without_bins = [] }) {
  const { name, status, channel, duration_s, sample_rate_hz, rms_dbfs, centroid_hz, peak_hz, peak_dbfs, peak_note } = recordings;
  const isDone = (index) => status[index] !== "error";
  const empty = new Set(without_bins);
  const number = (values) => (index) => values[index] ?? NaN;
  // Silence has no level in the description, and one below all others in the list.
  const level = (values, isThere = isDone) => (index) => (isThere(index) ? (values[index] ?? -Infinity) : NaN);
  const column = (key, title, unit, width, value, format) =>
    new Column(key, title, unit, width, value, (index) => (Number.isNaN(value(index)) ? NO_VALUE : format(value(index))));
  const hasChannels = channel.some((text) => text !== null && text !== "mix");
  return [
    new Column("name", "Recording", "", 0, orderOf(name), (index) => name[index]),
    hasChannels
      && new Column("channel", "Channel", "", 74, (index) => Number(channel[index] ?? NaN), (index) => channel[index] ?? NO_VALUE),
    new Column("status", "Status", "", 64, (index) => STATUS_ORDER.indexOf(status[index]), (index) => STATUS_NAMES[status[index]] ?? ""),
    column("length", "Length", "s", 70, number(duration_s), lengthText),
    column("rate", "Rate", "Hz", 66, number(sample_rate_hz), grouped),
    column("rms", "RMS", "dBFS", 64, level(rms_dbfs, (index) => isDone(index) && !empty.has(index)), decibelText),
    column("centroid", "Centroid", "Hz", 78, number(centroid_hz), hertzText),
    column("peak", "Strongest peak", "Hz", 88, number(peak_hz), hertzText),
    new Column("note", "Note", "", 50, (index) => notePlace(peak_note[index]), (index) => peak_note[index] ?? NO_VALUE),
    column("peak-level", "Level of peak", "dBFS", 70, number(peak_dbfs), decibelText),
    ...bands.map(({ name: band, level_dbfs, missing }) => {
      const without = new Set(missing);
      const value = level(level_dbfs, (index) => !without.has(index));
      const title = `${band.replace(":", "\u2013")} Hz`;
      return column(`band-${band}`, title, "dBFS", widthOfHead(title), value, decibelText);
    }),
  ].filter(Boolean);
}
