// SPDX-License-Identifier: GPL-2.0-or-later
// Opens the page.

try {
  const description = readDescription("wavfft page");
  new App(new Model(description, takeArrays(description.arrays))).open();
} catch (error) {
  showFailure(error);
  throw error;
}
