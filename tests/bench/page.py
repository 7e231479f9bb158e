"""How soon the page is there with many contacts, and shows what was saved. Prints one table; checks nothing.

    ./run python tests/bench/page.py [CONTACTS]

A campaign of so many contacts (100,000 otherwise) is served to a Chromium on the same machine. "first paint" is from
opening the address, once all contacts were read, until the first message is seen; "opened at once" is the same before
any was. "save to repaint" is from the end of a save of the template until the new words are seen, the median of 20 and
the worst, while every message is looked at in the background, and when that is done. "a search" and "the end of the
list" are from the key until the rows are there.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from notify.actions.campaign_page import CampaignPage
from notify.config import load
from notify.pages import PageServer
from tests.browser import PROGRAM, Browser, browser
from tests.folders import make_folder
from tests.outboxes import serving

_SAVES = 20
_INNER = "document.querySelector('#stage iframe:not(.coming)').contentDocument.body.textContent"
_SEEN = "document.body.dataset.shown !== undefined && document.querySelectorAll('#rows [data-number]').length > 10"


def main() -> None:
    """Measure, and print."""
    if PROGRAM is None:
        raise SystemExit("Chromium is needed. Debian, Ubuntu: apt install chromium")
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = make_folder(Path(name), contacts=people)
        page = CampaignPage(lambda: load(folder, options={}, environment={}))
        with page, serving(page) as server, browser() as tab:
            for label, seconds in _measured(page, server, tab, folder):
                print(f"{label:<44}{seconds * 1000:9,.0f} ms", flush=True)


def _measured(page: CampaignPage, server: PageServer, tab: Browser, folder: Path) -> Iterator[tuple[str, float]]:
    began = time.monotonic()
    page.begin(server.tabs.tell)
    tab.open(server.address)
    yield "opened at once: the page is there", time.monotonic() - began
    tab.wait(_SEEN, 600)
    yield "opened at once: the first message is seen", time.monotonic() - began
    while page.progress().stage == "reading":
        time.sleep(0.1)
    yield "all contacts were read after", time.monotonic() - began
    tab.open("about:blank")
    yield "first paint", _timed(lambda: tab.open(server.address), tab, _SEEN)
    yield from _saves(tab, folder, "save to repaint, while messages are looked at")
    tab.measure("document.querySelector('#list').focus()")
    yield "the end of the list", _timed(lambda: tab.press("End"), tab, _of_last(page))
    yield "a search", _search(tab)
    while page.progress().stage != "done":
        time.sleep(0.1)
    yield "every message was looked at after", time.monotonic() - began
    yield from _saves(tab, folder, "save to repaint")


def _of_last(page: CampaignPage) -> str:
    return f"document.getElementById('entry-{page.strip().recipients - 1}') !== null"


def _search(tab: Browser) -> float:
    tab.measure("document.querySelector('#search').value = 'muster77'")
    begin = "document.querySelector('#search').dispatchEvent(new Event('input'))"
    return _timed(
        lambda: tab.measure(begin), tab, "document.querySelector('#rows [data-number]').textContent.includes('uster77')"
    )


def _timed(act: Callable[[], object], tab: Browser, seen: str) -> float:
    begin = time.monotonic()
    act()
    tab.wait(seen, 60)
    return time.monotonic() - begin


def _saves(tab: Browser, folder: Path, label: str) -> list[tuple[str, float]]:
    message = next((folder / "templates").rglob("message.de.md"))
    text = message.read_text("utf-8")
    took = []
    for number in range(_SAVES):
        mark = f"Gespeichert {label} {number}."
        message.write_text(f"{text}\n{mark}\n", "utf-8")
        took.append(_timed(lambda: None, tab, f"{_INNER}.includes({mark!r})"))
        time.sleep(0.15)
    message.write_text(text, "utf-8")
    time.sleep(0.5)
    return [(f"{label}, median of {_SAVES}", statistics.median(took)), (f"{label}, worst", max(took))]


if __name__ == "__main__":
    main()
