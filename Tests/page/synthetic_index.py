# SPDX-License-Identifier: GPL-2.0-or-later
"""Descriptions of an index of recordings with known results, for tests."""

import numpy as np

from assemble import Arrays

NOTES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
COLUMNS = 96
SILENT, NO_BIN, FULL_SCALE = 0, 255, 241


def index(count, seed=1, names=None, columns=COLUMNS, failed_every=50, bands=("63", "250:500")):
    """A description and arrays of `count` recordings; every so many have failed, number 1 is silent."""
    random = np.random.Generator(np.random.PCG64(seed))
    names = list(names) if names else [f"take {number}/part-{number % 7}.wav" for number in range(count)]
    failed = [failed_every > 0 and number % failed_every == failed_every - 1 for number in range(count)]
    silent = [number == 1 for number in range(count)]

    def column(values, absent=failed):
        return [None if gone else value for value, gone in zip(values, absent)]

    quiet = [a or b for a, b in zip(failed, silent)]
    midi = random.integers(24, 108, count)
    hertz = [float(f"{440 * 2 ** ((int(note) - 69) / 12):.7g}") for note in midi]
    levels = np.round(random.uniform(-80, -1, count), 3)
    curves = np.clip(
        FULL_SCALE + 2 * (levels[:, None] - 30 * np.abs(np.linspace(-1, 1, columns)) + random.normal(0, 4, (count, columns))),
        1, 254).astype("u1")
    curves[:, :3] = NO_BIN
    for number in range(count):
        if failed[number]:
            curves[number] = NO_BIN
        elif silent[number]:
            curves[number, 3:] = SILENT
    arrays = Arrays()
    place = arrays.add(curves.ravel(), "u1")
    description = {
        "title": "Recordings in takes/",
        "subtitle": f"{count} recordings",
        "remarks": [],
        "options": "wavfft test method=exact",
        "recordings": {
            "name": names,
            "page": column([f"take%20{number}/part-{number % 7}.html" for number in range(count)]),
            "status": ["error" if gone else "ok" for gone in failed],
            "error": [f"{name} is empty (0 bytes)" if gone else None for name, gone in zip(names, failed)],
            "channel": column(["mix"] * count),
            "duration_s": column([float(f"{value:.7g}") for value in random.uniform(0.05, 4000, count)]),
            "sample_rate_hz": column([int(rate) for rate in random.choice([8000, 44100, 48000, 96000], count)]),
            "rms_dbfs": column([float(level) for level in levels], quiet),
            "centroid_hz": column([float(f"{value:.4g}") for value in random.uniform(50, 9000, count)], quiet),
            "peak_hz": column(hertz, quiet),
            "peak_dbfs": column([float(level) - 12 for level in levels], quiet),
            "peak_note": column([f"{NOTES[note % 12]}{note // 12 - 1}" for note in midi], quiet),
        },
        "bands": [
            {
                "name": name,
                "level_dbfs": column([float(level) - 20 - place for level in levels], quiet),
                "missing": [number for number in range(count) if failed[number] or number == 2],
            }
            for place, name in enumerate(bands)
        ],
        "thumbnails": {
            "columns": columns,
            "low_hz": column([40.0 if number % 5 == 4 else 20.0 for number in range(count)]),
            "high_hz": column([20000.0 if number % 3 else 4000.0 for number in range(count)]),
            "array": place,
        },
    }
    return description, arrays
