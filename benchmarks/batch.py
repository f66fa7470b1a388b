#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares `wavfft batch` with a ProcessPoolExecutor and with xargs over single runs.

    batch.py [--runs 5] [--workers 2] [--data benchmarks/data] [--wavfft PATH]

Makes 1,000 WAV and 200 FLAC files of 10 s (make_folder.py), and 200 WAV files of 5 to 15 s with
different lengths. The candidates run in turn, round by round; each run writes to its own folder.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import speed

HERE = Path(__file__).resolve().parent
KINDS = ("*.wav", "*.flac")


def make_folders(python, data):
    """Makes missing recordings and returns the folders by name."""
    script = [python, HERE / "make_folder.py"]
    subprocess.run([*script, data / "folder"], check=True)
    subprocess.run([*script, data / "spread", "--wav", "200", "--flac", "0", "--spread", "5"],
                   check=True)
    return {
        "1,000 WAV": data / "folder" / "wav",
        "200 FLAC": data / "folder" / "flac",
        "1,000 WAV and 200 FLAC": data / "folder",
        "200 WAV of different lengths": data / "spread",
    }


def candidates(options, python, folder):
    """Returns the commands that are compared, by name; OUT is replaced by the output folder."""
    workers = str(options.workers)
    batch = [options.wavfft, "batch", folder, "--out-dir", "OUT", "--workers", workers,
             "--report", "none"]
    single = (f"find '{folder}' -name '*.wav' -o -name '*.flac' | xargs -P {workers} -I{{}} sh -c "
              f"'{options.wavfft} \"$1\" --out \"OUT/$(basename \"$1\").csv\" --report none "
              "--workers 1' - {}")
    return {
        "wavfft batch, CSV": [*batch, "--format", "csv"],
        "wavfft batch, SVG and CSV": batch,
        "ProcessPoolExecutor, CSV": [python, HERE / "batch_pool.py", folder, "OUT", "--workers",
                                     workers],
        "xargs -P over wavfft, CSV": ["sh", "-c", single],
    }


def warm(folder):
    """Reads all recordings into the page cache; returns their number."""
    paths = [path for kind in KINDS for path in folder.rglob(kind)]
    for path in paths:
        path.read_bytes()
    return len(paths)


def run(command, out, count):
    """Runs a command with a new output folder and returns its seconds."""
    out.mkdir(parents=True)
    command = [str(part).replace("OUT", str(out)) for part in command]
    start = time.perf_counter()
    subprocess.run(command, check=True)
    seconds = time.perf_counter() - start
    tables = sum(1 for path in out.rglob("*.csv") if path.name != "summary.csv")
    if tables != count:
        sys.exit(f"{command[0]} wrote {tables} tables, not {count}")
    return seconds


def peak_bytes(command, out):
    """Runs a command once more and returns the peak memory of all its processes together."""
    out.mkdir(parents=True)
    candidate = speed.Candidate("", [str(part).replace("OUT", str(out)) for part in command])
    speed.measure_memory(candidate)
    return candidate.peak_bytes


def measure(options, python, label, folder, scratch):
    """Measures one folder and prints its table."""
    count = warm(folder)
    commands = candidates(options, python, folder)
    seconds = {name: [] for name in commands}
    for turn in range(options.runs):
        for index in range(len(commands)):
            name, command = list(commands.items())[(index + turn) % len(commands)]
            # Nothing is removed in between: reusing freed blocks slows down the file system.
            seconds[name].append(run(command, scratch / f"{label} {turn} {name}", count))
            speed.say(f"{label}, round {turn + 1}, {name}: {seconds[name][-1]:.2f} s")
    best = statistics.median(seconds["wavfft batch, CSV"])
    print(f"\n{label}, {options.workers} processes\n")
    print("| candidate | median s | min … max s | files/s | ratio | peak MB |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, command in commands.items():
        median = statistics.median(seconds[name])
        peak = peak_bytes(command, scratch / f"{label} memory {name}") if "batch" in name else None
        print(f"| {name} | {median:.2f} | {min(seconds[name]):.2f} … {max(seconds[name]):.2f} | "
              f"{count / median:.0f} | {median / best:.2f} | "
              f"{'–' if peak is None else f'{peak / 1e6:.0f}'} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--wavfft", type=Path, default=HERE.parent / ".build/release/wavfft")
    parser.add_argument("--data", type=Path, default=HERE / "data")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    options.wavfft = options.wavfft.resolve()
    options.data = options.data.resolve()
    python = speed.prepare_python(options.data)
    scratch = options.data / "batch-outputs"
    shutil.rmtree(scratch, ignore_errors=True)
    for label, folder in make_folders(python, options.data).items():
        measure(options, python, label, folder, scratch)
    shutil.rmtree(scratch)


main()
