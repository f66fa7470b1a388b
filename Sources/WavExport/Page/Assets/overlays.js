// SPDX-License-Identifier: GPL-2.0-or-later
// What lies over or under the curves: notes, harmonics, third-octave bands, and what a decimation lost.

/** Whole notes in a view, not more than a keyboard of some octaves more than is heard. */
function notesIn(scale, a4) {
  const first = Math.max(0, Math.floor(hertzToNote(Math.max(scale.low, 1), a4)));
  const last = Math.min(160, Math.ceil(hertzToNote(Math.max(scale.high, 1), a4)));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** The edges of a key: half a semitone below and above its note. */
function keyAt(midi, scale, a4) {
  const from = scale.x(noteToHertz(midi - 0.5, a4));
  const to = scale.x(noteToHertz(midi + 0.5, a4));
  return { midi, from, to, width: Math.abs(to - from), middle: scale.x(noteToHertz(midi, a4)) };
}

const LEAST_KEY = 3.5;

function drawNoteLines(pen, box, scale, a4, theme) {
  const { left, top, width, height } = box;
  const points = notesIn(scale, a4).map((midi) => keyAt(midi, scale, a4))
    .filter((key) => key.middle >= left && key.middle <= left + width && (key.width >= 16 || (key.midi % 12 === 0 && key.width >= 1)))
    .flatMap((key) => [key.middle, top, key.middle, top + height]);
  pen.segments(points, { stroke: theme.mean, opacity: 0.28 });
}

/** Piano keys along the frequency axis, names where they fit, cents where one key fills the view. */
function drawKeyboard(pen, box, scale, a4, theme, measure) {
  const { left, top, width, height } = box;
  const keys = notesIn(scale, a4).map((midi) => keyAt(midi, scale, a4));
  pen.clip(left, top, width, height, () => {
    pen.boxes([left, top, width, height], { fill: theme.faint });
    const whites = keys.filter((key) => key.width >= LEAST_KEY);
    pen.boxes(whites.flatMap((key) => [key.from, top, key.width, height]), { fill: theme.whiteKey });
    pen.boxes(whites.filter((key) => isBlackKey(key.midi)).flatMap((key) => [key.from, top, key.width, height]), { fill: theme.blackKey });
    const borders = whites.filter((key) => !isBlackKey(key.midi) && !isBlackKey(key.midi - 1));
    pen.segments(borders.flatMap((key) => [key.from, top, key.from, top + height]), { stroke: theme.rule });
    drawKeyNames(pen, box, keys, theme, measure);
  });
}

function drawKeyNames(pen, box, keys, theme, measure) {
  const { left, top, width, height } = box;
  const middle = top + height / 2 + 4;
  // C first, then A, then the other white keys, then the black ones.
  const rank = (midi) => (midi % 12 === 0 ? 0 : isBlackKey(midi) ? 3 : midi % 12 === 9 ? 1 : 2);
  const taken = [];
  for (const key of [...keys].sort((a, b) => rank(a.midi) - rank(b.midi) || a.midi - b.midi)) {
    const name = noteName(key.midi);
    const from = Math.max(Math.min(key.from, key.to), left);
    const to = Math.min(Math.max(key.from, key.to), left + width);
    const room = measure(name) + 6;
    const isInside = key.middle - room / 2 >= left && key.middle + room / 2 <= left + width;
    const x = isInside ? key.middle : (from + to) / 2;
    if ((!isInside || rank(key.midi) > 0) && to - from < room) continue;
    if (taken.some(([start, end]) => x + room / 2 > start && x - room / 2 < end)) continue;
    taken.push([x - room / 2, x + room / 2]);
    const onBlack = isBlackKey(key.midi) || (key.midi % 12 === 0 && key.width < room && key.width >= LEAST_KEY);
    if (onBlack && !isBlackKey(key.midi)) pen.boxes([x - room / 2, top, room, height], { fill: theme.whiteKey });
    pen.text(name, x, middle, { fill: isBlackKey(key.midi) ? "#ffffff" : theme.ink, size: 11, align: "center" });
  }
}

/** Cents around the note of a view that is narrower than two semitones. */
function drawCents(pen, box, scale, a4, theme, measure) {
  const low = hertzToNote(scale.low, a4);
  const high = hertzToNote(scale.high, a4);
  if (!(high - low < 2)) return;
  const note = Math.round((low + high) / 2);
  const toLabel = (cents, step) => (Math.abs(cents) < step / 2 ? noteName(note) : `${signed(cents, stepDecimals(step))}c`);
  const widest = measure(toLabel(100 * (high - note), niceStep(((high - low) * 8000) / scale.width))) + 30;
  const ticks = linearTicks(100 * (low - note), 100 * (high - note), scale.width, widest, toLabel);
  for (const { value, label, isMajor } of ticks) {
    const x = scale.x(noteToHertz(note + value / 100, a4));
    pen.segments([x, box.top, x, box.top + (isMajor ? 5 : 3)], { stroke: theme.soft });
    const half = measure(label) / 2;
    if (label && x - half >= box.left && x + half <= box.left + box.width) {
      pen.text(label, x, box.top + box.height - 4, { fill: theme.ink, size: 11, align: "center" });
    }
  }
}

function drawKeyboardOrCents(pen, box, scale, a4, theme, measure) {
  const isNarrow = hertzToNote(scale.high, a4) - hertzToNote(scale.low, a4) < 2;
  if (!isNarrow) return void drawKeyboard(pen, box, scale, a4, theme, measure);
  pen.boxes([box.left, box.top, box.width, box.height], { fill: theme.whiteKey });
  drawCents(pen, box, scale, a4, theme, measure);
}

/** The whole multiples of a frequency, with their numbers. */
function drawHarmonics(pen, box, scale, fundamental, highest, theme) {
  const { left, top, width, height } = box;
  const first = Math.max(1, Math.ceil(scale.low / fundamental));
  const last = Math.floor(Math.min(scale.high, highest) / fundamental);
  let labelled = -Infinity;
  const lines = [];
  const numbered = [];
  for (let count = 0; count <= 2000 && first + count <= last; count += 1) {
    const order = first + count;
    const x = scale.x(order * fundamental);
    if (x < left || x > left + width) continue;
    if (order > first && scale.x(order * fundamental) - scale.x((order - 1) * fundamental) < 4) break; // and closer from here on
    const isNumbered = x - labelled >= 22;
    (isNumbered ? numbered : lines).push(x, top, x, top + height);
    if (!isNumbered) continue;
    labelled = x;
    pen.text(String(order), x + 3, top + 12, { fill: theme.lost, size: 11, weight: 600 });
  }
  pen.segments(numbered, { stroke: theme.lost, dash: [3, 3], opacity: 0.7 });
  pen.segments(lines, { stroke: theme.lost, dash: [1, 4], opacity: 0.7 });
}

/** Third-octave bands as steps at their levels. */
function drawBands(pen, box, scale, bands, toY, theme, measure) {
  const bottom = box.top + box.height;
  let labelled = -Infinity;
  for (const band of bands) {
    const from = scale.x(band.low_hz);
    const to = scale.x(band.high_hz);
    if (to < box.left || from > box.left + box.width) continue;
    if (typeof band.level_dbfs !== "number") continue; // silence
    const y = toY(band.level_dbfs);
    pen.boxes([from, y, to - from, Math.max(0, bottom - y)], { fill: theme.band, opacity: 0.12 });
    pen.polyline([from, bottom, from, y, to, y, to, bottom], { stroke: theme.band, opacity: 0.9 });
    const middle = (from + to) / 2;
    const half = 0.44 * measure(band.name) + 2; // its letters are smaller
    const isFree = 2 * half <= to - from + 6 && middle - half >= labelled;
    const isInside = y >= box.top + 14 && y <= bottom && middle - half >= box.left && middle + half <= box.left + box.width;
    if (!isFree || !isInside) continue;
    labelled = middle + half;
    pen.text(band.name, middle, y - 4, { fill: theme.band, size: 10.5, align: "center" });
  }
}

/** The range that a decimated transform cannot show. */
function drawLoss(pen, box, scale, loss, theme, measure) {
  const { left, top, width, height } = box;
  const from = clamp(scale.x(loss.limit_hz), left, left + width);
  const to = clamp(scale.x(loss.original_limit_hz), left, left + width);
  if (to - from < 1) return;
  pen.boxes([from, top, to - from, height], { fill: theme.lost, opacity: 0.06 });
  pen.clip(from, top, to - from, height, () => {
    const lines = [];
    for (let x = from - height; x < to; x += 9) lines.push(x, top + height, x + height, top);
    pen.segments(lines, { stroke: theme.lost, opacity: 0.22 });
    const label = "lost by the decimation";
    if (measure(label) + 20 < to - from) {
      const half = measure(label) / 2 + 8;
      pen.boxes([(from + to) / 2 - half, top + height / 2 - 14, 2 * half, 20], { fill: theme.page });
      pen.text(label, (from + to) / 2, top + height / 2, { fill: theme.lost, align: "center" });
    }
  });
  pen.segments([from, top, from, top + height], { stroke: theme.lost });
}
