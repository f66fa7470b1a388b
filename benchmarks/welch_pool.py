#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Power density as one would write it with NumPy and two processes: memory-mapped samples, a share for each.

    welch_pool.py FILE.wav [PROCESSES]

16-bit WAV with two channels and a header of 44 bytes, as make_wav.py writes it; segments of one second, Hann, overlap by half, means removed, single precision where
NumPy has it. Prints the number of segments and the density at 1 kHz in dB.
"""

import sys
import wave
from concurrent.futures import ProcessPoolExecutor

import numpy as np

HEADER = 44


def add(task):
    """Sum of the powers of some segments."""
    path, offset, frames, length, first, last = task
    samples = np.memmap(path, "<i2", "r", offset, (frames, 2))
    hop = length // 2
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)).astype("f4")
    total = np.zeros(length // 2 + 1)
    # Sixteen segments at a time stay in the cache.
    for begin in range(first, last, 16):
        end = min(begin + 16, last)
        part = samples[begin * hop : (end - 1) * hop + length].astype("f4").mean(axis=1) / 32768
        rows = np.lib.stride_tricks.sliding_window_view(part, length)[::hop]
        rows = (rows - rows.mean(axis=1, keepdims=True)) * window
        spectrum = np.fft.rfft(rows, axis=1)
        total += (spectrum.real**2 + spectrum.imag**2).sum(axis=0)
    return total


def main():
    path, processes = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2
    with wave.open(path) as file:
        rate, frames = file.getframerate(), file.getnframes()
    length = rate
    count = (frames - length) // (length // 2) + 1
    edges = [count * index // processes for index in range(processes + 1)]
    tasks = [(path, HEADER, frames, length, a, b) for a, b in zip(edges, edges[1:])]
    with ProcessPoolExecutor(processes) as pool:
        total = sum(pool.map(add, tasks))
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    density = 2 * total / count / (rate * (window**2).sum())
    print(count, 10 * np.log10(density[1000]))


if __name__ == "__main__":
    main()
