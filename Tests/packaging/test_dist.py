# SPDX-License-Identifier: GPL-2.0-or-later
"""packaging/dist.sh: an archive that is the same each time, and resolves its dependencies without git or network."""

import os
import pathlib
import subprocess
import tarfile
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]


@unittest.skipUnless((SOURCE / ".git").exists(), "an archive is made in a git repository only")
class DistTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        swift = subprocess.run([SOURCE / "packaging/find-swift.sh"], stdout=subprocess.PIPE, text=True, check=True)
        cls.swift = swift.stdout.strip()
        subprocess.run([cls.swift, "package", "resolve"], cwd=SOURCE, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        cls.archive = cls.dist()
        cls.bytes = cls.archive.read_bytes()

    @classmethod
    def dist(cls):
        result = subprocess.run([SOURCE / "packaging/dist.sh", "9.8.7"], stdout=subprocess.PIPE, check=True, text=True,
                                stderr=subprocess.DEVNULL)
        return SOURCE / result.stdout.strip()

    @classmethod
    def tearDownClass(cls):
        cls.archive.unlink()

    def test_same_bytes(self):
        self.assertEqual(self.dist().read_bytes(), self.bytes)

    def test_contents(self):
        with tarfile.open(self.archive) as tar:
            members = {member.name: member for member in tar}
        for name in ("Makefile", "packaging/setup.sh", "dependencies/swift-system/LICENSE.txt",
                     "dependencies/swift-argument-parser/Package.swift"):
            self.assertIn("wavfft-9.8.7/" + name, members)
        self.assertFalse([name for name in members if "/.git/" in name or "/.build" in name])
        time = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=SOURCE, stdout=subprocess.PIPE, text=True)
        self.assertEqual({member.mtime for member in members.values()}, {int(time.stdout)})
        self.assertEqual({(member.uid, member.gid) for member in members.values()}, {(0, 0)})

    def test_resolves_without_git(self):
        with tempfile.TemporaryDirectory() as folder, tarfile.open(self.archive) as tar:
            tar.extractall(folder)
            fake = pathlib.Path(folder) / "bin/git"
            fake.parent.mkdir()
            fake.write_text("#!/bin/sh\necho git was asked >&2\nexit 1\n")
            fake.chmod(0o755)
            environment = {**os.environ, "PATH": f"{fake.parent}:{os.environ['PATH']}"}
            result = subprocess.run([self.swift, "package", "show-dependencies"], cwd=f"{folder}/wavfft-9.8.7",
                                    env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            self.assertEqual(result.returncode, 0, result.stdout)
            self.assertIn("wavfft-9.8.7/dependencies/swift-system", result.stdout)
            self.assertNotIn("git was asked", result.stdout)


if __name__ == "__main__":
    unittest.main()
