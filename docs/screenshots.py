"""Takes the pictures that stand in docs/pictures, with Chromium.

    ./run python docs/screenshots.py

They show the message that `notify init` begins with, on a telephone and on a wide screen, light and dark; and the page
of its campaign, with an error in a template, and as on a telephone.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from notify.actions.campaign_page import CampaignPage
from notify.actions.init import initialise
from notify.config import load
from notify.core.campaign import Campaign, Change, Details, Sender
from notify.core.message import Mailbox
from notify.rendering import Template
from tests.browser import PROGRAM, Browser, browser
from tests.outboxes import serving

PICTURES = ROOT / "docs" / "pictures"
EXAMPLE = ROOT / "notify" / "examples" / "templates" / "change-of-details"

SENDER = Sender(Mailbox("Muster PR", "info@alt.example"), "info@neu.example", "info@neu.example")
CHANGE = Change(
    old=Details(email="info@alt.example", phone="+49 40 111111", website="https://alt.example"),
    new=Details(email="info@neu.example", phone="+49 40 222222", website="https://muster.example"),
    effective=dt.date(2026, 12, 1),
    old_works_until=dt.date(2027, 1, 31),
)

#: Each picture: the width of the window, and whether it is dark.
SHOTS = {"telephone": (375, False), "telephone-dark": (375, True), "wide": (640, False)}


def main() -> None:
    """Render the message, and take its pictures."""
    if PROGRAM is None:
        raise SystemExit("Chromium is needed. Debian, Ubuntu: apt install chromium")
    template = Template(EXAMPLE, EXAMPLE.name, Campaign("2026-12", SENDER, "de", CHANGE), EXAMPLE, lambda _: "")
    html = template.render("de", "Sehr geehrte Frau Dr. Sommer,", {}, "docs").html
    PICTURES.mkdir(exist_ok=True)
    with browser() as tab:
        for name, (width, dark) in SHOTS.items():
            tab.show(html, width, dark=dark, height=300)
            (PICTURES / f"{name}.png").write_bytes(tab.picture(most_px=640))
        with tempfile.TemporaryDirectory() as folder:
            _take_page(tab, Path(folder) / "campaign")


def _take_page(tab: Browser, folder: Path) -> None:
    """Take the pictures of the page of a new campaign."""
    initialise(folder, "en")
    message = folder / "templates" / "change-of-details" / "message.de.md"
    with CampaignPage(lambda: load(folder, options={}, environment={})) as page, serving(page) as server:
        page.begin(server.tabs.tell)
        tab.open(server.address, 1280, 720, language="en")
        tab.wait("document.querySelector('[data-stage]')?.dataset.stage === 'done' && document.body.dataset.shown")
        _take(tab, "page")
        text = message.read_text("utf-8")
        message.write_text(text.replace("{{ salutation }}", "{{ salutatoin }}"), "utf-8")
        tab.wait("!document.querySelector('#trouble').hidden")
        _take(tab, "page-error")
        message.write_text(text, "utf-8")
        tab.wait("document.querySelector('#trouble').hidden")
        tab.resize(390, 760)
        tab.press("1")
        tab.measure("document.querySelector('#rows [data-number]').click()")
        _take(tab, "page-telephone")


def _take(tab: Browser, name: str) -> None:
    tab.wait("!document.querySelector('#stage iframe.coming')")
    (PICTURES / f"{name}.png").write_bytes(tab.shot())


if __name__ == "__main__":
    main()
