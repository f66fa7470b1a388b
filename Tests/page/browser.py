# SPDX-License-Identifier: GPL-2.0-or-later
"""Chromium without a window, driven by its DevTools protocol over two pipes: needs nothing but Chromium and Python."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

CHROMIUM = os.environ.get("CHROMIUM", "chromium")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
    "--force-device-scale-factor=1",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
]


class BrowserError(Exception):
    pass


class Browser:
    """A running Chromium. Use it as a context manager."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="wavfft-page-")
        to_browser, self.writer = os.pipe()
        self.reader, from_browser = os.pipe()

        def connect():
            # The protocol listens on descriptor 3 and answers on 4; both are free of the ends of the parent first.
            first, second = os.dup(to_browser), os.dup(from_browser)
            high = [os.dup2(end, 60 + place, inheritable=False) for place, end in enumerate((first, second))]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        command = [CHROMIUM, *FLAGS, f"--user-data-dir={self.profile}", "about:blank"]
        self.process = subprocess.Popen(
            command,
            preexec_fn=connect,
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = bytearray()
        self.number = 0
        self.events = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            self.call("Browser.close", seconds=5)
        except (BrowserError, OSError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.writer)
        os.close(self.reader)
        shutil.rmtree(self.profile, ignore_errors=True)

    def receive(self, seconds):
        """The next message, or none in this time."""
        deadline = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.reader], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                return None
            data = os.read(self.reader, 1 << 20)
            if not data:
                raise BrowserError("Chromium has ended")
            self.buffer += data
        message, _, rest = self.buffer.partition(b"\0")
        self.buffer = rest
        return json.loads(message)

    def call(self, method, parameters=None, session=None, seconds=60):
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": parameters or {}}
        if session:
            message["sessionId"] = session
        os.write(self.writer, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + seconds
        while True:
            answer = self.receive(max(0, deadline - time.monotonic()))
            if answer is None:
                raise BrowserError(f"no answer to {method} within {seconds} s")
            if answer.get("id") == number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            if "id" not in answer:
                self.events.append(answer)

    def open(self, url, **options):
        return Page(self, url, **options)


KEYS = {
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
    "Backspace": 8,
    "Home": 36,
    "End": 35,
    "Enter": 13,
    "Escape": 27,
    "PageUp": 33,
    "PageDown": 34,
    "Tab": 9,
    " ": 32,
}


class Page:
    """A tab with one page, and everything that it asked of the network or complained about."""

    def __init__(self, browser, url, width=1200, height=900, dark=False, touch=False, script=None):
        self.browser = browser
        self.target = browser.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self.session = browser.call("Target.attachToTarget", {"targetId": self.target, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.resize(width, height)
        self.emulate(dark=dark)
        if touch:
            self.call("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
        self.downloads = tempfile.mkdtemp(prefix="wavfft-downloads-")
        browser.call(
            "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": self.downloads, "eventsEnabled": True}
        )
        if script:
            self.call("Page.addScriptToEvaluateOnNewDocument", {"source": script})
        self.url = (
            url
            if "://" in str(url)
            else Path(url).resolve().as_uri() if "#" not in str(url) else self.file_url(str(url))
        )
        self.load(self.url)

    @staticmethod
    def file_url(path):
        name, _, fragment = path.partition("#")
        return Path(name).resolve().as_uri() + "#" + fragment

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.browser.call("Target.closeTarget", {"targetId": self.target})
        shutil.rmtree(self.downloads, ignore_errors=True)

    def call(self, method, parameters=None, seconds=60):
        return self.browser.call(method, parameters, self.session, seconds)

    def load(self, url):
        self.browser.events = [event for event in self.browser.events if event.get("sessionId") != self.session]
        self.call("Page.navigate", {"url": url})
        self.until("document.readyState === 'complete'", 60)

    def resize(self, width, height, scale=1):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False},
        )

    def emulate(self, dark=False, media=""):
        self.call(
            "Emulation.setEmulatedMedia",
            {"media": media, "features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]},
        )

    def run(self, expression):
        """The value of an expression in the page."""
        answer = self.call("Runtime.evaluate", {"expression": expression, "returnByValue": True, "awaitPromise": True})
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def until(self, expression, seconds=10):
        deadline = time.monotonic() + seconds
        while True:
            value = self.run(expression)
            if value:
                return value
            if time.monotonic() > deadline:
                raise BrowserError(f"not within {seconds} s: {expression}")
            time.sleep(0.02)

    def settle(self):
        """Waits until what was changed is drawn."""
        self.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")

    def text(self, selector):
        return self.run(f"document.querySelector({json.dumps(selector)}).textContent")

    def box(self, selector):
        return self.run(
            f"(() => {{ const b = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
            " return [b.left, b.top, b.width, b.height]; })()"
        )

    def mouse(self, kind, x, y, button="none", modifiers=0, clicks=0, **more):
        self.call(
            "Input.dispatchMouseEvent",
            {
                "type": kind,
                "x": x,
                "y": y,
                "button": button,
                "buttons": 0 if button == "none" else 1,
                "modifiers": modifiers,
                "clickCount": clicks,
                **more,
            },
        )

    def move(self, x, y):
        self.mouse("mouseMoved", x, y)
        self.settle()

    def click(self, x, y, modifiers=0):
        self.mouse("mouseMoved", x, y)
        self.mouse("mousePressed", x, y, "left", modifiers, 1)
        self.mouse("mouseReleased", x, y, "left", modifiers, 1)
        self.settle()

    def press_button(self, selector):
        """Scrolls to an element and clicks it, as a reader does."""
        self.run(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center'}})")
        left, top, width, height = self.box(selector)
        self.click(left + width / 2, top + height / 2)

    def drag(self, start, end, modifiers=0, steps=5):
        self.mouse("mouseMoved", *start)
        self.mouse("mousePressed", *start, "left", modifiers, 1)
        for step in range(1, steps + 1):
            x, y = (a + (b - a) * step / steps for a, b in zip(start, end))
            self.mouse("mouseMoved", x, y, "left", modifiers)
        self.mouse("mouseReleased", *end, "left", modifiers, 1)
        self.settle()

    def wheel(self, x, y, delta, modifiers=0, across=0):
        self.mouse("mouseWheel", x, y, deltaX=across, deltaY=delta, modifiers=modifiers)
        self.settle()

    def touch(self, kind, points):
        self.call(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]},
        )

    def key(self, key, shift=False):
        code = KEYS.get(key) or (ord(key.upper()) if key.isalnum() else 0)
        common = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
        self.call(
            "Input.dispatchKeyEvent",
            {"type": "keyDown", "text": key if len(key) == 1 else {"Enter": "\r"}.get(key, ""), **common},
        )
        self.call("Input.dispatchKeyEvent", {"type": "keyUp", **common})
        self.settle()

    def picture(self, path=None):
        """The bytes of a screenshot in PNG."""
        data = base64.b64decode(self.call("Page.captureScreenshot", {"format": "png"})["data"])
        if path:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(data)
        return data

    def hash(self):
        """The view in the address, after the pause that gathers changes."""
        time.sleep(0.35)
        words = self.run("Object.fromEntries(new URLSearchParams(location.hash.slice(1)))")
        return words

    def saved(self, extension, seconds=15):
        """The bytes of the next file that the page saves."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for path in Path(self.downloads).glob(f"*.{extension}"):
                data = path.read_bytes()
                path.unlink()
                return path.name, data
            self.run("1")  # lets events in
            time.sleep(0.05)
        raise BrowserError(f"no .{extension} was saved")

    def requests(self):
        """Addresses that were asked for, apart from the page and what it made itself."""
        self.run("1")
        asked = [event["params"]["request"]["url"] for event in self.events("Network.requestWillBeSent")]
        return [
            url
            for url in asked
            if url.partition("#")[0] != self.url.partition("#")[0] and not url.startswith(("data:", "blob:"))
        ]

    def complaints(self):
        """Errors and warnings of the console, exceptions, and violations of the policy."""
        self.run("1")
        logged = [
            event["params"]["entry"]["text"]
            for event in self.events("Log.entryAdded")
            if event["params"]["entry"]["level"] in ("error", "warning")
        ]
        console = [
            json.dumps(event["params"]["args"])
            for event in self.events("Runtime.consoleAPICalled")
            if event["params"]["type"] in ("error", "warning", "assert")
        ]
        thrown = [
            json.dumps(event["params"]["exceptionDetails"].get("exception", {}).get("description", "?"))
            for event in self.events("Runtime.exceptionThrown")
        ]
        dialogs = [event["params"]["message"] for event in self.events("Page.javascriptDialogOpening")]
        return logged + console + thrown + dialogs

    def events(self, method):
        return [
            event
            for event in self.browser.events
            if event.get("sessionId") == self.session and event["method"] == method
        ]
