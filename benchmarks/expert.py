#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The spectrum of a whole recording as an expert would compute it in Python, using every core.

Single precision; samples mapped rather than read; a threaded vendor FFT; magnitudes reduced block by
block, in threads, to the log-spaced bands of wavfft: the strongest bin and the sum of the powers.
Prints the number of points in the audible band.
"""

import argparse
import os
import wave
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import numpy as np

LOW_HZ, HIGH_HZ = 20.0, 20000.0
BANDS = 4096
FRAMES_PER_BLOCK = 1 << 18
BINS_PER_BLOCK = 1 << 18


def read_mapped(path, pool):
    """Maps a 16-bit WAV file and returns its rate and the mean of its channels, as float32."""
    with open(path, "rb") as file:
        header = wave.open(file)
        rate, channels, frames = header.getframerate(), header.getnchannels(), header.getnframes()
        if header.getsampwidth() != 2:
            raise SystemExit("expert.py maps 16-bit samples only; use --reader soundfile")
        offset = file.tell()
    samples = np.memmap(path, dtype="<i2", mode="r", offset=offset, shape=(frames, channels))
    mono = np.empty(frames, dtype=np.float32)
    scale = np.float32(1 / (32768 * channels))

    def mix(start):
        block = samples[start : start + FRAMES_PER_BLOCK].astype(np.float32)
        target = mono[start : start + len(block)]
        np.copyto(target, block[:, 0])
        for channel in range(1, channels):
            target += block[:, channel]
        target *= scale

    list(pool.map(mix, range(0, frames, FRAMES_PER_BLOCK)))
    return rate, mono


def read_soundfile(path, pool):
    """Reads any file by libsndfile and returns its rate and the mean of its channels, as float32."""
    import soundfile

    with soundfile.SoundFile(path) as file:
        mono = np.empty(file.frames, dtype=np.float32)
        start = 0
        for block in file.blocks(FRAMES_PER_BLOCK, dtype="float32", always_2d=True):
            target = mono[start : start + len(block)]
            np.copyto(target, block[:, 0])
            for channel in range(1, file.channels):
                target += block[:, channel]
            target *= np.float32(1 / file.channels)
            start += len(block)
        return file.samplerate, mono


def rfft_function(name, threads):
    """Returns the named real FFT, or the first that is installed."""
    if name in ("auto", "mkl"):
        try:
            import mkl_fft

            return mkl_fft.rfft
        except ImportError:
            if name == "mkl":
                raise
    if name in ("auto", "ducc"):
        try:
            import ducc0

            return lambda signal: ducc0.fft.r2c(signal, nthreads=threads)
        except ImportError:
            if name == "ducc":
                raise
    import scipy.fft

    return scipy.fft.rfft


def band_bins(frames, rate):
    """Returns the first bin of each band, and the end of the last band."""
    edges = LOW_HZ * (HIGH_HZ / LOW_HZ) ** (np.arange(BANDS + 1) / BANDS)
    first = np.ceil(edges * frames / rate).astype(np.int64)
    first[0] = np.floor(LOW_HZ * frames / rate) + 1
    first[-1] = np.ceil(HIGH_HZ * frames / rate)
    return np.minimum(first, frames // 2 + 1)


def reduce_to_bands(spectrum, first, pool):
    """Returns the largest magnitude and the sum of power of each band, 0 for a band without bins."""
    filled = np.flatnonzero(np.diff(first))
    starts, end = first[filled], first[-1]
    largest, power = np.zeros(BANDS, np.float32), np.zeros(BANDS, np.float64)
    # Runs of whole bands; each run has about as many bins as fit into the cache.
    cuts = np.unique(np.searchsorted(starts, np.arange(starts[0], end, BINS_PER_BLOCK)))
    runs = list(zip(cuts, np.append(cuts[1:], len(starts))))

    def reduce_run(run):
        bands = starts[run[0] : run[1]]
        stop = starts[run[1]] if run[1] < len(starts) else end
        bins = spectrum[bands[0] : stop]
        squares = np.square(bins.real)
        squares += np.square(bins.imag)
        index = filled[run[0] : run[1]]
        largest[index] = np.sqrt(np.maximum.reduceat(squares, bands - bands[0]))
        power[index] = np.add.reduceat(squares, bands - bands[0], dtype=np.float64)

    list(pool.map(reduce_run, runs))
    return largest, power


def arguments():
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--out", help="write the bands to this .npy file")
    parser.add_argument("--reader", choices=("mapped", "soundfile"), default="mapped")
    parser.add_argument("--fft", choices=("auto", "mkl", "ducc", "scipy"), default="auto")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--timings", action="store_true", help="print the seconds of each phase")
    return parser.parse_args()


def main():
    options = arguments()
    times = [perf_counter()]
    with ThreadPoolExecutor(options.threads) as pool:
        read = read_mapped if options.reader == "mapped" else read_soundfile
        rate, mono = read(options.file, pool)
        times.append(perf_counter())
        frames = len(mono)
        spectrum = rfft_function(options.fft, options.threads)(mono)
        times.append(perf_counter())
        first = band_bins(frames, rate)
        largest, power = reduce_to_bands(spectrum, first, pool)
        times.append(perf_counter())
    if options.out:
        np.save(options.out, np.rec.fromarrays([largest, power], names="magnitude,power"))
    print(first[-1] - first[0])
    if options.timings:
        phases = zip(("read", "transform", "reduce"), np.diff(times))
        print("  ".join(f"{name} {seconds:.3f}" for name, seconds in phases))


if __name__ == "__main__":
    main()
