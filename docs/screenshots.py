"""Takes the pictures of a message that stand in docs/pictures, with Chromium.

    ./run python docs/screenshots.py

It is the message that `notify init` begins with, on a telephone and on a wide screen, light and dark.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from notify.core.campaign import Campaign, Change, Details, Sender
from notify.core.message import Mailbox
from notify.rendering import Template
from tests.browser import PROGRAM, browser

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


if __name__ == "__main__":
    main()
