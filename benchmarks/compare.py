#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Times `wavfft compare` on two spectra with every bin of the book's recording: 121,054,823 rows each.

    compare.py [--runs 5] [--frames 267193080] [--data benchmarks/data] [--wavfft PATH] [--csv]

With --csv two text tables of 4.6 GB each are also compared. The files are in the page cache.
"""

import argparse
import shutil
import statistics
import subprocess
import time
from pathlib import Path

import speed

HERE = Path(__file__).resolve().parent


def measure(options, first, second):
    """Prints median seconds and peak memory of a comparison."""
    command = [str(options.wavfft), "compare", str(first), str(second)]
    seconds = []
    for _ in range(options.runs):
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds.append(time.perf_counter() - start)
    rows = next(line.split()[1] for line in done.stdout.splitlines() if line.startswith("  rows"))
    candidate = speed.Candidate("", command)
    speed.measure_memory(candidate)
    print(f"| {first.suffix[1:].upper()} | {rows} | {statistics.median(seconds):.2f} | "
          f"{min(seconds):.2f} … {max(seconds):.2f} | {candidate.peak_bytes / 1e6:.1f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--wavfft", type=Path, default=HERE.parent / ".build/release/wavfft")
    parser.add_argument("--data", type=Path, default=HERE / "data")
    parser.add_argument("--frames", type=int, default=speed.BOOK_FRAMES)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--csv", action="store_true")
    options = parser.parse_args()
    options.data.mkdir(parents=True, exist_ok=True)
    recording = speed.prepare_file(options.data, speed.prepare_python(options.data), options.frames)
    print("| format | rows | median s | min … max s | peak MB |")
    print("|---|---:|---:|---:|---:|")
    for kind in ("npy", "csv") if options.csv else ("npy",):
        first = options.data / f"every-bin.{kind}"
        second = options.data / f"every-bin-copy.{kind}"
        subprocess.run([options.wavfft, recording, "--points", "all", "--out", first, "--report",
                        "none"], check=True)
        shutil.copy(first, second)
        measure(options, first, second)
        first.unlink()
        second.unlink()


main()
