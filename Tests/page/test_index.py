# SPDX-License-Identifier: GPL-2.0-or-later
"""The index page of a batch: sorting, filters, keyboard, thousands of recordings, hostile names."""

import os
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from urllib.parse import unquote_to_bytes

import numpy as np

from assemble import read_page, write_index
from browser import Browser, BrowserError
from checks import picture
from synthetic_index import FULL_SCALE, NO_BIN, NOTES, index

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("WAVFFT", str(ROOT / ".build" / "release" / "wavfft"))
HOSTILE = [
    "</script><script>alert(1)</script>.wav",
    '"><img src=x onerror=alert(2)>.wav',
    "line\u2028separator\u2029.wav",
    "<!--<script>.wav",
    "{{constructor}}",
    "__proto__",
    "=cmd|' /C calc'!A0",
    "x" * 4000,
    "&lt;b&gt;'\";",
]
RUBBISH = [
    "sort=nonsense&order=sideways", "sort=__proto__", "status=constructor", "rms-from=NaN&rms-to=1e400",
    "rms-from=5&rms-to=-5", "text=%E0%A4%A", "text=" + "y" * 5000, "%00%ff", "&&&===", "band-63-from=x", "name-from=3",
]
SORTED = ["name", "status", "length", "rate", "rms", "centroid", "peak", "note", "peak-level", "band-63", "band-250:500"]
BROWSER = None
FOLDER = None


def setUpModule():
    global BROWSER, FOLDER
    FOLDER = tempfile.TemporaryDirectory(prefix="wavfft-index-")
    BROWSER = Browser()


def tearDownModule():
    BROWSER.close()
    FOLDER.cleanup()


class IndexCase(unittest.TestCase):
    """A case with an index that must not complain."""

    def open(self, path, fragment="", isLeft=False, **options):
        """Opens an index, which must not ask for anything, unless a link of it is followed."""
        page = BROWSER.open(f"{path}#{fragment}", **options)
        self.addCleanup(page.__exit__)
        self.addCleanup(lambda: self.assertEqual((page.complaints(), [] if isLeft else page.requests()), ([], [])))
        self.assertTrue(page.run("document.getElementById('failure').hidden"), page.text("#failure"))
        page.settle()
        return page

    def write(self, name, *arguments, **options):
        """Writes an index and remembers what is in it."""
        self.description, self.arrays = index(*arguments, **options)
        self.entries = self.description["recordings"]
        return write_index(Path(FOLDER.name) / f"{name}.html", self.description, self.arrays)

    def follow(self, page, expression):
        """Waits for something of the page that a link leads to."""
        for _ in range(100):
            try:
                return page.until(expression)
            except BrowserError as error:
                if "navigated" not in str(error):
                    raise
        return None

    def names(self, page):
        """The names of the rows that exist, in order."""
        return page.run("[...document.querySelectorAll('#recordings .name')].map((node) => node.textContent)")

    def set(self, page, selector, value, event="input"):
        page.run(
            f"(() => {{ const field = document.querySelector({selector!r}); field.value = {value!r};"
            f" field.dispatchEvent(new Event({event!r}, {{ bubbles: true }})); }})()"
        )
        page.settle()

    def sort(self, page, key):
        page.press_button(f'[data-key="{key}"] button')

    def place(self, page):
        return page.run("Number(document.activeElement.closest('tr')?.dataset.place ?? -1)")

    def values(self, key):
        """What a column is sorted by; NaN for recordings without a value."""
        entries = self.entries
        done = [status != "error" for status in entries["status"]]
        if key == "status":
            return [0.0 if isDone else 2.0 for isDone in done]
        if key == "note":
            names = entries["peak_note"]
            return [np.nan if name is None else 100.0 * NOTES.index(name[:-1]) + int(name[-1]) for name in names]
        if key.startswith("band-"):
            band = next(band for band in self.description["bands"] if band["name"] == key[5:])
            missing = set(band["missing"])
            levels = enumerate(band["level_dbfs"])
            return [np.nan if place in missing else -np.inf if level is None else level for place, level in levels]
        member = {
            "length": "duration_s", "rate": "sample_rate_hz", "rms": "rms_dbfs", "centroid": "centroid_hz",
            "peak": "peak_hz", "peak-level": "peak_dbfs",
        }[key]
        silence = -np.inf if key == "rms" else np.nan
        return [
            value if value is not None else silence if isDone else np.nan for value, isDone in zip(entries[member], done)
        ]

    def ordered(self, key, falling=False):
        """The names in the order of a column: without a value last, equal ones as they were."""
        values = self.values(key)
        places = sorted(
            range(len(values)),
            key=lambda place: (np.isnan(values[place]), 0 if np.isnan(values[place]) else (-1 if falling else 1) * values[place]),
        )
        return [self.entries["name"][place] for place in places]


class SortingTests(IndexCase):
    def test_every_column_sorts_both_ways(self):
        page = self.open(self.write("sorting", 120), width=1500)
        for key in SORTED[1:]:
            self.sort(page, key)
            self.assertEqual(self.names(page), self.ordered(key), key)
            self.sort(page, key)
            self.assertEqual(self.names(page), self.ordered(key, falling=True), key)
            sorts = page.run(
                "[...document.querySelectorAll('[aria-sort]')].map((head) => [head.dataset.key, head.getAttribute('aria-sort')])"
            )
            self.assertEqual({key for key, sort in sorts if sort != "none"}, {key})
            self.assertEqual(dict(sorts)[key], "descending")
            self.assertIn("falling", page.text("#spoken"))
        self.assertEqual(len(sorts), len(SORTED))

    def test_names_sort_with_their_numbers(self):
        page = self.open(self.write("names", 4, names=["b 10.wav", "a.wav", "b 9.wav", "B 2.wav"]))
        self.assertEqual(self.names(page), ["a.wav", "B 2.wav", "b 9.wav", "b 10.wav"])
        self.assertEqual(page.run("document.querySelector('[data-key=name]').getAttribute('aria-sort')"), "ascending")

    def test_the_keyboard_sorts(self):
        page = self.open(self.write("sorting", 120))
        page.run("document.querySelector('[data-key=rms] button').focus()")
        page.key("Enter")
        self.assertEqual(self.names(page), self.ordered("rms"))
        self.assertEqual(page.hash(), {"sort": "rms"})
        page.key("Enter")
        self.assertEqual(self.names(page), self.ordered("rms", falling=True))
        self.assertEqual(page.hash(), {"sort": "rms", "order": "falling"})

    def test_cells_say_what_the_recordings_have(self):
        page = self.open(self.write("cells", 60, seed=4))
        rows = dict(
            page.run(
                "[...document.querySelectorAll('#recordings tbody tr:not(.gap)')].map((row) => "
                "[row.querySelector('.name').textContent, [...row.cells].slice(2).map((cell) => cell.textContent)])"
            )
        )
        entries = self.entries
        for place, name in enumerate(entries["name"]):
            cells = rows[name]
            if entries["status"][place] == "error":
                self.assertEqual(cells, ["failed", entries["error"][place]])
                continue
            self.assertEqual(cells[0], "done")
            self.assertEqual(cells[2].replace(",", ""), str(entries["sample_rate_hz"][place]))
            if place == 1:
                self.assertEqual(cells[3:8], ["\u2212\u221e", "\u2013", "\u2013", "\u2013", "\u2013"])
                continue
            self.assertAlmostEqual(float(cells[3].replace("\u2212", "-")), entries["rms_dbfs"][place], delta=0.051)
            self.assertAlmostEqual(float(cells[5].replace(",", "")), entries["peak_hz"][place], delta=0.5)
            self.assertEqual(cells[6], entries["peak_note"][place])
            self.assertEqual(cells[9] == "\u2013", place == 2)


class FilterTests(IndexCase):
    def count(self, page):
        return int(page.text("#count").split(" of ")[0].replace(",", ""))

    def test_words_are_found_in_names_notes_and_errors(self):
        page = self.open(self.write("filters", 400))
        self.assertEqual(page.text("#count"), "400 of 400 recordings")
        for words in ["part-3", "PART-3 take", "empty", "zzz", "c#4"]:
            self.set(page, "#text", words)
            expected = [
                place
                for place, name in enumerate(self.entries["name"])
                if all(
                    word in f"{name} {self.entries['peak_note'][place]} {self.entries['error'][place]}".lower()
                    for word in words.lower().split()
                )
            ]
            self.assertEqual(self.count(page), len(expected), words)
            self.assertEqual(page.run("document.getElementById('nothing').hidden"), len(expected) > 0)
        self.set(page, "#text", "")
        self.assertEqual(self.count(page), 400)

    def test_ranges_and_status_are_combined(self):
        page = self.open(self.write("filters", 400))
        page.press_button("#ranges-button")
        self.assertEqual(page.run("document.getElementById('ranges-button').getAttribute('aria-expanded')"), "true")
        self.set(page, "#rms-from", "\u221240")
        self.set(page, "#rms-to", "-12.5")
        self.set(page, "#length-from", "1:30")
        self.set(page, "#rate-to", "48,000")
        levels, seconds, rates = (np.array(self.values(key), dtype=float) for key in ("rms", "length", "rate"))
        expected = int(((levels >= -40) & (levels <= -12.5) & (seconds >= 90) & (rates <= 48000)).sum())
        self.assertTrue(0 < expected < 400)
        self.assertEqual(self.count(page), expected)
        self.assertEqual(
            page.hash(), {"rms-from": "-40", "rms-to": "-12.5", "length-from": "90", "rate-to": "48000"}
        )
        self.set(page, "#status", "error", "change")
        self.assertEqual(self.count(page), 0)
        page.press_button("#clear")
        self.assertEqual((self.count(page), page.hash()), (400, {}))
        self.assertEqual(page.run("document.getElementById('rms-from').value"), "")
        self.set(page, "#status", "error", "change")
        self.assertEqual(self.count(page), 8)
        self.assertEqual(page.run("document.querySelectorAll('#recordings .failed').length"), 8)

    def test_what_is_no_number_is_marked_and_ignored(self):
        page = self.open(self.write("filters", 400))
        for text, isWrong in [("loud", True), ("", False), ("1e3", False), ("--3", True), ("3 dB", True)]:
            self.set(page, "#rms-to", text)
            self.assertEqual(page.run("document.getElementById('rms-to').getAttribute('aria-invalid')"), str(isWrong).lower())
            self.assertEqual(self.count(page), 392 if text == "1e3" else 400, text)
            isClear = page.run("document.getElementById('clear').disabled")
            self.assertEqual(isClear, text == "", text)
        page.press_button("#clear")
        self.assertEqual(page.run("document.getElementById('rms-to').value"), "")
        self.assertTrue(page.run("document.getElementById('clear').disabled"))

    def test_an_index_of_nothing_speaks_of_no_filters(self):
        page = self.open(write_index(Path(FOLDER.name) / "empty.html", *index(0)))
        self.assertEqual(page.text("#nothing"), "There are no recordings.")
        self.assertFalse(page.run("document.getElementById('nothing').hidden"))
        page = self.open(self.write("filters", 400))
        self.set(page, "#text", "no such recording")
        self.assertEqual(page.text("#nothing"), "No recording fits these filters.")

    def test_recordings_without_bins_have_no_level(self):
        self.description, self.arrays = index(20)
        rms = self.description["recordings"]["rms_dbfs"]
        rms[1] = rms[2] = None
        self.description["without_bins"] = [2]
        page = self.open(write_index(Path(FOLDER.name) / "bins.html", self.description, self.arrays))
        cells = page.run(
            "(() => { const place = [...document.querySelectorAll('#heads th')].findIndex((head) => head.dataset.key === 'rms');"
            " return [...document.querySelectorAll('#recordings tbody tr:not(.gap)')].map((row) => row.cells[place]?.textContent); })()"
        )
        self.assertEqual(cells[2], "\u2013")
        self.assertNotIn(cells[1], ["\u2013", None])

    def test_the_address_keeps_the_view(self):
        source = self.write("filters", 400)
        page = self.open(source, "sort=peak&order=falling&text=part&rms-from=-60&status=ok")
        names, count = self.names(page), self.count(page)
        self.assertFalse(page.run("document.getElementById('ranges').hidden"))
        self.assertEqual(page.run("document.getElementById('text').value"), "part")
        self.assertGreater(len(names), 20)
        self.assertEqual(names, [name for name in self.ordered("peak", falling=True) if name in names])
        page.run("location.hash = ''")
        page.settle()
        self.assertEqual(self.count(page), 400)
        page.run("history.back()")
        page.settle()
        page.until(f"document.getElementById('count').textContent.startsWith('{count} ')")
        self.assertEqual(self.names(page), names)
        self.assertLess(count, 400)

    def test_rubbish_in_the_address_does_no_harm(self):
        source = self.write("filters", 400)
        for words in RUBBISH:
            page = self.open(source, words)
            self.assertIn(" of 400 recordings", page.text("#count"), words)
            page.hash()

    def test_slash_goes_to_the_filter(self):
        page = self.open(self.write("filters", 400))
        page.key("/")
        self.assertEqual(page.run("document.activeElement.id"), "text")
        page.key("z")
        self.assertEqual(page.hash(), {"text": "z"})


class RowTests(IndexCase):
    def test_keys_go_from_row_to_row(self):
        count = 3000
        page = self.open(self.write("many", count))
        first = page.run("document.querySelectorAll('#recordings tbody [tabindex=\"0\"]').length")
        self.assertEqual(first, 1)
        page.run("document.querySelector('#recordings .name[tabindex=\"0\"]').focus()")
        seen = [self.place(page)]
        for key in ["ArrowDown", "ArrowDown", "ArrowUp", "PageDown", "End", "ArrowDown", "ArrowUp", "Home", "ArrowUp"]:
            page.key(key)
            seen.append(self.place(page))
            top, height = page.run(
                "(() => { const b = document.activeElement.closest('tr').getBoundingClientRect(); return [b.top, b.height]; })()"
            )
            self.assertGreaterEqual(top, page.box("#recordings thead")[1] + page.box("#recordings thead")[3] - 0.5)
            self.assertLessEqual(top + height, 900.5)
        paged = seen[4]
        self.assertGreater(paged, 6)
        self.assertEqual(seen, [0, 1, 2, 1, paged, count - 1, count - 1, count - 2, 0, 0])

    def test_enter_opens_the_page(self):
        page = self.open(self.write("many", 3000), isLeft=True)
        page.run("document.querySelector('#recordings .name[tabindex=\"0\"]').focus()")
        for _ in range(3):
            page.key("ArrowDown")
        name = page.run("document.activeElement.textContent")
        expected = self.entries["page"][self.entries["name"].index(name)]
        self.assertTrue(page.run("document.activeElement.href").endswith(expected))
        target = Path(FOLDER.name) / "take 3" / "part-3.html"
        target.parent.mkdir(exist_ok=True)
        target.write_text("<title>the page</title>")
        page.key("Enter")
        self.follow(page, "document.title === 'the page'")

    def test_only_rows_in_sight_exist(self):
        count = 10_000
        page = self.open(self.write("ten-thousand", count), width=1400, height=900)
        order = self.names(page)
        self.assertLess(len(order), 60)
        rowCount = page.run("Number(document.getElementById('recordings').getAttribute('aria-rowcount'))")
        self.assertEqual(rowCount, count + 2)
        self.assertEqual(page.run("document.querySelectorAll('#recordings svg path').length") % 2, 0)
        page.run("scrollTo(0, document.body.scrollHeight / 2)")
        page.until("Number(document.querySelector('#recordings tbody tr[data-place]').dataset.place) > 4000")
        page.settle()
        self.assertLess(len(self.names(page)), 80)
        self.assertEqual(page.box("#recordings thead")[1], 0, "the head stays in sight")
        # Every point between the head and the bottom of the window is in a row.
        rows = page.run(
            "Array.from({ length: 15 }, (_, i) => document.elementFromPoint(300, 110 + 50 * i)"
            ".closest('tr[data-place]')?.getAttribute('aria-rowindex') ?? null)"
        )
        self.assertNotIn(None, rows)
        places = [int(row) for row in rows]
        self.assertTrue(all(b - a in (1, 2) for a, b in zip(places, places[1:])), places)
        self.sort(page, "rms")
        self.assertEqual(self.names(page)[:20], self.ordered("rms")[:20])
        head = page.box("#recordings thead")
        first = page.box('tr[data-place="0"]')
        self.assertAlmostEqual(first[1], head[1] + head[3], delta=1)

    def test_ten_thousand_open_and_sort_in_time(self):
        source = self.write("ten-thousand", 10_000)
        self.assertLess(source.stat().st_size, 4_000_000)
        start = time.monotonic()
        page = self.open(source)
        self.assertLess(time.monotonic() - start, 10)
        for key in ("rms", "name"):
            took = page.run(
                f"(() => {{ const start = performance.now(); document.querySelector('[data-key={key}] button').click();"
                " document.body.offsetHeight; return performance.now() - start; })()"
            )
            self.assertLess(took, 1500, key)

    def test_the_focus_stays_in_the_table(self):
        page = self.open(self.write("many", 3000))
        page.run("document.querySelector('#recordings .name[tabindex=\"0\"]').focus()")
        page.run("scrollTo(0, 60000)")
        page.until("document.activeElement.id === 'recordings'")
        page.key("ArrowDown")
        self.assertGreater(self.place(page), 1000)

    def test_a_short_list_has_all_rows(self):
        page = self.open(self.write("short", 250))
        self.assertEqual(len(self.names(page)), 250)
        self.assertEqual(page.run("document.querySelectorAll('#recordings tbody [tabindex=\"0\"]').length"), 1)

    def test_printing_has_rows_that_are_not_in_sight(self):
        page = self.open(self.write("many", 3000))
        page.run("scrollTo(0, 110000)")
        page.settle()
        seen = self.names(page)
        self.assertLess(len(seen), 80)
        page.run("dispatchEvent(new Event('beforeprint'))")
        page.emulate(media="print")
        self.assertEqual(len(self.names(page)), 2000)
        self.assertIn("first 2,000", page.text("#cut"))
        self.assertEqual(page.run("getComputedStyle(document.getElementById('text')).visibility"), "visible")
        self.assertEqual(page.box("#text")[2:], [0, 0])
        page.emulate()
        page.run("dispatchEvent(new Event('afterprint'))")
        page.settle()
        self.assertEqual(self.names(page), seen)
        self.assertEqual(page.run("scrollY"), 110000)
        self.assertNotEqual(page.run("document.elementFromPoint(300, 500).closest('tr[data-place]')"), None)


class ThumbnailTests(IndexCase):
    def paths(self, page, name):
        """The points of the curve of a recording."""
        text = page.run(
            "[...document.querySelectorAll('#recordings tbody tr')].find((row) => row.querySelector('.name')"
            f"?.textContent === {name!r}).querySelector('.line')?.getAttribute('d') ?? ''"
        )
        return np.array([[float(value) for value in point.split()] for point in text.lstrip("M").split("L") if point])

    def test_curves_are_those_of_their_recordings(self):
        source = self.write("curves", 30, failed_every=10)
        columns = self.description["thumbnails"]["columns"]
        codes = np.array(self.arrays.items[0]).reshape(-1, columns).astype(float)
        page = self.open(source)
        strongest = codes[codes < NO_BIN].max()
        top = 10 * np.ceil((strongest - FULL_SCALE) / 2 / 10)
        axes = page.run("[...document.querySelectorAll('#heads small')].slice(0, 2).map((node) => node.textContent)")
        self.assertEqual(axes, ["20 Hz to 20 kHz", f"\u2212{100 - top:.0f} to {top:.0f} dBFS"])
        for place, name in enumerate(self.entries["name"]):
            points = self.paths(page, name)
            own = codes[place][codes[place] != NO_BIN]
            self.assertEqual(len(points), len(own))
            if len(own) == 0:
                self.assertEqual(self.entries["status"][place], "error")
                continue
            low, high = (self.description["thumbnails"][f"{end}_hz"][place] for end in ("low", "high"))
            hertz = low * (high / low) ** ((np.arange(3, columns) + 0.5) / columns)
            np.testing.assert_allclose(points[:, 0], 132 * np.log(hertz / 20) / np.log(1000), atol=0.051)
            share = np.clip(((own - FULL_SCALE) / 2 - top + 100) / 100, 0, 1)
            np.testing.assert_allclose(points[:, 1], 1 + 32 * (1 - share), atol=0.051)

    def test_quiet_recordings_keep_silence_at_the_bottom(self):
        self.description, self.arrays = index(4, failed_every=0)
        columns = self.description["thumbnails"]["columns"]
        codes = np.full((4, columns), 21, "u1")  # -110 dBFS
        codes[1] = 0
        self.arrays.items[0] = codes.ravel()
        page = self.open(write_index(Path(FOLDER.name) / "quiet.html", self.description, self.arrays))
        names = self.description["recordings"]["name"]
        self.assertIn("\u2212120 to \u221220 dBFS", page.text("#heads"))
        np.testing.assert_allclose(self.paths(page, names[0])[:, 1], 1 + 32 * 0.9, atol=0.051)
        np.testing.assert_allclose(self.paths(page, names[1])[:, 1], 33, atol=0.051)

    def test_an_index_without_curves_has_no_column_for_them(self):
        self.description, self.arrays = index(20)
        del self.description["thumbnails"]
        self.arrays.items.clear()
        page = self.open(write_index(Path(FOLDER.name) / "plain.html", self.description, self.arrays))
        self.assertEqual(page.run("document.querySelectorAll('svg').length"), 0)
        self.assertNotIn("Spectrum", page.text("#heads"))
        cells = page.run("document.querySelectorAll('#recordings tbody tr:not(.gap, .failed)')[0].cells.length")
        self.assertEqual(page.run("document.querySelectorAll('#heads th').length"), cells)


class LookTests(IndexCase):
    def test_light_and_dark(self):
        source = self.write("many", 3000)
        for dark in (False, True):
            page = self.open(source, dark=dark)
            pixels = picture(page.picture())
            corner = pixels[3, 3]
            self.assertTrue((corner < 40).all() if dark else (corner > 230).all())
            self.set(page, "#theme", "light" if dark else "dark", "change")
            corner = picture(page.picture())[3, 3]
            self.assertTrue((corner > 230).all() if dark else (corner < 40).all())

    def test_it_opens_in_the_colours_of_the_batch(self):
        for theme, isDark in [("dark", True), ("light", False), ("print", False), (None, True), ("blue", True)]:
            self.description, self.arrays = index(20)
            if theme:
                self.description["theme"] = theme
            source = write_index(Path(FOLDER.name) / f"theme-{theme}.html", self.description, self.arrays)
            # The reader prefers the other colours, where the batch has chosen.
            page = self.open(source, dark=not isDark if theme in ("dark", "light", "print") else isDark)
            corner = picture(page.picture())[3, 3]
            self.assertTrue((corner < 40).all() if isDark else (corner > 230).all(), theme)
            chosen = {"dark": "dark", "light": "light", "print": "light"}.get(theme, "auto")
            self.assertEqual(page.run("document.getElementById('theme').value"), chosen)

    def test_nothing_is_cut_on_a_narrow_screen(self):
        page = self.open(self.write("many", 3000), width=420, height=800)
        self.assertGreaterEqual(page.run("document.documentElement.scrollWidth"), page.box("#recordings")[2])
        self.assertGreaterEqual(page.box("#recordings tbody th")[2], 150)

    def test_channels_and_bands_fit_into_a_usual_window(self):
        self.write("channels", 400, bands=("63", "250:500", "2000"))
        self.entries["channel"] = [None if channel is None else str(1 + place % 2) for place, channel in enumerate(self.entries["channel"])]
        page = self.open(write_index(Path(FOLDER.name) / "channels.html", self.description, self.arrays), width=1200)
        self.assertEqual(page.run("document.documentElement.scrollWidth"), page.run("document.documentElement.clientWidth"))
        # No text runs into the next column.
        cut = page.run(
            "[...document.querySelectorAll('#heads button, #recordings tbody :is(td, th)')]"
            ".filter((node) => node.scrollWidth > node.clientWidth + 1).map((node) => node.textContent)"
        )
        self.assertEqual(cut, ["Recording"], "it has the sign of the order beside it")

    def test_a_wide_table_moves_alone(self):
        bands = [str(63 * 2**octave) for octave in range(9)]
        source = self.write("wide", 400, bands=bands)
        frame = [".top", "#filters", "#theme", "#count", "footer"]
        for width in (1200, 400):
            page = self.open(source, width=width, height=800)
            self.assertGreater(page.box("#recordings")[2], width)
            room = page.run("document.documentElement.clientWidth")
            before = [page.box(node) for node in frame]
            self.assertTrue(all(left >= 0 and left + size <= room + 0.5 for left, _, size, _ in before), before)
            page.run("scrollTo(10000, 0)")
            page.settle()
            self.assertEqual([page.box(node) for node in frame], before)
            left, _, size, _ = page.box('tr[data-place="0"] th')
            self.assertEqual(left, 0)
            self.assertEqual(page.box('[data-key="name"]')[0], 0)
            head = page.box('[data-key="name"]')
            point = f"{head[0] + head[2] / 2}, {head[1] + head[3] - 14}"
            self.assertEqual(page.run(f"document.elementFromPoint({point}).closest('th')?.dataset.key"), "name")
            # The last column is in sight beside the names, and the names are above what is behind them.
            last = page.box('#heads th:last-child')
            self.assertGreaterEqual(last[0], left + size)
            self.assertLessEqual(last[0] + last[2], room - 13)
            top = page.box('tr[data-place="0"] th')[1]
            self.assertEqual(page.run(f"document.elementFromPoint(20, {top + 20}).closest('th')?.scope"), "row")

    def test_fields_and_columns_have_names(self):
        page = self.open(self.write("many", 3000))
        nameless = page.run(
            "[...document.querySelectorAll('input, select')].filter((field) => !field.labels.length && !field.getAttribute('aria-label'))"
            ".map((field) => field.id)"
        )
        self.assertEqual(nameless, [])
        self.assertEqual(page.run("document.querySelectorAll('#heads th:not([scope=col])').length"), 0)
        self.assertEqual(page.run("document.querySelectorAll('#recordings tbody th:not([scope=row])').length"), 0)


class HostileTests(IndexCase):
    def test_hostile_names_and_errors_are_texts(self):
        source = self.write("hostile", len(HOSTILE), names=HOSTILE, failed_every=2)
        page = self.open(source)
        self.assertEqual(sorted(self.names(page)), sorted(HOSTILE))
        self.assertEqual(page.run("document.querySelectorAll('main img, main script, main b').length"), 0)

    def test_links_lead_to_pages_whatever_recordings_are_called(self):
        """By the program, from the disk, with bytes that are not UTF-8."""
        names = [
            b"<script>alert(1)<script>.wav", b"50% #1 ?x=y&z.wav", b"line\nbreak.wav", b"latin\xe9\xff.wav",
            b"javascript:alert(1).wav", b"it's \"quoted\".wav", b"a b/%2e%2e.wav", "\u00fcml\u00e4ut \U0001d11e.wav".encode(),
            b"index.wav", b"-x.wav", b"\\back.wav", b"~.wav",
        ]
        folder = Path(FOLDER.name) / "hostile-batch"
        for name in names:
            path = os.path.join(os.fsencode(folder), b"in", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.symlink(os.fsencode(ROOT / "fixtures" / "sine-on-bin.wav"), path)
        (folder / "in" / "broken <b>.wav").write_text("no audio")
        answer = subprocess.run(
            [PROGRAM, "batch", "in", "--out-dir", "out", "--format", "html", "--report", "none"],
            cwd=folder, capture_output=True, text=True, check=False,
        )
        self.assertEqual(answer.returncode, 1, answer.stderr)
        description, _ = read_page(folder / "out" / "index.html")
        pages = description["recordings"]["page"]
        self.assertEqual(len([page for page in pages if page]), len(names))
        for place, relative in enumerate(pages):
            page = self.open(folder / "out" / "index.html", isLeft=True)
            self.assertEqual(len(self.names(page)), len(names) + 1)
            if relative is None:
                self.assertIn("broken <b>.wav is not audio", page.text(".failed .reason"))
                continue
            name = description["recordings"]["name"][place]
            href = page.run(
                "[...document.querySelectorAll('a.name')].find((link) => link.getAttribute('href') === "
                f"{relative!r}).href"
            )
            # Read as bytes: Chromium does not open names that are not UTF-8.
            target = os.fsdecode(unquoted(href))
            self.assertTrue(os.path.isfile(target), href)
            if target.isprintable() and "\udce9" not in target:
                page.run(f"[...document.querySelectorAll('a.name')].find((link) => link.href === {href!r}).click()")
                self.follow(page, "document.getElementById('plot') !== null")
                self.assertIn(name.split("/")[-1], page.text("#title"))


def unquoted(url):
    """The bytes of the path of a file URL."""
    return unquote_to_bytes(url.removeprefix("file://"))


if __name__ == "__main__":
    unittest.main()
