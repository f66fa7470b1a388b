# SPDX-License-Identifier: GPL-2.0-or-later
"""Spectra of noise and lines, of any length, as pages."""

import numpy as np

from assemble import NO_ENERGY, Arrays, levels, write_page

SEED = 20240229
DEFAULT_LINES = (
    (110.0, -31.0),
    (220.0, -18.5),
    (440.0, -12.3),
    (660.0, -27.0),
    (880.0, -24.0),
    (1320.0, -35.0),
    (2637.02, -42.0),
    (5000.0, -50.0),
    (9000.0, -58.0),
)


def noise(count, seed=SEED, floor=-90.0, tilt=12.0):
    """Levels of bins of noise, whose power falls with the frequency."""
    random = np.random.default_rng(seed)
    result = np.empty(count, "<i2")
    for start in range(0, count, 1 << 22):
        end = min(start + (1 << 22), count)
        power = random.exponential(size=end - start)
        slope = floor - tilt * np.linspace(start, end, end - start, endpoint=False) / count
        result[start:end] = levels(10 * np.log10(np.maximum(power, 1e-9)) + slope)
    return result


def add_lines(values, grid, lines=DEFAULT_LINES):
    """Puts lines with skirts into levels; the frequency of each is that of its bin."""
    for hertz, level in lines:
        center = round(hertz * grid["divisor"] / grid["rate"]) - grid["first_bin"]
        if not 0 <= center < len(values):
            continue
        for offset in range(-40, 41):
            index = center + offset
            if 0 <= index < len(values):
                skirt = round(100 * (level - (0 if offset == 0 else 14 + 20 * np.log10(abs(offset)))))
                values[index] = max(values[index], skirt)
    return values


def note_of(hertz, a4=440.0):
    place = 69 + 12 * np.log2(hertz / a4)
    nearest = round(place)
    names = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
    return f"{names[nearest % 12]}{nearest // 12 - 1}", round(100 * (place - nearest), 2)


def peaks_of(grid, lines=DEFAULT_LINES):
    peaks = []
    for hertz, level in lines:
        bin_number = round(hertz * grid["divisor"] / grid["rate"])
        if not grid["first_bin"] <= bin_number < grid["first_bin"] + grid["bin_count"]:
            continue
        exact = bin_number * grid["rate"] / grid["divisor"]
        note, cents = note_of(exact)
        peaks.append(
            {
                "frequency_hz": exact,
                "level_dbfs": level,
                "above_floor_db": round(level + 93, 1),
                "shape": "line",
                "note": note,
                "cents": cents,
            }
        )
    return peaks


def make_grid(divisor, rate=44100, low=20.0, high=20000.0):
    first = int(np.ceil(low * divisor / rate))
    last = int(np.floor(high * divisor / rate))
    return {"rate": rate, "divisor": divisor, "first_bin": first, "bin_count": last - first + 1}


def cell_arrays(values, bins_per_cell):
    """The strongest and the mean power of each cell."""
    starts = np.arange(0, len(values), bins_per_cell)
    greatest = np.maximum.reduceat(values, starts)
    power = np.where(values == NO_ENERGY, 0, 10 ** (values / 1000.0))
    counts = np.diff(np.append(starts, len(values)))
    with np.errstate(divide="ignore"):
        mean = levels(10 * np.log10(np.add.reduceat(power, starts) / counts))
    return greatest.astype("<i2"), mean


def make_series(arrays, name, values, grid, bins_per_cell=1, detail_reach=500, peaks=None, **members):
    peaks = peaks_of(grid) if peaks is None else peaks
    series = {
        "name": name,
        "sample_rate": grid["rate"],
        "limit_hz": grid["rate"] / 2,
        "grid": grid,
        "peaks": peaks,
        "density_offset_db": -3.2,
        **members,
    }
    if bins_per_cell == 1:
        series["cells"] = {"bins_per_cell": 1, "greatest": arrays.add(values)}
        return series
    greatest, mean = cell_arrays(values, bins_per_cell)
    series["cells"] = {"bins_per_cell": bins_per_cell, "greatest": arrays.add(greatest), "mean": arrays.add(mean)}
    series["details"] = []
    for peak in sorted(peaks, key=lambda peak: peak["frequency_hz"]):
        center = round(peak["frequency_hz"] * grid["divisor"] / grid["rate"]) - grid["first_bin"]
        start, end = max(0, center - detail_reach), min(len(values), center + detail_reach + 1)
        series["details"].append({"first_bin": grid["first_bin"] + start, "array": arrays.add(values[start:end])})
    return series


def frame(title, **members):
    return {
        "kind": "lines",
        "title": title,
        "subtitle": "44100 Hz, mix of 2 channels, synthetic",
        "text": "A spectrum of noise with lines.",
        "remarks": ["Levels are right for tones. Noise has no level in a bin; read it from the density."],
        "facts": [
            ["Method", "exact (one transform of all samples)"],
            ["Window", "rectangular"],
            ["Levels", "dBFS (AES17: a full-scale sine is 0 dBFS)"],
        ],
        "a4_hz": 440,
        "band": {"low_hz": 20, "high_hz": 20000},
        **members,
    }


def bands_of(values, grid):
    """Third-octave bands, with the power of the bins in them."""
    bands = []
    frequency = (grid["first_bin"] + np.arange(len(values))) * grid["rate"] / grid["divisor"]
    power = np.where(values == NO_ENERGY, 0, 10 ** (values / 1000.0))
    for number in range(14, 43):
        center = 1000 * 10 ** ((number - 30) / 10)
        low, high = center * 10**-0.05, center * 10**0.05
        inside = power[(frequency >= low) & (frequency < high)].sum()
        if inside > 0:
            name = f"{center / 1000:.3g} kHz" if center > 990 else f"{center:.3g} Hz"
            bands.append(
                {"name": name, "low_hz": low, "high_hz": high, "level_dbfs": round(float(10 * np.log10(inside)), 2)}
            )
    return bands


def lines_page(path, divisor, bins_per_cell=1, title="Spectrum of synthetic.wav", bands=True, **members):
    arrays = Arrays()
    grid = make_grid(divisor)
    values = add_lines(noise(grid["bin_count"]), grid)
    series = make_series(arrays, "synthetic.wav", values, grid, bins_per_cell)
    if bands:
        members.setdefault("bands", bands_of(values, grid))
    write_page(path, frame(title, series=[series], **members), arrays)
    return values, grid


def several_page(path, count=3, divisor=400_000):
    """Several curves on one grid; the last has no density."""
    arrays = Arrays()
    grid = make_grid(divisor)
    series = []
    for index in range(count):
        values = add_lines(
            noise(grid["bin_count"], SEED + index, floor=-85.0 - 7 * index),
            grid,
            tuple((hertz * (1 + index / 100), level - 3 * index) for hertz, level in DEFAULT_LINES),
        )
        one = make_series(arrays, f"channel {index + 1}", values, grid, peaks=peaks_of(grid))
        if index == count - 1:
            del one["density_offset_db"]
        series.append(one)
    write_page(path, frame("Channels of synthetic.wav", series=series), arrays)


def rows_page(path):
    """A curve of which only bands are known."""
    arrays = Arrays()
    edges = 20 * 2 ** (np.arange(0, 240) / 24)
    low, high = edges[:-1], edges[1:]
    frequency = low + 0.3 * (high - low)
    values = levels(-40 - 10 * np.log2(frequency / 20) + 5 * np.sin(np.arange(len(low))))
    values[7] = NO_ENERGY
    series = {
        "name": "reference.json",
        "sample_rate": 44100,
        "limit_hz": 22050,
        "peaks": [],
        "rows": {
            "frequency": arrays.add(frequency, "<f8"),
            "low": arrays.add(low, "<f8"),
            "high": arrays.add(high, "<f8"),
            "level": arrays.add(values),
        },
    }
    write_page(
        path, frame("Bands of a reference", series=[series], reference={"unit": "dB SPL", "offset_db": 94}), arrays
    )
    return frequency, low, high, values


def decimated_page(path):
    arrays = Arrays()
    grid = make_grid(139_208, rate=5512.5, high=2756.0)
    values = add_lines(noise(grid["bin_count"]), grid)
    series = make_series(arrays, "bach.wav", values, grid)
    loss = {
        "limit_hz": 2756.25,
        "original_limit_hz": 22050,
        "text": "Everything above 2756.25 Hz is lost: 86.3 % of the band.",
    }
    write_page(path, frame("Decimated spectrum", series=[series], loss=loss), arrays)


def comparison_page(path, greatest=None):
    arrays = Arrays()
    grid = make_grid(200_000)
    reference = add_lines(noise(grid["bin_count"]), grid)
    random = np.random.default_rng(SEED)
    this = (reference + np.rint(20 * random.standard_normal(len(reference)))).astype("<i2")
    changed = round(1320 * grid["divisor"] / grid["rate"]) - grid["first_bin"]
    this[changed - 30 : changed + 30] += 300
    series = [
        make_series(arrays, name, values, grid, peaks=peaks_of(grid))
        for name, values in (("build/amp.wav", this), ("golden.wav", reference))
    ]
    edges = np.unique(np.rint(np.geomspace(1, len(this) - 1, 900)).astype(int))
    top = np.maximum.reduceat(this, edges), np.maximum.reduceat(reference, edges)
    difference = (top[0].astype(int) - top[1]).astype("<i2")
    frequency = (grid["first_bin"] + edges) * grid["rate"] / grid["divisor"]
    tolerance = np.where(frequency < 10000, 100, 32767).astype("<i2")
    difference[5] = NO_ENERGY
    difference[299:302] = 120, -250, 120
    if greatest:
        difference[len(difference) // 2] = greatest
    violation = (np.abs(difference.astype(int)) > tolerance) & (difference != NO_ENERGY)
    comparison = {
        "frequency": arrays.add(frequency, "<f8"),
        "difference": arrays.add(difference),
        "tolerance": arrays.add(tolerance),
        "violation": arrays.add(violation, "u1"),
        "verdict": "Not within tolerance: +3.00 dB at 1320 Hz.",
    }
    write_page(
        path, frame("amp.wav and its reference", kind="comparison", series=series, comparison=comparison), arrays
    )
    return frequency, difference, tolerance, violation


def spectrogram_page(path, columns=2000, rows=1025, reduction="maximum", axis="log"):
    arrays = Arrays()
    random = np.random.default_rng(SEED)
    edges = np.linspace(0, 22050, rows + 1)
    edges[0] = edges[1] / 3
    middle = (edges[1:] + edges[:-1]) / 2
    seconds = 0.05 * np.arange(columns)
    power = random.exponential(size=(columns, rows)) * 1e-9 / (1 + middle / 2000)
    for start, tone in ((0, 440.0), (0.2, 554.4), (0.45, 659.3), (0.7, 880.0)):
        on = seconds >= start * seconds[-1]
        decay = np.where(on, np.exp(-(seconds - start * seconds[-1]) / 20), 0)
        for order in range(1, 9):
            row = int(np.searchsorted(edges, tone * order)) - 1
            power[:, row] += decay * 1e-2 / order**2
    sweep = 200 * (80 ** (seconds / seconds[-1]))
    power[np.arange(columns), np.searchsorted(edges, sweep) - 1] += 3e-4
    values = levels(10 * np.log10(power))
    values[columns // 2 : columns // 2 + 20, :] = NO_ENERGY
    divisor = 2 * (rows - 1)
    grid = {"rate": 44100, "divisor": divisor, "first_bin": 1, "bin_count": rows - 1}
    average = levels(10 * np.log10(power.mean(axis=0)))[1:]
    series = make_series(arrays, "average", average, grid, peaks=peaks_of(grid, ((440, -25.0), (880, -22.0))))
    spectrogram = {
        "columns": columns,
        "rows": rows,
        "start_s": 0,
        "seconds_per_column": 0.05,
        "row_edges": arrays.add(edges, "<f8"),
        "levels": arrays.add(values.reshape(-1)),
        "reduction": reduction,
        "text": "Each point shows the greatest level of its segments.",
        "segment_s": 0.1,
        "colour_range_db": [-100, -20],
    }
    write_page(
        path,
        frame("Spectrogram of synthetic.wav", kind="spectrogram", series=[series], spectrogram=spectrogram),
        arrays,
    )
    return values, edges


def empty_page(path):
    arrays = Arrays()
    grid = make_grid(44100)
    series = make_series(arrays, "silence.wav", np.full(grid["bin_count"], NO_ENERGY, "<i2"), grid, peaks=[])
    write_page(path, frame("Spectrum of silence.wav", series=[series], emptiness="The recording is silent"), arrays)
