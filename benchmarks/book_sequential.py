#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The spectrum of a whole recording as a textbook computes it, in one process.

Reads the file, takes the mean of its channels, transforms it at once and keeps the audible band.
Prints the number of points left.
"""

import sys

import numpy as np
import scipy.fft
from scipy.io import wavfile

LOW_HZ, HIGH_HZ = 20.0, 20000.0


def main(path):
    rate, samples = wavfile.read(path)
    mono = samples.mean(axis=1)
    del samples
    magnitude = np.abs(scipy.fft.rfft(mono))
    frequency = scipy.fft.rfftfreq(len(mono), 1 / rate)
    audible = (frequency > LOW_HZ) & (frequency < HIGH_HZ)
    frequency = frequency[audible]
    magnitude = magnitude[audible]
    print(len(magnitude))


if __name__ == "__main__":
    main(sys.argv[1])
