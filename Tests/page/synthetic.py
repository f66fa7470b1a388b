# SPDX-License-Identifier: GPL-2.0-or-later
"""Spectra of noise and lines, of any length, as pages."""

import numpy as np

from assemble import NO_ENERGY, Arrays, levels, write_page

SEED = 20240229
DEFAULT_LINES = ((110.0, -31.0), (220.0, -18.5), (440.0, -12.3), (660.0, -27.0), (880.0, -24.0), (1320.0, -35.0),
                 (2637.02, -42.0), (5000.0, -50.0), (9000.0, -58.0))


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
        peaks.append({"frequency_hz": exact, "level_dbfs": level, "above_floor_db": round(level + 93, 1),
                      "shape": "line", "note": note, "cents": cents})
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
    series = {"name": name, "sample_rate": grid["rate"], "limit_hz": grid["rate"] / 2, "grid": grid, "peaks": peaks,
              "density_offset_db": -3.2, **members}
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
    return {"kind": "lines", "title": title, "subtitle": "44100 Hz, mix of 2 channels, synthetic", "text": "A spectrum of noise with lines.",
            "remarks": ["Levels are right for tones. Noise has no level in a bin; read it from the density."],
            "facts": [["Method", "exact (one transform of all samples)"], ["Window", "rectangular"], ["Levels", "dBFS (AES17: a full-scale sine is 0 dBFS)"]],
            "a4_hz": 440, "band": {"low_hz": 20, "high_hz": 20000}, **members}


def bands_of(values, grid):
    """Third-octave bands, with the power of the bins in them."""
    bands = []
    frequency = (grid["first_bin"] + np.arange(len(values))) * grid["rate"] / grid["divisor"]
    power = np.where(values == NO_ENERGY, 0, 10 ** (values / 1000.0))
    for number in range(14, 43):
        center = 1000 * 10 ** ((number - 30) / 10)
        low, high = center * 10 ** -0.05, center * 10 ** 0.05
        inside = power[(frequency >= low) & (frequency < high)].sum()
        if inside > 0:
            name = f"{center / 1000:.3g} kHz" if center > 990 else f"{center:.3g} Hz"
            bands.append({"name": name, "low_hz": low, "high_hz": high, "level_dbfs": round(float(10 * np.log10(inside)), 2)})
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
