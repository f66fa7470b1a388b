#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws the gallery: docs/gallery.md with its images in docs/images/gallery.

    make_gallery.py [--wavfft PROGRAM] [--only NAME ...] [--sheets FOLDER]

Recordings are synthesised, but for fixtures/bach.wav; speech needs espeak-ng, screenshots need chromium. With --sheets
every image is also shown at 600 and at 1600 pixels, light and dark, in one picture for each, to be looked at.
"""

import argparse
import base64
import shutil
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
IMAGES = HERE / "images" / "gallery"
BOOK_FRAMES = 267_193_080
LARGEST_FIGURE = 150_000


def write_wav(path, rate, channels):
    """Writes 16-bit samples of amplitudes within 1, one array for each channel."""
    samples = np.stack(channels, axis=1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def tone(rate, seconds, frequency, amplitude=0.5, partials=1):
    """Returns a tone with overtones that fall by 6 dB each."""
    time = np.arange(int(rate * seconds)) / rate
    parts = range(1, partials + 1)
    return amplitude * sum(np.sin(2 * np.pi * frequency * k * time) / 2 ** (k - 1) for k in parts)


def noise(rate, seconds, seed, slope=0.0):
    """Returns Gaussian noise whose density falls by `slope` dB in an octave."""
    random = np.random.Generator(np.random.PCG64(seed))
    count = int(rate * seconds)
    spectrum = np.fft.rfft(random.standard_normal(count))
    frequencies = np.maximum(np.fft.rfftfreq(count, 1 / rate), 20)
    signal = np.fft.irfft(spectrum * (frequencies / 1000) ** (-slope / 6.02), count)
    return 0.1 * signal / np.std(signal)


def recordings(folder):
    """Writes the recordings that the gallery needs."""
    rate = 44100
    write_wav(folder / "sine.wav", rate, [tone(rate, 5, 440.3) + 1e-3 * noise(rate, 5, 1)])
    notes = [261.63, 329.63, 392.0]
    chord = sum(tone(rate, 8, note, 0.12, 6) for note in notes) + 3e-3 * noise(rate, 8, 2)
    write_wav(folder / "chord.wav", rate, [chord])
    write_wav(folder / "white-noise.wav", rate, [noise(rate, 20, 3)])
    write_wav(folder / "silence.wav", rate, [np.zeros(rate * 3)])
    write_wav(folder / "telephone.wav", 8000, [tone(8000, 5, 1000, 0.2) + 0.1 * noise(8000, 5, 4)])
    ultrasound = tone(192000, 4, 1000, 0.2) + tone(192000, 4, 41000, 0.01) + 0.01 * noise(192000, 4, 5)
    write_wav(folder / "ultrasound.wav", 192000, [ultrasound])
    for index in range(8):
        hum = tone(rate, 6, 50, 0.02 * (1 + index), 5) + 0.03 * noise(rate, 6, 10 + index, 3 * index / 4)
        write_wav(folder / f"room-{index + 1}.wav", rate, [hum])
    shutil.copy(ROOT / "fixtures" / "bach.wav", folder / "bach.wav")
    if shutil.which("espeak-ng"):
        words = "The spectrum of a recording tells which frequencies are in it, and how strong they are."
        subprocess.run(["espeak-ng", "-w", folder / "speech.wav", words], check=True)


def book(folder):
    """Writes a recording of the length of the textbook's."""
    path = ROOT / "benchmarks" / "data" / f"book-{BOOK_FRAMES}.wav"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        subprocess.run([sys.executable, ROOT / "benchmarks" / "make_wav.py", path, str(BOOK_FRAMES)], check=True)
    (folder / "book.wav").symlink_to(path)


# Name, caption, arguments.
FIGURES = [
    ("sine", "A sine of 440.3 Hz, mono", ["sine.wav"]),
    ("chord", "A chord of three notes with six partials each", ["chord.wav", "--peaks", "18", "--band", "100:5000"]),
    ("bach", "Music: a Bach chorale", ["bach.wav"]),
    ("speech", "Speech, as a mean over segments", ["speech.wav", "--method", "welch", "--resolution", "10"]),
    ("noise", "White noise: tones and noise have a curve each", ["white-noise.wav"]),
    ("silence", "Silence", ["silence.wav"]),
    ("parts", "Decimated in 8 parts: what is lost, and where it folds back", ["bach.wav", "--parts", "8"]),
    ("overlay", "Eight recordings in one figure", ["overlay"] + [f"room-{i}.wav" for i in range(1, 9)]),
    ("ultrasound", "192 kHz, all of the band, on a linear axis", ["ultrasound.wav", "--band", "full", "--axis", "linear"]),
    ("telephone", "8 kHz: the rate shows less than the band", ["telephone.wav"]),
    ("thirds", "Third-octave bands, A-weighted", ["bach.wav", "--bands", "third-octave", "--weighting", "A"]),
    ("spectrogram", "When: the chorale as a spectrogram", ["bach.wav", "--method", "spectrogram"]),
    ("book", "101 minutes, 121 million bins", ["book.wav"]),
]

# Name, caption, arguments, state in the address.
PAGES = [
    ("page", "The page of the chorale", ["bach.wav"], ""),
    ("page-overlay", "The page of eight recordings", ["overlay"] + [f"room-{i}.wav" for i in range(1, 9)], ""),
    ("page-spectrogram", "The page of a spectrogram", ["bach.wav", "--method", "spectrogram"], ""),
    ("page-book", "The page of 121 million bins", ["book.wav"], ""),
]


# The index of the recordings of the gallery.
INDEX = ["batch", ".", "--out-dir", "pages", "--format", "html", "--exclude", "book.wav"]


def screenshot(source, target, width, height, dark=False, address=""):
    """Shows a document in a browser without a window."""
    command = [
        "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--screenshot={target}",
        f"--window-size={width},{height}", "--virtual-time-budget=4000",
    ]
    if dark:
        command.append("--blink-settings=preferredColorScheme=0")
    subprocess.run(command + [source.as_uri() + address], check=True, capture_output=True)


def sheet(source, target, is_page):
    """Shows a document at 600 and 1600 pixels, light and dark, in one picture."""
    from PIL import Image

    parts = []
    for dark in (False, True):
        for width in (600, 1600):
            part = target.with_suffix(f".{width}-{'dark' if dark else 'light'}.png")
            document = source
            if not is_page:
                document = target.with_suffix(".html")
                data = base64.b64encode(source.read_bytes()).decode()
                document.write_text(
                    f'<body style="margin:0"><img style="width:100%" src="data:image/svg+xml;base64,{data}">')
            screenshot(document, part, width, 900 if is_page else int(width * 0.75), dark)
            parts.append(Image.open(part))
    whole = Image.new("RGB", (2200, 1800), "grey")
    for index, part in enumerate(parts):
        whole.paste(part, ((0, 600)[index % 2], (index // 2) * 900))
    whole.save(target)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--wavfft", default=ROOT / ".build/release/wavfft", type=Path)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--sheets", type=Path)
    options = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    if options.sheets:
        options.sheets.mkdir(parents=True, exist_ok=True)
    lines = [
        "# Gallery", "",
        "Made by `make gallery` (`docs/make_gallery.py`), which synthesises the recordings but for the chorale.", "",
    ]

    def wanted(name):
        return not options.only or name in options.only

    def run(arguments, output, folder):
        subprocess.run(
            [options.wavfft.resolve(), *arguments, "--out", output, "--report", "none"], cwd=folder, check=True)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        recordings(folder)
        if wanted("book") or wanted("page-book"):
            book(folder)
        for name, caption, arguments in FIGURES:
            missing = [each for each in arguments if each.endswith(".wav") and not (folder / each).exists()]
            lines += [f"## {caption}", "", f"    wavfft {' '.join(arguments)} --out {name}.svg", "",
                      f"![{caption}](images/gallery/{name}.svg)", ""]
            if not wanted(name):
                continue
            if missing:
                print(f"{name} is left as it is: there is no {missing[0]}")
                continue
            output = IMAGES / f"{name}.svg"
            run(arguments, output, folder)
            size = output.stat().st_size
            print(f"{name} {size} bytes")
            if size > LARGEST_FIGURE:
                sys.exit(f"{output} has {size} bytes, more than {LARGEST_FIGURE}")
            if options.sheets:
                sheet(output, options.sheets / f"{name}.png", is_page=False)
        for name, caption, arguments, address in PAGES:
            lines += [f"## {caption}", "", f"    wavfft {' '.join(arguments)} --out {name}.html", "",
                      f"![{caption}](images/gallery/{name}.png)", ""]
            if not wanted(name):
                continue
            output = folder / f"{name}.html"
            run(arguments, output, folder)
            print(f"{name} {output.stat().st_size} bytes")
            screenshot(output, IMAGES / f"{name}.png", 1200, 800, address=address)
            if options.sheets:
                sheet(output, options.sheets / f"{name}.png", is_page=True)
        lines += ["## The index page of a folder", "", f"    wavfft {' '.join(INDEX)}", "",
                  "![The index page of a folder](images/gallery/page-index.png)", ""]
        if wanted("page-index"):
            subprocess.run([options.wavfft.resolve(), *INDEX, "--report", "none"], cwd=folder, check=True)
            output = folder / "pages" / "index.html"
            print(f"page-index {output.stat().st_size} bytes")
            screenshot(output, IMAGES / "page-index.png", 1200, 800)
            if options.sheets:
                sheet(output, options.sheets / "page-index.png", is_page=True)
    (HERE / "gallery.md").write_text("\n".join(lines).rstrip() + "\n")


if __name__ == "__main__":
    main()
