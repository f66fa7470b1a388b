#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a folder of recordings: slices of fixtures/bach.wav with noise, always the same bytes.

    make_folder.py FOLDER [--wav 1000] [--flac 200] [--seconds 10] [--spread 0]

Stereo, 44.1 kHz, 16 bits; WAV files in FOLDER/wav, FLAC files in FOLDER/flac, 100 per subfolder.
With --spread S lengths vary by up to S seconds in both directions, so that they all differ.
"""

import argparse
import pathlib

import numpy as np
import soundfile

RATE = 44100
ROOT = pathlib.Path(__file__).resolve().parent.parent


def recording(index, music, seconds, spread):
    """Returns the 16-bit stereo frames of one recording."""
    random = np.random.Generator(np.random.PCG64(index))
    frames = round((seconds + spread * random.uniform(-1, 1)) * RATE)
    start = random.integers(0, len(music))
    piece = np.roll(music, -start, axis=0)
    piece = np.tile(piece, (-(-frames // len(music)), 1))[:frames]
    noise = random.integers(-50, 51, (frames, 2))
    return np.clip(np.rint(piece * random.uniform(0.3, 0.9)) + noise, -32768, 32767).astype(np.int16)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--wav", type=int, default=1000)
    parser.add_argument("--flac", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--spread", type=float, default=0)
    options = parser.parse_args()
    music, _ = soundfile.read(ROOT / "fixtures/bach.wav", dtype="int16", always_2d=True)
    if music.shape[1] == 1:
        music = np.repeat(music, 2, axis=1)
    for kind, count in (("wav", options.wav), ("flac", options.flac)):
        for index in range(count):
            folder = options.folder / kind / f"{index // 100:02}"
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{index:04}.{kind}"
            if path.exists():
                continue
            samples = recording(index, music, options.seconds, options.spread)
            unfinished = path.with_suffix(".part")
            soundfile.write(unfinished, samples, RATE, format=kind.upper(), subtype="PCM_16")
            unfinished.rename(path)


main()
