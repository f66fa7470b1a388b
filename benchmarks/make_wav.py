#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes a stereo 16-bit WAV file of any length: sines plus noise, always the same bytes.

    make_wav.py PATH FRAMES

Written block by block under another name and renamed when complete.
"""

import os
import sys
import wave

import numpy as np

RATE = 44100
BLOCK = 1 << 20
# (frequency in Hz, amplitude in the left channel, amplitude in the right channel)
SINES = (
    (55.0, 0.10, 0.05),
    (440.0, 0.20, 0.20),
    (1234.5678, 0.05, 0.10),
    (5000.25, 0.02, 0.02),
    (15000.125, 0.01, 0.005),
)
NOISE_PEAK = 1000  # of 32768


def sine(frequency, frames):
    """Returns a sine at the given frames; its phase is computed in double, the sine in single precision."""
    turns = frames * (frequency / RATE)
    turns -= np.floor(turns)
    return np.sin((2 * np.pi * turns).astype(np.float32))


def block_of_samples(start, count):
    """Returns `count` frames from `start`, which is a multiple of BLOCK."""
    frames = np.arange(start, start + count, dtype=np.float64)
    mixture = np.zeros((count, 2), dtype=np.float32)
    for frequency, left, right in SINES:
        wave_form = sine(frequency, frames)
        mixture[:, 0] += np.float32(left) * wave_form
        mixture[:, 1] += np.float32(right) * wave_form
    mixture *= np.float32(32767)
    random = np.random.Generator(np.random.PCG64(1 + start // BLOCK))
    noise = random.integers(-NOISE_PEAK, NOISE_PEAK, (count, 2), dtype=np.int16, endpoint=True)
    return np.rint(mixture).astype("<i2") + noise


def main(path, frames):
    unfinished = path + ".part"
    with wave.open(unfinished, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.setnframes(frames)
        for start in range(0, frames, BLOCK):
            file.writeframesraw(block_of_samples(start, min(BLOCK, frames - start)).tobytes())
    os.replace(unfinished, path)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
