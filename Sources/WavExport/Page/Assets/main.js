// SPDX-License-Identifier: GPL-2.0-or-later
// Opens the page.

try {
  const description = readDescription();
  const arrays = readArrays(description.arrays, window.wavfftArrays);
  delete window.wavfftArrays;
  new App(new Model(description, arrays)).open();
} catch (error) {
  const failure = document.getElementById("failure");
  failure.textContent = `This page cannot be shown. ${error.message}`;
  failure.hidden = false;
  throw error;
}
