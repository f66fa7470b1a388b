#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares everything that two builds of wavfft write and print, byte for byte.

    Tests/outputs/same_outputs.py OLD NEW [--keep FOLDER] [NAME...]

OLD and NEW are two programs; NAME (a part of a name) chooses some of the runs. The runs cover methods, windows,
lengths, channels, formats, batches, comparisons and refusals, with the fixtures as inputs. Each runs in its
own folder, which has the same name for both. Exit status: 0 if everything is the same, otherwise 1.
"""

import argparse
import filecmp
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
FORMATS = ["csv", "json", "npy", "svg", "png", "pdf"]
ALL = [part for name in FORMATS for part in ("--out", f"o.{name}")]
PLAIN = [part for name in FORMATS[:4] for part in ("--out", f"o.{name}")]


def single_runs():
    """Names and command lines of single analyses."""
    bach = ["f/bach.wav"]
    short = ["f/noise-24bit.flac"]
    yield "bach", bach + ALL
    yield "bach json report", bach + ["--report", "json"]
    yield "bach every bin", bach + ["--points", "all", "--out", "o.csv", "--out", "o.npy", "--band", "100:2000"]
    yield "bach every bin json", bach + ["--points", "all", "--out", "o.json", "--band", "400:500"]
    for window in ["rectangular", "hann", "hamming", "blackman-harris", "flattop"]:
        yield f"window {window}", bach + ["--window", window, "--duration", "7.5"] + PLAIN
        yield f"window {window} decimated", short + ["--window", window, "--parts", "3"] + PLAIN
    for parts in ["1", "2", "3", "8", "64", "1000"]:
        yield f"parts {parts}", bach + ["--parts", parts] + PLAIN
        yield f"parts {parts} report", bach + ["--parts", parts, "--report", "json"]
    yield "parts full band", bach + ["--parts", "8", "--band", "full"] + PLAIN
    for length in ["exact", "fast", "auto", "3000000"]:
        yield f"length {length}", bach + ["--length", length] + PLAIN
    for precision in ["single", "double"]:
        yield f"precision {precision}", bach + ["--precision", precision] + PLAIN
    yield "every bin double", short + ["--points", "all", "--precision", "double"] + PLAIN
    for channel in ["left", "right", "2", "each", "mix"]:
        yield f"channel {channel}", bach + ["--channel", channel] + PLAIN
    yield "three channels", ["f/three-channels.wav", "--channel", "each", "--report", "json"]
    for band in ["full", "440:450", "1:100", "0.001:22050"]:
        yield f"band {band}", bach + ["--band", band] + PLAIN
    for points in ["1", "12", "1000", "65536"]:
        yield f"points {points}", bach + ["--points", points] + PLAIN
    yield "selection", bach + ["--start", "1.25", "--duration", "3.5"] + PLAIN
    for peaks in ["0", "1", "30"]:
        yield f"peaks {peaks}", bach + ["--peaks", peaks] + PLAIN
    yield "peak distance", bach + ["--peak-distance", "50cents", "--a4", "415"] + PLAIN
    for workers in ["1", "3"]:
        yield f"workers {workers}", bach + ["--workers", workers, "--parts", "8"] + PLAIN
    for name in FORMATS:
        yield f"stdout {name}", bach + ["--format", name, "--out", "-"]
    yield "report and stdout", bach + ["--report", "none", "--format", "csv", "--out", "-"]
    yield "prime", ["f/prime-length.wav", "--length", "exact"] + PLAIN
    for path in sorted(FIXTURES.glob("*.*")):
        if path.suffix in (".wav", ".flac", ".aiff") and path.name != "bach.wav":
            yield f"fixture {path.name}", [f"f/{path.name}"] + PLAIN
            yield f"fixture {path.name} report", [f"f/{path.name}", "--report", "json"]
    for name, options in {
        "no such file": ["f/nothing.wav"],
        "no audio": ["f/README.md"],
        "no such format": bach + ["--out", "o.txt"],
        "no format": bach + ["--out", "-"],
        "parts of exact": bach + ["--method", "exact", "--parts", "3"],
        "too many parts": bach + ["--parts", "5000"],
        "band without bins": bach + ["--band", "440.00001:440.00002"],
        "band above": bach + ["--band", "30000:40000"],
        "short length": bach + ["--length", "100"],
        "huge length": bach + ["--length", "10000000000000"],
        "start beyond": bach + ["--start", "1000"],
        "no such channel": bach + ["--channel", "7"],
        "many rows in json": bach + ["--points", "all", "--out", "o.json", "--band", "full"],
        "no folder": bach + ["--out", "nowhere/o.csv"],
        "empty selection": bach + ["--duration", "0"],
        "help": ["--help"],
        "help of batch": ["batch", "--help"],
        "help of compare": ["compare", "--help"],
    }.items():
        yield f"refusal: {name}", options


def batch_runs():
    """Names and command lines of batches."""
    def batch(*options):
        return ["batch", "f", "--out-dir", "out", "--no-timings", *options]

    yield "batch", batch()
    yield "batch of formats", batch("--format", "csv", "--format", "json", "--format", "svg")
    yield "batch decimated", batch("--parts", "4", "--format", "npy", "--workers", "1")
    yield "batch with bands", batch("--summary-bands", "63,125,250:500", "--window", "hann")
    yield "batch shard", batch("--shard", "1/2")
    yield "batch each channel", batch("--channel", "each")


def compare_runs():
    """Names and command lines of comparisons, preceded by those that make their references."""
    bach = "f/bach.wav"
    make = [bach, "--report", "none", "--out"]
    for suffix in ["csv", "json", "npy"]:
        yield f"compare {suffix}", make + [f"a.{suffix}"], ["compare", bach, f"a.{suffix}"]
        yield f"compare {suffix} of parts", make + [f"a.{suffix}", "--parts", "8"], [
            "compare", bach, f"a.{suffix}", "--parts", "8", "--report", "json"]
    yield "compare files", make + ["a.csv"], ["compare", bach, bach]
    yield "compare different", make + ["a.json"], [
        "compare", "f/two-channels.wav", bach, "--out", "d.svg", "--junit", "j.xml"]
    yield "compare figure", make + ["a.csv", "--parts", "3"], [
        "compare", "a.csv", bach, "--ignore-parameters", "--resample", "--out", "d.svg", "--report", "json"]
    yield "compare noise", make + ["a.csv"], ["compare", "f/noise-16bit.wav", "f/noise-24bit.wav"]
    yield "compare update", make + ["a.csv", "--window", "hann"], [
        "compare", bach, "a.csv", "--update", "--window", "hann"]
    yield "compare learn", make + ["a.csv"], ["compare", "--learn", bach, bach, "--out", "l.json"]
    yield "compare mismatch", make + ["a.json", "--window", "hann"], ["compare", bach, "a.json", "--window", "hamming"]
    yield "compare tolerances", make + ["a.csv"], [
        "compare", bach, "a.csv", "--tolerance-db", "0.1", "--floor-db", "-90", "--min-within", "99%"]
    yield "compare masks", make + ["a.csv"], ["compare", bach, "a.csv", "--floor-db", "60"]


def run(program, folder, commands):
    """Runs commands one after the other in a new folder, and stores there what they print, too."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "f").symlink_to(FIXTURES)
    for index, command in enumerate(commands):
        result = subprocess.run(
            [program, *command], cwd=folder, capture_output=True, timeout=300, stdin=subprocess.DEVNULL,
            env=os.environ | {"TZ": "UTC"})
        # Times in the last line of a batch.
        printed = re.sub(rb"; [0-9.]+ m?s, [0-9,.]+ files/s, [0-9.]+ .?B/s", b"", result.stdout)
        (folder / f"{index}.stdout").write_bytes(printed)
        (folder / f"{index}.stderr").write_bytes(result.stderr)
        (folder / f"{index}.status").write_text(str(result.returncode))


def differences(old, new):
    """Paths whose bytes differ, or that exist only on one side."""
    def files(folder):
        return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()
                and "f" not in path.relative_to(folder).parts[:1]}

    names = files(old) | files(new)
    return sorted(
        name for name in names
        if not (old / name).is_file() or not (new / name).is_file()
        or not filecmp.cmp(old / name, new / name, shallow=False))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("names", nargs="*", help="parts of names of runs")
    parser.add_argument("--keep", type=Path, help="folder for what differs")
    options = parser.parse_args()
    runs = [(name, [command]) for name, command in single_runs()]
    runs += [(name, [command]) for name, command in batch_runs()]
    runs += [(name, [first, second]) for name, first, second in compare_runs()]
    chosen = [run for run in runs if not options.names or any(part in run[0] for part in options.names)]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="wavfft-same-") as name:
        root = Path(name)
        work = root / "work"
        for name, commands in chosen:
            sides = []
            for label, program in (("old", options.old), ("new", options.new)):
                # The same path for both, because outputs contain names.
                run(program.resolve(), work, commands)
                sides.append(root / label)
                shutil.rmtree(sides[-1], ignore_errors=True)
                work.rename(sides[-1])
            found = differences(*sides)
            if not found:
                continue
            failed += 1
            print(f"differs   {name}: {', '.join(found)}", flush=True)
            if options.keep:
                for side in sides:
                    shutil.copytree(
                        side, options.keep / name.replace(" ", "-") / side.name, dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("f"))
    print(f"{len(chosen) - failed} of {len(chosen)} runs are the same.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
