#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that the files, folders and make targets that the documents name exist.

    Tests/documents/check_paths.py

Looks at CONTRIBUTING.md, README.md, README.es.md and all of docs: at `code` that begins with a folder of the top level, at
`make TARGET`, at `swift … --filter SUITE`, and at links to files. Exit status: 0 if all exist, otherwise 1.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOP = ("Sources/", "Tests/", "docs/", "fixtures/", "benchmarks/", "Examples/", "packaging/", ".ci/")


def missing(document, targets, sources):
    """Names in a document that do not exist, as sentences."""
    text = document.read_text()
    # Makefiles in examples for users.
    targets = targets + re.findall(r"^([a-z][a-z-]*):", text, re.M)
    for code in re.findall(r"`([^`\n]+)`", text):
        word = code.split()[0]
        if word.startswith(TOP) and not any(c in word for c in "<>{}") and not list(ROOT.glob(word.rstrip("/"))):
            yield f"{word} is not there"
        for target in re.findall(r"\bmake ([a-z][a-z-]*)\b", code):
            if target not in targets:
                yield f"make {target} is no target of the Makefile"
    for suite in re.findall(r"--filter \"?([A-Za-z]\w+)", text):
        if not re.search(rf"\b(struct|class|actor|func) {suite}\b|name: \"{suite}\"", sources):
            yield f"no suite of tests is called {suite}"
    for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text):
        if not (document.parent / link).exists():
            yield f"the link to {link} leads nowhere"


def main():
    targets = re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.M)
    sources = (ROOT / "Package.swift").read_text() + "".join(
        path.read_text() for path in (ROOT / "Tests").rglob("*.swift"))
    documents = [
        *(ROOT / name for name in ("README.md", "README.es.md", "CONTRIBUTING.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    problems = [
        f"{document.relative_to(ROOT)}: {problem}"
        for document in documents if document.exists() for problem in missing(document, targets, sources)]
    print("\n".join(problems) or f"{len(documents)} documents name only what is there.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
