# SPDX-License-Identifier: GPL-2.0-or-later
"""packaging/install.sh: what is installed is taken away again, and nothing else is touched."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
LIST = "share/doc/wavfft/installed-files"


def tree(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


class InstallTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.root = self.folder / "root"
        self.generated = self.folder / "generated"
        for name in ("completions/wavfft.bash", "completions/_wavfft", "completions/wavfft.fish",
                     "man/wavfft.1", "man/wavfft-batch.1", "man/wavfft-formats.5"):
            path = self.generated / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
        self.program = self.folder / "program"
        self.program.write_text("#!/bin/sh\necho program\n")
        self.program.chmod(0o755)

    def run_script(self, *arguments, prefix="/usr/local", root=None):
        environment = {**os.environ, "DESTDIR": str(self.root if root is None else root), "PREFIX": prefix}
        return subprocess.run([SOURCE / "packaging/install.sh", *arguments], env=environment, cwd=self.folder,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def install(self, **options):
        result = self.run_script(self.program, self.generated, **options)
        self.assertEqual((result.returncode, result.stdout), (0, ""))

    def uninstall(self, **options):
        result = self.run_script("--uninstall", **options)
        self.assertEqual(result.returncode, 0, result.stdout)
        return result.stdout

    def test_places(self):
        self.install()
        files = tree(self.root)
        for name in ("bin/wavfft", "share/man/man1/wavfft.1", "share/man/man1/wavfft-batch.1",
                     "share/man/man5/wavfft-formats.5", "share/bash-completion/completions/wavfft",
                     "share/zsh/site-functions/_wavfft", "share/fish/vendor_completions.d/wavfft.fish",
                     "share/doc/wavfft/README.md", "share/doc/wavfft/docs/numbers.md"):
            self.assertIn("usr/local/" + name, files)
        self.assertEqual((self.root / "usr/local/bin/wavfft").stat().st_mode & 0o777, 0o755)
        self.assertEqual((self.root / "usr/local/share/man/man1/wavfft.1").stat().st_mode & 0o777, 0o644)

    def test_links_of_documents(self):
        """They lead to what is installed, or to what only developers have."""
        self.install()
        folder = self.root / "usr/local/share/doc/wavfft"
        for document in folder.rglob("*.md"):
            for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text()):
                place = (document.parent / target).resolve().relative_to(folder.resolve())
                if place.parts[0] not in ("benchmarks", "fixtures", "Tests", "Sources", "Examples", ".ci"):
                    self.assertTrue((folder / place).exists(), f"{document.name}: {target}")

    def test_nothing_is_left_out_silently(self):
        for name in ("man", "completions"):
            shutil.move(self.generated / name, self.folder / "elsewhere")
            result = self.run_script(self.program, self.generated)
            self.assertEqual(result.returncode, 1)
            self.assertIn(f"/{name} is not there: run `make` first.", result.stdout)
            shutil.move(self.folder / "elsewhere", self.generated / name)

    def test_list_is_complete(self):
        self.install()
        lines = (self.root / "usr/local" / LIST).read_text().splitlines()
        self.assertEqual(sorted(line[2:] for line in lines), tree(self.root))

    def test_uninstall_leaves_nothing(self):
        self.install()
        self.uninstall()
        self.assertEqual(tree(self.root), [])

    def test_only_below_the_destination(self):
        before = [name for name in tree(self.folder) if not name.startswith("root")]
        self.install(prefix="/opt/wavfft")
        self.assertEqual([name for name in tree(self.folder) if not name.startswith("root")], before)
        self.assertIn("opt/wavfft/bin/wavfft", tree(self.root))
        self.uninstall(prefix="/opt/wavfft")
        self.assertEqual(tree(self.root), [])

    def test_without_destination(self):
        prefix = str(self.folder / "own place")
        self.install(prefix=prefix, root="")
        self.assertTrue((self.folder / "own place/bin/wavfft").exists())
        self.uninstall(prefix=prefix, root="")
        self.assertFalse((self.folder / "own place").exists())

    def test_what_was_there_stays(self):
        (self.root / "usr/local/bin").mkdir(parents=True)
        (self.root / "usr/local/share/man/man1").mkdir(parents=True)
        before = tree(self.root)
        self.install()
        (self.root / "usr/local/share/doc/wavfft/notes.txt").write_text("mine")
        self.uninstall()
        self.assertEqual(tree(self.root), sorted(before + ["usr/local/share/doc", "usr/local/share/doc/wavfft",
                                                           "usr/local/share/doc/wavfft/notes.txt"]))

    def test_older_version_is_replaced(self):
        self.install()
        (self.generated / "man/wavfft-batch.1").unlink()
        self.install()
        self.assertNotIn("usr/local/share/man/man1/wavfft-batch.1", tree(self.root))
        self.uninstall()
        self.assertEqual(tree(self.root), [])

    def test_uninstall_of_nothing(self):
        self.assertIn("Nothing to uninstall: there is no " + str(self.root), self.uninstall())

    def test_program_not_built(self):
        self.program.unlink()
        result = self.run_script(self.program, self.generated)
        self.assertEqual(result.returncode, 1)
        self.assertIn("run `make` first", result.stdout)
        self.assertFalse(self.root.exists())

    def test_make(self):
        """What `make install` installs, `make uninstall` takes away."""
        for target in ("install", "uninstall"):
            subprocess.run(["make", "-s", "-C", SOURCE, target, f"DESTDIR={self.root}", "PREFIX=/usr"], check=True,
                           stdout=subprocess.DEVNULL)
            if target == "install":
                output = subprocess.run([self.root / "usr/bin/wavfft", "--version"], stdout=subprocess.PIPE, text=True)
                self.assertRegex(output.stdout, r"^wavfft \d+\.\d+\.\d+\n")
        self.assertEqual(tree(self.root), [])


if __name__ == "__main__":
    unittest.main()
