"""Whether somebody is greeted with Sie or Du: by the own row, by a condition of the user, by a ready-made greeting.

Sie is the answer wherever none of them tells it for certain: Sie to a friend is odd, Du to a customer is rude.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from notify.core.form import Form
from notify.core.late_pattern import late_pattern
from notify.recipients.cells import folded, says_nothing, words
from notify.recipients.names import Name
from notify.recipients.openings import opening
from notify.recipients.titles import HONORIFICS, TITLES

_FAMILIAR_WORDS = frozenset("du duzen geduzt duzt familiar informal informell tu tutoyer tutoie tutoiement".split())
_FORMAL_WORDS = frozenset("sie siezen gesiezt siezt formal förmlich formell vous vouvoyer vouvoie vouvoiement".split())
_NOT_WORDS = frozenset("kein keine keinesfalls nicht nie no not non pas never".split())
# "-", "./." and the like: a cell that was only marked as empty
_EMPTY = late_pattern(r"[\s\-–—_./\\|]*")

_FORMAL_GREETING = late_pattern(
    r"sehr\s+(?:ge|ver)ehrte|.*\b(?:herrn?|frau|fräulein|madame|mesdames|monsieur|messieurs)\b", re.IGNORECASE
)
# with these and a first name friends are greeted; "Guten Tag Anna", "Bonjour Anna" are said with Sie and vous as well
_FAMILIAR_OPENINGS = {
    "de": frozenset("liebe lieber liebes hallo hi hey moin servus hoi salü ciao tach huhu".split()),
    "fr": frozenset("salut coucou hi hey hello ciao".split()),
}
_YOU = {"de": frozenset("du dich dir euch".split()), "fr": frozenset("tu toi te".split())}
_CONNECTIVES = frozenset("und u oder and et ou".split())
# what addresses begin with that are nobody's own: redaktion@…
_ROLES = frozenset(
    """
    redaktion praxis kanzlei team info office kontakt service kunden sekretariat verwaltung vorstand verein buero presse
    schule kita gemeinde stadt rathaus pfarramt buchhaltung personal vertrieb einkauf marketing support hotel kollegen
    kolleginnen mitglieder freunde nachbarn eltern gaeste familie leitung geschaeftsfuehrung zentrale empfang
    """.split()
)


@lru_cache(maxsize=4096)
def read_form(cell: str) -> Form | None:
    """Return which form a cell names: Sie, per Du, nicht duzen; None where it names neither, both, or asks."""
    found = words(cell)
    familiar, formal, negated = (not said.isdisjoint(found) for said in (_FAMILIAR_WORDS, _FORMAL_WORDS, _NOT_WORDS))
    if familiar is formal or "?" in cell or (formal and negated):
        return None
    return Form.FAMILIAR if familiar and not negated else Form.FORMAL


@lru_cache(maxsize=4096)
def is_unclear(cell: str) -> bool:
    """Tell whether somebody has written something into a cell for the form that names neither Sie nor Du."""
    return not (_EMPTY.fullmatch(cell) or says_nothing(cell) or read_form(cell))


def form_of(fields: Mapping[str, str], name: Name, greeting: str, language: str, *, du: bool) -> Form:
    """Return the form of a contact: what its row says of it counts before what holds for many.

    :param greeting: the ready-made one of its row, or empty.
    :param du: the user's condition for those who are greeted with Du holds.
    """
    if form := read_form(fields.get("form", "")):
        return form
    return Form.FAMILIAR if du or greets_familiarly(greeting, fields, name, language) else Form.FORMAL


def greets_formally(greeting: str) -> bool:
    """Tell whether a greeting is one with Sie for certain: Sehr geehrte …, Hallo Frau Muster."""
    return _FORMAL_GREETING.match(greeting) is not None


def greets_familiarly(greeting: str, fields: Mapping[str, str], name: Name, language: str) -> bool:
    """Tell whether a greeting is one with Du for certain: Liebe Anna, Hallo Max, Grüß dich.

    It names nobody but by the first name, which the row must know: in "Liebe Kunden" and "Hallo Müller" nobody is
    called by it. English has no such greeting: Dear Anna may be both.
    """
    openings = _FAMILIAR_OPENINGS.get(language)
    if not (greeting and openings) or HONORIFICS.search(greeting) or TITLES.search(greeting):
        return False
    said, last = words(greeting), folded(name.last)
    if not (_YOU[language] - last).isdisjoint(said) or ("ihr", "lieben") in pairwise(said):
        return True
    called = folded(" ".join(word for word in said if opening(word) is None and word not in openings | _CONNECTIVES))
    if openings.isdisjoint(said) or not called or not called.isdisjoint(last):
        return False
    if name.first:
        return called <= folded(name.first)
    if " " in name.whole:
        # which word of it is the first name cannot be told, but that it is not both
        return called < folded(name.whole)
    # of a small list often nothing is known beside anna.muster@…
    local = folded(fields.get("email", "").partition("@")[0]) - _ROLES
    return called <= folded(name.whole) or called <= local
