"""The letter as a browser shows it: on every width, light and dark, with and without ``<style>``."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from notify.config import OCCASIONS
from notify.core.campaign import Campaign, Change, Details, Sender
from notify.core.letterhead import Letterhead
from notify.core.message import Mailbox
from notify.rendering import Template
from tests.audiences import TO_EVERYBODY
from tests.browser import PROGRAM, Browser, browser
from tests.unit.rendering.notices import FILES, WRITTEN, Shipped

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(PROGRAM is None, reason="needs Chromium (Debian, Ubuntu: apt install chromium)"),
]

EXAMPLE = Path(__file__).parents[2] / "notify" / "examples" / "templates" / "change-of-details"

LONG = Change(
    old=Details(
        email="kundenbetreuung@alte-musterfirma-hamburg.example",
        phone="+49 (0)40 5550-1234",
        website="https://www.alte-musterfirma-hamburg.example/kontakt",
        iban="GB82 WEST 1234 5698 7654 32",
    ),
    new=Details(
        email="buchhaltung.und.kundenbetreuung@neue-musterfirma-hamburg.example",
        phone="+49 (0)40 555000-123456789",
        mobile="0049/170/22222222",
        website="https://www.neue-musterfirma-hamburg.example/kontakt/ansprechpartner?ort=hamburg&amt=1",
        street="Donaudampfschifffahrtsgesellschaftskapitänswegallee 1",
        iban="MT84 MALT 0110 0001 2345 MTLC AST0 01S",
        bic="MUSTDEHHXXX",
        bank="Musterlandesbausparkasseninstitut",
        account_holder="Muster PR",
    ),
)
_COMPANY = "Musterlandesgesellschaft für Öffentlichkeitsarbeit mbH"
LONG_SENDER = Sender(Mailbox(_COMPANY, "x@alt.example"), "", "x@alt.example")
LETTERHEAD = Letterhead(
    "GmbH",
    _COMPANY,
    "Hamburg",
    "Amtsgericht Hamburg",
    "HRB 123456789",
    ("Prof. Dr. Annegret Müller-Lüdenscheidt-Sommerfeldhausen", "Dr. Ferdinand Muster"),
)
#: What a person may write besides.
PROSE = """Subject: Neues

# Überschriftenschriftenrahmenbestellung im Quartal

Ein Wort: Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle, ein
[Verweis](https://www.neue-musterfirma-hamburg.example/ein/langer/weg/mit/vielen/teilen?und=noch&mehr=davon),
dessen Ziel auch dasteht: https://www.neue-musterfirma-hamburg.example/ein/langer/weg/mit/vielen/teilen

> Zitat mit kundenbetreuung-und-buchhaltung@neue-musterfirma-hamburg.example

    def ein_programm_mit_einer_langen_zeile(aus, vielen, worten, und, noch, mehr): pass

| Artikel | Menge | Preis | Lieferzeit | Anmerkung |
|:--|--:|--:|:-:|---|
| Briefumschläge mit Adressfenster | 10.000 | 199,00 € | 3 Tage | 0049-40-555000-123456-7890-1234 |
| A | 1 | 1 | 1 | DE89370400440532013000 |

| Datum | Was geschieht |
|---|---|
| 15.12.2026 | Die alte Adresse gilt noch; danach kommt unter kundenbetreuung@alte-musterfirma.example nichts mehr an. |

1. eins
   - zwei
     - drei mit Donaudampfschifffahrtsgesellschaftskapitänswitwe

---

Ende.
"""

#: What sticks out of the window or of its own box, and every character of a new detail that is not to be seen.
_OUTSIDE = """(() => {
  const width = document.documentElement.clientWidth, found = [];
  if (document.documentElement.scrollWidth > width) found.push('the page scrolls');
  for (const element of document.body.querySelectorAll('*')) {
    for (const box of element.getClientRects())
      if (box.width && (box.left < -0.5 || box.right > width + 0.5)) found.push(element.outerHTML.slice(0, 90));
    if (element.clientWidth && element.scrollWidth > element.clientWidth + 1) found.push('in ' + element.tagName);
  }
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  while (walk.nextNode()) {
    const text = walk.currentNode;
    for (let at = 0; at < text.length; at++) {
      // a caption that stands above in the same column already is not repeated there
      if (!text.data[at].trim() || (text.parentElement.closest('.again') && width >= 520)) continue;
      range.setStart(text, at); range.setEnd(text, at + 1);
      const box = range.getBoundingClientRect();
      if (!box.width || !box.height || box.left < 0 || box.right > width + 0.5) found.push('hidden: ' + text.data);
    }
  }
  return found;
})()"""

#: Where the lines of each new detail break.
_LINES = """[...document.querySelectorAll('td.new')].map(cell => {
  const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = document.createRange();
  let lines = '', bottom = null;
  while (walk.nextNode()) {
    const text = walk.currentNode;
    if (text.parentElement.closest('.caption')) continue;
    for (let at = 0; at < text.length; at++) {
      range.setStart(text, at); range.setEnd(text, at + 1);
      const box = range.getBoundingClientRect();
      if (bottom !== null && box.width && box.top >= bottom) lines += '|';
      if (box.width) bottom = box.bottom - 2;
      lines += text.data[at];
    }
  }
  return lines.trim();
})"""

#: The least contrast of any text with what is behind it, by the colours that are really used.
_CONTRAST = """(() => {
  const parts = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = colour => parts(colour).slice(0, 3).map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const paper = element => {
    for (; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      if (parts(colour).length < 4 || parts(colour)[3] > 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let least = 21;
  while (walk.nextNode()) {
    if (!walk.currentNode.data.trim()) continue;
    const element = walk.currentNode.parentElement;
    const [dark, bright] = [light(getComputedStyle(element).color), light(paper(element))].sort((a, b) => a - b);
    least = Math.min(least, (bright + 0.05) / (dark + 0.05));
  }
  return least;
})()"""

_TOPS = """[...document.querySelectorAll('table.rows tr')].map(row =>
  ['th', 'td.new', 'td.old'].map(cell => row.querySelector(cell).getBoundingClientRect().top))"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return one browser for all."""
    with browser() as tab:
        yield tab


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the letters that are looked at: our own with long details, and one with all that Markdown has."""
    folder = tmp_path_factory.mktemp("prose")
    (folder / "message.de.md").write_text(PROSE, "utf-8")
    changes = {
        "details": (EXAMPLE, LONG),
        "swapped": (EXAMPLE, replace(LONG, old=LONG.new, new=LONG.old)),
        "prose": (folder, LONG),
    }
    return {
        name: Template(
            path, name, Campaign("x", LONG_SENDER, "de", change, disclosure=TO_EVERYBODY), path, lambda _: ""
        )
        .render("de", "Sehr geehrte Frau Dr. Müller-Lüdenscheidt-Sommerfeldhausen,", {}, "x:1")
        .html
        for name, (path, change) in changes.items()
    }


def stripped(html: str) -> str:
    """Return a page as those programs show it that drop ``<style>``."""
    return re.sub(r"(?s)<style\b.*?</style>", "", html)


def unbroken(html: str) -> str:
    """Return a page as those show it that moreover know nothing newer than ``word-wrap``."""
    return re.sub(r"(?:overflow-wrap|word-break):[^;\"]*;?", "", stripped(html))


WIDTHS = pytest.mark.parametrize("width", [320, 375, 480, 519, 520, 600, 1000])
BARE = pytest.mark.parametrize("bare", [False, True], ids=["style", "stripped"])


@WIDTHS
@pytest.mark.parametrize("shown_by", [str, stripped, unbroken], ids=["style", "stripped", "unbroken"])
@pytest.mark.parametrize("name", ["details", "swapped", "prose"])
def test_nothing_is_outside_or_faint(
    chromium: Browser, pages: dict[str, str], name: str, shown_by: Callable[[str], str], width: int
) -> None:
    """No box is wider than the screen, every character is on it, and text has a contrast of 4.5, dark or light."""
    for dark in (False, True):
        chromium.show(shown_by(pages[name]), width, dark=dark)
        assert chromium.measure(_OUTSIDE) == []
        assert chromium.measure(_CONTRAST) >= 4.5


@WIDTHS
@BARE
def test_numbers_break_at_blanks(chromium: Browser, pages: dict[str, str], width: int, bare: bool) -> None:
    """An IBAN and a telephone number stay whole inside of their groups; addresses break beside their signs."""
    for name, change in (("details", LONG.new), ("swapped", LONG.old)):
        chromium.show(stripped(pages[name]) if bare else pages[name], width)
        # an IBAN prints itself with blanks that hold together, and breaks beside them where it has to
        lines: list[str] = [line.replace("\u00a0", " ") for line in chromium.measure(_LINES)]
        for value in (change.iban, change.phone, change.mobile, change.bic):
            shown = next(line for line in lines if line.replace("|", "") == value) if value else ""
            assert not re.search(r"[^ ]\|[^ ]", shown), shown
        for value in (change.email, change.website):
            shown = next(line for line in lines if line.replace("|", "") == value)
            assert all(re.search(r"[/?=&_-]$", left) or re.match(r"[.@]", right) for left, right in _halves(shown)), (
                shown
            )


def _halves(lines: str) -> Iterator[tuple[str, str]]:
    parts = lines.split("|")
    return itertools.pairwise(parts)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("template", OCCASIONS)
def test_every_shipped_template_is_readable(chromium: Browser, template: str, file: str) -> None:
    """In each language and form, nothing is outside or faint, and no group of the IBAN is broken."""
    sender = replace(LONG_SENDER, letterhead=LETTERHEAD)
    kind = "newsletter" if template == "newsletter" else "notice"
    html = (
        Shipped(template, file)
        .render(Campaign("x", sender, "de", LONG, kind=kind, written=WRITTEN, disclosure=TO_EVERYBODY))
        .html
    )
    ways = itertools.product((html, stripped(html)), (320, 375, 600, 1000), (False, True))
    for page, width, dark in ways:
        chromium.show(page, width, dark=dark)
        assert chromium.measure(_OUTSIDE) == [], (width, dark)
        assert chromium.measure(_CONTRAST) >= 4.5
        broken = [line for line in chromium.measure(_LINES) if re.search(r"MT84.*[^\u00a0]\|[^\u00a0]", line)]
        assert broken == [], (width, dark)


@WIDTHS
@BARE
def test_the_new_comes_first(chromium: Browser, pages: dict[str, str], width: int, bare: bool) -> None:
    """One below the other on a narrow screen and where nobody can tell, else side by side; the new before the old."""
    chromium.show(stripped(pages["details"]) if bare else pages["details"], width)
    rows: list[Any] = chromium.measure(_TOPS)
    assert len(rows) == 9
    for head, new, old in rows:
        assert head == new == old if width >= 520 and not bare else head < new < old


def test_dark_is_drawn(chromium: Browser, pages: dict[str, str]) -> None:
    """A dark screen has a dark letter, not a white one, and a light screen a light one."""
    paper = "getComputedStyle(document.querySelector('td.text').closest('table')).backgroundColor"
    chromium.show(pages["details"], 375, dark=True)
    assert chromium.measure(paper) == "rgb(21, 24, 28)"
    chromium.show(pages["details"], 375)
    assert chromium.measure(paper) == "rgb(255, 255, 255)"
