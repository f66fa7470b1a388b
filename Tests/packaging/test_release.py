# SPDX-License-Identifier: GPL-2.0-or-later
"""packaging/release.sh: each thing that is not in order has a sentence of its own; then everything is made and tried."""

import datetime
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
TODAY = datetime.date.today()


class ReleaseTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for name in ("packaging", "docs"):
            (self.root / name).mkdir()
        shutil.copy(SOURCE / "packaging/release.sh", self.root / "packaging")
        self.write("CHANGELOG.md", f"# Changelog\n\n## 1.2.0 - {TODAY}\n\n- New.\n\n## 1.1.0 - 2026-01-01\n\n- Old.\n")
        self.write(".gitignore", ".build\n")
        self.write("README.md", "# wavfft\n")
        self.write("README.es.md", "# wavfft\n")
        self.write("docs/install.md", "apt-get install ./wavfft_1.2.0_amd64.deb, or wavfft-1.2.0.tar.gz\n")
        self.git("init", "-q", "-b", "main")
        self.commit()

    def write(self, name, text):
        (self.root / name).write_text(text)

    def git(self, *arguments):
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *identity, *arguments], cwd=self.root, check=True, stdout=subprocess.DEVNULL)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "a")

    def check(self, version="1.2.0"):
        return subprocess.run([self.root / "packaging/release.sh", "--check", version],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def assert_fault(self, sentence, version="1.2.0"):
        result = self.check(version)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn(sentence, result.stdout)
        self.assertIn(f"1 to mend before a release of {version}.", result.stdout)

    def change_log(self, text):
        self.write("CHANGELOG.md", text)
        self.commit()

    def test_order(self):
        result = self.check()
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("in order for 1.2.0", result.stdout)

    def test_changed_files(self):
        self.write("new.txt", "")
        self.assert_fault("1 file is changed or unknown to git: commit or remove it")
        self.write("more.txt", "")
        self.assert_fault("2 files are changed or unknown to git: commit or remove them")

    def test_branch(self):
        self.git("switch", "-q", "-c", "other")
        self.assert_fault("the branch is other; a release is made of main")

    def test_tag(self):
        self.git("tag", "v1.2.0")
        self.assert_fault("v1.2.0 is tagged already: set the next version in Sources/WavAnalysis/Version.swift.")

    def test_form_of_version(self):
        for version in ("1.2", "1.2.0-beta", "01.2.0", ""):
            self.assertIn(f'the version "{version}" in Sources/WavAnalysis/Version.swift is not', self.check(version).stdout)

    def test_section_missing(self):
        self.change_log("# Changelog\n\n## Unreleased\n\n- New.\n")
        self.assert_fault(f'has no section "## 1.2.0 - {TODAY}": rename "## Unreleased" to it')

    def test_section_of_longer_version(self):
        self.change_log(f"# Changelog\n\n## 1.2.01 - {TODAY}\n\n- New.\n")
        self.assert_fault("CHANGELOG.md has no section")

    def test_section_without_date(self):
        for date in ("soon", "2026-13-01", "Unreleased"):
            self.change_log(f"## 1.2.0 - {date}\n\n- New.\n")
            self.assert_fault(f'dates 1.2.0 "{date}": write "## 1.2.0 - {TODAY}"')

    def test_section_of_the_future(self):
        day = TODAY + datetime.timedelta(days=2)
        self.change_log(f"## 1.2.0 - {day}\n\n- New.\n")
        self.assert_fault(f"dates 1.2.0 {day}, which is in the future")

    def test_empty_section(self):
        self.change_log(f"## 1.2.0 - {TODAY}\n\n## 1.1.0 - 2026-01-01\n\n- Old.\n")
        self.assert_fault("the section of 1.2.0 in CHANGELOG.md is empty")

    def test_entries_left_over(self):
        self.change_log(f"## Unreleased\n\n- Late.\n\n## 1.2.0 - {TODAY}\n\n- New.\n")
        self.assert_fault('still has entries under "Unreleased": move them to the section of 1.2.0')
        self.change_log(f"## Unreleased\n\n## 1.2.0 - {TODAY}\n\n- New.\n")
        self.assertEqual(self.check().returncode, 0)

    def test_documents(self):
        self.write("docs/install.md", "apt-get install ./wavfft_1.1.0_amd64.deb\n")
        self.commit()
        self.assert_fault("the documents name wavfft_1.1.0_amd64.deb (docs/install.md ), the version is 1.2.0")

    # The long part, with a program in the place of make.

    def release(self, make):
        """Runs the whole script; make is a shell command for the target in $2."""
        program = self.root / ".build/make"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\necho "$2" >> .build/targets\n{make}\n')
        program.chmod(0o755)
        return subprocess.run([self.root / "packaging/release.sh", "1.2.0"], env={**os.environ, "MAKE": str(program)},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def targets(self):
        path = self.root / ".build/targets"
        return path.read_text().split() if path.exists() else []

    def test_release(self):
        result = self.release("[ $2 != test-deb ] || echo a > .build/wavfft_1.2.0_amd64.deb\n"
                              "[ $2 != dist ] || echo b > .build/wavfft-1.2.0.tar.gz")
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("Everything is in order for wavfft 1.2.0.", result.stdout)
        for text, name in (("a", "wavfft_1.2.0_amd64.deb"), ("b", "wavfft-1.2.0.tar.gz")):
            digest = hashlib.sha256(f"{text}\n".encode()).hexdigest()
            self.assertIn(f"   {digest}  .build/{name}", result.stdout)
        # Every target with tests of the Makefile that needs no special machine.
        makefile = (SOURCE / "Makefile").read_text()
        tests = set(re.findall(r"^(test(?:-\w+)?|lint|example|dist|check-mutants):", makefile, re.MULTILINE))
        self.assertEqual(set(self.targets()), tests - {"test-arm", "test-clusters"})

    def test_release_stops_at_a_failure(self):
        result = self.release("[ $2 != test-formats ]")
        self.assertEqual(result.returncode, 1)
        self.assertIn("Not in order: make test-formats has failed, see above.", result.stdout)
        self.assertEqual(self.targets()[-1], "test-formats")
        self.assertNotIn("git tag", result.stdout)

    def test_release_without_files(self):
        result = self.release("true")
        self.assertEqual(result.returncode, 1)
        self.assertIn("Not in order: .build/wavfft_1.2.0_*.deb was not made.", result.stdout)

    def test_release_sees_what_tests_change(self):
        result = self.release("[ $2 != test ] || echo more >> README.md")
        self.assertEqual(result.returncode, 1)
        self.assertIn("the tests have changed files of the working tree", result.stdout)

    def test_faults_come_before_the_long_part(self):
        self.write("new.txt", "")
        self.assertEqual(self.release("true").returncode, 1)
        self.assertEqual(self.targets(), [])

    def test_outside_git(self):
        shutil.rmtree(self.root / ".git")
        result = self.check()
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout, "Not in order: a release is made of a clone, and this folder belongs to no git.\n")

    def test_all_faults_at_once(self):
        self.git("switch", "-q", "-c", "other")
        self.git("tag", "v1.2.0")
        result = self.check()
        self.assertIn("2 to mend", result.stdout)


if __name__ == "__main__":
    unittest.main()
