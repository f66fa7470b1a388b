#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the speed and memory of wavfft with scripts in Python and with bare FFTW.

Makes its files, installs the scripts' packages into DATA/venv, then runs the candidates in turn,
 round by round, and prints medians. See README.md beside this file.
"""

import argparse
import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
BOOK_FRAMES = 267_193_080
RATE = 44_100
LOW_HZ, HIGH_HZ = 20, 20_000
PARTS = 8
SAMPLING_SECONDS = 0.02


@dataclass
class Candidate:
    """A timed program: its command, how its time is measured, and its results."""

    name: str
    command: list
    prints_seconds: bool = False  # its output is its time, one line per execution
    expected_points: int | None = None  # what it must print
    environment: dict = field(default_factory=dict)
    seconds: list = field(default_factory=list)
    peak_bytes: int | None = None
    failure: str | None = None


@dataclass
class Case:
    """One file and the candidates that are compared on it."""

    label: str
    frames: int
    path: Path
    candidates: list = field(default_factory=list)


# ---- numbers ------------------------------------------------------------------------------------


def is_prime(number):
    """Tells whether a number is prime, by trial division."""
    if number < 4:
        return number > 1
    if number % 2 == 0:
        return False
    return all(number % divisor for divisor in range(3, int(number**0.5) + 1, 2))


def nearest_prime(number):
    """Returns the prime nearest to a number; the lower one if two are equally near."""
    for distance in range(number):
        for candidate in (number - distance, number + distance):
            if is_prime(candidate):
                return candidate
    return 2


def next_power_of_two(number):
    """Returns the lowest power of two at or above a number."""
    return 1 << (number - 1).bit_length()


def audible_points(length, parts=1):
    """Returns how many bins of a transform lie inside 20 to 20000 Hz.

    Bin k is at k * RATE / (parts * length). The decimated spectrum ends below its own Nyquist bin.
    """
    first = LOW_HZ * parts * length // RATE + 1
    beyond = -(-HIGH_HZ * parts * length // RATE)
    return min(beyond, length // 2 + 1 if parts == 1 else length // 2) - first


# ---- preparation --------------------------------------------------------------------------------


def say(text):
    """Reports progress on stderr."""
    print(text, file=sys.stderr, flush=True)


def prepare_python(data):
    """Returns the Python of a virtual environment with the scripts' packages."""
    folder = data / "venv"
    python = folder / "bin" / "python"
    requirements = HERE / "requirements.txt"
    mark = folder / "requirements.txt"
    if not mark.exists() or mark.read_text() != requirements.read_text():
        say(f"installing NumPy, SciPy and vendor FFTs into {folder}")
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", requirements], check=True)
        mark.write_text(requirements.read_text())
    return str(python)


def prepare_bare_fftw(data):
    """Compiles bare_fftw.c and returns the program, or None if that fails."""
    program = data / "bare_fftw"
    libraries = ["-lfftw3f_threads", "-lfftw3f", "-lm"]
    command = ["cc", "-O2", str(HERE / "bare_fftw.c"), "-o", str(program), *libraries]
    try:
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError):
        say("bare_fftw.c does not compile (libfftw3-dev missing?): left out")
        return None
    return str(program)


def prepare_file(data, python, frames):
    """Makes the WAV file with this many frames if it does not exist, and returns its path."""
    path = data / f"stereo-{frames}.wav"
    if not path.exists() or path.stat().st_size != 44 + 4 * frames:
        say(f"writing {path}")
        subprocess.run([python, HERE / "make_wav.py", path, str(frames)], check=True)
    return path


def warm(path):
    """Reads a file, so that it is in the page cache."""
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 24):
            pass


# ---- candidates ---------------------------------------------------------------------------------


def wavfft_command(options, path, *extra):
    """Returns the command of one wavfft run to an SVG."""
    out = str(options.data / "spectrum.svg")
    return [options.wavfft, str(path), "--out", out, "--report", "none", *extra]


def wavfft_candidates(options, path):
    """Returns the runs of wavfft at a fast length."""
    workers = ["--workers", str(options.workers)]
    decimated = ["--parts", str(PARTS)]
    runs = [
        ("wavfft", workers),
        ("wavfft-1-worker", ["--workers", "1"]),
        ("wavfft-decimated", [*decimated, *workers]),
    ]
    if options.double:
        double = ["--precision", "double"]
        runs.append(("wavfft-double", [*double, *workers]))
    return [Candidate(name, wavfft_command(options, path, *extra)) for name, extra in runs]


def expert_candidates(options, python, path, frames):
    """Returns the runs of expert.py, one per FFT."""
    threads = str(options.workers)
    return [
        Candidate(
            f"expert-{fft}",
            [python, str(HERE / "expert.py"), str(path), "--fft", fft, "--threads", threads],
            expected_points=audible_points(frames),
            environment={"MKL_NUM_THREADS": threads},
        )
        for fft in ("mkl", "ducc")
    ]


def book_candidates(python, path, frames):
    """Returns the runs of the two textbook scripts."""
    return [
        Candidate(
            "book-sequential",
            [python, str(HERE / "book_sequential.py"), str(path)],
            expected_points=audible_points(frames),
        ),
        Candidate(
            "book-decimated",
            [python, str(HERE / "book_decimated.py"), str(path), str(PARTS)],
            expected_points=audible_points(frames // PARTS, PARTS),
        ),
    ]


def bare_candidates(options, program, frames):
    """Returns the run of bare FFTW, if it could be compiled."""
    if program is None:
        return []
    command = [program, str(frames), str(options.workers), "3"]
    return [Candidate("bare-fftw", command, prints_seconds=True)]


def prime_candidates(options, path):
    """Returns the runs of wavfft at a prime length, exact and zero-padded."""
    workers = ["--workers", str(options.workers)]
    return [
        Candidate(
            f"wavfft-prime-{length}",
            wavfft_command(options, path, "--length", length, *workers),
        )
        for length in ("exact", "fast")
    ]


def make_cases(options):
    """Prepares everything and returns the cases that the options ask for."""
    options.data.mkdir(parents=True, exist_ok=True)
    python = prepare_python(options.data)
    bare = prepare_bare_fftw(options.data)
    lengths = {
        "book": options.frames,
        "power": next_power_of_two(options.frames),
        "prime": nearest_prime(options.frames),
    }
    cases = []
    for label in options.sizes:
        frames = lengths[label]
        path = prepare_file(options.data, python, frames)
        if label == "prime":
            candidates = prime_candidates(options, path)
        else:
            candidates = wavfft_candidates(options, path)
            if label == "book":
                candidates += book_candidates(python, path, frames)
            candidates += expert_candidates(options, python, path, frames)
            candidates += bare_candidates(options, bare, frames)
        if options.only:
            candidates = [each for each in candidates if each.name in options.only]
        if candidates:
            cases.append(Case(label, frames, path, candidates))
    return cases


# ---- measuring ----------------------------------------------------------------------------------


def environment_of(candidate):
    """Returns the environment of a candidate."""
    return {**os.environ, **candidate.environment}


def time_once(candidate, timeout):
    """Runs a candidate once and records its seconds, or why it failed."""
    environment = environment_of(candidate)
    start = time.perf_counter()
    try:
        done = subprocess.run(
            candidate.command, env=environment, capture_output=True, text=True, timeout=timeout
        )
    except subprocess.TimeoutExpired:
        candidate.failure = f"took longer than {timeout:g} s"
        return
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        candidate.failure = (done.stderr.strip().splitlines() or ["?"])[-1]
        return
    if candidate.prints_seconds:
        seconds = statistics.median(float(line) for line in done.stdout.split())
    expected = candidate.expected_points
    if expected is not None and done.stdout.split()[:1] != [str(expected)]:
        candidate.failure = f"printed {done.stdout.strip()!r} points, not {expected}"
        return
    candidate.seconds.append(seconds)


def time_in_turn(case, runs, timeout):
    """Runs all candidates of a case in turn, `runs` rounds, each round beginning with a different one."""
    for turn in range(runs):
        count = len(case.candidates)
        for index in range(count):
            candidate = case.candidates[(index + turn) % count]
            if candidate.failure is None:
                warm(case.path)
                time_once(candidate, timeout)
                took = f"{candidate.seconds[-1]:.3f} s" if not candidate.failure else "failed"
                say(f"{case.label} {turn + 1}/{runs} {candidate.name}: {took}")


def process_tree(root):
    """Returns the ids of a process and all its descendants."""
    found, rest = [], [root]
    while rest:
        process = rest.pop()
        found.append(process)
        try:
            for thread in os.listdir(f"/proc/{process}/task"):
                with open(f"/proc/{process}/task/{thread}/children") as file:
                    rest += [int(child) for child in file.read().split()]
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


def memory_fields(path, names):
    """Returns the sum of the named fields, in bytes, of a file in /proc; None if it has none of them."""
    values = []
    with open(path) as file:
        for line in file:
            name, _, value = line.partition(":")
            if name in names:
                values.append(int(value.split()[0]) * 1024)
    return sum(values) if values else None


def memory_of(process):
    """Returns the bytes of a process that are no file's page cache; shared pages by its share.

    Where the kernel does not tell shares, shared pages count in full for every process.
    """
    try:
        share = memory_fields(f"/proc/{process}/smaps_rollup", ("Pss_Anon", "Pss_Shmem"))
        if share is not None:
            return share
    except FileNotFoundError:
        pass
    except (ProcessLookupError, PermissionError):
        return 0
    try:
        return memory_fields(f"/proc/{process}/status", ("RssAnon", "RssShmem")) or 0
    except (FileNotFoundError, ProcessLookupError):
        return 0


def measure_memory(candidate):
    """Runs a candidate once more and records the peak memory of all its processes together."""
    if candidate.failure is not None:
        return
    process = subprocess.Popen(
        candidate.command,
        env=environment_of(candidate),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(memory_of(each) for each in process_tree(process.pid)))
        time.sleep(SAMPLING_SECONDS)
    candidate.peak_bytes = peak if process.returncode == 0 else None


def measure_case(case, options):
    """Times a case, then measures the memory of wavfft, and of the others if requested."""
    time_in_turn(case, options.runs, options.timeout)
    for candidate in case.candidates:
        ours = candidate.name.startswith("wavfft")
        if options.memory == "all" or (options.memory == "wavfft" and ours):
            warm(case.path)
            measure_memory(candidate)


def check_points(case, options):
    """Checks wavfft's numbers of points; returns the wrong ones.

    Not at the prime length, where one more exact run may take long.
    """
    if case.label == "prime":
        return []
    part = case.frames // PARTS
    expected = [
        (["--length", "exact"], audible_points(case.frames)),
        (["--length", "exact", "--parts", str(PARTS)], audible_points(part, PARTS)),
    ]
    wrong = []
    for extra, points in expected:
        command = [options.wavfft, str(case.path), "--report", "json", *extra]
        done = subprocess.run(command, capture_output=True, text=True)
        got = json.loads(done.stdout)["band"]["points"] if done.returncode == 0 else "nothing"
        if got != points:
            wrong.append(f"{shlex.join(extra)}: {got} points, not {points}")
    return wrong


# ---- small files --------------------------------------------------------------------------------


def measure_small(options):
    """Returns milliseconds (median, lowest, highest) of a 3-second file and of start-up."""
    python = prepare_python(options.data)
    path = prepare_file(options.data, python, 3 * RATE)
    commands = {
        "3-second file": wavfft_command(options, path),
        "start-up": [options.wavfft, "--version"],
    }
    export = options.data / "small.json"
    texts = [shlex.join(command) for command in commands.values()]
    hyperfine = ["hyperfine", "-N", "--style", "none", "--warmup", "10", "--runs", "100"]
    try:
        command = [*hyperfine, "--export-json", str(export), *texts]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    except FileNotFoundError:
        say("hyperfine is not installed: small files left out")
        return {}
    results = json.loads(export.read_text())["results"]
    return {
        name: [1000 * result[key] for key in ("median", "min", "max")]
        for name, result in zip(commands, results)
    }


# ---- results ------------------------------------------------------------------------------------


def median(case, name):
    """Returns the median seconds of a candidate, or None."""
    for candidate in case.candidates if case else ():
        if candidate.name == name and candidate.seconds and not candidate.failure:
            return statistics.median(candidate.seconds)
    return None


def gigabytes(count):
    """Returns bytes as text in GB, 10^9."""
    return f"{count / 1e9:.2f}" if count is not None else "-"


def print_case(case):
    """Prints the table of a case."""
    base = median(case, "wavfft-prime-fast" if case.label == "prime" else "wavfft")
    print(f"\n### {case.label}: {case.frames:,} frames\n")
    print("| candidate | median s | min..max s | ratio | peak GB |")
    print("|---|---:|---:|---:|---:|")
    for candidate in case.candidates:
        if candidate.failure:
            print(f"| {candidate.name} | failed: {candidate.failure} | | | |")
            continue
        middle = statistics.median(candidate.seconds)
        spread = f"{min(candidate.seconds):.3f}..{max(candidate.seconds):.3f}"
        ratio = f"{middle / base:.2f}" if base else "-"
        memory = gigabytes(candidate.peak_bytes)
        print(f"| {candidate.name} | {middle:.3f} | {spread} | {ratio} | {memory} |")


def quotient(numerator, denominator):
    """Returns a ratio, or None if a figure is missing."""
    return numerator / denominator if numerator is not None and denominator else None


def goals(cases, small):
    """Returns the goals as (description, figure or None, sign, limit)."""
    by_label = {case.label: case for case in cases}
    book, power, prime = (by_label.get(label) for label in ("book", "power", "prime"))
    exact = median(book, "wavfft")
    experts = [median(book, name) for name in ("expert-mkl", "expert-ducc")]
    fastest_expert = min((each for each in experts if each is not None), default=None)
    peaks = {each.name: each.peak_bytes for each in (book.candidates if book else ())}
    decimated = median(book, "wavfft-decimated")
    scale = {"3-second file": 30, "start-up": 10}
    result = [
        ("book's sequential script / exact", quotient(median(book, "book-sequential"), exact), ">=", 10),
        ("book's decimated script / exact", quotient(median(book, "book-decimated"), exact), ">=", 10),
        ("book's decimated script / decimated",
         quotient(median(book, "book-decimated"), decimated), ">=", 4),
        ("fastest expert script / exact", quotient(fastest_expert, exact), ">=", 2.5),
        ("exact / bare FFTW, power of two",
         quotient(median(power, "wavfft"), median(power, "bare-fftw")), "<=", 2.2),
        ("one worker / two workers", quotient(median(book, "wavfft-1-worker"), exact), "<=", 1.9),
        ("decimated / exact", quotient(decimated, exact), "<=", 1),
        ("prime length exact / fast",
         quotient(median(prime, "wavfft-prime-exact"), median(prime, "wavfft-prime-fast")), "<=", 8),
        ("peak GB, single", quotient(peaks.get("wavfft"), 1e9), "<=", 1.25),
        ("peak GB, decimated", quotient(peaks.get("wavfft-decimated"), 1e9), "<=", 1.4),
        ("peak GB, double", quotient(peaks.get("wavfft-double"), 1e9), "<=", 2.4),
    ]  # fmt: skip
    for name, limit in scale.items():
        result.append((f"{name}, ms", small[name][0] if name in small else None, "<=", limit))
    return [goal for goal in result if goal[1] is not None]


def print_goals(cases, small):
    """Prints which goals are met."""
    print("\n### goals (meant for the book's size and two cores)\n")
    print("| what | figure | goal | |")
    print("|---|---:|---:|---|")
    for what, figure, sign, limit in goals(cases, small):
        met = figure >= limit if sign == ">=" else figure <= limit
        print(f"| {what} | {figure:.2f} | {sign} {limit} | {'met' if met else 'MISSED'} |")


def read_text(path, default="?"):
    """Returns the stripped text of a file, or a default."""
    try:
        return Path(path).read_text().strip()
    except OSError:
        return default


def processor():
    """Returns the name of the processor."""
    for line in read_text("/proc/cpuinfo").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def machine(options):
    """Returns the machine and the versions of a measurement."""
    python = prepare_python(options.data)
    listed = subprocess.run([python, "-m", "pip", "list", "--format=json"], capture_output=True)
    wanted = ("numpy", "scipy", "mkl_fft", "mkl", "ducc0")
    packages = {each["name"]: each["version"] for each in json.loads(listed.stdout)}
    version = subprocess.run([options.wavfft, "--version"], capture_output=True, text=True)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / 1e9, 1),
        "kernel": platform.release(),
        "huge_pages": read_text("/sys/kernel/mm/transparent_hugepage/enabled"),
        "wavfft": "; ".join(version.stdout.split("\n")).strip("; "),
        "python": platform.python_version(),
        **{name: packages[name] for name in wanted if name in packages},
    }


def as_json(cases, small, facts):
    """Returns all results as one value for JSON."""
    return {
        "machine": facts,
        "small_ms": small,
        "cases": [
            {
                "label": case.label,
                "frames": case.frames,
                "candidates": {
                    each.name: {
                        "seconds": each.seconds,
                        "median": statistics.median(each.seconds) if each.seconds else None,
                        "peak_bytes": each.peak_bytes,
                        "failure": each.failure,
                    }
                    for each in case.candidates
                },
            }
            for case in cases
        ],
        "goals": goals(cases, small),
    }


def arguments():
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    tool = HERE.parent / ".build" / "release" / "wavfft"
    add = parser.add_argument
    add("--wavfft", default=str(tool), help="the program measured")
    add("--data", type=Path, default=HERE / "data", help="folder for files, venv and outputs")
    add("--frames", type=int, default=BOOK_FRAMES, help="length of the file of the book's size")
    add("--runs", type=int, default=5, help="rounds; medians are taken")
    add("--workers", type=int, default=2, help="workers of wavfft and threads of the others")
    add("--sizes", nargs="+", choices=("book", "power", "prime"), default=["book", "power"],
        help="the book's length, the next power of two, the nearest prime")  # fmt: skip
    add("--prime", action="store_true", help="measure the prime length too")
    add("--double", action="store_true", help="measure wavfft in double precision too")
    add("--memory", choices=("wavfft", "all", "none"), default="wavfft",
        help="whose peak memory is measured, in runs of their own")  # fmt: skip
    add("--only", nargs="+", metavar="NAME", help="only these candidates")
    add("--timeout", type=float, default=600, help="seconds after which a run has failed")
    add("--no-small", action="store_true", help="leave out the 3-second file and start-up")
    add("--json", type=Path, metavar="OUT", help="write all figures to this file")
    options = parser.parse_args()
    options.data = options.data.resolve()
    options.wavfft = str(Path(options.wavfft).resolve())
    if options.prime and "prime" not in options.sizes:
        options.sizes.append("prime")
    if options.runs < 1 or options.frames < 1000 or options.workers < 1:
        parser.error("at least 1 run, 1 worker and 1000 frames")
    if not os.access(options.wavfft, os.X_OK):
        parser.error(f"no program {options.wavfft}; build it, or name it by --wavfft")
    return options


def main():
    options = arguments()
    cases = make_cases(options)
    facts = machine(options)
    wrong = [text for case in cases for text in check_points(case, options)]
    for case in cases:
        measure_case(case, options)
    small = {} if options.no_small else measure_small(options)
    for name, value in facts.items():
        print(f"{name}: {value}")
    for case in cases:
        print_case(case)
    if small:
        print("\n### small\n\n| what | median ms | min..max ms |\n|---|---:|---:|")
        for name, (middle, low, high) in small.items():
            print(f"| {name} | {middle:.1f} | {low:.1f}..{high:.1f} |")
    print_goals(cases, small)
    for text in wrong:
        print(f"WRONG: wavfft {text}")
    if options.json:
        options.json.write_text(json.dumps(as_json(cases, small, facts), indent=2) + "\n")
    failed = any(each.failure for case in cases for each in case.candidates)
    return 1 if wrong or failed else 0


if __name__ == "__main__":
    sys.exit(main())
