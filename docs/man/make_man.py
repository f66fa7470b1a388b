#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the manual pages of wavfft.

    docs/man/make_man.py PROGRAM FOLDER

What a command does and its options come from the program itself, as for --help. What a help text has no room for is
written by hand: PAGE.man beside this script has the sections of one page, common.man those that all pages share. A line
below .\\" report is for commands with a report.
The date is that of SOURCE_DATE_EPOCH, else of the newest dated version in CHANGELOG.md, else of the last commit, so
that the same sources always give the same pages.
"""

import datetime
import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# Beside its options a command has those of the program as a whole.
DEFAULT = "analyze"


def escaped(text):
    """Text for roff: every character stands for itself."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("^", "\\(ha").replace("~", "\\(ti")
    text = re.sub(r"[^\x00-\x7f]", lambda found: f"\\[u{ord(found[0]):04X}]", text)
    return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.M)


def prose(text):
    """A paragraph for roff, with names of options and commands in bold."""
    def marked(found):
        return f"\\fB{escaped(found[0])}\\fR"

    pieces = re.split(r"((?<![\w-])--[a-z][a-z0-9-]*|\bwavfft (?:batch-merge|batch|compare|overlay|formats|doctor)\b)", text)
    return "".join(marked([piece]) if index % 2 else escaped(piece) for index, piece in enumerate(pieces))


def value_name(argument):
    return f"\\fI{escaped(argument['valueName'])}\\fR"


def names(argument):
    """The names of an option, and its value: -h, --help."""
    found = [("-" if name["kind"] == "short" else "--") + name["name"] for name in argument["names"]]
    words = ", ".join(f"\\fB{escaped(name)}\\fR" for name in found)
    return words + (f" {value_name(argument)}" if argument["kind"] == "option" else "")


def explained(argument):
    """The help of an argument, with its values and its default as --help has them."""
    notes = []
    if argument.get("allValues"):
        notes.append("values: " + ", ".join(argument["allValues"]))
    if argument.get("defaultValue"):
        notes.append("default: " + argument["defaultValue"])
    return prose(argument.get("abstract", "") + (f" ({'; '.join(notes)})" if notes else ""))


def paired(arguments):
    """The arguments, with a flag and its opposite as one, as in --help: --timings, --no-timings."""
    found = {}
    for argument in arguments:
        name = (argument.get("names") or [{"name": argument["valueName"]}])[0]["name"]
        pair = found.get(name.removeprefix("no-"))
        if pair and name.startswith("no-"):
            pair["names"] += argument["names"]
        else:
            found[name] = argument
    return list(found.values())


def options(command):
    """The section OPTIONS, in the groups of --help."""
    shown = paired([argument for argument in command["arguments"] if argument["shouldDisplay"]])
    yield ".SH OPTIONS"
    for argument in shown:
        if argument["kind"] == "positional":
            yield f".TP\n{value_name(argument)}\n{explained(argument)}"
    groups = list(dict.fromkeys(a.get("sectionTitle") for a in shown if a["kind"] != "positional"))
    # Those without a title are at the end, as in --help.
    for title in [group for group in groups if group] + [None] * (None in groups):
        yield f".SS {escaped(title or 'Options')}"
        for argument in shown:
            if argument["kind"] != "positional" and argument.get("sectionTitle") == title:
                yield f".TP\n{names(argument)}\n{explained(argument)}"


def description(command):
    """The paragraphs of the help, apart from those that have sections of their own in a page."""
    paragraphs = command.get("discussion", "").split("\n\n")
    kept = [text for text in paragraphs if not text.startswith(("Examples:", "Exit status:"))]
    return "\n.PP\n".join(prose(text) for text in kept) or prose(command["abstract"])


def synopsis(program, command):
    """The usage lines of --help."""
    text = subprocess.run(
        [program, command["commandName"], "--help"], check=True, capture_output=True, text=True).stdout
    usage = re.search(r"^USAGE: (.*?)\n\n", text, re.M | re.S)[1]
    for line in usage.splitlines():
        line = escaped(line.strip())
        line = re.sub(r"<(.*?)>", r"\\fI\1\\fR", line)
        yield re.sub(r"^wavfft( [a-z\\-]+(?= |$))?", lambda found: f"\\fB{found[0]}\\fR", line)


def page_name(command):
    name = command["commandName"]
    return "wavfft" if name == DEFAULT else f"wavfft-{name}"


def date():
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        dated = re.search(r"^## .*?(\d{4}-\d{2}-\d{2})", (ROOT / "CHANGELOG.md").read_text(), re.M)
        if dated:
            return dated[1]
        epoch = subprocess.run(
            ["git", "-C", ROOT, "log", "-1", "--format=%ct"], check=True, capture_output=True, text=True).stdout
    return datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).date().isoformat()


def sections(file, command):
    text = (HERE / file).read_text().split('.\\" ---\n', 1)[-1].strip()
    if not any(name["name"] == "report" for argument in command["arguments"] for name in argument.get("names") or []):
        text = re.sub(r'\.\\" report\n.*\n', "", text)
    # groff hyphenates again behind an example, and behind a heading.
    return text.replace("\n.EE", "\n.EE\n.nh")


def pages(program):
    """All pages: file names and texts."""
    dump = subprocess.run([program, "--experimental-dump-help"], check=True, capture_output=True, text=True).stdout
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.splitlines()[0]
    commands = [
        command for command in json.loads(dump)["command"]["subcommands"]
        if command["shouldDisplay"] and command["commandName"] != "help"]
    for command in commands:
        name = page_name(command)
        purpose = command["abstract"].rstrip(".")
        others = [page_name(other) for other in commands if other is not command]
        lines = [
            f'.\\" Written by docs/man/make_man.py.\n.TH {escaped(name.upper())} 1 {date()} "{version}" "User Commands"'
            # A hyphen within a value would be typed.
            "\n.nh\n.ad l",
            f".SH NAME\n{escaped(name)} \\- {escaped(purpose[0].lower() + purpose[1:])}",
            ".SH SYNOPSIS\n" + "\n.br\n".join(synopsis(program, command)),
            f".SH DESCRIPTION\n{description(command)}",
        ]
        if command["commandName"] == DEFAULT:
            lines.append(".SS Commands")
            lines += [
                f".TP\n\\fBwavfft {escaped(other['commandName'])}\\fR\n{prose(other['abstract'])}"
                for other in commands if other is not command]
        lines += options(command)
        lines += [sections(f"{name}.man", command), sections("common.man", command)]
        lines.append(".SH SEE ALSO\n" + ",\n".join(f".BR {escaped(other)} (1)" for other in others).replace("),\n", ") ,\n"))
        yield f"{name}.1", "\n".join(lines) + "\n"


def main():
    program, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages(program):
        (folder / name).write_text(text)
    print(f"The manual pages are in {folder}.")


if __name__ == "__main__":
    main()
