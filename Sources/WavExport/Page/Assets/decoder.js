// SPDX-License-Identifier: GPL-2.0-or-later
// Stands behind each data element: decodes it and removes it, so that the page never holds all of the text at once.
(() => {
  "use strict";
  const element = document.currentScript.previousElementSibling;
  const text = element.textContent;
  const bytes = Uint8Array.fromBase64
    ? Uint8Array.fromBase64(text)
    : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  (window.wavfftPieces ??= []).push(bytes);
  element.remove();
  document.currentScript.remove();
})();
