#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that names of options stand nowhere but in the command line.

    Tests/documents/check_options.py

Looks for `--option` in the string literals of all modules below WavCommand. There a sentence speaks of a `Setting`,
which the command line gives its name. Exit status: 0 none, 1 some.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ABOVE = {"WavCommand", "wavfft"}
# A literal is matched so that // in it begins no comment.
TOKEN = re.compile(r'''"""(?:\\.|.)*?"""|"(?:\\.|[^"\\\n])*"|(?P<comment>//[^\n]*|/\*.*?\*/)''', re.S)
# Swift has no operator that looks like this: outside of comments it is in a literal, or in one within another.
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def names(text):
    """Names of options in a source file, apart from its comments: line and name."""
    code = TOKEN.sub(lambda token: re.sub(r"[^\n]", " ", token[0]) if token["comment"] else token[0], text)
    for name in OPTION.finditer(code):
        yield 1 + code.count("\n", 0, name.start()), name[0]


def main():
    sources = [
        path for path in sorted((ROOT / "Sources").rglob("*.swift"))
        if path.relative_to(ROOT).parts[1] not in ABOVE]
    problems = [
        f"{path.relative_to(ROOT)}:{line}: {name} is for WavCommand to say; name a Setting"
        for path in sources for line, name in names(path.read_text())]
    print("\n".join(problems) or f"{len(sources)} sources below the command line name no option.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
