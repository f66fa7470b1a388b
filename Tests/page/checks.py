# SPDX-License-Identifier: GPL-2.0-or-later
"""What every page of one spectrum must do, whoever wrote it. The expected numbers are computed from the file."""

import csv
import io
import json
import xml.etree.ElementTree as ElementTree

import numpy as np
from PIL import Image

from assemble import NO_ENERGY, read_page

LEFT, RIGHT = 64, 18  # margins of the figure
SHIFT = 8
RUBBISH = [
    "axis=log&from=NaN&to=-3",
    "from=1e400&to=2",
    "from=5000&to=20",
    "axis=%00%ff&show=constructor",
    "hidden=0,1,2,3,4,5,6,7,8,9,x",
    "cursor=Infinity&mark=-1&curve=99",
    "%E0%A4%A",
    "top=-120&bottom=0",
    "top=1e300&bottom=-1e300",
    "&&&===",
    "__proto__=1&toString=2",
    "cursor-time=x&start=9&end=1",
    "harmonics=0&cursor=0",
    "from=" + "9" * 5000,
    "range=maybe&mean=1&notes=",
    "coldest=5&hottest=5",
]


def number(text):
    """The first number of a text of the page."""
    return float(text.replace("\u2212", "-").split()[0])


def picture(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


class Readout:
    """The table below the figure, as texts of cursor, mark and difference by label."""

    def __init__(self, page):
        page.settle()
        self.rows = dict(
            page.run(
                "[...document.querySelectorAll('#readout-rows tr')].map((row) => {"
                " const [label, ...cells] = [...row.cells].map((cell) => cell.textContent); return [label, cells]; })"
            )
        )
        self.behind = page.text("#behind")

    def cursor(self, label):
        return number(self.rows[label][0])

    def mark(self, label):
        return number(self.rows[label][1])

    def difference(self, label):
        return number(self.rows[label][2])

    @property
    def bins(self):
        return int(self.behind.split("Behind this pixel: ")[1].split()[0].replace(",", ""))


class SpectrumChecks:
    """Mixed into a test case that sets `browser` and `source` (a page of kind "lines" with a grid of single bins)."""

    browser = None
    source = None

    @classmethod
    def read(cls):
        cls.description, cls.arrays = read_page(cls.source)
        cls.series = cls.description["series"][0]
        cls.grid = cls.series["grid"]
        cls.levels = cls.arrays[cls.series["cells"]["greatest"]]
        cls.peak = max(cls.series["peaks"], key=lambda peak: peak["level_dbfs"])

    def frequency(self, index):
        return (self.grid["first_bin"] + np.asarray(index, dtype=float)) * self.grid["rate"] / self.grid["divisor"]

    def open(self, fragment="", **options):
        page = self.browser.open(f"{self.source}#{fragment}", **options)
        self.addCleanup(page.__exit__)
        self.addCleanup(lambda: self.assertEqual((page.complaints(), page.requests()), ([], [])))
        self.assertTrue(page.run("document.getElementById('failure').hidden"))
        return page

    def focus(self, page):
        page.run("document.getElementById('plot').focus()")

    def edges(self, page, axis="log"):
        """The frequencies of the edges of the pixels of the figure."""
        words = page.hash()
        band = self.home(page)
        low, high = float(words.get("from", band[0])), float(words.get("to", band[1]))
        columns = round(page.box("#plot")[2]) - LEFT - RIGHT
        share = np.arange(columns + 1) / columns
        return (
            low + low * np.expm1(share * np.log1p((high - low) / low)) if axis == "log" else low + share * (high - low)
        )

    def home(self, page):
        """The ends of the view of a page that was just opened, which the address leaves out."""
        band = self.description["band"]
        step = self.grid["rate"] / self.grid["divisor"]
        first, last = self.frequency(0), self.frequency(len(self.levels) - 1)
        low = band["low_hz"] if band["low_hz"] >= first - 2 * step else max(first, step)
        high = band["high_hz"] if band["high_hz"] <= last + 2 * step else last
        return max(low, step), high

    def inside(self, low, high):
        """The indices of the bins from one frequency up to another."""
        frequency = self.frequency(np.arange(len(self.levels)))
        return np.flatnonzero((frequency >= low) & (frequency < high))

    def point(self, page, column):
        """Moves the pointer to the middle of a column of the figure."""
        left, top, _, height = page.box("#plot")
        page.move(left + LEFT + column + 0.5, top + height / 2)

    def test_the_bins_behind_pixels_are_counted_and_the_strongest_is_read(self):
        page = self.open(width=1200, height=900)
        edges = self.edges(page)
        for column in (len(edges) // 4, len(edges) // 2, 3 * len(edges) // 4, len(edges) - 12):
            inside = self.inside(edges[column], edges[column + 1])
            self.assertGreater(len(inside), 1)
            self.point(page, column)
            readout = Readout(page)
            self.assertEqual(readout.bins, len(inside))
            self.assertIn("every bin is in the page", readout.behind)
            strongest = inside[np.argmax(self.levels[inside])]
            self.assertAlmostEqual(readout.cursor("Level"), self.levels[strongest] / 100, places=2)
            step = self.grid["rate"] / self.grid["divisor"]
            self.assertAlmostEqual(readout.cursor("Frequency"), float(self.frequency(strongest)), delta=step / 2)
            lowest = self.levels[inside].min()
            if lowest != NO_ENERGY:
                self.assertAlmostEqual(readout.cursor("Weakest bin"), lowest / 100, places=2)

    def test_a_linear_axis_counts_its_own_pixels(self):
        page = self.open("axis=linear", width=1200, height=900)
        edges = self.edges(page, "linear")
        inside = self.inside(edges[300], edges[301])
        self.point(page, 300)
        self.assertEqual(Readout(page).bins, len(inside))

    def test_the_mean_of_bins_is_that_of_numpy(self):
        page = self.open("mean=on", width=1200, height=900)
        edges = self.edges(page)
        for column in (len(edges) // 3, 2 * len(edges) // 3, len(edges) - 9):
            inside = self.inside(edges[column], edges[column + 1])
            values = self.levels[inside]
            power = np.where(values == NO_ENERGY, 0, 10 ** (values / 1000.0)).mean()
            self.point(page, column)
            self.assertAlmostEqual(Readout(page).cursor("Mean of bins"), 10 * np.log10(power), delta=0.0101)

    def test_a_zoom_by_the_wheel_ends_at_single_bins(self):
        page = self.open(f"cursor={self.peak['frequency_hz']}", width=1200, height=900)
        left, top, width, height = page.box("#plot")
        target = self.peak["frequency_hz"]
        last = None
        for _ in range(40):
            words = page.run("Object.fromEntries(new URLSearchParams(location.hash.slice(1)))")
            low, high = float(words.get("from", self.home(page)[0])), float(words.get("to", self.home(page)[1]))
            if last and abs(high - low - last) < 1e-6 * last:
                break
            last = high - low
            x = left + LEFT + (width - LEFT - RIGHT) * np.log(target / low) / np.log(high / low)
            for _ in range(12):
                page.mouse("mouseWheel", x, top + height / 2, deltaX=0, deltaY=-120)
            page.hash()
        step = self.grid["rate"] / self.grid["divisor"]
        self.assertAlmostEqual((high - low) / step, 6, delta=0.01)
        for _ in range(4):
            page.mouse("mouseWheel", x + 90, top + height / 2, deltaX=0, deltaY=-120)
        words = page.hash()
        self.assertAlmostEqual(float(words["from"]), low, delta=step / 1000)  # the view rests
        nearest = int(np.clip(round(target / step) - self.grid["first_bin"], 0, len(self.levels) - 1))
        self.point(page, int((width - LEFT - RIGHT) * np.log(target / low) / np.log(high / low)))
        page.click(
            left + LEFT + (width - LEFT - RIGHT) * np.log(self.frequency(nearest) / low) / np.log(high / low),
            top + height / 2,
        )
        readout = Readout(page)
        self.assertEqual(readout.bins, 1)
        self.assertAlmostEqual(readout.cursor("Frequency"), float(self.frequency(nearest)), delta=step / 9)
        self.assertAlmostEqual(readout.cursor("Level"), self.levels[nearest] / 100, places=2)
        self.focus(page)
        page.key("ArrowRight")
        readout = Readout(page)
        self.assertAlmostEqual(readout.cursor("Frequency"), float(self.frequency(nearest + 1)), delta=step / 9)
        self.assertAlmostEqual(readout.cursor("Level"), self.levels[nearest + 1] / 100, places=2)

    def test_the_list_of_peaks_jumps(self):
        page = self.open(width=1200, height=1000)
        strongest = page.text("#peaks-rows tr:first-child button")
        self.assertAlmostEqual(float(strongest), self.peak["frequency_hz"], delta=0.01)
        page.press_button("#peaks-rows tr:first-child button")
        words = page.hash()
        low, high = float(words["from"]), float(words["to"])
        self.assertTrue(low < self.peak["frequency_hz"] < high)
        self.assertLessEqual((high - low) * self.grid["divisor"] / self.grid["rate"], 202)
        step = self.grid["rate"] / self.grid["divisor"]
        self.assertAlmostEqual(Readout(page).cursor("Frequency"), self.peak["frequency_hz"], delta=step)
        self.assertTrue(page.run("document.querySelector('#peaks-rows tr').classList.contains('current')"))
        page.press_button("#back")
        self.assertNotIn("from", page.hash())

    def test_the_keyboard_does_all(self):
        page = self.open(width=1200, height=900)
        self.focus(page)
        self.assertEqual(page.run("document.activeElement.id"), "plot")
        page.key("Home")
        first = Readout(page).cursor("Frequency")
        page.key("ArrowRight")
        second = Readout(page).cursor("Frequency")
        page.key("ArrowRight", shift=True)
        third = Readout(page).cursor("Frequency")
        page.key("End")
        last = Readout(page).cursor("Frequency")
        self.assertTrue(first < second < third < last, (first, second, third, last))
        edges = self.edges(page)
        self.assertLess(first, edges[1])
        self.assertGreaterEqual(last, edges[-2] - self.grid["rate"] / self.grid["divisor"])
        page.key("ArrowLeft")
        self.assertLess(Readout(page).cursor("Frequency"), last)
        for _ in range(5):
            page.key("+")
        zoomed = page.hash()
        self.assertGreater(float(zoomed["from"]), self.home(page)[0])
        page.key("PageUp")
        self.assertLess(float(page.hash()["from"]), float(zoomed["from"]))
        for _ in range(6):
            page.key("Backspace")
        self.assertNotIn("from", page.hash())
        page.key("+")
        page.key("-")
        page.key("+")
        page.key("0")
        self.assertNotIn("from", page.hash())
        page.key("l")
        self.assertEqual(page.hash()["axis"], "linear")
        self.assertTrue(page.run("document.querySelector('[value=linear]').checked"))
        page.key("l")
        page.key("q")
        self.assertEqual(page.hash()["show"], "amplitude")
        page.key("q")
        if self.series.get("density_offset_db") is not None:
            self.assertEqual(page.hash()["show"], "density")
            page.key("q")
        self.assertNotIn("show", page.hash())
        page.key("ArrowUp")
        moved = page.hash()
        self.assertIn("top", moved)
        page.key("ArrowUp")
        page.key("ArrowUp", shift=True)
        stretched = page.hash()
        self.assertLess(
            float(stretched["top"]) - float(stretched["bottom"]), float(moved["top"]) - float(moved["bottom"])
        )
        page.key("m")
        self.assertIn("mark", page.hash())
        page.key("h")
        self.assertIn("harmonics", page.hash())
        page.key("h")
        self.assertNotIn("harmonics", page.hash())
        page.key("Escape")
        self.assertFalse({"mark", "cursor"} & set(page.hash()))
        page.key("?")
        self.assertTrue(page.run("document.getElementById('help').open"))
        page.key("Escape")
        self.assertFalse(page.run("document.getElementById('help').open"))

    def test_keys_go_from_peak_to_peak(self):
        page = self.open(width=1200, height=900)
        self.focus(page)
        ascending = sorted(peak["frequency_hz"] for peak in self.series["peaks"])
        step = self.grid["rate"] / self.grid["divisor"]
        seen = []
        for _ in ascending:
            page.key("n")
            seen.append(Readout(page).cursor("Frequency"))
        # A peak is read behind its pixel, whose strongest bin it may share with another.
        edges = self.edges(page)
        for hertz, expected, column in zip(seen, ascending, np.searchsorted(edges, ascending)):
            width = edges[min(column, len(edges) - 1)] - edges[column - 1]
            self.assertAlmostEqual(hertz, expected, delta=max(width, step))
        if len(ascending) > 1:
            page.key("p")
            self.assertLess(Readout(page).cursor("Frequency"), seen[-1] + step)
            self.assertEqual(
                int(page.run("document.querySelector('#peaks-rows tr.current').dataset.peak")), len(ascending) - 2
            )

    def test_the_second_cursor_gives_differences(self):
        page = self.open(
            f"cursor={self.frequency(len(self.levels) // 2)}&mark={self.frequency(len(self.levels) // 7)}",
            width=1200,
            height=900,
        )
        readout = Readout(page)
        a, b = readout.cursor("Frequency"), readout.mark("Frequency")
        step = self.grid["rate"] / self.grid["divisor"]
        self.assertAlmostEqual(readout.difference("Frequency"), a - b, delta=step)
        self.assertAlmostEqual(readout.difference("Note"), 1200 * np.log2(a / b), delta=0.05)
        self.assertAlmostEqual(
            readout.difference("Level"), readout.cursor("Level") - readout.mark("Level"), delta=0.011
        )

    def test_a_click_holds_the_cursor_and_a_mark_is_set(self):
        page = self.open(width=1200, height=900)
        left, top, width, height = page.box("#plot")
        page.click(left + 0.3 * width, top + height / 2)
        held = Readout(page).rows["Frequency"][0]
        page.move(left + 0.6 * width, top + height / 2)
        self.assertEqual(Readout(page).rows["Frequency"][0], held)
        page.press_button("#mark")
        self.focus(page)
        page.key("ArrowRight", shift=True)
        readout = Readout(page)
        self.assertEqual(readout.rows["Frequency"][1], held)
        self.assertGreater(readout.difference("Frequency"), 0)

    def test_dragging_moves_and_zooms(self):
        page = self.open("from=200&to=2000", width=1200, height=900)
        left, top, width, height = page.box("#plot")
        middle = top + height / 2
        page.drag((left + 600, middle), (left + 700, middle))
        words = page.hash()
        columns = width - LEFT - RIGHT
        self.assertAlmostEqual(float(words["from"]), 200 * 10 ** (-100 / columns), places=6)
        self.assertAlmostEqual(float(words["to"]), 2000 * 10 ** (-100 / columns), places=5)
        page.press_button("#back")
        self.assertEqual(page.hash(), {"from": "200", "to": "2000"})
        page.drag((left + LEFT + 100, middle), (left + LEFT + 300, middle), modifiers=SHIFT)
        words = page.hash()
        self.assertAlmostEqual(float(words["from"]), 200 * 10 ** (100 / columns), places=6)
        self.assertAlmostEqual(float(words["to"]), 200 * 10 ** (300 / columns), places=6)
        page.press_button("#reset")
        self.assertNotIn("from", page.hash())
        page.press_button("#drag-zoom")
        page.drag((left + LEFT + 100, middle), (left + LEFT + 300, middle))
        self.assertIn("from", page.hash())

    def test_two_fingers_zoom(self):
        page = self.open("from=200&to=2000", width=1200, height=900, touch=True)
        left, top, width, height = page.box("#plot")
        center, y = left + LEFT + (width - LEFT - RIGHT) / 2, top + height / 2
        page.touch("touchStart", [(center - 50, y), (center + 50, y)])
        for reach in (60, 80, 100):
            page.touch("touchMove", [(center - reach, y), (center + reach, y)])
        page.touch("touchEnd", [])
        page.settle()
        words = page.hash()
        middle = np.sqrt(200 * 2000)
        self.assertAlmostEqual(float(words["from"]) / (middle / 10**0.25), 1, places=2)
        self.assertAlmostEqual(float(words["to"]) / (middle * 10**0.25), 1, places=2)

    def test_the_wheel_over_levels_stretches_them(self):
        page = self.open(width=1200, height=900)
        left, top, _, height = page.box("#plot")
        page.wheel(left + 20, top + height / 2, -120)
        words = page.hash()
        self.assertIn("top", words)
        self.assertNotIn("from", words)
        page.press_button("#fit")
        self.assertNotEqual(page.hash().get("top"), words["top"])

    def test_a_view_is_sent_by_its_address(self):
        fragment = (
            "axis=linear&from=300.5&to=900.25&top=-6.5&bottom=-95.5&cursor=440.5&mark=600&harmonics=110"
            "&range=off&mean=on&notes=off"
        )
        page = self.open(fragment, width=1200, height=900)
        before = Readout(page)
        words = page.hash()
        self.assertEqual(words, dict(part.split("=") for part in fragment.split("&")))
        page.press_button("#mean")
        page.press_button("#notes")
        page.hash()
        sent = page.run("location.hash").lstrip("#")
        other = self.open(sent, width=1200, height=900)
        self.assertEqual(other.hash(), {key: value for key, value in words.items() if key not in ("mean", "notes")})
        self.assertEqual(Readout(other).rows["Frequency"], before.rows["Frequency"])
        other.run("location.hash = 'axis=log&from=1000&to=2000'")
        other.settle()
        self.assertEqual(other.hash(), {"from": "1000", "to": "2000"})

    def test_rubbish_in_the_address_is_harmless(self):
        page = self.open(width=900, height=700)
        home = self.home(page)
        for rubbish in RUBBISH:
            page.run(f"location.hash = {json.dumps(rubbish)}")
            page.settle()
            words = page.hash()
            low, high = float(words.get("from", home[0])), float(words.get("to", home[1]))
            self.assertTrue(0 < low < high <= home[1] * 1.2, (rubbish, words))
            Readout(page)
        self.assertEqual(page.complaints(), [])
        self.open(RUBBISH[0], width=900, height=700)
        self.open(RUBBISH[6], width=900, height=700)

    def test_the_csv_has_the_bins(self):
        low, high = self.peak["frequency_hz"] * 0.99, self.peak["frequency_hz"] * 1.01
        page = self.open(f"from={low!r}&to={high!r}", width=1200, height=900)
        page.press_button("#save-csv")
        name, data = page.saved("csv")
        self.assertRegex(name, r"^[A-Za-z0-9.-]+\.csv$")
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))
        inside = self.inside(low, high)
        self.assertEqual(len(rows), len(inside))
        self.assertEqual(
            [float(row["strongest_hz"]) for row in rows], [float(value) for value in self.frequency(inside)]
        )
        expected = [-np.inf if level == NO_ENERGY else level / 100 for level in self.levels[inside]]
        self.assertEqual([float(row["strongest"]) for row in rows], expected)
        self.assertEqual({row["bins"] for row in rows}, {"1"})

    def test_the_csv_of_very_many_bins_has_the_pixels(self):
        page = self.open(width=1200, height=900)
        edges = self.edges(page)
        page.press_button("#save-csv")
        rows = list(csv.DictReader(io.StringIO(page.saved("csv")[1].decode("utf-8"), newline="")))
        whole = self.inside(edges[0], edges[-1])
        self.assertEqual(sum(int(row["bins"]) for row in rows), len(whole))
        for row in (rows[len(rows) // 2], rows[-1]):
            first, last = float(row["low_hz"]), float(row["high_hz"])
            inside = self.inside(first - 1e-9, last + 1e-9)
            self.assertEqual(len(inside), int(row["bins"]))
            self.assertAlmostEqual(float(row["strongest"]), self.levels[inside].max() / 100)
            lowest = self.levels[inside].min()
            self.assertAlmostEqual(float(row["weakest"]), -np.inf if lowest == NO_ENERGY else lowest / 100)

    def test_the_svg_is_well_formed(self):
        page = self.open(f"cursor={self.peak['frequency_hz']}&mean=on&bands=on&harmonics=100", width=1200, height=900)
        page.press_button("#save-svg")
        root = ElementTree.fromstring(page.saved("svg")[1])
        space = "{http://www.w3.org/2000/svg}"
        self.assertEqual(root.find(f"{space}title").text, self.description["title"])
        lines = [line.get("points").split() for line in root.iter(f"{space}polyline")]
        longest = max(lines, key=len)
        self.assertGreater(len(longest), 500)
        numbers = [float(value) for pair in longest for value in pair.split(",")]
        self.assertTrue(np.isfinite(numbers).all())
        self.assertIn(self.description["title"], [text.text for text in root.iter(f"{space}text")])

    def test_the_png_is_twice_as_fine(self):
        page = self.open(width=1200, height=900)
        page.press_button("#save-png")
        image = picture(page.saved("png")[1])
        _, _, width, height = page.box("#plot")
        self.assertEqual(image.shape[1], 2 * round(width))
        self.assertGreater(image.shape[0], 2 * round(height))
        self.assertGreater(len(np.unique(image.reshape(-1, 3), axis=0)), 30)

    def test_light_and_dark_are_drawn(self):
        for dark, background, line in ((False, (255, 255, 255), (11, 98, 196)), (True, (16, 20, 26), (108, 182, 255))):
            page = self.open("range=off", width=900, height=800, dark=dark)
            image = picture(page.picture())
            left, top, width, height = (round(value) for value in page.box("#plot"))
            self.assertEqual(tuple(image[2, 2]), background)
            part = image[top : top + height, left + LEFT : left + width - RIGHT].astype(int)
            near = np.abs(part - line).sum(axis=2) < 60
            self.assertGreater(np.count_nonzero(near.any(axis=0)), 0.5 * part.shape[1])
        page.run(
            "document.getElementById('theme').value = 'light'; document.getElementById('theme').dispatchEvent(new Event('change'))"
        )
        page.settle()
        self.assertEqual(tuple(picture(page.picture())[2, 2]), (255, 255, 255))

    def test_print_is_light(self):
        page = self.open(width=900, height=800, dark=True)
        page.emulate(dark=True, media="print")
        page.run("dispatchEvent(new Event('beforeprint'))")
        page.settle()
        image = picture(page.picture())
        self.assertEqual(tuple(image[2, 2]), (255, 255, 255))
        left, top, width, height = (round(value) for value in page.box("#plot"))
        self.assertGreater(np.median(image[top + 40 : top + height // 2, left + 80 : left + width - 40]), 200)
        self.assertEqual(page.run("getComputedStyle(document.getElementById('toolbar')).display"), "none")
        page.run("dispatchEvent(new Event('afterprint'))")

    def test_controls_change_the_picture(self):
        page = self.open(f"cursor={self.peak['frequency_hz']}", width=1200, height=1000)
        figure = "document.getElementById('plot').toDataURL()"
        seen = [page.run(figure)]
        buttons = [
            "#range",
            "#mean",
            "#notes",
            "#harmonics",
            "#zoom-in",
            "[value=amplitude] + span",
            "[value=level] + span",
            "[value=linear] + span",
            "#curve-0",
        ]
        if self.description.get("bands"):
            buttons.insert(0, "#bands")
        for selector in buttons:
            page.press_button(selector)
            drawn = page.run(figure)
            if selector.startswith("[value=level]"):
                self.assertEqual(drawn, seen[-2], "the levels are those of before")
            else:
                self.assertNotIn(drawn, seen, selector)
            seen.append(drawn)
        self.assertEqual(page.hash()["hidden"], "0")

    def test_the_page_speaks(self):
        page = self.open(width=1200, height=900)
        self.focus(page)
        page.key("Home")
        spoken = page.until("document.getElementById('spoken').textContent")
        self.assertIn("Frequency", spoken)
        self.assertIn("Behind this pixel", spoken)
        self.assertEqual(page.run("document.getElementById('spoken').getAttribute('aria-live')"), "polite")
        tree = page.call("Accessibility.getFullAXTree")["nodes"]
        names = {(node.get("role", {}).get("value"), node.get("name", {}).get("value")) for node in tree}
        self.assertIn(("application", f"Spectrum: {self.description['title']}"), names)
        nameless = [
            node
            for node in tree
            if node.get("role", {}).get("value") in ("button", "checkbox", "radio", "combobox", "spinbutton")
            and not node.get("name", {}).get("value")
            and not node.get("ignored")
        ]
        self.assertEqual(nameless, [])
        self.assertGreaterEqual(
            sum(role == "button" and str(name).startswith("Go to ") for role, name in names),
            min(1, len(self.series["peaks"])),
        )
        self.assertIn(self.description["text"], page.text("#summary"))
