# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of pages share: a browser and a folder for each module, and a case with pages that must not complain.

A module of tests imports `setUpModule` and `tearDownModule` from here, under these names, which unittest looks for.
"""

import csv
import io
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from browser import Browser

TEXT = "{http://www.w3.org/2000/svg}text"


class Workshop:
    """The browser and the folder of the module that is running."""

    browser = None
    folder = None


def setUpModule():
    Workshop.folder = tempfile.TemporaryDirectory(prefix="wavfft-pages-")
    Workshop.browser = Browser()


def tearDownModule():
    Workshop.browser.close()
    Workshop.folder.cleanup()


def path_of(name):
    return Path(Workshop.folder.name) / f"{name}.html"


class PageCase(unittest.TestCase):
    """A case with pages that must not complain."""

    def open(self, path, **options):
        page = Workshop.browser.open(path, **options)
        self.addCleanup(page.__exit__)
        self.addCleanup(lambda: self.assertEqual((page.complaints(), page.requests()), ([], [])))
        return page

    def press(self, page, *keys):
        page.run("document.getElementById('plot').focus()")
        for key in keys:
            page.key(key)

    def saved_rows(self, page):
        page.press_button("#save-csv")
        return list(csv.DictReader(io.StringIO(page.saved("csv")[1].decode("utf-8"), newline="")))

    def labels(self, page):
        """The texts of the figure."""
        page.press_button("#save-svg")
        return [text.text for text in ElementTree.fromstring(page.saved("svg")[1]).iter(TEXT)]
