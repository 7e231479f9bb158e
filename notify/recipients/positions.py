"""A column called Title may hold somebody's job: VP Sales & Marketing, Assistant to Prof. Miller, PA to Mr Smith.

Whoever stands in such a cell is somebody else, and two who are joined in it are no couple.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from notify.core.late_pattern import late_pattern
from notify.core.text import one_line
from notify.recipients.cells import words
from notify.recipients.honorifics import ANREDE_WORDS
from notify.recipients.openings import opening
from notify.recipients.surname import is_rank
from notify.recipients.titles import HONORIFICS, TITLES, peel, titles_in

# before an Anrede or a title: z. Hd. Frau, An Herrn; or what is called out of respect: Pfarrer Dr. Müller
_BEFORE = """
    z hd hdn zh zhd zu händen an attn att attention c o the
    pfarrer pfarrerin pastor pastorin vikar vikarin dekan dekanin bischof bischöfin pater schwester bruder diakon
    diakonin rabbi rabbiner imam rev reverend father sister hon honourable honorable sir dame
    rechtsanwalt rechtsanwältin ra notar notarin richter richterin patentanwalt patentanwältin
    direktor direktorin rektor rektorin präsident präsidentin minister ministerin senator senatorin konsul konsulin
    botschafter botschafterin landrat landrätin bürgermeister bürgermeisterin oberbürgermeister oberbürgermeisterin
    hauptmann oberst major general leutnant captain capt colonel col sgt
""".split()
_LEADING = late_pattern(rf"(?:(?:{'|'.join(_BEFORE)})\b[.:/,]*\s*)+", re.IGNORECASE)
# somebody who works for whoever is named
_SERVES = late_pattern(
    r"\b(?:assist|sekret|secret|vertret|mitarbeit|sachbearbeit|referent|vorzimmer|büro\b|office\b|pa to\b)|['’]s\b",
    re.IGNORECASE,
)


def anrede_cell(fields: Mapping[str, str]) -> str:
    """Return the cell for the Anrede on one line; empty where it holds a job."""
    return _anrede(fields.get("prefix", ""))


@lru_cache(maxsize=4096)
def _anrede(prefix: str) -> str:
    cell = one_line(prefix)
    return "" if is_position(cell) else cell


@lru_cache(maxsize=4096)
def is_position(cell: str) -> bool:
    """Tell whether a cell holds a job: it begins with no Anrede, title or greeting, or tells whom somebody serves."""
    leading = _LEADING.match(cell)
    rest = cell[leading.end() :] if leading else cell
    found = words(rest)
    if not found:
        return leading is not None
    if HONORIFICS.match(rest) or TITLES.match(rest) or titles_in(rest.split(maxsplit=1)[0]):
        return _SERVES.search(peel(rest, whole=True).text) is not None
    known = found[0] in ANREDE_WORDS or found[0].isdecimal() or is_rank(found[0])
    return not known and opening(rest) is None
