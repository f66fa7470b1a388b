# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables that say how they were made: by comments, and by documents beside them."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy
import pandas
from outputs import METHODS, sound
from program import PROGRAM, comments, document, refusal, run


class Tables(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="wavfft-formats-")
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        sound(self.folder / "a.wav")

    def write(self, *arguments, out, header=None, status=0):
        options = ["--header", header] if header else []
        return run(self.folder, "a.wav", *arguments, *options, "--report", "none", "--out", out, status=status)

    def bytes(self, name):
        return (self.folder / name).read_bytes()


class CommentTests(Tables):
    KINDS = {
        **METHODS, "every bin": ["--points", "all"], "every bin, welch": ["--points", "all", "--method", "welch"],
        "complex": ["--points", "all", "--values", "complex"], "double": ["--points", "all", "--precision", "double"],
        "octave": ["--bands", "octave"], "semitone": ["--bands", "semitone"], "each": ["--channel", "each"],
    }

    def test_the_table_behind_comments_is_the_same(self):
        for name, options in self.KINDS.items():
            self.write(*options, out="plain.csv")
            self.write(*options, out="c.csv", header="comments")
            lines = self.bytes("c.csv").splitlines(keepends=True)
            count = sum(line.startswith(b"#") for line in lines)
            self.assertTrue(20 < count < 50, name)
            self.assertTrue(all(line.startswith(b"# ") for line in lines[:count]), name)
            self.assertEqual(b"".join(lines[count:]), self.bytes("plain.csv"), name)

    def test_the_default_is_plain(self):
        self.write(out="a.csv")
        self.write(out="b.csv", header="plain")
        self.assertEqual(self.bytes("a.csv"), self.bytes("b.csv"))
        self.assertTrue(self.bytes("a.csv").startswith(b"frequency_hz,"))

    def test_facts_are_those_of_the_report(self):
        for name, options in METHODS.items():
            self.write(*options, out="c.csv", header="comments")
            facts, _ = comments(self.folder / "c.csv")
            report = json.loads(run(self.folder, "a.wav", *options, "--report", "json"))
            source, transform = report["input"], report["transform"]
            expected = {
                "input": source["path"], "sample_rate_hz": source["sample_rate_hz"], "channels": source["channels"],
                "frames": source["frames"], "channel": source["channel"], "start_frame": source["start_frame"],
                "selected_frames": source["selected_frames"], "encoding": source["encoding"],
                "container": source["container"], "method": transform["method"], "parts": transform["parts"],
                "precision": transform["precision"], "used_samples": transform["used_samples"],
                "transform_length": transform["length"], "zeros": transform["zeros"],
                "bin_spacing_hz": transform["bin_spacing_hz"], "limit_hz": transform["limit_hz"],
                "window": transform["window"]["name"], "window_sum": transform["window"]["sum"],
                "window_square_sum": transform["window"]["square_sum"],
                "noise_bandwidth_hz": transform["window"]["noise_bandwidth_hz"], "version": report["version"],
                "band_low_hz": report["band"]["low_hz"], "band_high_hz": report["band"]["high_hz"],
                "points": report["band"]["points"], "level_reference": report["level_reference"],
            }
            for fact, value in expected.items():
                self.assertEqual(facts[fact], value, f"{name}: {fact}")
            parameters = dict(pair.split("=", 1) for pair in facts["parameters"].split("; "))
            self.assertEqual(parameters, transform["parameters"], name)
            if "segments" in transform:
                segments = transform["segments"]
                self.assertEqual(
                    [facts["segments"], facts["segment_length"], facts["segment_hop"], facts["degrees_of_freedom"]],
                    [segments[key] for key in ("count", "length", "hop", "degrees_of_freedom")], name)
                self.assertEqual(facts["density_reference"], report["density_reference"])
            else:
                self.assertNotIn("segments", facts)

    def test_a_selection_is_noted(self):
        self.write("--start", "1", "--duration", "2", "--channel", "2", out="c.csv", header="comments")
        facts, _ = comments(self.folder / "c.csv")
        self.assertEqual((facts["start_frame"], facts["selected_frames"], facts["channel"]), (8000, 16000, "2"))

    def test_pandas_reads_every_name_of_a_note(self):
        self.write("--bands", "semitone", out="c.csv", header="comments")
        table = pandas.read_csv(self.folder / "c.csv", comment="#", float_precision="round_trip")
        bands = json.loads(run(self.folder, "a.wav", "--bands", "semitone", "--report", "json"))["proportional_bands"]
        self.assertEqual(list(table.band), [band["band"] for band in bands["bands"]])
        self.assertTrue(any("#" in name for name in table.band))
        self.assertEqual(list(table.frequency_hz), [band["frequency_hz"] for band in bands["bands"]])

    def test_a_name_with_a_line_feed_stays_in_its_comment(self):
        name = "x\n1,2,3\n# window: hann.wav"
        shutil.copy(self.folder / "a.wav", self.folder / name)
        run(self.folder, name, "--header", "comments", "--out", "c.csv", "--report", "none")
        facts, rest = comments(self.folder / "c.csv")
        self.assertEqual(facts["window"], "rectangular")
        self.assertTrue(rest[0].startswith("frequency_hz,"))

    def test_a_name_that_is_a_number_is_a_name(self):
        shutil.copy(self.folder / "a.wav", self.folder / "12")
        run(self.folder, "12", "--header", "comments", "--out", "c.csv", "--report", "none")
        run(self.folder, "compare", "a.wav", "c.csv", "--report", "none")

    def test_they_go_to_stdout(self):
        self.write(out="c.csv", header="comments")
        printed = run(self.folder, "a.wav", "--out", "-", "--format", "csv", "--header", "comments")
        self.assertEqual(printed.encode(), self.bytes("c.csv"))

    def test_formats_without_comments_are_refused(self):
        for out in ("x.npy", "x.svg", "x.json"):
            words = refusal(self.folder, "a.wav", "--out", out, "--header", "comments", status=64)
            self.assertIn("--header comments is for CSV", words)
            self.assertFalse((self.folder / out).exists())


class ReadingTests(Tables):
    """A table that says how it was made decides how a recording is analysed."""

    OPTIONS = {
        "window": ["--window", "flattop"], "parts": ["--parts", "4"], "part": ["--start", "1", "--duration", "1.5"],
        "channel": ["--channel", "1"], "band": ["--band", "100:3000", "--points", "77"], "full": ["--band", "full"],
        "welch": ["--method", "welch", "--segment", "1000", "--overlap", "25%"],
        "length": ["--length", "50000"], "bins": ["--points", "all", "--band", "300:900"],
    }

    def test_recordings_are_analysed_like_the_table(self):
        for out, header in (("r.csv", "comments"), ("r.csv", "sidecar"), ("r.npy", "sidecar")):
            for name, options in self.OPTIONS.items():
                self.write(*options, out=out, header=header)
                words = run(self.folder, "compare", "a.wav", out, "--tolerance-db", "0.001")
                self.assertTrue(words.startswith("same"), f"{out}, {header}, {name}")

    def test_without_facts_they_are_not(self):
        for name in ("window", "parts", "part", "welch"):
            self.write(*self.OPTIONS[name], out="r.csv")
            answer = subprocess.run([PROGRAM, "compare", "a.wav", "r.csv"], cwd=self.folder, capture_output=True, check=False)
            self.assertIn(answer.returncode, (1, 2), name)

    def test_complex_bins_are_compared_by_their_document(self):
        self.write("--points", "all", "--values", "complex", "--window", "hann", "--band", "300:900", out="c.npy")
        words = refusal(self.folder, "compare", "a.wav", "c.npy", status=64)
        self.assertIn("holds values without frequencies", words)
        self.write("--points", "all", "--values", "complex", "--window", "hann", "--band", "300:900", out="c.npy",
                   header="sidecar")
        run(self.folder, "compare", "a.wav", "c.npy", "--tolerance-db", "0.001")
        run(self.folder, "overlay", "a.wav", "c.npy", "--out", "o.json", "--report", "none")
        spectra = document(self.folder / "o.json")["spectra"]
        self.assertEqual(spectra[1]["window"], "hann")
        self.assertAlmostEqual(spectra[0]["strongest_peak"]["frequency_hz"],
                               spectra[1]["strongest_peak"]["frequency_hz"], delta=0.2)

    def test_dc_and_nyquist_of_complex_bins_have_their_levels(self):
        for band in ("full", "3000:4001"):
            self.write("--points", "all", "--values", "complex", "--band", band, out="c.npy", header="sidecar")
            run(self.folder, "compare", "a.wav", "c.npy", "--tolerance-db", "0.001")

    def test_updated_tables_go_on_saying_how_they_were_made(self):
        shutil.copy(self.folder / "a.wav", self.folder / "b.wav")
        sound(self.folder / "b.wav", seed=7, gain=0.7)
        for out, header in (("r.csv", "comments"), ("r.csv", "sidecar"), ("r.npy", "sidecar")):
            self.write("--window", "flattop", "--parts", "2", out=out, header=header)
            run(self.folder, "compare", "b.wav", out, "--update")
            facts = comments(self.folder / out)[0] if header == "comments" else document(self.folder / f"{out}.json")
            self.assertEqual((facts["input"], facts["window"], facts["parts"]), ("b.wav", "flattop", 2))
            run(self.folder, "compare", "b.wav", out, "--tolerance-db", "0.001")
            refusal(self.folder, "compare", "a.wav", out, status=1)
            (self.folder / out).unlink()

    def test_other_windows_are_refused(self):
        self.write("--window", "hann", out="h.csv", header="comments")
        self.write("--window", "hamming", out="m.npy", header="sidecar")
        words = refusal(self.folder, "compare", "h.csv", "m.npy", status=2)
        self.assertIn("the window is hann, that of the reference hamming", words)

    def test_overlays_know_the_bandwidth(self):
        self.write("--window", "hann", out="h.csv", header="comments")
        printed = run(self.folder, "overlay", "a.wav", "h.csv", "--out", "o.json")
        self.assertNotIn("not known", printed)
        self.assertIn("noise bandwidth", printed)

    def test_a_document_whose_table_has_changed_is_ignored(self):
        self.write("--window", "hann", out="h.npy", header="sidecar")
        # The same size, other numbers.
        self.write("--window", "rectangular", out="h.npy")
        run(self.folder, "compare", "a.wav", "h.npy", "--tolerance-db", "0.001")

    def test_a_later_version_is_refused(self):
        self.write(out="c.csv", header="comments")
        text = self.bytes("c.csv").replace(b"wavfft-table/1", b"wavfft-table/2")
        (self.folder / "c.csv").write_bytes(text)
        for arguments in (["compare", "a.wav", "c.csv"], ["overlay", "a.wav", "c.csv"]):
            words = refusal(self.folder, *arguments, status=65)
            self.assertIn("has the format wavfft-table/2, and this version of wavfft reads wavfft-table/1", words)

    def test_facts_that_cannot_be_are_refused(self):
        self.write(out="c.csv", header="comments")
        good = self.bytes("c.csv")
        for name, value in {"sample_rate_hz": "-5", "parts": "0", "method": "magic", "band_low_hz": "1e9",
                            "parameters": "method=exact:1; window=none"}.items():
            lines = [f"# {name}: {value}".encode() if line.startswith(f"# {name}:".encode()) else line
                     for line in good.split(b"\n")]
            (self.folder / "c.csv").write_bytes(b"\n".join(lines))
            words = refusal(self.folder, "compare", "a.wav", "c.csv", status=65)
            self.assertIn("says of itself what cannot be", words, name)

    def test_comments_of_other_programs_are_skipped(self):
        self.write(out="p.csv")
        (self.folder / "q.csv").write_bytes(b"# made by hand: 1\n#\n# x\n" + self.bytes("p.csv"))
        run(self.folder, "compare", "q.csv", "p.csv")
        run(self.folder, "compare", "p.csv", "q.csv")

    def test_line_endings_of_windows_are_no_part_of_facts(self):
        self.write("--window", "hann", out="c.csv", header="comments")
        (self.folder / "w.csv").write_bytes(b"\xef\xbb\xbf" + self.bytes("c.csv").replace(b"\n", b"\r\n"))
        run(self.folder, "compare", "a.wav", "w.csv", "--tolerance-db", "0.001")

    def test_a_document_is_no_spectrum(self):
        self.write(out="c.npy", header="sidecar")
        words = refusal(self.folder, "compare", "a.wav", "c.npy.json", status=65)
        self.assertIn("name the table", words)

    def test_documents_are_left_out_of_folders(self):
        for name in ("ours", "theirs"):
            (self.folder / name).mkdir()
            self.write(out=f"{name}/a.npy", header="sidecar")
            self.write(out=f"{name}/b.csv", header="sidecar")
        report = json.loads(run(self.folder, "compare", "--batch", "ours", "theirs", "--report", "json"))
        self.assertEqual([(case["path"], case["verdict"]) for case in report],
                         [("ours/a.npy", "same"), ("ours/b.csv", "same")])


class VersionTests(Tables):
    """Documents of earlier and later versions."""

    def setUp(self):
        super().setUp()
        self.write(out="r.json")

    def edit(self, change):
        value = document(self.folder / "r.json")
        change(value)
        (self.folder / "r.json").write_text(json.dumps(value))

    def test_documents_without_a_schema_are_read(self):
        self.edit(lambda value: value.pop("schema"))
        run(self.folder, "compare", "a.wav", "r.json")
        run(self.folder, "overlay", "a.wav", "r.json")

    def test_members_that_are_not_known_are_ignored(self):
        self.edit(lambda value: value.update(later={"a": 1}))
        run(self.folder, "compare", "a.wav", "r.json")

    def test_a_later_version_is_refused(self):
        self.edit(lambda value: value.update(schema="wavfft-spectrum/2"))
        for arguments in (["compare", "a.wav", "r.json"], ["compare", "r.json", "r.json"], ["overlay", "a.wav", "r.json"]):
            words = refusal(self.folder, *arguments, status=65)
            self.assertIn("has the format wavfft-spectrum/2, and this version of wavfft reads wavfft-spectrum/1", words)

    def test_a_later_version_that_looks_different_is_refused(self):
        (self.folder / "r.json").write_text(json.dumps({"schema": "wavfft-spectrum/2", "program": "wavfft", "bins": []}))
        words = refusal(self.folder, "compare", "a.wav", "r.json", status=65)
        self.assertIn("has the format wavfft-spectrum/2", words)

    def test_a_later_version_is_not_replaced(self):
        self.edit(lambda value: value.update(schema="wavfft-spectrum/2"))
        before = self.bytes("r.json")
        refusal(self.folder, "compare", "a.wav", "r.json", "--update", status=65)
        refusal(self.folder, "compare", "--learn", "a.wav", "a.wav", "r.json", status=65)
        self.assertEqual(self.bytes("r.json"), before)


class SidecarTests(Tables):
    def test_the_table_is_as_without(self):
        for out in ("t.npy", "t.csv"):
            self.write(out=f"plain-{out}")
            self.write(out=out, header="sidecar")
            self.assertEqual(self.bytes(out), self.bytes(f"plain-{out}"))
            table = document(self.folder / f"{out}.json")["table"]
            self.assertEqual((table["file"], table["bytes"]), (out, len(self.bytes(out))))

    def test_the_digest_is_that_of_xxhsum(self):
        if shutil.which("xxhsum") is None:
            self.skipTest("xxhsum is not there")
        self.write(out="t.npy", header="sidecar")
        answer = subprocess.run(["xxhsum", "-H64", "t.npy"], cwd=self.folder, capture_output=True, text=True, check=True)
        self.assertEqual(document(self.folder / "t.npy.json")["table"]["digest"], answer.stdout.split()[0])

    def test_axes_are_those_of_the_columns_of_csv(self):
        self.write("--method", "spectrogram", "--columns", "7", "--points", "40", out="c.npy", header="sidecar")
        self.write("--method", "spectrogram", "--columns", "7", "--points", "40", out="c.csv")
        table = document(self.folder / "c.npy.json")["table"]
        cells = pandas.read_csv(self.folder / "c.csv")
        array = numpy.load(self.folder / "c.npy")
        time, frequency = table["axes"]
        self.assertEqual((time["name"], frequency["name"], table["values"]), ("time_s", "frequency_hz", "level_dbfs"))
        self.assertEqual(array.shape, (time["count"], frequency["count"]))
        times = time["first"] + time["step"] * numpy.arange(time["count"])
        numpy.testing.assert_allclose(times, cells.time_s, atol=1e-8)
        numpy.testing.assert_allclose(frequency["values"], [float(name) for name in cells.columns[1:]], rtol=1e-15)
        numpy.testing.assert_allclose(array, cells.iloc[:, 1:], rtol=1e-6)

    def test_axes_of_every_segment(self):
        options = ["--method", "spectrogram", "--segment", "800", "--points", "all", "--start", "0.5"]
        self.write(*options, out="s.npy", header="sidecar")
        array = numpy.load(self.folder / "s.npy")
        document_ = document(self.folder / "s.npy.json")
        time, frequency = document_["table"]["axes"]
        self.assertEqual(array.shape, (time["count"], frequency["count"]))
        # The middle of the first segment, and the distance of segments.
        self.assertAlmostEqual(time["first"], 0.5 + 400 / 8000)
        self.assertAlmostEqual(time["step"], 400 / 8000)
        self.assertEqual(document_["segments"], time["count"])
        # 440 Hz is 44 bins of 10 Hz.
        strongest = array.mean(axis=0).argmax()
        self.assertAlmostEqual(frequency["first"] + frequency["step"] * strongest, 440)

    def test_axes_of_complex_bins(self):
        self.write("--points", "all", "--values", "complex", "--band", "300:900", out="c.npy", header="sidecar")
        self.write("--points", "all", "--band", "300:900", out="b.csv")
        axis, = document(self.folder / "c.npy.json")["table"]["axes"]
        bins = pandas.read_csv(self.folder / "b.csv")
        frequencies = axis["first"] + axis["step"] * numpy.arange(axis["count"])
        numpy.testing.assert_allclose(frequencies, bins.frequency_hz, rtol=1e-9)
        numpy.testing.assert_allclose(numpy.abs(numpy.load(self.folder / "c.npy")), bins.magnitude, rtol=1e-5, atol=1e-2)

    def test_a_file_of_somebody_else_is_not_replaced(self):
        for content in ("{}", "mine", json.dumps({"schema": "wavfft-spectrum/1", "table": {"file": "t.npy"}})):
            (self.folder / "t.npy.json").write_text(content)
            words = refusal(self.folder, "a.wav", "--out", "t.npy", "--header", "sidecar", status=73)
            self.assertIn("t.npy.json is in the way", words)
            self.assertEqual((self.folder / "t.npy.json").read_text(), content)
            self.assertFalse((self.folder / "t.npy").exists())

    def test_the_document_of_another_table_is_not_replaced(self):
        self.write(out="other.npy", header="sidecar")
        shutil.copy(self.folder / "other.npy.json", self.folder / "t.npy.json")
        refusal(self.folder, "a.wav", "--out", "t.npy", "--header", "sidecar", status=73)

    def test_what_is_no_file_is_not_replaced(self):
        os.mkfifo(self.folder / "t.npy.json")
        refusal(self.folder, "a.wav", "--out", "t.npy", "--header", "sidecar", status=73)
        (self.folder / "t.npy.json").unlink()
        (self.folder / "t.npy.json").symlink_to("nowhere")
        refusal(self.folder, "a.wav", "--out", "t.npy", "--header", "sidecar", status=73)
        self.assertTrue((self.folder / "t.npy.json").is_symlink())

    def test_its_own_document_is_replaced(self):
        self.write(out="t.npy", header="sidecar")
        first = document(self.folder / "t.npy.json")
        self.write("--window", "hann", out="t.npy", header="sidecar")
        second = document(self.folder / "t.npy.json")
        self.assertEqual((first["window"], second["window"]), ("rectangular", "hann"))

    def test_its_own_document_is_not_replaced_if_it_was_changed(self):
        self.write(out="t.npy", header="sidecar")
        facts = document(self.folder / "t.npy.json")
        text = (self.folder / "t.npy.json").read_text()
        # Written again by another program, and with another value.
        for changed in (json.dumps(facts), text.replace("rectangular", "hann"), text.replace("\n", "\r\n")):
            (self.folder / "t.npy.json").write_bytes(changed.encode())
            before = self.bytes("t.npy")
            words = refusal(self.folder, "a.wav", "--out", "t.npy", "--header", "sidecar", status=73)
            self.assertIn("is not as wavfft wrote it", words)
            self.assertEqual(self.bytes("t.npy.json"), changed.encode())
            self.assertEqual(self.bytes("t.npy"), before)

    def test_the_digest_of_the_document_is_that_of_xxhsum(self):
        if shutil.which("xxhsum") is None:
            self.skipTest("xxhsum is not there")
        self.write(out="t.npy", header="sidecar")
        digest = document(self.folder / "t.npy.json")["document_digest"]
        blank = self.bytes("t.npy.json").replace(digest.encode(), 16 * b"0")
        (self.folder / "blank").write_bytes(blank)
        answer = subprocess.run(["xxhsum", "-H64", "blank"], cwd=self.folder, capture_output=True, text=True, check=True)
        self.assertEqual(digest, answer.stdout.split()[0])

    def test_two_outputs_in_one_place_are_refused(self):
        for other in ("t.npy.json", "./t.npy.json"):
            words = refusal(self.folder, "a.wav", "--out", "t.npy", "--out", other, "--header", "sidecar", status=64)
            self.assertIn("are the same file", words)
        self.assertEqual([path.name for path in self.folder.glob("t.*")], [])

    def test_the_input_is_not_replaced(self):
        # An input may have any name.
        shutil.copy(self.folder / "a.wav", self.folder / "t.npy.json")
        before = hashlib.sha256(self.bytes("t.npy.json")).digest()
        refusal(self.folder, "t.npy.json", "--out", "t.npy", "--header", "sidecar", status=73)
        self.assertEqual(hashlib.sha256(self.bytes("t.npy.json")).digest(), before)

    def test_outputs_without_a_place_beside_them_are_refused(self):
        for arguments in (["--out", "-", "--format", "csv"], ["--out", "x.svg"], ["--out", "x.json"]):
            refusal(self.folder, "a.wav", *arguments, "--header", "sidecar", status=64)
        os.symlink("/dev/null", self.folder / "null.npy")
        words = refusal(self.folder, "a.wav", "--out", "null.npy", "--header", "sidecar", status=64)
        self.assertIn("is no regular file", words)

    def test_each_channel_has_its_own(self):
        self.write("--channel", "each", "--points", "all", out="t.npy", header="sidecar")
        for number in ("1", "2"):
            facts = document(self.folder / f"t.{number}.npy.json")
            self.assertEqual((facts["channel"], facts["table"]["file"]), (number, f"t.{number}.npy"))
        self.write("--channel", "each", out="u.npy", header="sidecar")
        self.assertEqual(document(self.folder / "u.npy.json")["channel"], "each")

    def test_bytes_do_not_depend_on_workers(self):
        options = ["--points", "all", "--values", "complex", "--header", "sidecar", "--report", "none"]
        for workers in ("1", "2"):
            run(self.folder, "f/bach.wav", "--workers", workers, *options, "--out", "t.npy")
            (self.folder / "t.npy.json").rename(self.folder / f"{workers}.json")
        self.assertEqual(self.bytes("1.json"), self.bytes("2.json"))


class BatchTests(Tables):
    def setUp(self):
        super().setUp()
        (self.folder / "in").mkdir()
        for name in ("a.wav", "b.wav"):
            shutil.copy(self.folder / "a.wav", self.folder / "in" / name)

    def batch(self, *arguments, status=0):
        return run(self.folder, "batch", "in", "--out-dir", "out", "--format", "npy,csv", "--header", "sidecar",
                   *arguments, status=status)

    def names(self):
        return sorted(str(path.relative_to(self.folder / "out")) for path in (self.folder / "out").rglob("*"))

    def test_documents_are_outputs(self):
        self.batch()
        expected = [f"{stem}.{ending}" for stem in "ab" for ending in ("csv", "csv.json", "npy", "npy.json")]
        self.assertEqual(self.names(), [*expected, "summary.csv"])
        summary = pandas.read_csv(self.folder / "out" / "summary.csv")
        sizes = dict(entry.split(" ") for entry in summary.output_bytes[0].split("; "))
        self.assertEqual(sizes, {ending: str(len(self.bytes(f"out/a.{ending}")))
                                 for ending in ("csv", "csv.json", "npy", "npy.json")})
        facts = document(self.folder / "out" / "a.npy.json")
        self.assertEqual((facts["input"], facts["table"]["file"]), ("in/a.wav", "a.npy"))

    def test_comments_in_a_batch(self):
        run(self.folder, "batch", "in", "--out-dir", "out", "--format", "csv", "--header", "comments")
        self.assertEqual(self.names(), ["a.csv", "b.csv", "summary.csv"])
        self.assertEqual(comments(self.folder / "out" / "b.csv")[0]["input"], "in/b.wav")

    def test_a_resumed_batch_makes_missing_and_changed_documents_again(self):
        self.batch()
        before = {name: self.bytes(f"out/{name}") for name in self.names() if name != "summary.csv"}
        self.assertIn("2 of them before", self.batch("--resume"))
        (self.folder / "out" / "a.npy.json").unlink()
        self.assertIn("1 of them before", self.batch("--resume"))
        self.assertEqual({name: self.bytes(f"out/{name}") for name in before}, before)

    def test_other_headers_are_other_options(self):
        self.batch()
        words = run(self.folder, "batch", "in", "--out-dir", "out", "--format", "npy,csv", "--resume")
        self.assertNotIn("before", words)

    def test_a_file_of_somebody_else_is_in_the_way(self):
        (self.folder / "out").mkdir()
        (self.folder / "out" / "b.npy.json").write_text("mine")
        words = refusal(self.folder, "batch", "in", "--out-dir", "out", "--format", "npy", "--header", "sidecar", status=73)
        self.assertIn("out/b.npy.json is in the way", words)
        self.assertEqual(self.names(), ["b.npy.json"])
        self.batch("--force")
        self.assertEqual(document(self.folder / "out" / "b.npy.json")["program"], "wavfft")

    def test_an_edited_document_is_in_the_way(self):
        self.batch()
        path = self.folder / "out" / "a.csv.json"
        path.write_text(path.read_text().replace("exact", "EXACT"))
        refusal(self.folder, "batch", "in", "--out-dir", "out", "--format", "npy,csv", "--header", "sidecar", status=73)

    def test_inputs_do_not_share_a_document(self):
        shutil.copy(self.folder / "a.wav", self.folder / "in" / "a.npy.wav")
        run(self.folder, "batch", "in", "--out-dir", "out", "--format", "npy,json", "--header", "sidecar")
        self.assertEqual(document(self.folder / "out" / "a.npy.json")["schema"], "wavfft-table/1")
        self.assertEqual(document(self.folder / "out" / "a.npy.wav.json")["schema"], "wavfft-spectrum/1")

    def test_formats_without_tables_are_refused(self):
        for header, formats in (("sidecar", "svg,json"), ("comments", "npy")):
            refusal(self.folder, "batch", "in", "--out-dir", "out", "--format", formats, "--header", header, status=64)
        self.assertFalse((self.folder / "out").exists())


if __name__ == "__main__":
    unittest.main()
