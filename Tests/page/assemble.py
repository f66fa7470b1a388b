# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts a page together from the assets and arrays of NumPy, in the format that the program writes.

Hostile names and arrays of any size need no recording this way.
"""

import base64
import hashlib
import html
import json
import re
from pathlib import Path

import numpy as np

ASSETS = Path(__file__).resolve().parents[2] / "Sources" / "WavExport" / "Page" / "Assets"
PIECE = 6_291_456
TYPES = {np.dtype("<i2"): "int16", np.dtype("<f8"): "float64", np.dtype("u1"): "uint8"}
NO_ENERGY = -32768


def script(order="order.txt"):
    """The one script of a page: the files of an order within one scope."""
    names = (ASSETS / order).read_text().split()
    return '(() => {\n"use strict";\n' + "\n".join((ASSETS / name).read_text() for name in names) + "})();\n"


def digest(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def pieces(array):
    data = np.ascontiguousarray(array).tobytes()
    return (data[start : start + PIECE] for start in range(0, len(data), PIECE))


class Arrays:
    """Collects arrays; `add` returns the index that the description names."""

    def __init__(self):
        self.items = []

    def add(self, values, kind="<i2"):
        self.items.append(np.asarray(values, dtype=kind))
        return len(self.items) - 1


def levels(decibels):
    """Hundredths of a dB, as the program rounds them; no energy where there is none."""
    values = np.clip(np.rint(100 * np.asarray(decibels, dtype=float)), -32767, 32767)
    return np.where(np.isneginf(decibels), NO_ENERGY, values).astype("<i2")


def write_page(path, description, arrays):
    """Writes the file piece by piece, so that also hundreds of megabytes need little memory."""
    description = {"format": "wavfft page", "version": 1, "program": "wavfft test", **description}
    description["arrays"] = [{"type": TYPES[item.dtype], "count": int(item.size)} for item in arrays.items]
    write_document(path, description, arrays, script(), (ASSETS / "page.css").read_text(), "page.html")
    return path


def write_index(path, description, arrays):
    """The same for an index of recordings."""
    description = {"format": "wavfft index", "version": 1, "program": "wavfft test", **description}
    description["arrays"] = [{"type": TYPES[item.dtype], "count": int(item.size)} for item in arrays.items]
    style = (ASSETS / "page.css").read_text() + (ASSETS / "index.css").read_text()
    write_document(path, description, arrays, script("index-order.txt"), style, "index.html")
    return path


def write_document(path, description, arrays, main, style, frame):
    decoder = (ASSETS / "decoder.js").read_text()
    policy = (
        f"default-src 'none'; script-src {digest(decoder)} {digest(main)}; style-src {digest(style)}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    with open(path, "w", encoding="utf-8", newline="") as page:
        page.write(
            '<!doctype html><html lang="en"><head><meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{html.escape(description['title'])}</title><style>{style}</style></head><body>\n"
        )
        page.write((ASSETS / frame).read_text())
        page.write('<script type="application/json" id="description">')
        page.write(json.dumps(description).replace("<", "\\u003c") + "</script>\n")
        for item in arrays.items:
            for piece in pieces(item):
                page.write(f'<script type="text/plain" class="data">{base64.b64encode(piece).decode()}</script>')
                page.write(f"<script>{decoder}</script>\n")
        page.write(f"<script>{main}</script></body></html>\n")


ELEMENT = re.compile(r'<script type="text/plain" class="data">([^<]*)</script>')
DESCRIPTION = re.compile(r'<script type="application/json" id="description">(.*?)</script>', re.S)


def read_page(path):
    """The description and the arrays of a page, whoever wrote it."""
    text = Path(path).read_text(encoding="utf-8")
    description = json.loads(DESCRIPTION.search(text)[1])
    data = (base64.b64decode(element) for element in ELEMENT.findall(text))
    names = {name: kind for kind, name in TYPES.items()}
    arrays = []
    for item in description["arrays"]:
        size = item["count"] * names[item["type"]].itemsize
        whole = b""
        while len(whole) < size:
            whole += next(data)
        arrays.append(np.frombuffer(whole, names[item["type"]]))
    return description, arrays
