"""The names of message files, which say for whom a text is: message.de.md, message.de.du.md, message.en.txt."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final

from notify.core.campaign import LANGUAGES
from notify.core.form import Form, Wording
from notify.core.late_pattern import late_pattern
from notify.errors import InputError

_NAME = late_pattern(r"message\.([a-z]{2})(\.du)?\.(?:md|txt)")
# what somebody takes for such a name; message-old.md is put aside, and message_de.md is a slip
_MEANT = late_pattern(
    r"message(?P<words>(?:\.|[ _-](?:de|en|fr)\b).*|)\.(?P<suffix>md|markdown|txt|text)", re.IGNORECASE
)
_FAMILIAR: Final = frozenset("du tu duzen familiar informal informell tutoiement".split())
_FORMAL: Final = frozenset("sie vous siezen formal formell förmlich vouvoiement".split())
_LANGUAGES: Final = {
    **dict.fromkeys("de deu ger deutsch german allemand".split(), "de"),
    **dict.fromkeys("en eng englisch english anglais".split(), "en"),
    **dict.fromkeys("fr fra fre französisch french français francais".split(), "fr"),
}
_KNOWN: Final = _FAMILIAR | _FORMAL | _LANGUAGES.keys()
_WRITTEN = "message.LANG.md, or message.LANG.du.md for those who are greeted with Du (.txt for plain text only)"


def wording_in(name: str) -> Wording | None:
    """Return what the name of a message file says of its text; None for every other name."""
    found = _NAME.fullmatch(name)
    if found is None or found[1] not in LANGUAGES:
        return None
    return Wording(found[1], Form.FAMILIAR if found[2] else Form.FORMAL)


def may_be_meant(name: str) -> bool:
    """Tell whether a file is called so that its owner takes it for a message."""
    return _MEANT.fullmatch(name) is not None


def label_like(label: str, wording: Wording) -> str:
    """Return how the file of another text is called, beside that of this one and of its kind."""
    path = PurePath(label)
    return str(path.with_name(f"message.{wording}{path.suffix}"))


def unreadable(label: str) -> InputError:
    """Make the error for a message file whose name does not say for whom it is."""
    return InputError(
        f"{label}: the name of a message says its language and form: {_WRITTEN}.",
        hint=_nearest(PurePath(label).name)
        or f"LANG is one of {', '.join(LANGUAGES)}; a file that is no message is called otherwise.",
    )


def _nearest(name: str) -> str:
    """Return what a name may have been meant to be, as an instruction; empty where that cannot be told."""
    found = _MEANT.fullmatch(name)
    words = [word for word in re.split(r"[\W_]+", found["words"].casefold()) if word] if found else []
    languages = {_LANGUAGES[word] for word in words if word in _LANGUAGES}
    if found is None or len(languages) > 1 or not _KNOWN.issuperset(words):
        return ""
    suffix = "txt" if found["suffix"].casefold().startswith("t") else "md"
    familiar = ".du" if _FAMILIAR & {*words} else ""
    if languages:
        return f"Call it message.{languages.pop()}{familiar}.{suffix}"
    return f"Say its language too, such as message.de{familiar}.{suffix}"
