#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks the scripts of pages without running them.

    Tests/page/check_scripts.py

Each file is named in the order of an application and begins with its licence; names of its top level are used, once defined and not
shadowed by another file; nothing is put into the page as markup, evaluated, or written as an attribute of style or
event; lines end in time. Exit status: 0 none, 1 some.
"""

import re
import sys
from collections import Counter
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[2] / "Sources" / "WavExport" / "Page" / "Assets"
LONGEST = 140
# What could turn a name or a title into markup or code, or ask the network for something.
FORBIDDEN = re.compile(
    r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function|setAttribute\(\"(?:style|on\w+)\""
    r"|fetch\(|XMLHttpRequest|WebSocket|localStorage|console\.\w+|debugger|var )"
)
ATTRIBUTE = re.compile(r"<[a-z][^>]*\s(?:style|on[a-z]+)\s*=")
DEFINITION = re.compile(r"^(?:const|let|function|class)\s+(\w+)", re.M)
METHOD = re.compile(r"^  (?:get |static )?(\w+)\([^\n]*\{$", re.M)
INNER = re.compile(r"\b(?:const|let)\s+(?:(\w+)\b|\{([^}]*)\}|\[([^\]]*)\])\s*(?:=|of)")
# Strings, comments and regular expressions that hold words; templates stay, since code stands in them.
NOISE = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|(?<![:"\'`])//[^\n]*', re.S)


def words(code):
    return Counter(re.findall(r"[A-Za-z_$][\w$]*", code))


def local_names(code):
    """Names that a function of its own takes apart or declares."""
    for plain, braces, brackets in INNER.findall(code):
        for part in [plain] + braces.split(",") + brackets.split(","):
            name = re.sub(r"=.*", "", part.split(":")[-1]).strip(" .\n")
            if re.fullmatch(r"[A-Za-z_$][\w$]*", name):
                yield name


def functions(code):
    """The parts of a file that begin at its margin."""
    starts = [match.start() for match in re.finditer(r"^\S", code, re.M)] + [len(code)]
    return (code[start:end] for start, end in zip(starts, starts[1:]))


# The list of an application's files, and its frame.
APPLICATIONS = {"order.txt": "page.html", "index-order.txt": "index.html"}


def check():
    orders = {order: (ASSETS / order).read_text().split() for order in APPLICATIONS}
    listed = {name for names in orders.values() for name in names} | {"decoder.js"}
    for name in sorted({path.name for path in ASSETS.glob("*.js")} ^ listed):
        yield f"{name} is only in one of the lists and the folder"
    texts = {name: (ASSETS / name).read_text(encoding="utf-8") for name in sorted(listed) if (ASSETS / name).exists()}
    codes = {
        name: NOISE.sub(lambda part: "" if part[0].startswith("/") else '""', text) for name, text in texts.items()
    }
    everywhere = words("\n".join(codes.values()))
    for name, text in texts.items():
        if not text.startswith("// SPDX-License-Identifier: GPL-2.0-or-later\n"):
            yield f"{name}: does not begin with its licence"
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > LONGEST or line != line.rstrip() or "\t" in line:
                yield f"{name}:{number}: is too long, or has tabs or blanks at its end"
            if FORBIDDEN.search(line):
                yield f"{name}:{number}: {FORBIDDEN.search(line)[0]} is not for pages"
        for member in DEFINITION.findall(codes[name]):
            if everywhere[member] < 2:
                yield f"{name}: {member} is never used"
        for part in functions(codes[name]):
            used = words(part)
            for member in set(local_names(part)):
                if used[member] < 2 and everywhere[member] < 2:
                    yield f"{name}: {member} is never used"
    for order, frame in APPLICATIONS.items():
        names = [name for name in orders[order] if name in texts]
        yield from check_application(frame, names, texts, codes)


def check_application(frame, names, texts, codes):
    """The files of one script, which share a scope and the elements of a frame."""
    defined = {}
    for name in names:
        for member in DEFINITION.findall(codes[name]):
            if member in defined:
                yield f"{name}: {member} is also defined in {defined[member]}"
            defined[member] = name
    markup = (ASSETS / frame).read_text(encoding="utf-8")
    if ATTRIBUTE.search(markup):
        yield f"{frame}: has an attribute of style or event, which the policy of the page forbids"
    identifiers = set(re.findall(r'\bid="([^"]+)"', markup))
    script = "\n".join(texts[name] for name in names)
    for name in sorted(set(re.findall(r'byId\("([\w-]+)"\)', script)) - identifiers):
        yield f"{name}: no element of {frame} has this name"
    # Names of the other application alone are not there.
    others = {
        member for name in texts if name not in names for member in DEFINITION.findall(codes[name])
    } - set(defined) - set(METHOD.findall(script))
    for name in names:
        for member in sorted(others & set(words(codes[name]))):
            if re.search(rf"(?<![.\w]){member}(?=[(.\[])|new {member}\b", codes[name]):
                yield f"{name}: {member} is not in the script of {frame}"
    code = "\n".join(codes[name] for name in names)
    if code.count("{") != code.count("}"):
        yield f"braces of the script of {frame} do not match"


def main():
    problems = list(check())
    print("\n".join(problems) or "The scripts of pages are in order.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
