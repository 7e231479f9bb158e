"""Ordinary people: first and last name are a word each, in columns of their own, and mean nothing but themselves.

Nearly everybody is one, and of what addresses them the two words decide nothing. So whoever has the same cells beside
them (Anrede, title, country, language …) is addressed in the same way, which is found out once, for a stand-in; the
others are put into it with their own names. That takes a fifth of the time.

What is no word, or could be more than a name (a title, a rank, a firm, a word for nothing, lost letters), and a cell
of which what it says depends on the names (a greeting, two people), leaves the row to
:func:`notify.recipients.addressed.addressed`. A test holds both against each other for names and cells of every kind.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

from notify.core.damaged_text import is_damaged
from notify.core.form import Form
from notify.recipients.addressed import Addressed, addressed
from notify.recipients.cells import meaning, says_nothing
from notify.recipients.firms import has_legal_form, is_body
from notify.recipients.honorifics import read_anrede
from notify.recipients.names import bare, read_name
from notify.recipients.ready_made import ready_made
from notify.recipients.same_person import person_called
from notify.recipients.surname import is_cjk, is_initials, is_rank, without_particles
from notify.recipients.titles import HONORIFICS, TITLES, joins

#: What decides how somebody with an ordinary name is addressed, beside the address and the first sign of a postcode.
_DECIDING = ("prefix", "title", "gender", "rank", "particle", "form", "language", "country")
#: A first and a last name that are ordinary, and in nothing that is said to anybody.
_FIRST, _LAST = "Qxyvafirst", "Qxyvalast"
_KEPT = 4096


class _Alike(NamedTuple):
    """How all are addressed who differ in ordinary names only; what is called with both names puts them in."""

    name: Callable[..., str]
    who: Callable[..., str]
    salutation: Callable[..., str]
    shared: str
    why: str
    language: str
    fell_back: bool
    form: Form


def addressed_ordinarily(
    fields: Mapping[str, str], address: str, languages: Collection[str], otherwise: str, *, du: bool
) -> Addressed | None:
    """Return the same as :func:`notify.recipients.addressed.addressed` for an ordinary person; None for others."""
    get = fields.get
    first, last, company, postcode = get("first_name"), get("last_name"), get("company", ""), get("postcode")
    if not (first and last and _is_first_name(first) and _is_last_name(last)):
        return None
    if get("name") or get("surname_first") or get("salutation") or (postcode and not postcode[0].isdecimal()):
        return None
    if company and (says_nothing(company) or is_damaged(company)):
        return None
    domain = address.rpartition(".")[2]
    alike = _alike(tuple(map(get, _DECIDING)), domain, tuple(languages), otherwise, du=du)
    if alike is None:
        return None
    return Addressed(
        alike.name(first, last),
        alike.language,
        alike.salutation(first, last),
        alike.fell_back,
        person_called(alike.who(first.casefold(), last.casefold()), fields, meaning(company)),
        alike.shared,
        alike.why,
        "",
        alike.form,
        fields,
    )


@lru_cache(_KEPT)
def _alike(
    deciding: tuple[str | None, ...], domain: str, languages: tuple[str, ...], otherwise: str, *, du: bool
) -> _Alike | None:
    """Return how people with these cells are addressed; None where that depends on their names."""
    fields = {name: cell or "" for name, cell in zip(_DECIDING, deciding, strict=True)}
    fields |= {"first_name": _FIRST, "last_name": _LAST}
    like = addressed(fields, f"a@a.{domain}", languages, otherwise, du=du)
    prefix, title = fields["prefix"], fields["title"]
    is_greeting = ready_made(fields, read_name(fields), like.language)
    are_several = read_anrede((fields["gender"], prefix, title)).several or joins(prefix) or joins(title)
    if is_greeting.text or is_greeting.doubt or are_several or like.fields is not fields:
        return None
    return _Alike(
        _with_gaps(like.name, _FIRST, _LAST),
        _with_gaps(like.person, _FIRST.casefold(), _LAST.casefold()),
        _with_gaps(like.salutation, _FIRST, _LAST),
        like.shared_salutation,
        like.why,
        like.language,
        like.fell_back,
        like.form,
    )


def _with_gaps(text: str, first: str, last: str) -> Callable[..., str]:
    """Return what puts two names into a text in the place of these."""
    text = text.replace("{", "{{").replace("}", "}}")
    return text.replace(first, "{0}").replace(last, "{1}").format


@lru_cache(_KEPT)
def _is_first_name(word: str) -> bool:
    """Tell whether a cell is nothing but an ordinary first name."""
    if not _is_word(word) or is_initials(word) or is_body(word):
        return False
    return not _begins_with_title(word) and without_particles(word) == (word, "")


@lru_cache(_KEPT)
def _is_last_name(word: str) -> bool:
    """Tell whether a cell is nothing but an ordinary last name."""
    return _is_word(word) and not is_rank(word) and (word.isalpha() or not _begins_with_title(word))


def _begins_with_title(word: str) -> bool:
    """Tell whether :func:`notify.recipients.titles.peel` may take something off a word: behind one nothing stands."""
    return HONORIFICS.match(word) is not None or TITLES.match(word) is not None


def _is_word(cell: str) -> bool:
    """Tell whether a cell is a word, or several with a hyphen between them, that nobody but a person is called by."""
    if not cell.replace("-", "").isalnum() or bare(cell) != cell:
        return False
    return not (is_cjk(cell) or is_damaged(cell) or has_legal_form(cell))
