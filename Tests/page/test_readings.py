# SPDX-License-Identifier: GPL-2.0-or-later
"""What is read at the ends of an axis, from cells, and with a doubt; and how a description opens its page."""

import re
import unittest
import xml.etree.ElementTree as ElementTree

import numpy as np

import synthetic
from assemble import NO_ENERGY, Arrays, levels, write_page
from cases import PageCase, path_of, setUpModule, tearDownModule  # noqa: F401
from checks import LEFT, RIGHT, Readout, number

def write(name, values, grid, bins_per_cell=1, band=(20, 20000), peaks=(), **members):
    """A page of one curve."""
    arrays = Arrays()
    series = synthetic.make_series(arrays, name, values, grid, bins_per_cell, peaks=list(peaks))
    text = synthetic.frame(name, series=[series], band={"low_hz": band[0], "high_hz": band[1]}, **members)
    return write_page(path_of(name), text, arrays)


class ReadingCase(PageCase):
    def open(self, path, **options):
        return super().open(path, **{"width": 1200, "height": 900, **options})


class LastBinTests(ReadingCase):
    """The last bin of a curve is on the last edge of the axis."""

    @classmethod
    def setUpClass(cls):
        cls.grid = {"rate": 8000, "divisor": 40_000, "first_bin": 101, "bin_count": 19_900}
        cls.values = synthetic.noise(19_900)
        cls.values[-1] = -1234
        cls.path = write("last", cls.values, cls.grid)
        cls.cells = write("last-cells", cls.values, cls.grid, 7)

    def test_the_end_of_the_view_reads_it(self):
        for axis in ("log", "linear"):
            page = self.open(f"{self.path}#axis={axis}")
            self.press(page, "End")
            readout = Readout(page)
            self.assertEqual(readout.cursor("Frequency"), 4000, axis)
            self.assertEqual(readout.cursor("Level"), -12.34)
            columns = round(page.box("#plot")[2]) - LEFT - RIGHT
            share = 1 - 1 / columns
            edge = 20.2 * (4000 / 20.2) ** share if axis == "log" else 20.2 + share * (4000 - 20.2)
            self.assertAlmostEqual(readout.bins, 20_001 - np.ceil(edge * 5), delta=1)
            self.assertGreater(readout.bins, 15)
            self.press(page, "ArrowLeft")
            self.assertLess(Readout(page).cursor("Frequency"), 4000)

    def test_the_csv_has_it(self):
        rows = self.saved_rows(self.open(self.path))
        self.assertEqual(len(rows), 19_900)
        self.assertEqual((rows[0]["strongest_hz"], rows[-1]["strongest_hz"]), ("20.2", "4000"))
        cells = self.saved_rows(self.open(self.cells))
        self.assertEqual(sum(int(row["bins"]) for row in cells), 19_900)
        self.assertEqual(cells[-1]["high_hz"], "4000")

    def test_its_point_is_drawn_in_the_deepest_view(self):
        page = self.open(f"{self.path}#axis=linear&from=3998.8&to=4000")
        page.press_button("#save-svg")
        root = ElementTree.fromstring(page.saved("svg")[1])
        dots = [node for node in root.iter("{http://www.w3.org/2000/svg}circle") if node.get("fill") == "#0b62c4"]
        right = page.box("#plot")[2] - RIGHT
        self.assertEqual(sum(abs(float(dot.get("cx")) - right) < 0.5 for dot in dots), 1)

    def test_the_last_band_is_read(self):
        arrays = Arrays()
        frequency = np.array([100.0, 200, 400, 800])
        rows = {
            "frequency": arrays.add(frequency, "<f8"),
            "low": arrays.add(np.array([80.0, 150, 300, 600]), "<f8"),
            "high": arrays.add(np.array([150.0, 300, 600, 800]), "<f8"),
            "level": arrays.add(levels([-10, -20, -30, -40])),
        }
        series = {"name": "rows", "sample_rate": 8000, "limit_hz": 4000, "peaks": [], "rows": rows}
        text = synthetic.frame("rows", series=[series], band={"low_hz": 80, "high_hz": 800})
        page = self.open(write_page(path_of("last-band"), text, arrays))
        self.assertEqual([row["strongest_hz"] for row in self.saved_rows(page)], ["100", "200", "400", "800"])


class CellCountTests(ReadingCase):
    @classmethod
    def setUpClass(cls):
        cls.grid = {"rate": 8000, "divisor": 40_000, "first_bin": 101, "bin_count": 19_900}
        cls.peaks = synthetic.peaks_of(cls.grid, ((443.4, -20.0), (1000.2, -30.0)))
        cls.values = synthetic.noise(19_900)
        cls.path = write("counted", cls.values, cls.grid, 13, peaks=cls.peaks)

    def test_the_csv_has_each_bin_once(self):
        """Also where cells and details meet, in rows of pixels and in rows of single values."""
        for fragment in ("", "axis=linear", "from=300&to=1200", "axis=linear&from=300&to=600"):
            rows = self.saved_rows(self.open(f"{self.path}#{fragment}"))
            self.assertTrue({"1", "13"} <= {row["bins"] for row in rows} or not fragment)
            numbers = [(round(float(row["low_hz"]) * 5), round(float(row["high_hz"]) * 5)) for row in rows]
            for (_, last), (first, _) in zip(numbers, numbers[1:]):
                self.assertEqual(first, last + 1, fragment)
            for row, (first, last) in zip(rows, numbers):
                self.assertEqual(int(row["bins"]), last - first + 1)
                inside = self.values[first - 101 : last - 100]
                self.assertEqual(float(row["strongest"]), inside.max() / 100)

    def test_the_bins_of_neighbouring_pixels_add_up(self):
        page = self.open(f"{self.path}#axis=linear&from=2000&to=2400")
        left, top, width, height = page.box("#plot")
        columns = round(width) - LEFT - RIGHT
        total = 0
        for column in range(500, 520):
            page.move(left + LEFT + column + 0.5, top + height / 2)
            total += Readout(page).bins
        edges = 2000 + 400 * np.array([500, 520]) / columns
        self.assertEqual(total, int(np.ceil(edges[1] * 5) - np.ceil(edges[0] * 5)))


class UnpairedTests(ReadingCase):
    """DC and Nyquist: their levels are of amplitudes without a mirror image."""

    GRID = {"rate": 48000, "divisor": 2400, "first_bin": 0, "bin_count": 1201}

    def test_the_mean_of_bins_does_not_depend_on_the_size_of_the_page(self):
        values = np.full(1201, -9000, "<i2")
        values[[0, -1]] = -2000, -3000
        expected = {}
        for key, part in (("Home", slice(0, 24)), ("End", slice(1176, 1201))):
            power = 10 ** (values[part] / 1000.0)
            power[0 if key == "Home" else -1] *= 2
            expected[key] = 10 * np.log10(power.mean())
        path = write("unpaired", values, self.GRID, band=(0, 24000))
        # A pixel of this view has two or more bins.
        page = self.open(f"{path}#axis=linear&mean=on", width=500)
        for key, level in (("Home", values[0]), ("End", values[-1])):
            self.press(page, key)
            readout = Readout(page)
            power = 2 * 10 ** (level / 1000) + (readout.bins - 1) * 10**-9.0
            self.assertGreater(readout.bins, 1)
            self.assertAlmostEqual(readout.cursor("Mean of bins"), 10 * np.log10(power / readout.bins), delta=0.011)
            self.assertEqual(readout.cursor("Level"), level / 100)
        rows = self.saved_rows(self.open(f"{path}#axis=linear&mean=on"))
        self.assertAlmostEqual(float(rows[0]["mean"]), -20 + 10 * np.log10(2), delta=0.002)
        self.assertAlmostEqual(float(rows[1]["mean"]), -90, delta=0.002)

    def test_sums_of_many_bins_count_them_double_too(self):
        """The sums of a pyramid, and the bins of an odd transform, which has no Nyquist."""
        for divisor, last in ((400_000, 2), (400_001, 1)):
            count = divisor // 2 + 1
            values = np.full(count, -12000, "<i2")
            values[-1] = -2000
            grid = {"rate": 48000, "divisor": divisor, "first_bin": 0, "bin_count": count}
            page = self.open(f"{write(f'sums-{divisor}', values, grid, band=(0, 24000))}#axis=linear&mean=on")
            self.press(page, "End")
            readout = Readout(page)
            self.assertGreater(readout.bins, 100)
            mean = 10 * np.log10(last * 10**-2 / readout.bins)
            self.assertAlmostEqual(readout.cursor("Mean of bins"), mean, delta=0.011)

    def test_a_linear_axis_opens_with_dc(self):
        values = np.full(1201, -9000, "<i2")
        values[0] = -1500
        path = write("dc", values, self.GRID, band=(20, 24000), axis="linear")
        page = self.open(path)
        self.press(page, "Home")
        self.assertEqual((Readout(page).cursor("Frequency"), Readout(page).cursor("Level")), (0, -15))
        self.press(page, "+")
        self.assertNotEqual(page.hash().get("to"), None)
        self.press(page, "0", "Escape")
        self.assertEqual(page.hash(), {})
        self.assertEqual(self.saved_rows(page)[0]["low_hz"], "0")
        self.press(page, "l")  # a log axis begins with the first bin above
        self.assertEqual(page.hash(), {"axis": "log"})
        self.assertEqual(self.saved_rows(page)[0]["low_hz"], "20")
        self.press(page, "l")
        self.assertEqual(self.saved_rows(page)[0]["low_hz"], "0")

    def test_cursor_and_mark_at_dc_are_sent_by_the_address(self):
        path = write("zero", np.full(1201, -9000, "<i2"), self.GRID, band=(20, 24000), axis="linear")
        page = self.open(f"{path}#cursor=0&mark=0")
        readout = Readout(page)
        self.assertEqual((readout.cursor("Frequency"), readout.mark("Frequency")), (0, 0))
        self.assertEqual(page.hash(), {"cursor": "0", "mark": "0"})


class HarmonicTests(ReadingCase):
    def test_harmonics_closer_than_bins_or_beyond_the_axis_are_refused(self):
        synthetic.lines_page(path_of("harmonics"), 100_000)
        for wanted in ("1e-300", "1e-9", "0.44", "1e9"):
            page = self.open(f"{path_of('harmonics')}#harmonics={wanted}")
            self.assertEqual(page.text("#title"), "Spectrum of synthetic.wav")
            self.assertEqual(page.run("document.getElementById('harmonics').getAttribute('aria-pressed')"), "false")
        page = self.open(f"{path_of('harmonics')}#harmonics=110")
        self.assertEqual(page.hash(), {"harmonics": "110"})
        self.assertIn("8", self.labels(page))


class DoubtTests(ReadingCase):
    """The strongest bin of a cell may be anywhere in it."""

    @classmethod
    def setUpClass(cls):
        grid = {"rate": 8000, "divisor": 8000, "first_bin": 20, "bin_count": 3900}
        cls.path = write("doubt", synthetic.noise(3900), grid, 20, band=(20, 3920))
        cls.fine = write("fine", synthetic.noise(39_000), {**grid, "divisor": 80_000, "bin_count": 39_000}, 3)

    def test_differences_have_their_doubt(self):
        row = Readout(self.open(f"{self.path}#axis=linear&cursor=3005&mark=2005")).rows["Frequency"]
        self.assertEqual([text.split(" \u00b1 ")[1] for text in row], ["9.5 Hz", "9.5 Hz", "19 Hz"])
        self.assertEqual(row[2].split()[0], "+1000")
        self.assertRegex(
            Readout(self.open(f"{self.fine}#cursor=3005")).rows["Note"][0], r"^F#7 [+\u2212]\d+\.\d \u00b1 0\.1 cents$"
        )
        self.assertRegex(row[0], r"^\d+\.\d \u00b1")

    def test_cents_are_only_said_where_they_are_known(self):
        rows = Readout(self.open(f"{self.path}#axis=linear&cursor=3005&mark=105")).rows
        self.assertRegex(rows["Note"][0], r"^F#7 [+\u2212]?\d+(\.\d)? \u00b1 5\.\d cents$")
        self.assertEqual(rows["Note"][1], "G2 to A#2")
        self.assertEqual(rows["Note"][2], "")
        rows = Readout(self.open(f"{self.path}#axis=linear&cursor=3005&mark=2005")).rows
        self.assertRegex(rows["Note"][2], r"^\+(69|70)\d \u00b1 14 cents$")

    def test_spectrograms_have_it_too(self):
        _, edges = synthetic.spectrogram_page(path_of("heat"), columns=100, rows=257)
        page = self.open(f"{path_of('heat')}#cursor=8000&cursor-time=2&mark=300&mark-time=1")
        rows = Readout(page).rows
        half = (edges[2] - edges[1]) / 2
        self.assertIn(f"\u00b1 {np.ceil(half):.0f} Hz", rows["Frequency"][0])
        self.assertIn(f"\u00b1 {np.ceil(2 * half):.0f} Hz", rows["Frequency"][2])
        self.assertIn("\u00b1", rows["Note"][0])
        self.assertRegex(rows["Note"][1], r"^[A-G]#?\d to [A-G]#?\d$")
        self.assertEqual(rows["Note"][2], "")


class PaperTests(ReadingCase):
    def test_colours_of_curves_are_printed_and_an_empty_table_is_not(self):
        synthetic.several_page(path_of("paper"), divisor=40_000)
        page = self.open(path_of("paper"))
        style = "getComputedStyle(document.getElementById('swatch-0'))"
        self.assertEqual(page.run(f"{style}.printColorAdjust"), "exact")
        self.assertEqual(page.run(f"{style}.forcedColorAdjust"), "none")
        shown = "getComputedStyle(document.getElementById('readout')).display"
        page.emulate(media="print")
        self.assertEqual(page.run(shown), "none")
        page.emulate()
        self.press(page, "Home")
        page.emulate(media="print")
        self.assertEqual(page.run(shown), "table")


class TimeAxisTests(ReadingCase):
    def test_a_minute_has_at_least_three_labels(self):
        synthetic.spectrogram_page(path_of("minute"), columns=1190, rows=65)
        page = self.open(path_of("minute"), width=470)
        labels = [text for text in self.labels(page) if text in ("0", "10", "20", "30", "40", "50")]
        self.assertEqual(labels, ["0", "20", "40"])


class DifferenceTests(ReadingCase):
    def test_no_text_of_the_table_covers_another(self):
        synthetic.comparison_page(path_of("covers"))
        page = self.open(f"{path_of('covers')}#cursor=1320&mark=1320")
        self.assertIn("beyond it here", Readout(page).rows["Difference"][1])
        wide = "[...document.querySelectorAll('#readout td')].filter((cell) => cell.scrollWidth > cell.clientWidth)"
        self.assertEqual(page.run(f"{wide}.map((cell) => cell.textContent)"), [])

    def test_the_frequency_of_a_difference_is_said(self):
        frequency, difference, _, _ = synthetic.comparison_page(path_of("difference"))
        for row in (300, len(frequency) - 1):
            near = float(frequency[row])
            page = self.open(f"{path_of('difference')}#from={near - 9!r}&to={near + 9!r}&cursor={near!r}")
            text = Readout(page).rows["Difference"][0]
            self.assertAlmostEqual(number(text), difference[row] / 100, places=2)
            self.assertAlmostEqual(number(text.split(" at ")[1]), near, places=1)
        self.assertIn("need not equal the difference of the two strongest levels", page.text("#explanation"))
        self.press(page, "0", "End")
        last = Readout(page).rows["Difference"][0]
        inside = difference[frequency > 20000 * 0.99]
        self.assertIn(round(100 * number(last)), inside.tolist())


    def test_what_is_beyond_the_axis_has_an_arrow_and_its_number(self):
        frequency, difference, _, _ = synthetic.comparison_page(path_of("beyond"), greatest=7654)
        row = int(np.argmax(difference))
        near = float(frequency[row])
        page = self.open(f"{path_of('beyond')}#cursor={near!r}")
        self.assertEqual(number(Readout(page).rows["Difference"][0]), 76.54)
        self.assertIn("Difference in dB; arrows: beyond the axis", self.labels(page))
        page = self.open(f"{path_of('beyond')}#reach=80")
        self.assertIn("Difference in dB", self.labels(page))


class BandTests(ReadingCase):
    """Curves of a page may have bands of their own: those of the curve that the cursor follows are shown."""

    def test_the_bands_are_those_of_the_curve(self):
        arrays = Arrays()
        grid = synthetic.make_grid(8000)
        series = []
        for place in range(2):
            bands = [{"name": "1 kHz", "low_hz": 891, "high_hz": 1122, "level_dbfs": -92.25 - 8 * place}]
            values = synthetic.noise(grid["bin_count"], seed=place)
            series.append(synthetic.make_series(arrays, f"channel {place + 1}", values, grid, peaks=[], bands=bands))
        text = synthetic.frame("Two", series=series, bands_title="Octave bands", shows_bands=True)
        path = write_page(path_of("two-bands"), text, arrays)
        page = self.open(f"{path}#cursor=1000")
        figure = "document.getElementById('plot').toDataURL()"
        self.assertEqual(page.text("#bands-name"), "Octave bands")
        self.assertEqual(Readout(page).rows["Band"][0], "1 kHz: \u221292.25 dBFS")
        before = page.run(figure)
        page.press_button("#active-1")
        self.assertEqual(Readout(page).rows["Band"][0], "1 kHz: \u2212100.25 dBFS")
        self.assertNotEqual(page.run(figure), before)
        page.press_button("#bands")
        self.assertNotIn("Band", Readout(page).rows)


class QuantityTests(ReadingCase):
    """Each quantity keeps the levels that its reader chose."""

    def choose(self, page, name):
        page.press_button(f'[name="quantity"][value="{name}"]')
        page.settle()

    def test_levels_are_those_chosen_before(self):
        synthetic.lines_page(path_of("quantities"), 40_000)
        page = self.open(path_of("quantities"))
        self.press(page, "ArrowUp", "ArrowUp")
        level = page.hash()
        self.assertIn("top", level)
        self.choose(page, "amplitude")
        self.press(page, "ArrowUp")
        amplitude = page.hash()
        self.assertNotEqual(amplitude["top"], level["top"])
        self.choose(page, "level")
        self.assertEqual(page.hash(), level)
        self.choose(page, "amplitude")
        self.assertEqual(page.hash(), amplitude)
        # A reset forgets them.
        self.choose(page, "level")
        page.press_button("#reset")
        self.assertNotIn("top", page.hash())
        self.choose(page, "amplitude")
        self.assertNotEqual(page.hash()["top"], amplitude["top"])

    def test_the_first_levels_of_another_quantity_fit(self):
        synthetic.lines_page(path_of("first"), 40_000)
        page = self.open(f"{path_of('first')}#show=amplitude&top=0.5&bottom=0")
        self.choose(page, "level")
        self.assertLess(float(page.hash().get("bottom", -120)), -40)


class MeanTests(ReadingCase):
    """A page that shows means of cells reads them."""

    def test_the_mean_behind_a_pixel_is_read(self):
        values, edges = synthetic.spectrogram_page(path_of("means"), columns=400, rows=257, reduction="mean")
        page = self.open(f"{path_of('means')}#axis=linear&cursor=3000&cursor-time=5", width=360)
        left, top, width, height = page.box("#plot")
        page.click(left + width / 2, top + height / 2)
        readout = Readout(page)
        # A pixel has several columns and one or two rows.
        low, high = (float(page.hash()[name]) for name in ("cursor", "cursor-time"))
        cells = int(readout.behind.split("Behind this pixel: ")[1].split()[0])
        columns, rows = (int(word) for word in re.findall(r"(\d+) (?:column|row)", readout.behind))
        self.assertEqual((cells, columns > 1), (columns * rows, True))
        self.assertIn("their mean power is shown and read", readout.behind)
        self.assertNotIn("Level", readout.rows)
        seconds, hertz = readout.cursor("Time"), readout.cursor("Frequency")
        self.assertLess(abs(seconds - high), 0.05 * columns)
        first = round(seconds / 0.05 - columns / 2)
        row = int(np.argmin(np.abs((edges[:-rows] + edges[rows:]) / 2 - hertz)))
        block = values[first : first + columns, row : row + rows].astype(float)
        power = np.where(block == NO_ENERGY, 0, 10 ** (block / 1000))
        self.assertAlmostEqual(readout.cursor("Mean level"), 10 * np.log10(power.mean()), delta=0.02)
        self.assertLess(readout.cursor("Mean level"), block.max() / 100 - 0.5)
        self.assertGreater(low, 0)

    def test_the_strongest_is_read_where_it_is_shown(self):
        synthetic.spectrogram_page(path_of("greatest"), columns=400, rows=65)
        page = self.open(f"{path_of('greatest')}#cursor=3000&cursor-time=5", width=360)
        readout = Readout(page)
        self.assertIn("Level", readout.rows)
        self.assertIn("the strongest of them is shown and read", readout.behind)


class FormulaTests(ReadingCase):
    """No name in a table is a formula to a spreadsheet; numbers stay numbers."""

    def test_names_are_texts(self):
        for place, name in enumerate(["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "a=1", "'quoted'"]):
            path = path_of(f"formula-{place}")
            arrays = Arrays()
            grid = synthetic.make_grid(4000)
            series = synthetic.make_series(arrays, name, synthetic.noise(grid["bin_count"]), grid, peaks=[])
            write_page(path, synthetic.frame(name, series=[series], reference={"unit": "=dB", "offset_db": 0}), arrays)
            rows = self.saved_rows(self.open(f"{path}#from=100&to=200"))
            is_formula = name[0] in "=+-@\t"
            self.assertEqual({row["series"] for row in rows}, {f"'{name}" if is_formula else name})
            self.assertEqual({row["unit"] for row in rows}, {"'=dB"})
            self.assertTrue(all(float(row["strongest"]) < 0 for row in rows))


class OpeningTests(ReadingCase):
    """Members of the description that say how the page opens."""

    def write(self, name, **members):
        synthetic.lines_page(path_of(name), 40_000, **members)
        return path_of(name)

    def levels_shown(self, page):
        """The levels at both ends of the axis, from a move of it by its tenth."""
        self.press(page, "ArrowUp")
        words = page.hash()
        top, bottom = float(words["top"]), float(words["bottom"])
        self.press(page, "Backspace")
        tenth = (top - bottom) / 10
        return round(bottom - tenth, 6), round(top - tenth, 6)

    def test_the_range_of_levels(self):
        path = self.write("range", level_range_db=[-77, -3], reference={"unit": "dB SPL", "offset_db": 94})
        page = self.open(path)
        self.assertEqual(self.levels_shown(page), (17, 91))
        self.press(page, "ArrowUp", "0")
        self.assertEqual(page.hash(), {})
        self.assertEqual(self.levels_shown(page), (17, 91))

    def test_amplitudes(self):
        page = self.open(self.write("amplitudes", scale="linear"))
        self.assertTrue(page.run("document.querySelector('[value=amplitude]').checked"))
        self.assertIn("Amplitude, full scale is 1", self.labels(page))
        self.assertEqual(page.hash(), {})
        self.press(page, "0")
        self.assertEqual(page.hash(), {})
        page.press_button("[value=level] + span")
        self.assertEqual(page.hash()["show"], "level")
        bottom, top = self.levels_shown(page)
        self.assertTrue(-200 < bottom < -80 and -20 < top < 5)
        other = self.open(f"{path_of('amplitudes')}#show=level")
        self.assertEqual(self.levels_shown(other), (bottom, top))
        self.press(other, "0")
        self.assertEqual(self.levels_shown(other), (bottom, top))

    def test_the_theme(self):
        for theme, dark, expected in (
            ("dark", False, "#10141a"),
            ("light", True, "#ffffff"),
            ("print", True, "#ffffff"),
            ("constructor", False, "#ffffff"),
        ):
            page = self.open(self.write(f"theme-{theme}", theme=theme), dark=dark)
            page.press_button("#save-svg")
            self.assertIn(expected, page.saved("svg")[1].decode()[:600], theme)
            chosen = {"dark": "dark", "light": "light", "print": "light"}.get(theme, "auto")
            self.assertEqual(page.run("document.getElementById('theme').value"), chosen)

    def test_the_bands(self):
        page = self.open(self.write("with-bands", shows_bands=True))
        self.assertTrue(page.run("document.getElementById('bands').checked"))
        self.assertEqual(page.hash(), {})
        page.press_button("#bands")
        self.assertEqual(page.hash(), {"bands": "off"})

    def test_what_is_not_understood_is_ignored(self):
        plain = self.levels_shown(self.open(self.write("plain")))
        for number_of, wrong in enumerate(([], [0, -10], ["-90", "0"], [-90, None], {"0": 1}, [-1e9, 0], "x", [-5, -4.9])):
            path = self.write(f"wrong-{number_of}", level_range_db=wrong, scale=1, theme=["dark"], shows_bands="yes")
            page = self.open(path)
            self.assertEqual(self.levels_shown(page), plain, wrong)
            self.assertFalse(page.run("document.getElementById('bands').checked"))
            self.assertTrue(page.run("document.querySelector('[value=level]').checked"))


if __name__ == "__main__":
    unittest.main()
