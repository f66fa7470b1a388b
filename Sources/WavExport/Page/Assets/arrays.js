// SPDX-License-Identifier: GPL-2.0-or-later
// The arrays of the page, put together from the pieces that decoder.js has decoded.

const ARRAY_TYPES = { int16: Int16Array, float64: Float64Array, uint8: Uint8Array };

function readDescription() {
  const description = JSON.parse(document.getElementById("description").textContent);
  if (description.format !== "wavfft page" || description.version !== 1) {
    throw new Error("This page was written in a format that its script does not read.");
  }
  return description;
}

function readArrays(kinds, pieces) {
  let next = 0;
  const takePiece = () => {
    const piece = pieces[next];
    if (!piece) throw new Error("Numbers are missing at the end of this page: it was not copied or written completely.");
    pieces[next] = null; // gives back the memory of a piece as soon as it is copied
    next += 1;
    return piece;
  };
  return kinds.map(({ type, count }) => {
    const ArrayType = ARRAY_TYPES[type];
    const size = count * ArrayType.BYTES_PER_ELEMENT;
    if (size === 0) return new ArrayType(0);
    let piece = takePiece();
    if (piece.length === size) return new ArrayType(piece.buffer, piece.byteOffset, count);
    const bytes = new Uint8Array(size);
    bytes.set(piece);
    for (let filled = piece.length; filled < size; filled += piece.length) {
      piece = takePiece();
      bytes.set(piece, filled);
    }
    return new ArrayType(bytes.buffer);
  });
}
