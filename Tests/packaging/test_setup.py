# SPDX-License-Identifier: GPL-2.0-or-later
"""packaging/setup.sh in a world of stand-ins: what it installs, by which way, and what it says first."""

import http.server
import io
import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
import threading
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
REAL = ("sh", "env", "sed", "grep", "head", "sort", "tr", "dirname", "mktemp", "tar", "gzip", "rm", "cat", "uname", "cp",
        "chmod", "mkdir", "curl")
SWIFT = "#!/bin/sh\necho 'Swift version {} (swift-{}-RELEASE)'\n"

# Names and versions stand in files: "installed", "offered" (what apt knows after an update), "known" (what it knows now).
FAKES = {
    "dpkg-query": 'for name; do :; done\ngrep -qx "$name" "$WORLD/installed" && echo "install ok installed"',
    "apt-cache": 'sed -n "s/^$2 \\(.*\\)/$2:\\n  Candidate: \\1/p" "$WORLD/known"',
    "apt-get": """echo "$(cat "$WORLD/as") apt-get $*" >>"$WORLD/log"
case $1 in
  update) cp "$WORLD/offered" "$WORLD/known" ;;
  install)
    for name; do
      case $name in
        install | -*) ;;
        *)
          version=$(sed -n "s/^$name //p" "$WORLD/known")
          [ -n "$version" ] || { echo "E: Unable to locate package $name" >&2; exit 100; }
          echo "$name" >>"$WORLD/installed"
          [ "$name" != swiftlang ] || { cp "$WORLD/swift-$version" "$WORLD/bin/swift"; chmod +x "$WORLD/bin/swift"; }
          ;;
      esac
    done
    ;;
esac""",
    "id": 'cat "$WORLD/id"',
}
SUDO = 'echo sudo >"$WORLD/as"\n"$@"\nstatus=$?\necho user >"$WORLD/as"\nexit $status'
SWIFTLY = """#!/bin/sh
echo "swiftly $*" >>"$WORLD/log"
bin=$SWIFTLY_HOME_DIR/bin
case $1 in
  init) mkdir -p "$bin"; cp "$0" "$bin/swiftly"; echo "PATH=$bin:\\$PATH" >"$SWIFTLY_HOME_DIR/env.sh" ;;
  install) cp "$WORLD/swift-6.3.1" "$bin/swift"; chmod +x "$bin/swift" ;;
esac
"""
BOOKWORM = """fftw-dev 3 binutils 2.40 g++ 12 git 2.39 ca-certificates 2023 libcurl4 7.88 libncurses6 6.4 libsqlite3-0 3.40
libxml2 2.9 zlib1g 1.2 curl 7.88 gnupg 2.2""".split()
NEWER = """fftw-dev 3 binutils 2.45 binutils-gold 2.45 g++ 15 git 2.50 ca-certificates 2025 libcurl4t64 8.17 libncurses6 6.5
libsqlite3-0 3.46 libxml2-16 2.15 zlib1g 1.3 curl 8.17 gnupg 2.4""".split()


class SetupTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.world = pathlib.Path(folder.name)
        (self.world / "bin").mkdir()
        for name in REAL:
            (self.world / "bin" / name).symlink_to(shutil.which(name, path="/usr/bin:/bin"))
        for name, text in FAKES.items():
            self.program(name, "#!/bin/sh\n" + text + "\n")
        for version in ("5.10.1", "6.2.3", "6.3.1"):
            (self.world / f"swift-{version}").write_text(SWIFT.format(version, version))
        for name in ("installed", "known", "offered", "log"):
            (self.world / name).write_text("")
        self.become(0)
        self.offer(BOOKWORM)

    def program(self, name, text):
        path = self.world / "bin" / name
        path.write_text(text)
        path.chmod(0o755)

    def become(self, user):
        (self.world / "id").write_text(f"{user}\n")
        (self.world / "as").write_text("root\n" if user == 0 else "user\n")

    def offer(self, names_and_versions, more=()):
        pairs = list(names_and_versions) + list(more)
        (self.world / "offered").write_text("".join(f"{a} {b}\n" for a, b in zip(pairs[::2], pairs[1::2])))

    def has_swift(self, version):
        self.program("swift", SWIFT.format(version, version))

    def setup(self, *arguments, address="http://127.0.0.1:1/swiftly.tar.gz", **environment):
        variables = {"PATH": str(self.world / "bin"), "WORLD": str(self.world), "HOME": str(self.world),
                     "SWIFTLY_HOME_DIR": str(self.world / "swiftly"), "SWIFTLY_ADDRESS": address, **environment}
        return subprocess.run([SOURCE / "packaging/setup.sh", *(arguments or ("--swift", "fftw-dev"))], env=variables,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    @property
    def log(self):
        return (self.world / "log").read_text().splitlines()

    def installed(self):
        return (self.world / "installed").read_text().split()

    def test_nothing_is_missing(self):
        self.has_swift("6.3.1")
        self.setup()
        (self.world / "log").write_text("")
        result = self.setup()
        self.assertEqual((result.returncode, result.stdout, self.log), (0, "", []))

    def test_bare_machine(self):
        self.has_swift("6.3.1")
        result = self.setup()
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertEqual(len(self.log), 2)
        self.assertEqual(self.log[0], "root apt-get update -qq")
        self.assertEqual(self.installed(), BOOKWORM[:20:2])
        self.assertIn("Installing: fftw-dev binutils g++", result.stdout)

    def test_names_of_newer_releases(self):
        self.has_swift("6.3.1")
        self.offer(NEWER)
        self.assertEqual(self.setup().returncode, 0)
        self.assertEqual(self.installed(), NEWER[:22:2])

    def test_only_what_is_missing(self):
        self.has_swift("6.3.1")
        self.setup()
        (self.world / "log").write_text("")
        self.offer(BOOKWORM, ["python3", "3.11"])
        self.assertEqual(self.setup("fftw-dev", "python3").stdout, "Installing: python3 \n")
        self.assertIn("apt-get install -y -qq --no-install-recommends python3", self.log[1])

    def test_sudo(self):
        self.has_swift("6.3.1")
        self.become(1000)
        self.program("sudo", "#!/bin/sh\n" + SUDO + "\n")
        self.assertEqual(self.setup().returncode, 0)
        self.assertEqual([line.split()[0] for line in self.log], ["sudo", "sudo"])

    def test_without_root(self):
        self.has_swift("6.3.1")
        self.become(1000)
        result = self.setup()
        self.assertEqual(result.returncode, 1)
        self.assertIn("needs root to install: run `make setup` as root, or install sudo. Missing: fftw-dev", result.stdout)
        self.assertEqual(self.log, [])

    def test_unknown_package(self):
        self.has_swift("6.3.1")
        result = self.setup("no-such-package")
        self.assertEqual(result.returncode, 1)
        self.assertIn("Unable to locate package no-such-package", result.stdout)
        self.assertIn("apt-get could not install these packages, see above: no-such-package", result.stdout)

    def test_swift_of_the_distribution(self):
        self.offer(NEWER, ["swiftlang", "6.2.3-4build1", "swiftlang-dev", "6.2.3-4build1"])
        (self.world / "swift-6.2.3-4build1").write_text(SWIFT.format("6.2.3", "6.2.3"))
        result = self.setup()
        self.assertEqual(result.returncode, 0, result.stdout)
        said = result.stdout.index("installing Swift 6.2.3 of this distribution (swiftlang)")
        self.assertLess(said, result.stdout.index("Installing: swiftlang swiftlang-dev"))

    def test_swift_of_swiftly(self):
        """The distribution's Swift is too old, and so is the one in PATH: swiftly's is installed, found and used."""
        self.has_swift("5.10.1")
        self.offer(BOOKWORM, ["swiftlang", "6.0.3-2"])
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w:gz") as tar:
            member = tarfile.TarInfo("swiftly")
            member.size, member.mode = len(SWIFTLY), 0o755
            tar.addfile(member, io.BytesIO(SWIFTLY.encode()))
        result = self.setup(address=self.serve(archive.getvalue()))
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn(f"with swiftly, the installer of swift.org, into {self.world}/swiftly (about", result.stdout)
        self.assertEqual([line.split()[1] for line in self.log if line.startswith("swiftly")], ["init", "install"])
        found = subprocess.run([SOURCE / "packaging/find-swift.sh"], stdout=subprocess.PIPE, text=True, env={
            "PATH": str(self.world / "bin"), "HOME": "/", "SWIFTLY_HOME_DIR": str(self.world / "swiftly")})
        self.assertEqual(found.stdout, f"{self.world}/swiftly/bin/swift\n")

    def test_swiftly_out_of_reach(self):
        result = self.setup()
        self.assertEqual(result.returncode, 1)
        self.assertIn("http://127.0.0.1:1/swiftly.tar.gz cannot be loaded: install Swift yourself", result.stdout)

    def test_chosen_swift(self):
        """SWIFT names another one than that in PATH."""
        self.setup("fftw-dev")
        self.has_swift("5.10.1")
        (self.world / "own-swift").write_text(SWIFT.format("6.2", "6.2"))
        (self.world / "own-swift").chmod(0o755)
        self.assertEqual(self.setup(SWIFT=str(self.world / "own-swift")).returncode, 0)

    def test_chosen_swift_that_is_none(self):
        """SWIFT is not passed over in silence."""
        self.has_swift("6.3.1")
        self.setup("fftw-dev")
        for swift in ("/nonexistent/swift", str(self.world / "swift-5.10.1")):
            result = self.setup(SWIFT=swift)
            self.assertEqual(result.returncode, 1)
            self.assertIn(f"SWIFT={swift} is not Swift 6.2 or later: name another one, or leave SWIFT out", result.stdout)

    def test_left_out(self):
        result = self.setup(SETUP="no")
        self.assertEqual((result.returncode, result.stdout, self.log), (0, "", []))

    def test_archive_needs_no_git(self):
        self.has_swift("6.3.1")
        root = self.world / "wavfft-1.2.3"
        shutil.copytree(SOURCE / "packaging", root / "packaging")
        (root / "dependencies").mkdir()
        variables = {"PATH": str(self.world / "bin"), "WORLD": str(self.world)}
        result = subprocess.run([root / "packaging/setup.sh", "--swift", "fftw-dev"], env=variables,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertEqual(self.installed(), [name for name in BOOKWORM[:20:2] if name not in ("git", "ca-certificates")])

    def test_order_of_versions(self):
        for version, is_enough in (("6.2", True), ("6.1.3", False), ("6.10", True), ("10.0", True), ("5.10.1", False), ("", False)):
            result = subprocess.run([SOURCE / "packaging/find-swift.sh", "--is-new-enough", version])
            self.assertEqual(result.returncode == 0, is_enough, version)

    def test_without_apt(self):
        (self.world / "bin/apt-get").unlink()
        result = self.setup()
        self.assertEqual(result.returncode, 1)
        self.assertIn("Swift 6.2 or later is needed", result.stdout)
        self.has_swift("6.3.1")
        result = self.setup()
        self.assertEqual(result.returncode, 0)
        self.assertIn("what these Debian packages hold must be installed already: fftw-dev", result.stdout)

    def serve(self, body):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}/swiftly.tar.gz"


if __name__ == "__main__":
    unittest.main()
