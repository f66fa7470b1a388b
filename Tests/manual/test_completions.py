# SPDX-License-Identifier: GPL-2.0-or-later
"""Completions, as the shells themselves offer them behind a typed line and the tabulator key."""

import fcntl
import os
import pty
import shutil
import subprocess
import tempfile
import termios
import time
import unittest
from pathlib import Path

from program import PROGRAM, commands, help_options, output

# Names of the scripts, by the conventions of the shells.
SCRIPTS = {"bash": "wavfft.bash", "zsh": "_wavfft", "fish": "wavfft.fish"}


class TypedShell:
    """An interactive shell on a terminal of its own, whose completion function writes what it offers to a file."""

    def __init__(self, arguments, script, folder):
        self.folder = folder
        self.offered = folder / "offered"
        self.done = folder / "done"
        self.terminal, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, b"\x18\x00\xa0\x00\0\0\0\0")
        self.process = subprocess.Popen(
            arguments, stdin=other, stdout=other, stderr=other, start_new_session=True, cwd=folder / "work",
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "dumb", "LC_ALL": "C.UTF-8",
                 "OFFERED": str(self.offered), "DONE": str(self.done)},
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(other)
        os.set_blocking(self.terminal, False)
        self.type(script + "; : > $DONE\n")
        self.wait()

    def type(self, text):
        os.write(self.terminal, text.encode())

    def wait(self):
        end = time.monotonic() + 30
        seen = b""
        while not self.done.exists():
            try:
                seen += os.read(self.terminal, 65536)
            except BlockingIOError:
                time.sleep(0.01)
            if time.monotonic() > end:
                raise AssertionError(f"the shell offers nothing: {seen.decode(errors='replace')}")
        self.done.unlink()

    def offers(self, line):
        self.offered.unlink(missing_ok=True)
        self.type("\x15" + line + "\t")
        self.wait()
        self.type("\x15")
        return {word.strip() for word in self.offered.read_text().splitlines() if word.strip()}

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)


class Completions:
    """What every shell offers."""

    shell = ""

    @classmethod
    def setUpClass(cls):
        if not shutil.which(cls.shell):
            raise unittest.SkipTest(f"{cls.shell} is not installed")
        holder = tempfile.TemporaryDirectory(prefix="wavfft-completions-")
        cls.addClassCleanup(holder.cleanup)
        cls.folder = Path(holder.name)
        (cls.folder / "bin").mkdir()
        (cls.folder / "bin/wavfft").symlink_to(Path(PROGRAM).resolve())
        cls.script = cls.folder / SCRIPTS[cls.shell]
        cls.script.write_text(output("--generate-completion-script", cls.shell))
        work = cls.folder / "work"
        (work / "recordings").mkdir(parents=True)
        for name in ("bach.wav", "LOUD.WAV", "song.flac", "notes.txt", "letter.odt", "amp.json", "old.svg", "r.xml"):
            (work / name).touch()
        cls.start()

    def assertOffers(self, line, wanted, unwanted=()):
        offered = {word.rstrip("/") for word in self.offers(line)}
        self.assertEqual(set(wanted) - offered, set(), f"{line!r} offers {sorted(offered)}")
        self.assertEqual(set(unwanted) & offered, set(), f"{line!r} offers {sorted(offered)}")

    def assertOffersOnly(self, line, wanted):
        self.assertEqual({word.rstrip("/") for word in self.offers(line)}, set(wanted), line)

    def test_options_without_a_subcommand(self):
        self.assertOffersOnly("wavfft --me", ["--method", "--memory"])
        self.assertOffersOnly("wavfft bach.wav --me", ["--method", "--memory"])

    def test_every_option_of_help(self):
        for command in commands():
            name = command["commandName"]
            self.assertOffers(f"wavfft {name} --", help_options(name))

    def test_options_belong_to_their_command(self):
        self.assertOffers("wavfft --", ["--plot"], ["--out-dir", "--tolerance-db"])
        self.assertOffers("wavfft batch --", ["--out-dir", "--no-timings"], ["--plot", "--tolerance-db"])
        self.assertOffers("wavfft compare bach.wav amp.json --", ["--tolerance-db"], ["--plot", "--out-dir"])

    def test_values(self):
        self.assertOffersOnly(
            "wavfft bach.wav --method ", ["exact", "decimated", "welch", "spectrogram"])
        self.assertOffersOnly("wavfft bach.wav --window ha", ["hann", "hamming"])
        self.assertOffersOnly("wavfft --theme ", ["auto", "light", "dark", "print"])
        self.assertOffersOnly("wavfft --bands t", ["third-octave", "twelfth"])
        self.assertOffersOnly("wavfft batch recordings --summary-format ", ["csv", "ndjson"])
        self.assertOffers("wavfft batch recordings --format ", ["svg", "csv", "html"])

    def test_values_after_an_equals_sign(self):
        for line in ("wavfft bach.wav --theme=d", "wavfft --theme=d", "wavfft batch recordings --theme=d"):
            self.assertOffersOnly(line, [self.after_equals("--theme", "dark")])
        self.assertOffersOnly(
            "wavfft --theme=", [self.after_equals("--theme", word) for word in ("auto", "light", "dark", "print")])

    def after_equals(self, option, value):
        return value

    def test_suggested_numbers(self):
        self.assertOffersOnly("wavfft bach.wav --parts ", ["2", "4", "8", "16"])
        self.assertOffersOnly("wavfft bach.wav --channel ", ["mix", "left", "right", "each", "1", "2"])
        self.assertOffersOnly("wavfft bach.wav --band ", ["full", "20:20000"])

    def test_values_that_a_command_refuses(self):
        for line in ("wavfft compare bach.wav amp.json", "wavfft overlay bach.wav amp.json"):
            self.assertOffersOnly(f"{line} --method ", ["exact", "decimated", "welch"])
            self.assertOffersOnly(f"{line} --channel ", ["mix", "left", "right", "1", "2"])
        self.assertOffersOnly("wavfft overlay bach.wav amp.json --points ", ["1024", "4096", "16384"])
        self.assertOffersOnly("wavfft compare bach.wav amp.json --points ", ["1024", "4096", "16384", "all"])

    def test_recordings_and_subcommands(self):
        recordings = ["bach.wav", "LOUD.WAV", "song.flac", "recordings"]
        others = ["notes.txt", "letter.odt", "old.svg"]
        self.assertOffers("wavfft ", ["batch", "batch-merge", "compare", "overlay", *recordings], others)
        self.assertOffersOnly("wavfft ba", ["batch", "batch-merge", "bach.wav"])
        self.assertOffers("wavfft batch ", recordings, others + ["amp.json", "compare"])
        self.assertOffers("wavfft batch recordings ", recordings, others)

    def test_spectra(self):
        for line in ("wavfft compare ", "wavfft compare bach.wav ", "wavfft overlay bach.wav song.flac "):
            self.assertOffers(line, ["amp.json", "bach.wav", "recordings", "notes.txt"], ["letter.odt", "old.svg"])

    def test_outputs(self):
        self.assertOffers("wavfft bach.wav --out ", ["old.svg", "amp.json", "recordings"], ["notes.txt", "bach.wav"])
        self.assertOffers("wavfft compare bach.wav amp.json --junit ", ["r.xml"], ["bach.wav", "old.svg"])
        for line in ("wavfft batch recordings --out-dir ", "wavfft bach.wav --scratch-dir "):
            self.assertOffersOnly(line, ["recordings"])


class Bash(Completions, unittest.TestCase):
    shell = "bash"

    @classmethod
    def start(cls):
        typed = TypedShell(["bash", "--norc", "--noprofile", "-i"], (
            f"PATH={cls.folder}/bin:$PATH; source {cls.script}; complete -p wavfft > $OFFERED.function; "
            "offer() { _wavfft_or_analyze \"$@\"; printf '%s\\n' \"${COMPREPLY[@]}\" > $OFFERED; : > $DONE; }; "
            "complete -o filenames -F offer wavfft"), cls.folder)
        cls.addClassCleanup(typed.close)
        cls.offers = staticmethod(typed.offers)

    def test_the_function_is_registered(self):
        self.assertIn("-F _wavfft_or_analyze wavfft", (self.folder / "offered.function").read_text())


class Zsh(Completions, unittest.TestCase):
    shell = "zsh"

    @classmethod
    def start(cls):
        # As installed: a function that compinit finds in a folder of fpath. compadd receives all candidates.
        typed = TypedShell(["zsh", "-f", "-i"], (
            f"PATH={cls.folder}/bin:$PATH; fpath=({cls.folder} $fpath); autoload -Uz compinit; compinit -u -D; "
            "compadd() { if [[ \" $* \" != *' -[ODA] '* && -z ${argv[(r)-[ODA]*]} ]]; then "
            "local -a found; builtin compadd -O found \"$@\"; print -rl -- $found >> $OFFERED; fi; "
            "builtin compadd \"$@\" }; "
            "offer() { : > $OFFERED; zle complete-word; : > $DONE }; zle -N offer; "
            "zstyle ':completion:*' list-prompt ''; LISTMAX=0; bindkey -e; bindkey '\\t' offer; bindkey '^U' kill-whole-line"),
            cls.folder)
        cls.addClassCleanup(typed.close)
        cls.offers = staticmethod(typed.offers)


class Fish(Completions, unittest.TestCase):
    shell = "fish"

    @classmethod
    def start(cls):
        pass

    def offers(self, line):
        answer = subprocess.run(
            ["fish", "--no-config", "-c", f"set -p PATH {self.folder}/bin; source {self.script}; complete -C '{line}'"],
            cwd=self.folder / "work", capture_output=True, text=True, check=True,
            env=os.environ | {"HOME": str(self.folder)})
        return {word.split("\t")[0] for word in answer.stdout.splitlines()}

    def after_equals(self, option, value):
        return f"{option}={value}"


if __name__ == "__main__":
    unittest.main()
