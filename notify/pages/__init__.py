"""The page in the browser: a small server on this machine alone, and what it shows.

It is handed what there is to show as plain values (:mod:`notify.pages.shown`), and knows neither contacts nor
templates. What is seen of a message is read from its octets, as a mail program would: what the page shows is what is
sent.
"""

from notify.pages.server import PageServer
from notify.pages.shown import (
    Choice,
    Draft,
    Earlier,
    Entries,
    Entry,
    Excerpt,
    Fact,
    Field,
    Group,
    Item,
    Located,
    Progress,
    Proposed,
    Shown,
    Strip,
    Trouble,
    Wanted,
)
from notify.pages.watch import Watch

__all__ = [
    "Choice",
    "Draft",
    "Earlier",
    "Entries",
    "Entry",
    "Excerpt",
    "Fact",
    "Field",
    "Group",
    "Item",
    "Located",
    "PageServer",
    "Progress",
    "Proposed",
    "Shown",
    "Strip",
    "Trouble",
    "Wanted",
    "Watch",
]
