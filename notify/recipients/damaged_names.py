"""Names that were damaged on their way, or stand for nothing: nobody is greeted with them."""

from __future__ import annotations

from collections.abc import Mapping

from notify.core.damaged_text import is_damaged
from notify.recipients.cells import says_nothing

#: Why somebody is greeted neutrally.
DAMAGED = "the name is damaged"

_NAMES = ("first_name", "last_name", "name", "rank", "particle")
_PERSON = (*_NAMES, "salutation", "prefix", "title")
_SPOKEN = (*_PERSON, "company")


def without_damaged(fields: Mapping[str, str]) -> tuple[Mapping[str, str], str]:
    """Return the fields without what must not be said; and why, where the name of the person is among it.

    Of a name in several columns nothing is certain where one of them is damaged.
    """
    cells = [text for field in _SPOKEN if (text := fields.get(field, ""))]
    if not any(map(says_nothing, cells)) and not is_damaged("\n".join(cells)):
        return fields, ""
    spoken = {field: text for field in _SPOKEN if (text := fields.get(field, ""))}
    silent = [field for field, text in spoken.items() if says_nothing(text)]
    silent += [field for field, text in spoken.items() if is_damaged(text)]
    if not silent:
        return fields, ""
    if any(field in silent and is_damaged(spoken[field]) for field in _NAMES):
        return {**fields, **dict.fromkeys((*_PERSON, *silent), "")}, DAMAGED
    return {**fields, **dict.fromkeys(silent, "")}, ""
