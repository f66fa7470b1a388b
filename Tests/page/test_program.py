# SPDX-License-Identifier: GPL-2.0-or-later
"""Pages that the program writes. WAVFFT names the program; without it, that of `make build` is taken."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import checks
from assemble import read_page
from cases import Workshop, path_of, setUpModule, tearDownModule  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("WAVFFT", str(ROOT / ".build" / "release" / "wavfft"))
def write(name, *arguments):
    """The page that the program writes with these arguments."""
    path = path_of(name)
    answer = subprocess.run(
        [PROGRAM, *arguments, "--report", "none", "--out", str(path)], capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        raise AssertionError(f"{answer.args}: {answer.stderr}")
    return path


class RecordingTests(checks.SpectrumChecks, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Workshop.browser
        cls.source = write("bach", str(ROOT / "fixtures" / "bach.wav"))
        cls.read()


class FileNameTests(unittest.TestCase):
    def test_a_hostile_file_name_is_a_name(self):
        name = "<img src=x onerror=alert(1)>\u2028']]>.wav"
        with tempfile.TemporaryDirectory() as folder:
            link = Path(folder) / name
            link.symlink_to(ROOT / "fixtures" / "sine-on-bin.wav")
            path = write("hostile", str(link))
        with Workshop.browser.open(path) as page:
            self.assertEqual((page.complaints(), page.requests()), ([], []))
            self.assertEqual(page.run("document.querySelectorAll('main img').length"), 0)
            self.assertIn("<img src=x onerror=alert(1)>", page.text("body"))


class KindTests(unittest.TestCase):
    def test_all_kinds_of_pages_open(self):
        for kind, arguments in {
            "decimated": ["--parts", "8"],
            "welch": ["--method", "welch"],
            "spectrogram": ["--method", "spectrogram"],
            "silence": [],
        }.items():
            recording = "silence.wav" if kind == "silence" else "bach.wav"
            path = write(kind, str(ROOT / "fixtures" / recording), *arguments)
            description, _ = read_page(path)
            with Workshop.browser.open(path) as page:
                left, top, width, height = page.box("#plot")
                page.move(left + width / 2, top + height / 2)
                self.assertEqual((page.complaints(), page.requests()), ([], []), kind)
                self.assertEqual(page.text("#title"), description["title"])
                self.assertIn("ehind this pixel", page.text("#behind"))


if __name__ == "__main__":
    unittest.main()
