#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares power densities and spectrograms with what one would use without wavfft, in one run.

    segments.py [--wavfft PATH] [--data DIR] [--frames N] [--runs 3] [--only NAME...] [--json OUT]

The candidates run in turn, round by round, on a file in the page cache:

    exact            wavfft FILE
    welch            wavfft FILE --method welch
    numpy-pool       welch_pool.py: NumPy, two processes, memory-mapped samples
    scipy            soundfile reads the file, scipy.signal.welch, segments of one second
    spectrogram      wavfft FILE --method spectrogram --out X.png
    sox              sox FILE -n remix - spectrogram -o X.png
    ffmpeg           ffmpeg -i FILE -lavfi showspectrumpic X.png

sox and ffmpeg need Debian's packages of these names, the scripts NumPy, SciPy and soundfile; what is missing is left
out. Then comes one run each of welch and spectrogram to read the peak of their memory, without the page cache
(`Pss_Anon` and `Pss_Shmem` of all processes). Prints medians and the goals; missed goals do not change the exit status.
"""

import argparse
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BOOK_FRAMES = 267_193_080
SCIPY = """
import sys, numpy, scipy.signal, soundfile
x, rate = soundfile.read(sys.argv[1], dtype="float32")
f, p = scipy.signal.welch(x.mean(axis=1), rate, nperseg=rate)
print(10 * numpy.log10(p[1000]))
"""
# Name, what it is compared with, and how many times faster it shall be.
GOALS = [
    ("welch", "exact", 1 / 0.6), ("welch", "numpy-pool", 8), ("welch", "scipy", 20),
    ("spectrogram", "sox", 4), ("spectrogram", "ffmpeg", 10),
]  # fmt: skip
GOAL_MEMORY = 150e6


def say(text):
    print(text, file=sys.stderr, flush=True)


def candidates(options, path, picture):
    """Name and command of each candidate that can run here."""
    program, python = options.wavfft, sys.executable
    quiet = ["--report", "none"]
    found = {
        "exact": [program, path, "--out", options.data / "x.svg", *quiet],
        "welch": [program, path, "--method", "welch", "--out", options.data / "x.svg", *quiet],
        "spectrogram": [program, path, "--method", "spectrogram", "--out", picture, *quiet],
    }
    if importlib.util.find_spec("numpy"):
        found["numpy-pool"] = [python, HERE / "welch_pool.py", path]
    if importlib.util.find_spec("scipy") and importlib.util.find_spec("soundfile"):
        found["scipy"] = [python, "-c", SCIPY, path]
    if shutil.which("sox"):
        found["sox"] = ["sox", path, "-n", "remix", "-", "spectrogram", "-o", picture]
    if shutil.which("ffmpeg"):
        graph = "showspectrumpic"
        found["ffmpeg"] = ["ffmpeg", "-v", "error", "-y", "-i", path, "-lavfi", graph, picture]
    names = options.only or list(found)
    return {name: list(map(str, found[name])) for name in names if name in found}


def timed(command):
    begin = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - begin
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.returncode}\n{done.stderr}")
    return seconds


def family(root):
    """A process and all its descendants."""
    found, todo = [], [root]
    while todo:
        process = todo.pop()
        found.append(process)
        try:
            children = Path(f"/proc/{process}/task/{process}/children").read_text()
        except OSError:
            continue
        todo += map(int, children.split())
    return found


def peak_memory(command):
    """Greatest sum of the private and shared memory of all processes, in bytes, without the page cache."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        total = 0
        for member in family(process.pid):
            try:
                text = Path(f"/proc/{member}/smaps_rollup").read_text()
            except OSError:
                continue
            for line in text.splitlines():
                if line.startswith(("Pss_Anon:", "Pss_Shmem:")):
                    total += 1024 * int(line.split()[1])
        peak = max(peak, total)
        time.sleep(0.01)
    return peak


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--wavfft", default=HERE.parent / ".build/release/wavfft", type=Path)
    parser.add_argument("--data", default=HERE / "data", type=Path)
    parser.add_argument("--frames", default=BOOK_FRAMES, type=int)
    parser.add_argument("--runs", default=3, type=int)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    options.data.mkdir(parents=True, exist_ok=True)
    path = options.data / f"book-{options.frames}.wav"
    if not path.exists():
        timed([sys.executable, str(HERE / "make_wav.py"), str(path), str(options.frames)])
    picture = options.data / "x.png"
    commands = candidates(options, path, picture)
    subprocess.run(["cat", path], stdout=subprocess.DEVNULL, check=True)
    seconds = {name: [] for name in commands}
    for run in range(options.runs):
        for name, command in commands.items():
            seconds[name].append(timed(command))
            say(f"{run + 1} {name} {seconds[name][-1]:.2f} s")
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    print(f"{options.frames:,} frames, {os.cpu_count()} processors, medians of {options.runs} runs")
    for name, value in medians.items():
        print(f"  {name:12} {value:8.2f} s")
    for name, other, factor in GOALS:
        if name in medians and other in medians:
            ratio = medians[other] / medians[name]
            met = "met" if ratio >= factor else "missed"
            print(f"  {name} is {ratio:.2f} times as fast as {other} (goal {factor:.2f}): {met}")
    peaks = {}
    for name in ("welch", "spectrogram"):
        if name in commands:
            peaks[name] = peak_memory(commands[name])
            met = "met" if peaks[name] < GOAL_MEMORY else "missed"
            print(f"  {name}: peak of memory {peaks[name] / 1e6:.0f} MB (goal 150): {met}")
    if options.json:
        options.json.write_text(json.dumps({"seconds": seconds, "peaks": peaks}, indent=2) + "\n")


if __name__ == "__main__":
    main()
