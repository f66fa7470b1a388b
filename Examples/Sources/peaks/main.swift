// SPDX-License-Identifier: GPL-2.0-or-later

import WavFFT

let spectrum = try Recording(path: "bach.wav").spectrum(writing: ["bach.svg"])
for peak in spectrum.peaks { print(peak.frequency, peak.level, peak.note?.name ?? "") }
