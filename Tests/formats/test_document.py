# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs what docs/formats.md prints, as it is printed."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import FIXTURES, PROGRAM, ROOT

# Debian's own Python has Debian's packages.
PYTHON = os.environ.get("PAGE_PYTHON", "/usr/bin/python3")
COMMANDS = {"sh": ["bash", "-eu"], "python": [PYTHON], "r": ["Rscript", "-"]}


class DocumentTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="wavfft-formats-")
        cls.folder = Path(cls.scratch.name)
        (cls.folder / "bin").mkdir()
        (cls.folder / "bin" / "wavfft").symlink_to(Path(PROGRAM).resolve())
        (cls.folder / "docs").symlink_to(ROOT / "docs")
        (cls.folder / "bach.wav").symlink_to(FIXTURES / "bach.wav")
        (cls.folder / "recordings").mkdir()
        for name in ("bach.wav", "sine-on-bin.wav", "silence.wav"):
            (cls.folder / "recordings" / name).symlink_to(FIXTURES / name)
        text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
        cls.blocks = re.findall(r"^```([a-z]+)\n(.*?)^```$", text, re.M | re.S)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def run_block(self, language, text):
        """What a block prints."""
        answer = subprocess.run(
            COMMANDS[language], input=text, cwd=self.folder, capture_output=True, text=True, check=False,
            env=os.environ | {"PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"})
        self.assertEqual(answer.returncode, 0, f"{text}\n{answer.stderr}")
        return answer.stdout

    def test_every_block_runs_and_says_the_same(self):
        languages = [language for language, _ in self.blocks]
        self.assertEqual(languages, ["sh", "python", "python", "python", "sh", "r", "python"])
        printed = []
        for language, text in self.blocks:
            if language == "r" and shutil.which("Rscript") is None:
                print("R is not there, so its block is not run.")
                continue
            printed.append(self.run_block(language, text))
        pandas, numpy, xarray, jq = printed[1:5]
        # The strongest bin, from a table by pandas and from complex bins by NumPy.
        strongest = float(pandas.split()[0])
        self.assertAlmostEqual(strongest, 441.0538546635251, places=9)
        self.assertEqual(pandas.split()[1], "44100")
        self.assertIn("recordings/silence.wav", pandas)
        noise, level, bin = numpy.splitlines()
        self.assertAlmostEqual(float(noise.split()[1]), 1.5, places=2)
        self.assertLess(abs(float(level) + 42.571938), 0.01)
        self.assertAlmostEqual(float(bin), strongest, places=6)
        self.assertEqual(xarray.split()[1], "hann")
        self.assertTrue(-40 < float(xarray.split()[0]) < -20)
        self.assertEqual(jq.splitlines()[0].split("\t")[2], "A4")
        self.assertEqual(jq.splitlines()[-1], "true")
        if "r" in languages and shutil.which("Rscript"):
            self.assertAlmostEqual(float(printed[5].split()[1]), strongest, places=3)

    def test_every_schema_is_named(self):
        text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
        for path in (ROOT / "docs" / "schemas").iterdir():
            self.assertIn(f"(schemas/{path.name})", text)


if __name__ == "__main__":
    unittest.main()
