// SPDX-License-Identifier: GPL-2.0-or-later
// Opens the index of recordings.

try {
  const description = readDescription("wavfft index");
  new List(description, takeArrays(description.arrays));
} catch (error) {
  showFailure(error);
  throw error;
}
