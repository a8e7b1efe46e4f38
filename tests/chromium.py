"""Chromium without a window, driven over a pipe by its own protocol; what a page does is seen."""

import base64
import contextlib
import json
import os
import select
import subprocess
import tempfile
from pathlib import Path
from shutil import which
from time import monotonic

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PROGRAM = next(filter(None, map(which, NAMES)), None)


class Chromium:
    """A browser and its one page; `seen` are the events of the page, by their names."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        down, self._out = os.pipe()
        self._in, up = os.pipe()

        def connect():
            os.dup2(os.dup(down), 3)
            os.dup2(os.dup(up), 4)

        words = [
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"),
            *("--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking"),
            *(f"--user-data-dir={self._folder.name}", "about:blank"),
        ]
        self._process = subprocess.Popen(
            [PROGRAM, *words],
            preexec_fn=connect,  # noqa: PLW1509 - no thread of this process is about
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(down)
        os.close(up)
        self._rest, self._number, self._session = b"", 0, None
        self.seen = []
        pages = self.ask("Target.getTargets")["targetInfos"]
        page = next(each["targetId"] for each in pages if each["type"] == "page")
        found = self.ask("Target.attachToTarget", targetId=page, flatten=True)
        self._session = found["sessionId"]
        for name in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{name}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        with contextlib.suppress(OSError):
            os.close(self._out)
        self._process.terminate()
        self._process.wait(20)
        os.close(self._in)
        with contextlib.suppress(OSError):  # its last files
            self._folder.cleanup()

    def ask(self, name, seconds=60, **what):
        """Return what the browser answers to a command."""
        self._number += 1
        number = self._number
        session = {"sessionId": self._session} if self._session else {}
        text = json.dumps({"id": number, "method": name, "params": what, **session})
        os.write(self._out, text.encode() + b"\0")
        end = monotonic() + seconds
        while True:
            found = self._message(end)
            if found.get("id") == number:
                assert "error" not in found, found
                return found["result"]
            self.seen.append(found)

    def _message(self, end):
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._in], [], [], max(end - monotonic(), 0))
            assert ready, "the browser does not answer"
            self._rest += os.read(self._in, 1 << 20)
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def open(self, path, width=1280, height=900, *, dark=False, media=""):
        """Open a file, in a window so wide."""
        self.show(width, height, dark=dark, media=media)
        self.seen.clear()
        self.ask("Page.navigate", url=Path(path).resolve().as_uri())
        self.wait("document.readyState === 'complete'")

    def show(self, width, height=900, *, dark=False, media=""):
        """Make the window so wide, and the page light or dark, as on a screen or as printed."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def run(self, code, seconds=60):
        """Return what a script's last expression comes to, which may be a promise."""
        found = self.ask(
            "Runtime.evaluate",
            seconds,
            expression=code,
            returnByValue=True,
            awaitPromise=True,
            userGesture=True,
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, code, seconds=60):
        """Wait until an expression is true."""
        end = monotonic() + seconds
        while not self.run(code):
            assert monotonic() < end, code
            select.select([], [], [], 0.05)

    def press(self, selector, number=0):
        """Press the mouse where an element is."""
        box = self.run(
            f"(() => {{const e = document.querySelectorAll({selector!r})[{number}];"
            "e.scrollIntoView({block: 'center', inline: 'center'});"
            "const b = e.getBoundingClientRect();"
            "return [b.left + b.width / 2, b.top + b.height / 2]})()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.ask(
                "Input.dispatchMouseEvent",
                type=kind,
                x=box[0],
                y=box[1],
                button="left",
                clickCount=1,
            )

    def complaints(self):
        """Return what the page said to the console, threw, or was refused."""
        self.run("0")
        kinds = ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled")
        return [each["params"] for each in self.seen if each.get("method") in kinds]

    def requests(self):
        """Return the addresses that were asked for, but the page's own."""
        asked = [
            each["params"]["request"]["url"]
            for each in self.seen
            if each.get("method") == "Network.requestWillBeSent"
        ]
        return asked[1:]

    def picture(self, path, *, whole=True):
        """Write a picture of the page."""
        found = self.ask("Page.captureScreenshot", captureBeyondViewport=whole)
        Path(path).write_bytes(base64.b64decode(found["data"]))
