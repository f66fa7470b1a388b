#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures what `wavfft compare` finds by default, and writes the table of docs/detection.md.

    detection.py [--wavfft PATH] [--data DIR] [--music FILE ...] [--out docs/detection.md] [--only TEXT]

Each change is made to each base recording, stored in the base's format, and compared with the base, audio
with audio, without options. In addition to fixtures/bach.wav and synthetic signals, --music takes further
recordings, of which the first minute is used. Codecs need ffmpeg, other formats python3-soundfile.
"""

import argparse
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import soundfile
from scipy import signal

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


def db(level):
    return 10 ** (level / 20)


class Base:
    """A base recording, with the groups of changes that are made to it, or all."""

    def __init__(self, name, samples, rate, subtype, groups=None):
        self.name, self.rate, self.subtype, self.groups = name, rate, subtype, groups
        self.samples = np.atleast_2d(samples.T).T

    @property
    def is_stereo(self):
        return self.samples.shape[1] == 2 and not np.array_equal(
            self.samples[:, 0], self.samples[:, 1])


def synthesised():
    """Ten seconds of a stereo synthesiser: decaying notes with six partials, 24 bit, no noise at all."""
    rate, seconds = 48000, 10
    time = np.arange(rate * seconds) / rate
    out = np.zeros((len(time), 2))
    notes = [(0.5, 220, 0.3), (1.5, 277.18, 0.7), (3, 329.63, 0.5), (4.5, 440, 0.2), (6, 164.81, 0.8)]
    for start, frequency, place in notes:
        t = np.maximum(time - start, 0)
        note = sum(
            np.sin(2 * np.pi * k * frequency * t) * np.exp(-1.5 * k * t) / k for k in range(1, 7))
        note *= 0.1 * np.minimum(t / 0.005, 1)
        out[:, 0] += note * np.cos(place * np.pi / 2)
        out[:, 1] += note * np.sin(place * np.pi / 2)
    return Base("synthesiser", out, rate, "PCM_24")


def tones(name, seconds, groups=None):
    """Three steady tones, one channel, 24 bit."""
    rate = 48000
    time = np.arange(seconds * rate) / rate
    x = sum(a * np.sin(2 * np.pi * f * time) for f, a in [(220, 0.2), (1000, 0.1), (5000.3, 0.05)])
    return Base(name, x, rate, "PCM_24", groups)


def noise():
    """Ten seconds of pink-like noise, two channels, 24 bit."""
    rng = np.random.default_rng(7)
    white = rng.standard_normal((480000, 2))
    x = signal.lfilter([0.05], [1, -0.95], white, axis=0)
    return Base("noise", 0.1 * x, 48000, "PCM_24")


def white(base, level, seed=1):
    """White noise with an RMS in dB relative to 1."""
    return db(level) * np.random.default_rng(seed).standard_normal(base.samples.shape)


def resampled(x, up, down):
    return signal.resample_poly(x, up, down, axis=0, window=("kaiser", 12.0))


def fractional_shift(x, samples):
    """Rotates by a fraction of a sample."""
    spectrum = np.fft.rfft(x, axis=0)
    k = np.arange(spectrum.shape[0])[:, None]
    return np.fft.irfft(spectrum * np.exp(-2j * np.pi * k * samples / len(x)), len(x), axis=0)


def tone(base, frequency, level):
    t = np.arange(len(base.samples)) / base.rate
    return db(level) * np.sin(2 * np.pi * frequency * t)[:, None]


def stretched(base, cents):
    """Changes all frequencies by some cents and keeps the length: resampled, then cut or padded."""
    x, ratio = base.samples, 2 ** (cents / 1200)
    places = np.arange(len(x)) * ratio
    places = places[places < len(x) - 1]
    y = np.stack([np.interp(places, np.arange(len(x)), x[:, c]) for c in range(x.shape[1])], axis=1)
    return np.vstack([y, np.zeros((len(x) - len(y), x.shape[1]))])


def dithered(base, bits, seed=3):
    step = 2.0 ** (1 - bits)
    rng = np.random.default_rng(seed)
    d = rng.uniform(-0.5, 0.5, base.samples.shape) + rng.uniform(-0.5, 0.5, base.samples.shape)
    return np.round(base.samples / step + d) * step


def swapped(x):
    return x[:, ::-1]


def one_inverted(x):
    return x * [1, -1]


def mono(x):
    return np.repeat(x.mean(axis=1, keepdims=True), 2, axis=1)


def narrowed(x, share):
    middle = x.mean(axis=1, keepdims=True)
    return middle + (1 - share) * (x - middle)


def clipped(x, share):
    return np.clip(x, -share * np.abs(x).max(), share * np.abs(x).max())


def clicked(x):
    y = x.copy()
    y[len(y) // 3] += 0.1
    return y


def dropped(x, count):
    y = np.delete(x, np.s_[len(x) // 3 : len(x) // 3 + count], axis=0)
    return np.vstack([y, np.zeros((count, x.shape[1]))])


def changes(base):
    """Yields a group, a name, and the changed samples, or samples with another rate or subtype."""
    x = base.samples
    yield "nothing", "the same samples", x
    for level in [0.05, 0.2, 1, -6]:
        yield "gain", f"{level:+} dB", x * db(level)
    for cents in [0.1, 1, 100]:
        yield "detune", f"+{cents} cents, same length", stretched(base, cents)
    for level in [-60, -80, -100, -120]:
        yield "added tone", f"3137 Hz, {level} dBFS", x + tone(base, 3137, level)
    for level in [-50, -60, -70, -80, -90, -100]:
        yield "added noise", f"white, {level} dB RMS", x + white(base, level)
    hiss = signal.sosfilt(
        signal.butter(6, 8000, "high", fs=base.rate, output="sos"), white(base, -80), axis=0)
    yield "added noise", "above 8 kHz, -80 dB RMS before the filter", x + hiss
    yield "click", "one sample, +0.1", clicked(x)
    yield "distortion", "clipped at 90 % of the peak", clipped(x, 0.9)
    yield "distortion", "x + 0.01 x³", x + 0.01 * x**3
    lowpass = signal.butter(2, 16000, fs=base.rate, output="sos")
    yield "filter", "low pass 16 kHz, 2nd order", signal.sosfilt(lowpass, x, axis=0)
    for codec, options in [("mp3", ["-b:a", "128k"]), ("mp3", ["-b:a", "320k"]),
                           ("ogg", ["-c:a", "libvorbis", "-q:a", "6"]),
                           ("opus", ["-c:a", "libopus", "-b:a", "128k"])]:
        rate = options[-1] if "-q:a" not in options else "quality 6"
        yield "codec", f"{codec}, {rate}", (codec, options)
    yield "codec", "FLAC", ("flac", [])
    if base.subtype == "PCM_24":
        yield "bits", "16 bit, rounded", (x, "PCM_16")
        yield "bits", "16 bit, TPDF dither", (dithered(base, 16), "PCM_16")
        yield "bits", "32 bit float", (x, "FLOAT")
    else:
        yield "bits", "24 bit, the same values", (x, "PCM_24")
        yield "bits", "32 bit float, the same values", (x, "FLOAT")
        yield "bits", "TPDF dither of 16 bit", dithered(base, 16)
    yield "resampling", "to another rate and back", resampled(
        resampled(x, 2, 1), 1, 2)[: len(x)]
    yield "shift", "one sample, in a circle", np.roll(x, 1, axis=0)
    yield "shift", "half a sample, in a circle", fractional_shift(x, 0.5)
    yield "shift", "one sample, the last one lost", np.vstack([np.zeros((1, x.shape[1])), x[:-1]])
    yield "cut", "last sample missing", x[:-1]
    yield "cut", "64 samples dropped inside, zeros at the end", dropped(x, 64)
    yield "cut", "last half second silent", np.vstack(
        [x[: -base.rate // 2], np.zeros((len(x) - len(x[: -base.rate // 2]), x.shape[1]))])
    yield "silence", "all zeros", 0 * x
    yield "polarity", "all inverted", -x
    yield "time", "reversed", x[::-1]
    if base.is_stereo:
        yield "channels", "swapped", swapped(x)
        yield "channels", "one inverted", one_inverted(x)
        yield "channels", "mono in both", mono(x)
        yield "channels", "mono in one channel", x.mean(axis=1, keepdims=True)
        yield "channels", "10 % narrower", narrowed(x, 0.1)
        yield "channels", "right 0.2 dB louder", x * [1, db(0.2)]
        yield "channels", "right silent", x * [1, 0]


def store(base, change, folder):
    """Writes a changed recording; returns its path."""
    if isinstance(change, tuple) and isinstance(change[0], str):
        codec, options = change
        path = folder / f"new.{codec}"
        subprocess.run(
            ["ffmpeg", "-y", "-v", "error", "-i", str(folder / "base.wav"), *options, str(path)],
            check=True)
        return path
    samples, subtype = change if isinstance(change, tuple) else (change, base.subtype)
    path = folder / "new.wav"
    soundfile.write(path, samples, base.rate, subtype=subtype)
    return path


def measure(options, base, group, name, change):
    path = store(base, change, options.data)
    run = subprocess.run(
        [str(options.wavfft), "compare", path.name, "base.wav", "--report", "json"],
        cwd=options.data, capture_output=True, text=True)
    report = json.loads(run.stdout)
    verdict = report["verdict"]
    assert run.returncode == {"same": 0, "different": 1, "not comparable": 2}[verdict]
    if verdict == "not comparable":
        sentence = report["reason"].split(": ", 1)[1]
    else:
        found = report["explanation"]
        if verdict == "different":
            # The verdict itself, if the only sentence is about the sample format.
            changes = [text for text in found if not text.startswith("it is stored as")]
            found = changes or report["violations"]
        sentence = found[0] if found else ""
    path.unlink()
    return f"| {base.name} | {group} | {name} | {verdict} | {sentence} |"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--wavfft", type=Path, default=ROOT / ".build/release/wavfft")
    parser.add_argument("--data", type=Path, default=HERE / "data" / "detection")
    parser.add_argument("--music", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--bases", default="")
    options = parser.parse_args()
    options.wavfft = options.wavfft.resolve()
    options.data.mkdir(parents=True, exist_ok=True)
    bases = [
        tones("tones", 10), tones("tones, 5 minutes", 300, ["added noise"]), synthesised(), noise()]
    for path in [ROOT / "fixtures/bach.wav", *options.music]:
        rate = soundfile.info(path).samplerate
        samples, rate = soundfile.read(path, frames=60 * rate, always_2d=True)
        subtype = soundfile.info(path).subtype
        bases.append(Base(path.stem, samples, rate, subtype))
    lines = ["| recording | change | | verdict | first sentence |", "|---|---|---|---|---|"]
    print("\n".join(lines))
    for base in bases:
        if options.bases and base.name not in options.bases.split(","):
            continue
        soundfile.write(
            options.data / "base.wav", base.samples, base.rate, subtype=base.subtype)
        for group, name, change in changes(base):
            if base.groups and group not in base.groups:
                continue
            if options.only and options.only not in f"{group} {name}":
                continue
            lines.append(measure(options, base, group, name, change))
            print(lines[-1], flush=True)
    shutil.rmtree(options.data)
    if options.out:
        text = options.out.read_text()
        start, end = "<!-- table -->\n", "<!-- end of the table -->"
        before, rest = text.split(start)
        options.out.write_text(
            before + start + "\n".join(lines) + "\n" + end + rest.split(end)[1])


if __name__ == "__main__":
    main()
