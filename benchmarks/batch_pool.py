#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The usual script for a folder: a ProcessPoolExecutor over soundfile and scipy.fft.rfft.

    batch_pool.py FOLDER OUT_FOLDER [--workers N]

For every WAV and FLAC file it writes the table that `wavfft batch --format csv` writes: the
strongest bin of each of 4096 log-spaced bands from 20 Hz to 20 kHz, and the band's power.
"""

import argparse
import csv
import os
import pathlib
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import scipy.fft
import soundfile

LOW, HIGH, BANDS = 20.0, 20000.0, 4096


def analyse(path, target):
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    signal = samples.mean(axis=1)
    count = len(signal)
    magnitude = np.abs(scipy.fft.rfft(signal))
    frequency = np.arange(len(magnitude)) * rate / count
    kept = np.flatnonzero((frequency > LOW) & (frequency < HIGH))
    edges = np.geomspace(LOW, HIGH, BANDS + 1)
    first = kept[0] + np.searchsorted(frequency[kept], edges)
    weights = np.full(len(magnitude), 2.0)
    weights[0] = 1
    if count % 2 == 0:
        weights[-1] = 1
    power = weights * magnitude.astype(np.float64) ** 2 / (float(count) * count)
    # Bands without bins are left out; the bins of the other bands are contiguous.
    filled = np.flatnonzero(np.diff(first))
    starts, end = first[filled], first[-1]
    greatest = np.maximum.reduceat(magnitude[:end], starts)
    run = np.repeat(np.arange(len(filled)), np.diff(np.append(starts, end)))
    is_greatest = magnitude[starts[0]:end] == greatest[run]
    strongest = starts[0] + np.flatnonzero(is_greatest)
    strongest = strongest[np.unique(run[strongest - starts[0]], return_index=True)[1]]
    with np.errstate(divide="ignore"):
        level = 20 * np.log10(weights[strongest] * greatest / count)
    columns = (frequency[strongest], greatest, level, edges[filled], edges[filled + 1],
               np.add.reduceat(power[:end], starts))
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["frequency_hz", "magnitude", "level_dbfs", "low_hz", "high_hz", "power"])
        writer.writerows(zip(*(column.tolist() for column in columns)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    options = parser.parse_args()
    paths = sorted(p for kind in ("wav", "flac") for p in options.folder.rglob(f"*.{kind}"))
    targets = [(options.out / p.relative_to(options.folder)).with_suffix(".csv") for p in paths]
    with ProcessPoolExecutor(options.workers) as pool:
        for _ in pool.map(analyse, paths, targets, chunksize=8):
            pass


main()
