#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks transforms that are too long for a reference of higher precision by laws that they must obey.

    laws.py [--wavfft PATH] [--data DIR] [LENGTH ...]

The signals are two noises a and b of 15 bits, in 16-bit files. Magnitudes of every bin must obey

- Parseval's theorem: sum |A|^2 over all N bins = N * sum a^2, the right side in exact integers;
- shift: a rotated by any number of samples has the same magnitudes;
- linearity: |X(a + b)|^2 + |X(a - b)|^2 = 2 |A|^2 + 2 |B|^2 (the parallelogram law).

Prints relative errors, in the L2 norm, and their bounds 2 * eps * sqrt(log2 N) (twice that for the
laws that compare several spectra). Exit status 1 if an error exceeds its bound.
"""

import argparse
import math
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
RATE = 44100


def noise(length, seed):
    """Returns uniform noise in -16383 ... 16383 as 32-bit integers."""
    return np.random.default_rng(seed).integers(-16383, 16384, length, dtype=np.int32)


def magnitudes(options, samples, precision):
    """Returns the magnitudes of all bins, 0 <= k <= N/2, of samples in units of their last bit."""
    path, output = options.data / "laws.wav", options.data / "laws.npy"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    command = [
        options.wavfft, str(path), "--length", "exact", "--precision", precision, "--band", "full",
        "--points", "all", "--out", str(output), "--report", "none",
    ]  # fmt: skip
    subprocess.run(command, check=True)
    table = np.load(output, mmap_mode="r")
    assert len(table) == len(samples) // 2 + 1
    result = table["magnitude"].astype(np.float64) * 32768
    path.unlink()
    output.unlink()
    return result


def energy(spectrum, length):
    """Returns the sum over all N bins of |X|^2, in extended precision."""
    squares = np.square(spectrum)
    total = 2 * math.fsum(np.sum(part, dtype=np.longdouble) for part in np.array_split(squares, 64))
    return total - squares[0] - (squares[-1] if length % 2 == 0 else 0)


def relative(found, expected):
    """Returns the relative error in the L2 norm."""
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


def errors(options, length, precision):
    """Returns the relative errors of the three laws."""
    a, b = noise(length, 1), noise(length, 2)
    first, second = magnitudes(options, a, precision), magnitudes(options, b, precision)
    exact = length * int(np.sum(np.square(a.astype(np.int64))))
    # A relative error of the energy is twice that of the magnitudes.
    parseval = abs(energy(first, length) / exact - 1) / 2
    shift = relative(magnitudes(options, np.roll(a, length // 3 + 1), precision), first)
    expected = 2 * np.square(first) + 2 * np.square(second)
    found = np.square(magnitudes(options, a + b, precision))
    found += np.square(magnitudes(options, a - b, precision))
    return parseval, shift, relative(found, expected)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    tool = HERE.parent / ".build" / "release" / "wavfft"
    parser.add_argument("--wavfft", default=str(tool), help="the program checked")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="folder for files")
    parser.add_argument(
        "lengths", nargs="*", type=int, default=[1 << 24, 1 << 27, 16777259], help="lengths"
    )
    options = parser.parse_args()
    options.data.mkdir(parents=True, exist_ok=True)
    all_good = True
    print("| length | precision | Parseval | shift | linearity | bound |")
    print("|---:|---|---:|---:|---:|---:|")
    for length in options.lengths:
        for precision, eps in (("double", 2.0**-52), ("single", 2.0**-23)):
            bound = 2 * eps * math.sqrt(math.log2(length))
            parseval, shift, linearity = errors(options, length, precision)
            all_good &= parseval <= bound and shift <= 2 * bound and linearity <= 2 * bound
            print(
                f"| {length} | {precision} | {parseval:.1e} | {shift:.1e} | {linearity:.1e} "
                f"| {bound:.1e} |",
                flush=True,
            )
    return 0 if all_good else 1


if __name__ == "__main__":
    sys.exit(main())
