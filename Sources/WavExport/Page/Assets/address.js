// SPDX-License-Identifier: GPL-2.0-or-later
// The address of the page, which holds what is seen behind its #.

/** Puts a state into the address, without a step to go back to. */
function replaceHash(hash) {
  if (location.hash.replace(/^#/, "") === hash) return;
  try {
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  } catch {
    location.replace(`#${hash}`); // some browsers keep pages from the disk out of the history
  }
}

/** A number of an address; undefined for any other text. */
function readNumber(text) {
  const isNumber = /^[-+]?\d{1,20}(\.\d{1,30})?(e[-+]?\d{1,3})?$/.test(text) && Number.isFinite(Number(text));
  return isNumber ? Number(text) : undefined;
}

const oneOf = (...words) => (text) => (words.includes(text) ? text : undefined);
