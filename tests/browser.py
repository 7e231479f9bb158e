"""A Chromium that shows pages to tests, driven through a pipe: no port is opened, and no driver is needed."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Its name differs from one system to the other.
PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

_QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-lcd-text --hide-scrollbars "
    "--host-resolver-rules=MAP#*#~NOTFOUND,EXCLUDE#127.0.0.1 --remote-debugging-pipe"
).split()
#: Chromium reads from the descriptor 3 and writes to 4; the pipes' own numbers may be just these.
_ON_3_AND_4 = """
import os, sys
read, write = (os.dup(os.dup(os.dup(int(end)))) for end in sys.argv[1:3])
os.dup2(read, 3), os.dup2(write, 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""
#: No answer takes longer.
_PATIENCE_S = 60


class Browser:
    """One tab of a running Chromium."""

    def __init__(self, to: int, answers: int) -> None:
        self._to = to
        self._answers = answers
        self._kept = b""
        self._number = 0
        self._session = ""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        #: What its scripts have failed with, and what it complained of.
        self.complaints: list[str] = []

    def show(self, html: str, width: int, *, dark: bool = False, height: int = 900) -> None:
        """Show a page in a window of this width, to somebody who likes it light or dark."""
        self._ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._ask("Emulation.setEmulatedMedia", features=[scheme])
        frame = self._ask("Page.getFrameTree")["frameTree"]["frame"]["id"]
        self._ask("Page.setDocumentContent", frameId=frame, html=html)

    def open(
        self, address: str, width: int = 1280, height: int = 800, *, dark: bool = False, language: str = ""
    ) -> None:
        """Open an address in a window of this size."""
        self.resize(width, height, dark=dark)
        for domain in ("Page", "Network", "Runtime", "Log"):
            self._ask(f"{domain}.enable")
        if language:
            self._ask("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})
        self.complaints.clear()
        self._ask("Page.navigate", url=address)
        self.wait("document.readyState === 'complete'")

    def resize(self, width: int, height: int, *, dark: bool = False, scale: float = 1) -> None:
        """Make the window so large, for somebody who likes it light or dark and has magnified it so much."""
        size = {"width": round(width / scale), "height": round(height / scale), "deviceScaleFactor": scale}
        self._ask("Emulation.setDeviceMetricsOverride", **size, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._ask("Emulation.setEmulatedMedia", features=[scheme])

    def press(self, key: str, *, text: str = "") -> None:
        """Press a key, by the name that scripts know it by; one that writes something has it as its ``text``."""
        text = text or ("\r" if key == "Enter" else key if len(key) == 1 else "")
        more = {"text": text} if text else {}
        code = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40, "ArrowUp": 38}.get(key, 0)
        self._ask("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **more)
        self._ask("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def click(self, x: float, y: float) -> None:
        """Click somewhere in the window."""
        for kind in ("mousePressed", "mouseReleased"):
            self._ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def wait(self, script: str, seconds: float = 10) -> None:
        """Wait until an expression is true."""
        until = time.monotonic() + seconds
        while not self.measure(f"!!({script})"):
            if time.monotonic() > until:
                raise AssertionError(f"not true in {seconds} s: {script}\n{self.complaints}")
            time.sleep(0.01)

    def shot(self) -> bytes:
        """Return what is seen in the window, as a PNG."""
        return base64.b64decode(self._ask("Page.captureScreenshot", format="png")["data"])

    def measure(self, script: str) -> Any:  # noqa: ANN401  # whatever the script returns
        """Return the value of an expression, worked out inside of the page."""
        answer = self._ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def picture(self, most_px: int = 20_000) -> bytes:
        """Return the page as a PNG, of which so much is shown from above."""
        size = self._ask("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], most_px), "scale": 1}
        shot = self._ask("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(shot["data"])

    def close(self) -> None:
        """End it."""
        self._session = ""
        self._ask("Browser.close")
        os.close(self._answers)

    def _ask(self, method: str, **params: object) -> dict[str, Any]:
        self._number += 1
        asked = {"id": self._number, "method": method, "params": params}
        asked |= {"sessionId": self._session} if self._session else {}
        os.write(self._to, json.dumps(asked).encode() + b"\0")
        while (answer := json.loads(self._read())).get("id") != self._number:
            self._take_note(answer)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _take_note(self, event: dict[str, Any]) -> None:
        told = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(str(told["exceptionDetails"].get("exception", told).get("description", told)))
        elif event.get("method") == "Log.entryAdded":
            self.complaints.append(told["entry"]["text"])

    def _read(self) -> bytes:
        """Return the next message; they end with a zero."""
        while b"\0" not in self._kept:
            readable, _, _ = select.select([self._answers], [], [], _PATIENCE_S)
            if not readable or not (octets := os.read(self._answers, 1 << 20)):
                raise AssertionError("Chromium does not answer" if not readable else "Chromium has ended")
            self._kept += octets
        message, _, self._kept = self._kept.partition(b"\0")
        return message


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a Chromium with a profile of its own, and end it afterwards."""
    assert PROGRAM is not None
    read, to = os.pipe()
    answers, write = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        flags = [flag.replace("#", " ") for flag in _QUIET]
        starter = [sys.executable, "-c", _ON_3_AND_4, str(read), str(write), PROGRAM]
        process = subprocess.Popen(
            [*starter, *flags, f"--user-data-dir={profile}"], pass_fds=(read, write), stderr=subprocess.DEVNULL
        )
        os.close(read)
        os.close(write)
        tab = Browser(to, answers)
        try:
            yield tab
        finally:
            tab.close()
            process.wait(30)
            os.close(to)
