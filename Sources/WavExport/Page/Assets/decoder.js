// SPDX-License-Identifier: GPL-2.0-or-later
// Stands behind each data element: decodes it into its place in its array, and removes it, so that the page never
// holds all of the text, nor any number twice.
(() => {
  "use strict";
  const element = document.currentScript.previousElementSibling;
  const sizes = { int16: 2, float64: 8, uint8: 1 };
  const arrays = (window.wavfftArrays ??= JSON.parse(document.getElementById("description").textContent).arrays
    .map(({ type, count }) => ({ bytes: new Uint8Array(count * sizes[type]), filled: 0 })));
  const array = arrays.find(({ bytes, filled }) => filled < bytes.length);
  const rest = array.bytes.subarray(array.filled);
  if (rest.setFromBase64) {
    array.filled += rest.setFromBase64(element.textContent).written;
  } else {
    const text = atob(element.textContent);
    for (let index = 0; index < text.length; index += 1) rest[index] = text.charCodeAt(index);
    array.filled += text.length;
  }
  element.remove();
  document.currentScript.remove();
})();
