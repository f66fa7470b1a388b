# SPDX-License-Identifier: GPL-2.0-or-later
"""Real outputs of every kind, by the schema that they must fulfil."""

import json
import struct

import numpy as np
from program import comments, document, run

EVERY_SIGNAL = [
    "bach.wav", "dc.wav", "impulse.wav", "noise-16bit.flac", "noise-24bit.aiff", "noise-8bit.wav", "noise-float.wav",
    "one-sample.wav", "two-samples.wav", "prime-length.wav", "silence.wav", "sine-between-bins.wav", "sine-on-bin.wav",
    "three-channels.wav", "two-channels.wav",
]
METHODS = {
    "exact": [], "decimated": ["--parts", "8"], "welch": ["--method", "welch"],
    "median": ["--method", "welch", "--average", "median", "--detrend", "none", "--overlap", "75%"],
    "spectrogram": ["--method", "spectrogram"],
}
BANDS = [[scheme, weighting] for scheme in ("octave", "third-octave", "sixth", "twelfth", "semitone")
         for weighting in ("A", "C", None)]


def wav(path, frames, rate=8000, promised=None):
    """Writes frames of 16 bits; with `promised` the header says that there are more."""
    frames = np.asarray(frames)
    channels = 1 if frames.ndim == 1 else frames.shape[1]
    data = np.clip(np.round(frames * 32767), -32768, 32767).astype("<i2").tobytes()
    size = len(data) if promised is None else 2 * channels * promised
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, channels, rate,
                         2 * channels * rate, 2 * channels, 16, b"data", size)
    path.write_bytes(header + data)


def sound(path, seed=1, noise=0.01, gain=1.0, seconds=4.0, rate=8000):
    """Writes two channels of tones in noise."""
    time = np.arange(int(seconds * rate)) / rate
    generator = np.random.default_rng(seed)
    tones = sum(0.2 / n * np.sin(2 * np.pi * 440 * n * time) for n in range(1, 6))
    frames = np.stack([tones, 0.5 * tones], axis=1) + noise * generator.standard_normal((len(time), 2))
    wav(path, gain * frames, rate)


class Outputs:
    """Documents by schema, with the name of each."""

    def __init__(self, folder):
        self.folder = folder
        self.documents = {}
        sound(folder / "a.wav")
        sound(folder / "b.wav", seed=2)
        sound(folder / "loud.wav", gain=1.5)
        wav(folder / "cut.wav", 0.3 * np.sin(np.arange(5000)), promised=9000)
        (folder / "no.wav").write_text("no audio\n")
        self.spectra()
        self.tables()
        self.comparisons()
        self.overlays()
        self.batches()
        self.pages()
        self.surroundings()
        self.defaults()

    def add(self, schema, name, value):
        """Notes a document."""
        self.documents.setdefault(schema, []).append((name, value))

    def file(self, schema, name, *arguments, out="o.json"):
        """Runs the program and notes the document that it writes: the output, or what is beside a table."""
        run(self.folder, *arguments, "--report", "none", "--out", out)
        self.add(schema, name, document(self.folder / (out if out.endswith(".json") else out + ".json")))

    def report(self, schema, name, *arguments, status=0):
        """Runs the program and notes the report that it prints."""
        self.add(schema, name, json.loads(run(self.folder, *arguments, "--report", "json", status=status)))

    def spectra(self):
        """Reports and files of single recordings."""
        for signal in EVERY_SIGNAL:
            self.report("spectrum", f"report of {signal}", f"f/{signal}")
            self.file("spectrum", f"file of {signal}", f"f/{signal}", "--points", "50")
        for name, method in METHODS.items():
            self.report("spectrum", f"report, {name}", "a.wav", "--timings", *method)
            self.file("spectrum", f"file, {name}", "a.wav", "--points", "100", *method)
            self.report("spectrum", f"silence, {name}", "f/silence.wav", *method)
            self.file("spectrum", f"silence in a file, {name}", "f/silence.wav", *method)
            self.report("spectrum", f"channels, {name}", "a.wav", "--channel", "each", *method)
            self.file("spectrum", f"every bin, {name}", "a.wav", "--points", "all", "--band", "full", *method)
            for precision in ("single", "double"):
                self.file("spectrum", f"{precision}, {name}", "a.wav", "--points", "9", "--precision", precision, *method)
        self.file("spectrum", "channels in a file", "a.wav", "--channel", "each", "--points", "9")
        self.file("spectrum", "bands of channels", "a.wav", "--channel", "each", "--bands", "octave")
        for window in ("rectangular", "hann", "hamming", "blackman-harris", "flattop"):
            self.file("spectrum", window, "a.wav", "--points", "9", "--window", window)
        for length in ("exact", "fast", "65536"):
            self.file("spectrum", f"length {length}", "a.wav", "--points", "9", "--length", length)
        for precision in ("single", "double"):
            self.file("spectrum", f"complex, {precision}", "a.wav", "--points", "all", "--values", "complex",
                      "--precision", precision, "--band", "400:500")
        for scheme, weighting in BANDS:
            for signal in ("a.wav", "f/silence.wav"):
                self.file("spectrum", f"{scheme}, {weighting}, {signal}", signal, "--bands", scheme,
                          *(["--weighting", weighting] if weighting else []))
        self.file("spectrum", "bands of an average", "a.wav", "--bands", "octave", "--method", "welch")
        self.file("spectrum", "cells", "a.wav", *METHODS["spectrogram"], "--reduce", "mean", "--axis", "linear")
        self.report("spectrum", "reference", "a.wav", "--reference", "94:dB SPL", "--start", "1", "--duration", "2")
        self.report("spectrum", "salvaged", "cut.wav", "--salvage")
        self.report("spectrum", "no peaks", "a.wav", "--peaks", "0", "--channel", "2")
        # Transforms over the disk.
        self.report("spectrum", "disk", "f/bach.wav", "--memory", "39M", "--scratch-dir", ".")
        run(self.folder, "compare", "a.wav", "reference.json", "--update", "--report", "none")
        self.add("spectrum", "reference", document(self.folder / "reference.json"))
        run(self.folder, "compare", "--learn", "a.wav", "b.wav", "learned.json", "--report", "none")
        self.add("spectrum", "learned", document(self.folder / "learned.json"))
        run(self.folder, "compare", "f/sine-on-bin.wav", "mono.json", "--update", "--method", "welch", "--report", "none")
        self.add("spectrum", "reference of one channel", document(self.folder / "mono.json"))

    def tables(self):
        """The documents beside tables, and comments."""
        more = {
            "bands": ["--bands", "octave", "--weighting", "A"], "each": ["--channel", "each"],
            "calibrated": ["--reference", "94:dB SPL"],
        }
        for name, options in {**METHODS, **more}.items():
            for out in ("t.npy", "t.csv"):
                self.file("table", f"{name}, {out}", "a.wav", "--header", "sidecar", *options, out=out)
        for name, options in {
            "complex": ["--values", "complex"], "bins": [], "double": ["--precision", "double"],
            "segments": METHODS["spectrogram"], "average": METHODS["welch"],
        }.items():
            self.file("table", f"every bin, {name}", "a.wav", "--points", "all", "--header", "sidecar", *options, out="t.npy")
        run(self.folder, "cut.wav", "--salvage", "--header", "sidecar", "--out", "t.npy", "--report", "none")
        self.add("table", "salvaged", document(self.folder / "t.npy.json"))
        run(self.folder, "a.wav", "--channel", "each", "--points", "all", "--header", "sidecar", "--out", "c.npy",
            "--report", "none")
        for number in (1, 2):
            self.add("table", f"channel {number}", document(self.folder / f"c.{number}.npy.json"))
        run(self.folder, "a.wav", "--header", "comments", "--out", "t.csv", "--report", "none")
        facts, _ = comments(self.folder / "t.csv")
        described = {"file": "t.csv", "bytes": 1, "digest": "0" * 16}
        self.add("table", "comments", {**facts, "document_digest": 16 * "0", "table": described})

    def comparisons(self):
        """Comparisons that say same, different, and that there is none."""
        same, different, none = 0, 1, 2
        self.report("comparison", "same", "compare", "a.wav", "a.wav", status=same)
        self.report("comparison", "loud", "compare", "loud.wav", "a.wav", status=different)
        self.report("comparison", "offset", "compare", "loud.wav", "a.wav", "--level-offset", status=different)
        self.report("comparison", "silent", "compare", "f/silence.wav", "f/silence.wav", status=same)
        wav(self.folder / "silent.wav", np.zeros((32000, 2)))
        self.report("comparison", "silence and sound", "compare", "silent.wav", "a.wav", status=different)
        self.report("comparison", "sound and silence", "compare", "a.wav", "silent.wav", status=different)
        self.report("comparison", "averages", "compare", "b.wav", "a.wav", "--method", "welch", status=same)
        self.report("comparison", "every bin", "compare", "a.wav", "b.wav", "--points", "all", status=different)
        self.report("comparison", "learned", "compare", "b.wav", "learned.json", status=same)
        self.report("comparison", "incomparable", "compare", "a.wav", "f/bach.wav", status=none)
        self.report("comparison", "no such reference", "compare", "a.wav", "nothing.json", status=66)
        ours, theirs = self.folder / "ours", self.folder / "theirs"
        for where in (ours, theirs):
            where.mkdir()
        for name in ("same", "other", "extra", "bad"):
            sound(ours / f"{name}.wav", seed=3)
        sound(theirs / "same.wav", seed=3)
        sound(theirs / "other.wav", seed=3, gain=0.5)
        sound(theirs / "missing.wav", seed=3)
        sound(theirs / "bad.wav", seed=3, rate=4000)
        self.report("comparison", "folders", "compare", "--batch", "ours", "theirs", status=none)

    def overlays(self):
        """Overlays of recordings, of spectra and of tables."""
        run(self.folder, "a.wav", "--out", "plain.csv", "--report", "none")
        run(self.folder, "a.wav", "--out", "facts.csv", "--header", "comments", "--report", "none")
        for name, files in {
            "recordings": ["a.wav", "b.wav", "loud.wav"], "silence": ["a.wav", "silent.wav"],
            "a table": ["a.wav", "plain.csv", "facts.csv", "reference.json"],
            "a limited band": ["a.wav", "f/bach.wav", "--band", "100:15000", "--method", "welch"],
        }.items():
            self.file("overlay", name, "overlay", *files)

    def batches(self):
        """Results of batches, and the lines of their summaries."""
        inputs = self.folder / "inputs"
        inputs.mkdir()
        for name in ("a.wav", "b.wav", "no.wav", "cut.wav", "silent.wav"):
            (inputs / name).symlink_to(self.folder / name)
        # One without a bin in the band.
        (inputs / "one.wav").symlink_to(self.folder / "f" / "one-sample.wav")
        for name, options in {
            "mixes": ["--summary-bands", "63,125,250:500"], "channels": ["--channel", "each", "--no-timings"],
            "salvaged": ["--salvage", "--parts", "2"], "averages": ["--method", "welch", "--header", "sidecar"],
            "pages": ["--format", "html"], "pages of channels": ["--format", "html", "--channel", "each"],
        }.items():
            if "--format" not in options:
                options = ["--format", "csv,npy", *options]
            arguments = ["batch", "inputs", "--out-dir", name, "--summary-format", "ndjson", *options]
            self.report("batch", name, *arguments, status=1)
            lines = (self.folder / name / "summary.ndjson").read_text().splitlines()
            assert len(lines) >= 5
            for line in lines:
                self.add("record", f"{name}: {line[:60]}", json.loads(line))
            self.report("batch", f"{name}, resumed", *arguments, "--resume", status=1)

    def pages(self):
        """The descriptions in pages."""
        runs = {
            "lines": ["a.wav"], "bands": ["a.wav", "--bands", "octave"], "loss": ["a.wav", "--parts", "8"],
            "spectrogram": ["a.wav", *METHODS["spectrogram"]], "cells": ["f/bach.wav", "--page-size", "700k"],
            "choices": ["a.wav", "--axis", "linear", "--scale", "linear", "--theme", "dark"],
            "calibrated": ["a.wav", "--level-range=-100:0", "--reference", "94:dB SPL"],
            "silence": ["f/silence.wav"], "channels": ["a.wav", "--channel", "each"],
            "comparison": ["compare", "loud.wav", "a.wav"], "overlay": ["overlay", "a.wav", "plain.csv"],
        }
        for name, arguments in runs.items():
            run(self.folder, *arguments, "--out", "p.html", "--report", "none", status=int(name == "comparison"))
            page = (self.folder / "p.html").read_text(encoding="utf-8")
            start = page.index('id="description">') + len('id="description">')
            self.add("page", name, json.loads(page[start:page.index("</script>", start)]))

    def surroundings(self):
        """What the program reads and writes, and what the machine offers to it."""
        self.add("formats", "formats", json.loads(run(self.folder, "formats", "--json")))
        self.add("doctor", "doctor", json.loads(run(self.folder, "doctor", "--json")))
        # Without a scratch disk there is something to mend.
        self.add("doctor", "no scratch disk", json.loads(run(self.folder, "doctor", "--json", TMPDIR="/proc")))

    def defaults(self):
        """Reports of calls that a file of defaults has added options to."""
        (self.folder / "config").write_text("--band 100:2000\n--workers 1\n")

        def add(schema, *arguments):
            text = run(self.folder, *arguments, "--report", "json", WAVFFT_CONFIG=str(self.folder / "config"))
            value = json.loads(text)
            assert "defaults" in (value[0] if isinstance(value, list) else value), text
            self.add(schema, f"defaults: {arguments}", value)

        add("spectrum", "a.wav")
        add("spectrum", "a.wav", "--channel", "each")
        add("comparison", "compare", "a.wav", "a.wav")
        (self.folder / "few").mkdir()
        (self.folder / "few" / "a.wav").symlink_to(self.folder / "a.wav")
        add("batch", "batch", "few", "--out-dir", "with defaults")
        # Files are the same whoever makes them.
        run(self.folder, "a.wav", "--out", "d.json", "--report", "none", WAVFFT_CONFIG=str(self.folder / "config"))
        assert "defaults" not in document(self.folder / "d.json")
