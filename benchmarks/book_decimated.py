#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The decimated spectrum of a whole recording as a textbook computes it, in several processes.

The mono signal is copied to shared memory. Each of P processes transforms every P-th sample and
adds the magnitudes to a shared result under a lock, so the spectrum ends below rate / (2 P).
Prints the number of points in the audible band.
"""

import sys
from multiprocessing import Lock, Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np
import scipy.fft
from scipy.io import wavfile

LOW_HZ, HIGH_HZ = 20.0, 20000.0


def add_part(signal_name, result_name, count, parts, part, lock):
    """Adds the magnitudes of one part, x[part::parts], to the shared result."""
    signal_memory = SharedMemory(signal_name)
    result_memory = SharedMemory(result_name)
    length = count // parts
    signal = np.ndarray(count, dtype=np.float64, buffer=signal_memory.buf)
    result = np.ndarray(length // 2, dtype=np.float64, buffer=result_memory.buf)
    magnitude = np.abs(scipy.fft.rfft(signal[part::parts][:length])[: length // 2])
    with lock:
        result += magnitude
    del signal, result
    signal_memory.close()
    result_memory.close()


def share(signal):
    """Copies the signal to shared memory and returns that."""
    memory = SharedMemory(create=True, size=signal.nbytes)
    shared = np.ndarray(signal.shape, dtype=signal.dtype, buffer=memory.buf)
    shared[:] = signal
    del shared
    return memory


def main(path, parts):
    rate, samples = wavfile.read(path)
    mono = samples.mean(axis=1)
    del samples
    count = len(mono)
    length = count // parts
    signal_memory = share(mono)
    del mono
    result_memory = share(np.zeros(length // 2))
    try:
        lock = Lock()
        processes = [
            Process(
                target=add_part,
                args=(signal_memory.name, result_memory.name, count, parts, part, lock),
            )
            for part in range(parts)
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        if any(process.exitcode != 0 for process in processes):
            sys.exit("a process failed")
        magnitude = np.ndarray(length // 2, dtype=np.float64, buffer=result_memory.buf)
        frequency = scipy.fft.rfftfreq(length, parts / rate)[: length // 2]
        audible = (frequency > LOW_HZ) & (frequency < HIGH_HZ)
        frequency = frequency[audible]
        audible_magnitude = magnitude[audible]
        print(len(audible_magnitude))
        del magnitude
    finally:
        for memory in (signal_memory, result_memory):
            memory.close()
            memory.unlink()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 8)
