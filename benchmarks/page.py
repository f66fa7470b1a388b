#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures pages in Chromium: the time to the first picture, and the frames of a zoom by the wheel.

benchmarks/page.py                 a page of 8 MB (1,400,000 cells), and a spectrogram
benchmarks/page.py --every-bin     also a page with 121 million bins (320 MB)
benchmarks/page.py FILE.html ...   pages that wavfft has written
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests" / "page"))

import synthetic  # noqa: E402
from browser import Browser  # noqa: E402

BOOK = 267_193_080
# Runs before the page: notes the time of every frame.
WATCH = """
(() => {
  const times = window.frameTimes = [];
  const note = (time) => { times.push(time); requestAnimationFrame(note); };
  requestAnimationFrame(note);
})();
"""


def wheel(page, turns, delta, x, y):
    """Turns of the wheel, one as soon as the one before is drawn."""
    page.run("window.frameTimes.length = 0")
    for _ in range(turns):
        page.mouse("mouseWheel", x, y, deltaX=0, deltaY=delta)
    page.settle()
    times = page.run("window.frameTimes")
    return [after - before for before, after in zip(times, times[1:])]


def measure(browser, path, width=1600, height=1000):
    with browser.open(path, width=width, height=height, script=WATCH) as page:
        page.until("performance.getEntriesByName('first picture').length > 0", 120)
        first = page.run("performance.getEntriesByName('first picture')[0].startTime")
        left, top, wide, tall = page.box("#plot")
        x, y = left + 0.62 * wide, top + tall / 2
        page.mouse("mouseMoved", x, y)
        time.sleep(0.5)
        frames = wheel(page, 60, -60, x, y) + wheel(page, 60, 60, x, y)
        slow = sum(frame > 1000 / 60 * 1.5 for frame in frames)
        ranked = sorted(frames)
        size = path.stat().st_size / 1e6
        print(f"{path.name:20} {size:7.1f} MB, first picture after {first:5.0f} ms; {len(frames)} frames:", end=" ")
        print(f"median {statistics.median(ranked):.1f} ms, 95 % {ranked[int(0.95 * len(ranked))]:.1f} ms,", end=" ")
        print(f"longest {ranked[-1]:.1f} ms, {slow} later than 25 ms", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every-bin", action="store_true")
    parser.add_argument("pages", nargs="*", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pages = list(options.pages)
        if not pages:
            pages = [Path(folder) / "cells.html"]
            synthetic.lines_page(pages[0], BOOK // 4, 22)
            pages.append(Path(folder) / "spectrogram.html")
            synthetic.spectrogram_page(pages[-1])
        if options.every_bin:
            pages.append(Path(folder) / "every-bin.html")
            synthetic.lines_page(pages[-1], BOOK, bands=False)
        for path in pages:
            with Browser() as browser:
                measure(browser, path)


if __name__ == "__main__":
    main()
