# SPDX-License-Identifier: GPL-2.0-or-later
"""The manual pages: complete, without warnings of mandoc and groff, and with examples that run."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from program import PROGRAM, ROOT, commands, help_options

FIXTURES = ROOT / "fixtures"


def make_pages(folder, **environment):
    subprocess.run(
        [sys.executable, ROOT / "docs/man/make_man.py", PROGRAM, folder], check=True, capture_output=True,
        env=os.environ | environment)


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="wavfft-man-")
        cls.addClassCleanup(cls.folder.cleanup)
        make_pages(cls.folder.name)
        cls.pages = {path.stem: path for path in Path(cls.folder.name).glob("*.1")}

    def page(self, command):
        name = command["commandName"]
        return self.pages["wavfft" if name == "analyze" else f"wavfft-{name}"]

    def test_every_command_has_a_page(self):
        self.assertEqual(len(self.pages), len(commands()))
        for command in commands():
            self.assertTrue(self.page(command).exists())

    def test_every_option_of_help_is_in_the_page(self):
        for command in commands():
            listed = re.findall(r"^\.TP\n(\\fB.*)", self.page(command).read_text(), re.M)
            named = set(re.findall(r"--[a-z0-9-]+", " ".join(listed).replace("\\-", "-")))
            options = help_options(command["commandName"])
            self.assertGreater(len(options), 1)
            self.assertEqual(options - named, set(), command["commandName"])

    def test_sections(self):
        for path in self.pages.values():
            sections = re.findall(r"^\.SH (.*)", path.read_text(), re.M)
            self.assertEqual(sections, [
                "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "ENVIRONMENT", "FILES",
                "SEE ALSO"], path.name)

    def test_a_flag_and_its_opposite_are_one_option_with_a_default(self):
        text = self.pages["wavfft-batch"].read_text().replace("\\-", "-")
        self.assertRegex(text, r"\.TP\n\\fB--timings\\fR, \\fB--no-timings\\fR\n.*\(default: \\fB--timings\\fR\)\n")
        self.assertEqual(text.count("\n\\fB--no-timings"), 0)

    def test_reports_name_defaults_where_there_is_a_report(self):
        for command in commands():
            self.assertEqual(
                "The report names the defaults in use." in self.page(command).read_text(),
                "--report" in help_options(command["commandName"]), command["commandName"])

    def test_same_sources_give_the_same_pages(self):
        with tempfile.TemporaryDirectory() as other:
            make_pages(other, SOURCE_DATE_EPOCH="86400")
            text = (Path(other) / "wavfft.1").read_text()
            self.assertIn('.TH WAVFFT 1 1970-01-02 "wavfft ', text)

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed")
    def test_mandoc_has_no_warning(self):
        for path in self.pages.values():
            answer = subprocess.run(["mandoc", "-Tlint", "-Wwarning", path], capture_output=True, text=True)
            self.assertEqual((answer.stdout, answer.returncode), ("", 0))

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_groff_has_no_warning(self):
        for path in self.pages.values():
            answer = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", path], capture_output=True, text=True)
            self.assertEqual((answer.stderr, answer.returncode), ("", 0))


class Examples(unittest.TestCase):
    """Every command of the examples in pages and help texts, in a folder with what they name."""

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory(prefix="wavfft-examples-")
        cls.addClassCleanup(holder.cleanup)
        cls.prepared = Path(holder.name) / "prepared"
        for name in ("bach", "room", "street", "good", "new", "before", "after", "left", "right", "a", "b", "c",
                     "build/amp", "recordings/amp"):
            cls.copy("noise-16bit.wav", f"{name}.wav")
        for name in ("hum", "song", "take1", "take2", "recordings/more/two"):
            cls.copy("noise-16bit.flac", f"{name}.flac")
        # What earlier work has left.
        run("wavfft good.wav --out amp.json --out old.json --out new.csv --out old.csv", cls.prepared)
        for folder in ("spectra", "references"):
            run(f"wavfft batch recordings --format json --out-dir {folder}", cls.prepared)
        for shard in (1, 3, 4):
            run(f"wavfft batch recordings --out-dir parts --shard {shard}/4", cls.prepared)

    @classmethod
    def copy(cls, source, target):
        path = cls.prepared / target
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(FIXTURES / source, path)

    def run_all(self, lines):
        with tempfile.TemporaryDirectory(prefix="wavfft-example-") as name:
            folder = shutil.copytree(self.prepared, Path(name) / "work")
            for line in lines:
                with self.subTest(line):
                    run(line, folder)

    def test_examples_of_help(self):
        count = 0
        for command in commands():
            lines = re.findall(r"^  (\S.*wavfft .*|wavfft .*)$", command.get("discussion", ""), re.M)
            count += len(lines)
            self.run_all(lines)
        self.assertGreater(count, 10)

    def test_examples_of_pages(self):
        for source in sorted((ROOT / "docs/man").glob("wavfft*.man")):
            blocks = re.findall(r"^\.EX\n(.*?)^\.EE", source.read_text(), re.M | re.S)
            lines = [line.strip() for block in blocks for line in block.replace("\\-", "-").splitlines()]
            self.assertTrue(lines, source.name)
            self.run_all([line for line in lines if "wavfft" in line])


def run(command, folder):
    """Runs a command in a shell; another program's recording is one of ours."""
    # The program of the tests is called wavfft, whatever its file is called.
    script = f'wavfft() {{ "{PROGRAM}" "$@"; }}; ' + command.replace("ffmpeg -i talk.m4a -f wav -", "cat bach.wav")
    answer = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True)
    if answer.returncode != 0:
        raise AssertionError(f"{command} ended with {answer.returncode}: {answer.stdout}{answer.stderr}")


if __name__ == "__main__":
    unittest.main()
