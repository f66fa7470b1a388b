#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares transforms over the disk with those in memory, and with dd on the same disk.

    large.py [--wavfft PATH] [--data DIR] [--frames N] [--memory 256M] [--runs 3] [--json OUT]

Makes its file, then runs in turn, round by round:

    memory   wavfft FILE
    disk     wavfft FILE --memory 256M --scratch-dir DATA
    dd       dd reads the file, writes as much as the scratch file has, and reads that again

Before each of them the file leaves the page cache (posix_fadvise DONTNEED), and dd waits for the disk
(conv=fsync). Then come one run each in a memory control group, version 1 or 2, whose limit is really kept by
the kernel: with --memory and a limit of 300 MB above that, to read the peak, and without the option under a
limit of 700 MB. That needs root. Prints a table of medians and the goals; missed goals do not change the exit
status.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BOOK_FRAMES = 242_109_644
GOAL_OVER_MEMORY, GOAL_OVER_DD, GOAL_PEAK = 2.5, 1.5, 300e6
LIMIT = 700_000_000
GROUPS = Path("/sys/fs/cgroup")


def say(text):
    print(text, file=sys.stderr, flush=True)


def forget(path):
    """Drops the pages of a file from the page cache."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def timed(command, **more):
    """Runs a command; returns its seconds and its output."""
    begin = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, **more)
    seconds = time.monotonic() - begin
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stderr}")
    return seconds, done.stdout


class Group:
    """A memory control group of either version; None of its processes may be left at the end."""

    def __init__(self, limit):
        name = f"wavfft-large-{os.getpid()}"
        is_old = (GROUPS / "memory" / "memory.limit_in_bytes").exists()
        self.version = 1 if is_old else 2
        self.folder = (GROUPS / "memory" if is_old else GROUPS) / name
        if not is_old:
            controllers = (GROUPS / "cgroup.subtree_control").read_text().split()
            if "memory" not in controllers:
                (GROUPS / "cgroup.subtree_control").write_text("+memory")
        self.folder.mkdir()
        file = "memory.limit_in_bytes" if is_old else "memory.max"
        (self.folder / file).write_text(str(limit))
        self.limit = int((self.folder / file).read_text())

    def enter(self):
        """For a child, before it becomes the program."""
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def peak(self):
        name = "memory.max_usage_in_bytes" if self.version == 1 else "memory.peak"
        file = self.folder / name
        return int(file.read_text()) if file.exists() else None

    def remove(self):
        for _ in range(100):
            try:
                if self.version == 1:
                    (self.folder / "memory.force_empty").write_text("0")
                return self.folder.rmdir()
            except OSError:
                time.sleep(0.05)


def in_group(limit, command, cold):
    """Runs a command within a limit; returns seconds, output, peak and version, or the reason why not."""
    try:
        group = Group(limit)
    except OSError as error:
        return f"no control group of memory: {error}"
    try:
        if group.limit > 1.01 * limit:
            return "the control group does not take the limit"
        forget(cold)
        seconds, output = timed(command, preexec_fn=group.enter)
        return {
            "seconds": seconds, "peak": group.peak(), "version": group.version,
            "limit": group.limit, "overDisk": "two passes over" in output,
        }  # fmt: skip
    finally:
        group.remove()


def run_dd(path, scratch, size):
    """Seconds of reading the input, writing and reading as much as the scratch file has."""
    blocks = ["bs=1M", "iflag=count_bytes", f"count={size}"]
    forget(path)
    seconds = [timed(["dd", f"if={path}", "of=/dev/null", "bs=1M"])[0]]
    seconds.append(timed(["dd", "if=/dev/zero", f"of={scratch}", *blocks, "conv=fsync"])[0])
    forget(scratch)
    seconds.append(timed(["dd", f"if={scratch}", "of=/dev/null", "bs=1M"])[0])
    scratch.unlink()
    return seconds


def scratch_bytes(options, path):
    report = timed([*over_disk(options, path), "--report", "json"])[1]
    disk = json.loads(report)["disk"]
    if disk is None:
        sys.exit("The transform fits into memory; choose less --memory or more --frames.")
    return disk["bytes"]


def over_disk(options, path):
    return [options.wavfft, path, "--memory", options.memory, "--scratch-dir", options.data]


def measure(options, path):
    size = scratch_bytes(options, path)
    candidates = {
        "memory": [options.wavfft, path],
        "disk": over_disk(options, path),
    }
    seconds = {name: [] for name in [*candidates, "dd"]}
    loads = []
    for number in range(options.runs):
        loads.append(os.getloadavg()[0])
        for name, command in candidates.items():
            forget(path)
            seconds[name].append(timed(command)[0])
        parts = run_dd(path, options.data / "dd.scratch", size)
        seconds["dd"].append(sum(parts))
        say(f"round {number + 1}: " + ", ".join(f"{k} {v[-1]:.2f} s" for k, v in seconds.items()))
    bytes_allowed = int(float(re.match(r"[\d.]+", options.memory)[0]) * 1e6)
    if options.memory[-1] in "gG":
        bytes_allowed *= 1000
    return {
        "scratchBytes": size, "inputBytes": path.stat().st_size, "seconds": seconds, "loads": loads,
        "peak": in_group(bytes_allowed + int(GOAL_PEAK), over_disk(options, path), path),
        "limited": in_group(
            LIMIT, [options.wavfft, path, "--scratch-dir", options.data], path),
    }  # fmt: skip


def print_table(found, options):
    median = {name: statistics.median(values) for name, values in found["seconds"].items()}
    print(
        f"{found['inputBytes'] / 1e6:.0f} MB of input, {found['scratchBytes'] / 1e6:.0f} MB of scratch, "
        f"{os.cpu_count()} processors, load before the rounds "
        + ", ".join(f"{load:.1f}" for load in found["loads"])
    )
    print("\n| what | s (median) | least | most | ratio |\n|---|---:|---:|---:|---:|")
    texts = {
        "memory": "in memory", "disk": f"over the disk, `--memory {options.memory}`",
        "dd": "`dd`: input read, scratch written and read",
    }  # fmt: skip
    for name, values in found["seconds"].items():
        print(
            f"| {texts[name]} | {median[name]:.2f} | {min(values):.2f} | {max(values):.2f} | "
            f"{median[name] / median['memory']:.2f} |"
        )
    for name, text in (
        ("peak", f"`--memory {options.memory}` in a control group"),
        ("limited", f"without the option, limit of {LIMIT / 1e6:.0f} MB"),
    ):
        group = found[name]
        if isinstance(group, str):
            print(f"\n{text}: {group}")
        else:
            peak = f"peak {group['peak'] / 1e6:.0f} MB" if group["peak"] else "no peak is told"
            way = "over the disk" if group["overDisk"] else "IN MEMORY"
            print(f"\n{text} (version {group['version']}): {group['seconds']:.2f} s, {way}, {peak}")
    goals = [
        ("over the disk / in memory", median["disk"] / median["memory"], GOAL_OVER_MEMORY),
        ("over the disk / dd", median["disk"] / median["dd"], GOAL_OVER_DD),
    ]
    if isinstance(found["peak"], dict) and found["peak"]["peak"]:
        goals.append(("peak in MB", found["peak"]["peak"] / 1e6, GOAL_PEAK / 1e6))
    print("\n| goal | found | at most | |\n|---|---:|---:|---|")
    for text, value, most in goals:
        print(f"| {text} | {value:.2f} | {most:.1f} | {'met' if value <= most else 'missed'} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wavfft", default=str(HERE.parent / ".build" / "release" / "wavfft"))
    parser.add_argument("--data", type=Path, default=Path("/var/tmp"), help="a folder on a disk")
    parser.add_argument("--file", type=Path, help="a recording to use instead of making one")
    parser.add_argument("--frames", type=int, default=BOOK_FRAMES, help="length of the file")
    parser.add_argument("--memory", default="256M", help="what --memory gets")
    parser.add_argument("--runs", type=int, default=3, help="rounds")
    parser.add_argument("--json", type=Path, help="write all figures to a file")
    options = parser.parse_args()
    path = options.file or options.data / f"large-{options.frames}.wav"
    if not path.exists():
        say(f"Making {path} …")
        timed([sys.executable, HERE / "make_wav.py", path, str(options.frames)])
    found = measure(options, path)
    print_table(found, options)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
