# SPDX-License-Identifier: GPL-2.0-or-later
"""The program under test. WAVFFT names it; without it, that of `make build` is taken."""

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("WAVFFT", str(ROOT / ".build" / "release" / "wavfft"))
FIXTURES = ROOT / "fixtures"
SCHEMAS = {path.name.split(".")[0]: path for path in (ROOT / "docs" / "schemas").glob("*.schema.json")}


def run(folder, *arguments, status=0, **environment):
    """Runs the program in a folder, where f is the folder of fixtures; what it prints on stdout."""
    if not (folder / "f").exists():
        (folder / "f").symlink_to(FIXTURES)
    answer = subprocess.run(
        [PROGRAM, *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, env=os.environ | {"WAVFFT_CONFIG": ""} | environment)
    if answer.returncode != status:
        raise AssertionError(f"{answer.args} ended with {answer.returncode}: {answer.stderr}")
    return answer.stdout


def refusal(folder, *arguments, status):
    """What the program prints on stderr when it ends with a status."""
    answer = subprocess.run(
        [PROGRAM, *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL)
    if answer.returncode != status:
        raise AssertionError(f"{answer.args} ended with {answer.returncode}: {answer.stdout}{answer.stderr}")
    return answer.stderr


def document(path):
    """A JSON document; numbers that JSON does not have are errors."""

    def refuse(constant):
        raise ValueError(f"{path} has {constant}, which is no JSON")

    return json.loads(Path(path).read_text(encoding="utf-8"), parse_constant=refuse)


def comments(path):
    """The facts in the comments of a table, and its other lines."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    facts, rest = {}, []
    for line in lines:
        if rest or not line.startswith("#"):
            rest.append(line)
            continue
        name, value = line.removeprefix("# ").split(": ", 1)
        try:
            facts[name] = json.loads(value)
        except ValueError:
            facts[name] = value
    # A name may look like a number.
    for name in ("input", "channel"):
        if name in facts:
            facts[name] = str(facts[name])
    return facts, rest
