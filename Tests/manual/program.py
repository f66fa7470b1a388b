# SPDX-License-Identifier: GPL-2.0-or-later
"""The program under test: WAVFFT names it; without it, that of `make build` is taken."""

import json
import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("WAVFFT", str(ROOT / ".build" / "release" / "wavfft"))


def output(*arguments):
    return subprocess.run([PROGRAM, *arguments], check=True, capture_output=True, text=True).stdout


def commands():
    """The commands of the program, as ArgumentParser describes them."""
    dump = json.loads(output("--experimental-dump-help"))
    return [command for command in dump["command"]["subcommands"] if command["commandName"] != "help"]


def help_options(command):
    """The options in the text of --help."""
    found = re.findall(r"^  (?:-\w, )?(--[a-z0-9-]+)(?:/(--[a-z0-9-]+))?", output(command, "--help"), re.M)
    return {name for names in found for name in names if name}
