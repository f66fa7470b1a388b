// SPDX-License-Identifier: GPL-2.0-or-later
// The description of the page, and its arrays, whose bytes decoder.js has put into place.

const ARRAY_TYPES = { int16: Int16Array, float64: Float64Array, uint8: Uint8Array };

function readDescription(format) {
  const description = JSON.parse(document.getElementById("description").textContent);
  if (description.format !== format || description.version !== 1) {
    throw new Error("It was written in a format that its script does not read.");
  }
  return description;
}

/** The arrays that decoder.js has left for the application. */
function takeArrays(kinds) {
  const decoded = window.wavfftArrays;
  delete window.wavfftArrays;
  return readArrays(kinds, decoded);
}

function readArrays(kinds, decoded) {
  return kinds.map(({ type, count }, index) => {
    const array = decoded?.[index];
    if (count > 0 && !(array?.filled === array?.bytes.length && array)) {
      throw new Error("Numbers are missing: the file was not written or copied completely.");
    }
    return count > 0 ? new ARRAY_TYPES[type](array.bytes.buffer) : new ARRAY_TYPES[type](0);
  });
}
