#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Kills, interrupts and starves wavfft at random moments, and counts the failures.

    soak.py [--wavfft PATH] [--kills 200] [--coordinators 50] [--signals 60] [--only NAME] [--seed N]

Workers are killed at random moments, coordinators are killed, signals are sent, files change while
they are read, and shared memory and disks are too small (in mount namespaces, as root or where
`unshare -rm` is allowed). After every run it checks that the outputs have the same bytes as
those of an undisturbed run, or do not exist; that nothing is left in /dev/shm or beside the outputs;
and that no process survives.

Prints a table. Exit status 1 if any check fails.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TIMEOUT = 60

# Runs with every engine, mapped and decoded samples, bands and every bin.
JOBS = {
    "four-step": ["noise.wav", "--points", "all", "--out", "x.csv", "--out", "x.npy"],
    "four-step, double": ["noise.wav", "--precision", "double", "--out", "x.csv"],
    "decimated": ["noise.wav", "--parts", "8", "--out", "x.csv"],
    "chirp": ["prime.wav", "--length", "exact", "--out", "x.csv"],
    "parts": ["prime.wav", "--length", "exact", "--parts", "3", "--out", "x.csv"],
    "decoded": ["noise.flac", "--out", "x.csv"],
    "over the disk": [
        "noise.wav", "--memory", "44M", "--scratch-dir", ".", "--points", "all", "--out", "x.npy",
    ],
    "over the disk, two workers": [
        "noise.wav", "--memory", "170M", "--scratch-dir", ".", "--length", "16777216",
        "--precision", "double", "--out", "x.csv",
    ],
    "over the disk, decimated": [
        "noise.wav", "--memory", "44M", "--scratch-dir", ".", "--parts", "8", "--out", "x.csv",
    ],
}


def write_wav(path, frames, generator):
    """Writes stereo 16-bit noise."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes(generator.randbytes(4 * frames))


class Soak:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.random = random.Random(options.seed)
        self.rows = []
        self.jobs = {name: JOBS[name] for name in JOBS if options.only in name}
        self.is_good = True

    def start(self, arguments, **more):
        """Starts the program; its report is discarded, its errors go to a file."""
        errors = open(self.folder / "errors", "w+")
        command = [self.options.wavfft, *arguments, "--report", "none", "--workers", "3"]
        process = subprocess.Popen(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=errors, **more
        )
        process.errors = errors
        return process

    def finish(self, process):
        """Waits; returns the status and the messages, or None after a hang."""
        try:
            status = process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            return None, "hang"
        process.errors.seek(0)
        text = process.errors.read()
        process.errors.close()
        return status, text

    def outputs(self):
        """Returns the contents of existing outputs."""
        return {each.name: each.read_bytes() for each in sorted(self.folder.glob("x.*"))}

    def clear(self):
        for each in self.folder.glob("x.*"):
            each.unlink()

    def leftovers(self):
        """Returns names of shared memory, hidden files and processes that should not exist."""
        found = [each for each in os.listdir("/dev/shm") if each.startswith("wavfft")]
        found += [each.name for each in self.folder.iterdir() if each.name.startswith(".")]
        return found + [f"process {each}" for each in self.survivors()]

    def survivors(self):
        found = []
        for each in os.listdir("/proc"):
            try:
                if each.isdigit() and os.readlink(f"/proc/{each}/cwd") == str(self.folder):
                    found.append(int(each))
            except OSError:
                pass
        return found

    def row(self, what, runs, **counts):
        bad = {key: value for key, value in counts.items() if value and key != "note"}
        note = counts.get("note", "")
        text = ", ".join(f"{value} {key.replace('_', ' ')}" for key, value in bad.items())
        self.rows.append((what, runs, text or "none", note))
        self.is_good &= not bad
        print(f"{what}: {runs} runs, failures: {text or 'none'} {note}", file=sys.stderr, flush=True)

    def references(self):
        """Runs every job undisturbed; returns outputs and seconds of each."""
        result = {}
        for name, arguments in self.jobs.items():
            self.clear()
            begin = time.monotonic()
            status, text = self.finish(self.start(arguments))
            assert status == 0, text
            result[name] = (self.outputs(), time.monotonic() - begin)
        return result

    def children(self, process):
        try:
            path = f"/proc/{process.pid}/task/{process.pid}/children"
            return [int(each) for each in Path(path).read_text().split()]
        except OSError:
            return []

    def kill_workers(self, references):
        """Kills one to three workers of each run at random moments.

        Over the disk there are so few blocks that three may well die in the same one, which ends a run.
        """
        counts = dict(wrong_outputs=0, hangs=0, failed=0, leftovers=0)
        killed = runs = hit = 0
        # Runs that ended before the kill do not count.
        while hit < self.options.kills and runs < 5 * self.options.kills:
            name = list(self.jobs)[runs % len(self.jobs)]
            runs += 1
            before = killed
            expected, seconds = references[name]
            self.clear()
            process = self.start(JOBS[name])
            begin = time.monotonic()
            most = 2 if "disk" in name else 3
            for moment in sorted(
                self.random.uniform(0, seconds) for _ in range(self.random.randint(1, most))
            ):
                time.sleep(max(0, begin + moment - time.monotonic()))
                workers = self.children(process)
                if workers:
                    how = self.random.choice([signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
                    try:
                        os.kill(self.random.choice(workers), how)
                        killed += 1
                    except ProcessLookupError:
                        pass
            status, text = self.finish(process)
            hit += killed > before
            if status is None:
                counts["hangs"] += 1
            elif status != 0:
                counts["failed"] += 1
                print(name, status, text, file=sys.stderr)
            elif self.outputs() != expected:
                counts["wrong_outputs"] += 1
            counts["leftovers"] += bool(self.leftovers())
        self.row("workers killed", hit, **counts, note=f"{killed} kills")

    def kill_coordinators(self, references):
        counts = dict(leftovers=0, surviving_processes=0)
        for number in range(self.options.coordinators):
            name = list(self.jobs)[number % len(self.jobs)]
            self.clear()
            process = self.start(JOBS[name])
            time.sleep(self.random.uniform(0, references[name][1]))
            process.kill()
            process.wait()
            process.errors.close()
            deadline = time.monotonic() + 1
            while self.survivors() and time.monotonic() < deadline:
                time.sleep(0.01)
            counts["surviving_processes"] += bool(self.survivors())
            expected = references[name][0]
            left = self.leftovers() or any(
                self.outputs()[each] != expected[each] for each in self.outputs()
            )
            counts["leftovers"] += bool(left)
            if left:
                print("left:", left, self.leftovers(), name, file=sys.stderr)
        self.row("coordinator killed", self.options.coordinators, **counts)

    def send_signals(self, references):
        counts = dict(slow=0, wrong_endings=0, leftovers=0)
        slowest = 0
        for number in range(self.options.signals):
            name = list(self.jobs)[number % len(self.jobs)]
            which = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP][number % 3]
            self.clear()
            process = self.start(JOBS[name], start_new_session=True)
            time.sleep(self.random.uniform(0.01, references[name][1]))
            begin = time.monotonic()
            # To the whole process group, as a terminal does.
            os.killpg(process.pid, which)
            status, text = self.finish(process)
            seconds = time.monotonic() - begin
            slowest = max(slowest, seconds)
            counts["slow"] += seconds > 1
            line = "wavfft: stopped by a signal; "
            if status == -which and text == line + "the outputs are complete\n":
                counts["wrong_endings"] += self.outputs() != references[name][0]
            elif status == -which:
                counts["wrong_endings"] += text != line + "no output was written\n"
                counts["leftovers"] += bool(self.outputs())
            else:
                counts["wrong_endings"] += status != 0 or text != ""
            counts["leftovers"] += bool(self.leftovers())
        self.row("signals", self.options.signals, **counts, note=f"slowest {slowest:.2f} s")

    def change_files(self, references):
        counts = dict(crashes=0, wrong_outputs=0, leftovers=0)
        noticed = 0
        for number in range(30):
            expected, seconds = references["four-step"]
            self.clear()
            path = self.folder / "changing.wav"
            shutil.copyfile(self.folder / "noise.wav", path)
            arguments = ["changing.wav", *JOBS["four-step"][1:]]
            process = self.start(arguments)
            time.sleep(self.random.uniform(0.01, seconds))
            if number % 3 == 0:
                os.truncate(path, self.random.randrange(1000, path.stat().st_size))
            elif number % 3 == 1:
                with open(path, "r+b") as file:
                    file.seek(self.random.randrange(1000, path.stat().st_size))
                    file.write(b"changed")
            else:
                shutil.copyfile(self.folder / "prime.wav", self.folder / "other.wav")
                os.replace(self.folder / "other.wav", path)
            status, text = self.finish(process)
            if status == 65 and "changed while it was being read" in text:
                noticed += 1
            elif status == 65:
                # The file changed while its header was read.
                pass
            elif status == 0:
                counts["wrong_outputs"] += self.outputs() != expected
            else:
                counts["crashes"] += 1
                print(status, text, file=sys.stderr)
            counts["leftovers"] += bool(self.leftovers())
        self.row("files that change", 30, **counts, note=f"{noticed} noticed, the others too late")

    def shared_memory(self, references):
        """Runs where /dev/shm is missing, read-only, small or full, and where a disk is full."""
        unshare = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
        if subprocess.run([*unshare, "true"], capture_output=True).returncode != 0:
            self.row("shared memory and disks", 0, note="no mount namespaces here")
            return
        cases = {
            "missing": "mkdir dev; mount -t tmpfs none dev; for d in null urandom; do touch dev/$d; "
            "mount --bind /dev/$d dev/$d; done; mount --bind dev /dev",
            "read-only": "mount -t tmpfs -o ro none /dev/shm",
            "1 MB": "mount -t tmpfs -o size=1m none /dev/shm",
            "64 MB": "mount -t tmpfs -o size=64m none /dev/shm",
            "full": "mount -t tmpfs -o size=64m none /dev/shm; "
            "head -c 67108864 /dev/zero > /dev/shm/full",
        }
        counts = dict(wrong=0)
        kinds = []
        expected = references["four-step"][0]
        quoted = " ".join(f"'{each}'" for each in JOBS["four-step"])
        for name, mount in cases.items():
            self.clear()
            command = f"{mount}; exec {self.options.wavfft} {quoted}"
            done = subprocess.run(
                [*unshare, "sh", "-c", command], cwd=self.folder, capture_output=True, text=True
            )
            lines = [each for each in done.stdout.splitlines() if each.startswith("Memory")]
            kinds.append(f"{name}: {' '.join(lines).removeprefix('Memory').strip()}")
            if done.returncode != 0 or self.outputs() != expected:
                counts["wrong"] += 1
                print(name, done.returncode, done.stderr, file=sys.stderr)
            shutil.rmtree(self.folder / "dev", ignore_errors=True)
        for output in ("x.csv", "x.npy", "x.svg"):
            command = (
                "mkdir small; mount -t tmpfs -o size=64k none small; echo old > small/" + output
                + f"; {self.options.wavfft} noise.wav --points all --out small/{output}; status=$?; "
                f"test \"$(cat small/{output}; ls -A small | wc -l)\" = \"$(echo old; echo 1)\" "
                "&& exit $status"
            )  # fmt: skip
            done = subprocess.run(
                [*unshare, "sh", "-c", command], cwd=self.folder, capture_output=True, text=True
            )
            if output == "x.svg" and done.returncode == 1:
                continue  # A figure fits.
            if done.returncode != 74 or "No space left" not in done.stderr:
                counts["wrong"] += 1
                print(output, done.returncode, done.stderr, file=sys.stderr)
            shutil.rmtree(self.folder / "small", ignore_errors=True)
        self.row("shared memory and disks", len(cases) + 3, **counts, note="; ".join(kinds))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    tool = ROOT / ".build" / "release" / "wavfft"
    parser.add_argument("--wavfft", default=str(tool), help="the program tried")
    parser.add_argument("--kills", type=int, default=200, help="runs with workers killed")
    parser.add_argument("--coordinators", type=int, default=50, help="coordinators killed")
    parser.add_argument("--signals", type=int, default=60, help="runs that get a signal")
    parser.add_argument("--only", default="", help="jobs with this in their name, such as disk")
    parser.add_argument("--frames", type=int, default=4_000_000, help="length of the noise")
    parser.add_argument("--seed", type=int, default=1, help="of everything random")
    options = parser.parse_args()
    options.wavfft = str(Path(options.wavfft).resolve())
    with tempfile.TemporaryDirectory(prefix="wavfft-soak-") as name:
        folder = Path(name).resolve()
        generator = random.Random(1)
        write_wav(folder / "noise.wav", options.frames, generator)
        write_wav(folder / "prime.wav", 1_000_003, generator)
        flac = ROOT / "fixtures" / "noise-24bit.flac"
        shutil.copyfile(flac, folder / "noise.flac")
        soak = Soak(options, folder)
        begin = time.monotonic()
        references = soak.references()
        soak.kill_workers(references)
        soak.kill_coordinators(references)
        soak.send_signals(references)
        if "four-step" in references:
            soak.change_files(references)
            soak.shared_memory(references)
    print("| what | runs | failures | |")
    print("|---|---:|---|---|")
    for row in soak.rows:
        print("| " + " | ".join(str(each) for each in row) + " |")
    print(f"\n{time.monotonic() - begin:.0f} s in all")
    return 0 if soak.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
