#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts deliberate faults into a copy of the sources, one by one, and reports those that the tests do not notice.

    make mutants                              every fault of mutants.toml
    Tests/mutants/mutants.py NAME...          some of them; NAME may be a part of a name
    Tests/mutants/mutants.py --check          only check that each fault still fits the sources
    Tests/mutants/mutants.py --first-only     do not try the whole suite on faults that survive their own tests
    Tests/mutants/mutants.py --markdown FILE  also write the table to a file

The copy is in .build/mutants and keeps its build, so that a fault rebuilds only what it changes. The same
tests are built without optimisation, which is faster. A fault that makes them fail, crash or hang is
found. A fault that does not compile, or whose text does not occur exactly once in its file, is an error of
the list. The exit status is 1 if a fault survives or the list has an error.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".build" / "mutants"
COPY = WORK / "tree"
LIST = Path(__file__).with_name("mutants.toml")
SWIFT = os.environ.get("SWIFT", "swift")
BUILD_SECONDS = 1800


@dataclass(frozen=True)
class Mutant:
    name: str  # what is wrong, in a few words
    file: str
    find: str
    replace: str
    tests: str  # filter of the tests that are tried first

    def applied_to(self, text):
        """The text with the fault; raises ValueError if its text does not occur exactly once."""
        count = text.count(self.find)
        if count != 1:
            raise ValueError(f"its text is in {self.file} {count} times instead of once")
        return text.replace(self.find, self.replace)


def load():
    with open(LIST, "rb") as file:
        return [Mutant(**entry) for entry in tomllib.load(file)["mutant"]]


def errors_of(mutants):
    """Errors of the list, as sentences."""
    errors = []
    names = [mutant.name for mutant in mutants]
    errors += [f"{name}: the name is used twice" for name in sorted(set(names)) if names.count(name) > 1]
    for mutant in mutants:
        if mutant.find == mutant.replace:
            errors.append(f"{mutant.name}: changes nothing")
        try:
            mutant.applied_to((ROOT / mutant.file).read_text())
        except (OSError, ValueError) as error:
            errors.append(f"{mutant.name}: {error}")
    return errors


def synchronise():
    """Updates the copy from the working tree; unchanged files keep their times."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True).stdout
    wanted = {Path(os.fsdecode(name)) for name in listed.split(b"\0") if name}
    wanted = {name for name in wanted if (ROOT / name).is_file()}
    for name in wanted:
        source, target = ROOT / name, COPY / name
        data = source.read_bytes()
        if not target.is_file() or target.read_bytes() != data:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            shutil.copymode(source, target)
    for top in ("Sources", "Tests"):
        for path in (COPY / top).rglob("*"):
            if path.is_file() and path.relative_to(COPY) not in wanted:
                path.unlink()


def end_session(session):
    """Ends processes that a command left running; programs under test have their own process groups."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # The name in parentheses may contain any character; state, parent, group and session follow it.
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                os.kill(int(entry.name), signal.SIGKILL)
        except (OSError, ValueError):
            continue


def shared_memory():
    """The existing names of the program's shared memory."""
    return set(Path("/dev/shm").glob("wavfft.*"))


def run(command, log, seconds):
    """Runs a command in the copy; returns its exit status, or None if it took too long."""
    names = shared_memory()
    temporary = WORK / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command, cwd=COPY, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True, env={**os.environ, "TMPDIR": str(temporary)})
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            end_session(process.pid)
            process.wait()
            shutil.rmtree(temporary, ignore_errors=True)
            # Only a fault leaves names behind; another process that has one open keeps its memory.
            for name in shared_memory() - names:
                name.unlink(missing_ok=True)


def build():
    """Builds the copy with its tests; returns whether it compiles."""
    return run([SWIFT, "build", "--build-tests"], WORK / "build.log", BUILD_SECONDS) == 0


def test(tests, seconds):
    """Runs tests, all if there is no filter; returns "passed" or how they failed, and their number."""
    log = WORK / "test.log"
    command = [SWIFT, "test", "--skip-build", "--disable-xctest"]
    status = run(command + (["--filter", tests] if tests else []), log, seconds)
    lines = log.read_text(errors="replace").splitlines()
    count = sum(line.startswith(("✔ Test ", "✘ Test ")) and " run with " not in line for line in lines)
    if status == 0:
        return "passed", count
    if status is None:
        return f"no end within {seconds} s", count
    failed = [line.removeprefix("✘ Test ").split("(")[0] for line in lines
              if line.startswith("✘ Test ") and " recorded " in line]
    return (failed[0] if failed else "a crash"), count


def examine(mutant, options):
    """Tries a mutant; returns "found", "survives" or "error", and the tests or the reason."""
    target = COPY / mutant.file
    original = target.read_text()
    try:
        target.write_text(mutant.applied_to(original))
        if not build():
            return "error", f"does not compile, see {WORK / 'build.log'}"
        outcome, _ = test(mutant.tests, options.seconds)
        if outcome != "passed":
            return "found", outcome
        if options.first_only:
            return "survives", f"its own tests, {mutant.tests}"
        outcome, _ = test(None, options.suite_seconds)
        # Found by other tests: the list names the wrong ones.
        return ("survives", "the whole suite") if outcome == "passed" else (
            "found", f"{outcome} (not among {mutant.tests})")
    finally:
        target.write_text(original)


def baseline(mutants, options):
    """Builds the copy without a fault and checks that its tests pass, and that filters match some tests."""
    print("Building and testing without any fault …", flush=True)
    if not build():
        sys.exit(f"The sources do not compile, see {WORK / 'build.log'}.")
    if not options.first_only:
        outcome, _ = test(None, options.suite_seconds)
        if outcome != "passed":
            sys.exit(f"The tests fail without any fault: {outcome}, see {WORK / 'test.log'}.")
    for tests in sorted({mutant.tests for mutant in mutants}):
        outcome, count = test(tests, options.seconds)
        if count == 0:
            sys.exit(f"No test is called {tests}.")
        if outcome != "passed":
            sys.exit(f"{tests} fails without any fault: {outcome}, see {WORK / 'test.log'}.")


def table(results):
    """The results as a table in Markdown."""
    found = sum(result == "found" for _, result, _, _ in results)
    lines = [f"{found} of {len(results)} faults are found.", "",
             "| fault | module | result | by | s |", "|---|---|---|---|---:|"]
    for mutant, result, reason, seconds in results:
        module = mutant.file.split("/")[1]
        cell = reason.replace("|", "\\|")
        lines.append(f"| {mutant.name} | {module} | {result} | {cell} | {seconds:.0f} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(
        description="Puts deliberate faults into a copy of the sources and reports which the tests miss.")
    parser.add_argument("names", nargs="*", help="faults to try, by a part of their names (default: all)")
    parser.add_argument("--check", action="store_true", help="only check that each fault fits the sources")
    parser.add_argument("--list", action="store_true", help="only list the faults")
    parser.add_argument(
        "--first-only", action="store_true", help="do not try the whole suite on what survives")
    parser.add_argument("--markdown", metavar="FILE", help="write the table to a file, too")
    parser.add_argument(
        "--seconds", type=int, default=300, help="longest run of some tests (default: %(default)s)")
    parser.add_argument(
        "--suite-seconds", type=int, default=1200, help="longest run of all (default: %(default)s)")
    options = parser.parse_args()

    mutants = load()
    errors = errors_of(mutants)
    if options.names:
        mutants = [m for m in mutants if any(name in m.name for name in options.names)]
        errors = [e for e in errors if any(e.startswith(m.name) for m in mutants)]
    if not mutants:
        sys.exit(f"No fault is called {' or '.join(options.names)}; --list lists them.")
    for error in errors:
        print(error, file=sys.stderr)
    if options.list:
        for mutant in mutants:
            print(f"{mutant.name}  ({mutant.file}, {mutant.tests})")
    if options.check or options.list:
        if options.check and not errors:
            print(f"{len(mutants)} faults fit the sources.")
        sys.exit(1 if errors else 0)

    synchronise()
    faulty = {error.split(": ")[0] for error in errors}
    mutants = [mutant for mutant in mutants if mutant.name not in faulty]
    baseline(mutants, options)
    results = []
    for mutant in mutants:
        start = time.monotonic()
        result, reason = examine(mutant, options)
        results.append((mutant, result, reason, time.monotonic() - start))
        print(f"{result:8}  {mutant.name}: {reason} ({results[-1][3]:.0f} s)", flush=True)
    text = table(results)
    print("\n" + text, end="")
    if options.markdown:
        Path(options.markdown).write_text(text)
    sys.exit(1 if errors or any(result != "found" for _, result, _, _ in results) else 0)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
