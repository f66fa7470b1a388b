// SPDX-License-Identifier: GPL-2.0-or-later
// Numbers as a reader wants them: Hertz, notes, cents, levels.

const MINUS = "\u2212";
const NO_ENERGY = -32768;
const NOTES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];
const MIDI_OF_A4 = 69;

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function fixed(value, decimals) {
  if (value === -Infinity) return `${MINUS}\u221e`;
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", MINUS);
}

function signed(value, decimals) {
  const text = fixed(value, decimals);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

const counted = (count, one, many) => `${grouped(count)} ${count === 1 ? one : many}`;

const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/** Decimals that tell neighbours `step` apart. */
const decimalsOf = (step) => clamp(Math.ceil(-Math.log10(step)) + 1, 0, 9);

/** A number as `format` writes it; with a doubt, both with the digits that the doubt leaves, if those are fewer. */
function doubtful(format, value, doubt, decimals) {
  if (!(doubt > 0)) return format(value, decimals);
  const known = clamp(1 - Math.floor(Math.log10(doubt)), 0, decimals);
  const upward = Math.ceil(doubt * 10 ** known - 1e-6) / 10 ** known;
  return `${format(value, known)} \u00b1 ${fixed(upward, known)}`;
}

/** A number of any size with four digits that count. */
function compact(value) {
  if (value === 0) return "0";
  if (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e5) return value.toPrecision(4).replace("-", MINUS);
  const [digits, power] = value.toExponential(3).split("e");
  return `${digits.replace("-", MINUS)}\u00b710${raised(Number(power))}`;
}

const RAISED = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b";

const raised = (power) => String(power).replace(/[-\d]/g, (digit) => RAISED["0123456789-".indexOf(digit)]);

const noteToHertz = (midi, a4) => a4 * 2 ** ((midi - MIDI_OF_A4) / 12);

/** The place of a frequency among the notes: 69 is A4, and a cent is a hundredth of 1. */
const hertzToNote = (hertz, a4) => MIDI_OF_A4 + 12 * Math.log2(hertz / a4);

const noteName = (midi) => NOTES[((midi % 12) + 12) % 12] + (Math.floor(midi / 12) - 1);

const isBlackKey = (midi) => noteName(midi).includes("#");

/** Beyond this many cents a doubt leaves only the names of notes. */
const MOST_CENTS = 20;

function noteText(hertz, a4, doubt = 0) {
  if (!(hertz > 0)) return "\u2013";
  const inCents = doubt > 0 ? centsOfDoubt(hertz, doubt) : 0;
  if (inCents > MOST_CENTS) return notesBetween(hertz - doubt, hertz + doubt, a4);
  const place = hertzToNote(hertz, a4);
  const nearest = Math.round(place);
  if (nearest < 0) return "below C" + MINUS + "1";
  return `${noteName(nearest)} ${doubtful(signed, 100 * (place - nearest), inCents, 1)} cents`;
}

const centsOfDoubt = (hertz, doubt) => (doubt < hertz ? -1200 * Math.log2(1 - doubt / hertz) : Infinity);

/** The notes that a frequency may be. */
function notesBetween(low, high, a4) {
  const name = (hertz) => {
    const midi = hertz > 0 ? Math.round(hertzToNote(hertz, a4)) : -1;
    return midi < 0 ? `below C${MINUS}1` : noteName(midi);
  };
  return name(low) === name(high) ? name(low) : `${name(low)} to ${name(high)}`;
}
