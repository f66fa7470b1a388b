#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs every command of the documents, and compares what it prints with what they say it prints.

    Tests/documents/run_commands.py [--program WAVFFT] [--show] [--images] [PAGE …]

The blocks of a page run in their order in a fresh folder, with `wavfft` and `python3` in PATH:

- ```sh      runs in bash, and must succeed. A command that ends with `# exit 1` must have this status.
- ```python  runs in Python, and must succeed.
- ```yaml    a recipe for a CI server: its `run:` and `script:` lines run in bash.
- ```swift   must be a passage of Examples, which `make example` compiles and runs.
- ```text    is what the block before it prints. A line `…` stands for any lines, `…` in a line for any text. The last
             decimal of a number may differ by one, because processors round differently.

Comments, which readers do not see, say what a page needs:

- <!-- set-up: COMMANDS -->     runs here, for recordings that readers have and the test must make ($ROOT: this repository)
- <!-- file: NAME -->           the next block is a file of this name
- <!-- image: NAME -->          the next image shows this file, which the page has drawn; --images takes it over
- <!-- not run: REASON -->      the next block cannot run here

Exit status: 0 if all is as the pages say, otherwise 1.
"""

import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["README.md", "README.es.md", "docs/usage.md", "docs/three-ways*.md", "docs/guides/*.md"]
FENCE = re.compile(r"^```(\S*)\s*$")
COMMENT = re.compile(r"^<!-- (set-up|file|image|not run): ?(.*?)(-->)?$")
NUMBER = re.compile(r"\d+\.\d+(?![\d…])")
SECONDS = 120


class Step:
    """A block, a set-up or an image of a page, with the notes before it."""

    def __init__(self, kind, line, text, notes):
        self.kind, self.line, self.text, self.notes = kind, line, text, notes


def steps(text):
    """The steps of a page, in order."""
    lines = iter(enumerate(text.splitlines(), 1))
    notes = {}
    for number, line in lines:
        comment, fence = COMMENT.match(line), FENCE.match(line)
        if comment:
            name, value, is_closed = comment.groups()
            while not is_closed:
                _, line = next(lines)
                is_closed = line.endswith("-->")
                value += "\n" + line.removesuffix("-->")
            if name == "set-up":
                yield Step("set-up", number, value, {})
            else:
                notes[name] = value.strip()
        elif fence:
            block = []
            for _, line in lines:
                if line.rstrip() == "```":
                    break
                block.append(line)
            yield Step(fence[1], number, "\n".join(block) + "\n", notes)
            notes = {}
        elif "image" in notes:
            yield Step("image", number, line, notes)
            notes = {}
        elif line and notes:
            yield Step("stray", number, line, notes)
            notes = {}


def bash(text):
    """A block of commands as a script that stops at the first one with an unexpected status."""
    script = ["set -eo pipefail"]
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        # A reader that has enough ends the writer by SIGPIPE.
        line = re.sub(r"(\| head[^#|]*)", r"\1 || [ $? = 141 ] ", line)
        expected = re.search(r"# exit (\d+)", line)
        if expected:
            line = (f"set +e\n( {line.split('#')[0]} )\nstatus=$?\nset -e\n[ $status = {expected[1]} ] || "
                    f"{{ echo \"exit status $status instead of {expected[1]}\"; exit 1; }}")
        script.append(line)
    return "\n".join(script)


def recipes(text):
    """The scripts of a recipe for a CI server."""
    scripts, depth, is_list = [], None, False
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        begin = re.match(r"^\s*(?:- )?(run|script): ?(.*)$", line)
        if begin:
            scripts.append([] if begin[2] in ("", "|") else [begin[2]])
            depth, is_list = (indent, begin[2] == "") if begin[2] in ("", "|") else (None, False)
        elif depth is not None and line.strip():
            if indent <= depth:
                depth = None
            else:
                scripts[-1].append(line.strip().removeprefix("- ") if is_list else line)
    return ["\n".join(script) + "\n" for script in scripts if script]


def same_line(expected, actual):
    """Whether a line is what a page says, apart from `…` and the last decimal of numbers."""
    numbers = NUMBER.findall(expected)
    pattern = r"(\d+\.\d+)".join(
        ".*".join(re.escape(part) for part in piece.split("…")) for piece in NUMBER.split(expected))
    found = re.fullmatch(pattern, actual)
    return bool(found) and all(
        len(a.split(".")[1]) == len(b.split(".")[1])
        and abs(int(a.replace(".", "")) - int(b.replace(".", ""))) <= 1
        for a, b in zip(numbers, found.groups()))


def first_difference(expected, actual):
    """Index of the first expected line that is not where it should be, or None; `…` stands for any lines."""
    furthest = 0
    seen = set()
    stack = [(0, 0)]
    while stack:
        e, a = stack.pop()
        if (e, a) in seen:
            continue
        seen.add((e, a))
        furthest = max(furthest, e)
        if e == len(expected):
            if a == len(actual):
                return None
        elif expected[e].strip() == "…":
            stack.append((e + 1, a))
            if a < len(actual):
                stack.append((e, a + 1))
        elif a < len(actual) and same_line(expected[e], actual[a]):
            stack.append((e + 1, a + 1))
    return furthest


def lines(text):
    """Lines of an output, without blanks at their ends and empty lines at its ends."""
    return [line.rstrip() for line in text.strip("\n").splitlines()]


class Page:
    """Runs a page, and collects what is not as it says."""

    def __init__(self, path, arguments):
        self.path, self.arguments = path, arguments
        self.problems, self.not_run, self.count = [], [], 0

    def run(self):
        with tempfile.TemporaryDirectory(prefix="wavfft-page.") as folder:
            self.folder = Path(folder) / "page"
            programs = Path(folder) / "bin"
            self.folder.mkdir()
            programs.mkdir()
            (programs / "wavfft").symlink_to(self.arguments.program)
            (programs / "python3").symlink_to(sys.executable)
            self.environment = {
                **os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "ROOT": str(ROOT), "LC_ALL": "C.UTF-8",
                "COLUMNS": "80", "PYTHONWARNINGS": "ignore"}
            self.output = None
            for step in steps(self.path.read_text()):
                self.take(step)
        return self

    def problem(self, step, sentence):
        self.problems.append(f"{self.path.relative_to(ROOT)}:{step.line}: {sentence}")

    def take(self, step):
        before, self.output = self.output, None
        if "not run" in step.notes:
            self.not_run.append(f"{self.path.relative_to(ROOT)}:{step.line}: {step.notes['not run']}")
        elif step.kind == "stray":
            self.problem(step, f"no block follows the comment {step.notes}")
        elif step.kind == "image":
            self.image(step)
        elif "file" in step.notes:
            path = self.folder / step.notes["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text)
        elif step.kind in ("sh", "set-up"):
            self.execute(step, ["bash", "-c", bash(step.text)])
        elif step.kind == "python":
            self.execute(step, ["python3", "-c", step.text])
        elif step.kind == "yaml":
            scripts = recipes(step.text)
            if not scripts:
                self.problem(step, "the recipe has no script")
            for script in scripts:
                self.execute(step, ["bash", "-c", bash(script)])
        elif step.kind == "swift":
            self.passage(step)
        elif step.kind == "text":
            self.compare(step, before)
        else:
            self.problem(step, f"a block of the kind “{step.kind}” needs a comment: file or not run")

    def execute(self, step, command):
        self.count += step.kind != "set-up"
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=self.environment, text=True, errors="replace", timeout=SECONDS,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        except subprocess.TimeoutExpired:
            return self.problem(step, f"takes more than {SECONDS} s")
        self.output = done.stdout
        if self.arguments.show:
            print(f"--- {self.path.name}:{step.line}\n{done.stdout}", flush=True)
        if done.returncode:
            self.problem(step, f"exit status {done.returncode}: {done.stdout.strip()[-600:]}")

    def compare(self, step, output):
        if output is None:
            return self.problem(step, "an output follows no command")
        expected, actual = lines(step.text), lines(output)
        index = first_difference(expected, actual)
        if index is not None:
            there = expected[index] if index < len(expected) else "(the end)"
            self.problem(
                Step(step.kind, step.line + 1 + index, "", {}), f"the program does not print\n    {there}\nbut\n"
                + "\n".join("    " + line for line in actual[:200]))

    def passage(self, step):
        self.count += 1
        wanted = [line.strip() for line in lines(step.text)]
        sources = ROOT / "Examples" / "Sources"
        for source in [sources.parent / "Package.swift", *sorted(sources.rglob("*.swift"))]:
            there = [line.strip() for line in source.read_text().splitlines()]
            if any(there[i:i + len(wanted)] == wanted for i in range(len(there))):
                return
        self.problem(step, "no passage of Examples")

    def image(self, step):
        drawn = self.folder / step.notes["image"]
        link = re.search(r"\]\(([^)]+)\)", step.text)
        if not link:
            return self.problem(step, "no image follows the comment")
        shown = self.path.parent / link[1]
        if not drawn.exists():
            return self.problem(step, f"no command has drawn {drawn.name}")
        if self.arguments.images:
            shown.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(drawn, shown)
        if not shown.exists():
            self.problem(step, f"{link[1]} is not there")


def main():
    parser = argparse.ArgumentParser(description="Runs every command of the documents.")
    parser.add_argument("pages", nargs="*", type=Path, help="these pages instead of all")
    parser.add_argument("--program", type=Path, default=ROOT / ".build/release/wavfft")
    parser.add_argument("--show", action="store_true", help="print what the commands print")
    parser.add_argument("--images", action="store_true", help="take over the figures that the pages draw")
    arguments = parser.parse_args()
    arguments.program = arguments.program.resolve()
    paths = [path.resolve() for path in arguments.pages] or [
        path for pattern in PAGES for path in sorted(ROOT.glob(pattern))]
    with concurrent.futures.ThreadPoolExecutor(1 if arguments.show else os.cpu_count()) as pool:
        pages = list(pool.map(lambda path: Page(path, arguments).run(), paths))
    problems = [problem for page in pages for problem in page.problems]
    for reason in (reason for page in pages for reason in page.not_run):
        print(f"not run: {reason}")
    print("\n".join(problems) or
          f"{sum(page.count for page in pages)} blocks of {len(pages)} documents do what the documents say.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
