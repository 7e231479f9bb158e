"""Letters beyond ASCII before the @ of an address (RFC 6531), and what of them could be taken for something else.

The rule is that of Unicode's security profile, "highly restrictive" (UTS 39, 5.2): one script, or those that are
written together in Japan, China and Korea, and Latin letters may stand among those. So no Cyrillic "а" hides in a Latin
name, and no letter that runs to the left beside one that runs to the right. The script of a letter is told by its name
in the Unicode database, because Python does not keep it otherwise.

Known limit: a name that is written in look-alikes alone ("сосо", all Cyrillic) is one script, and passes.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections import Counter

from notify.core.late_pattern import late_pattern

# they are letters or marks to Unicode, and nobody sees them (Default_Ignorable_Code_Point)
_UNSEEN = late_pattern("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
# what Word makes of apostrophes and hyphens
_MEANT = dict.fromkeys("\u2018\u2019\u201b\u00b4\u02b9\u02bc\u2032", "'") | dict.fromkeys(
    "\u2010\u2011\u2012\u2013\u2014\u2212", "-"
)
# signs inside of Catalan, Greek, Hebrew and Japanese words (RFC 5892, appendix A)
_IN_WORDS = "\u00b7\u0375\u05f3\u05f4\u30fb"

_WRITTEN_TOGETHER = (
    {"LATIN", "CJK", "HIRAGANA", "KATAKANA"},
    {"LATIN", "CJK", "BOPOMOFO"},
    {"LATIN", "CJK", "HANGUL"},
)
# in front of the script in the name of a letter, or instead of it
_NO_SCRIPT = {"EXTENDED", "HALFWIDTH"}
_COMMON = {"MODIFIER"}
_NAMED = {"IDEOGRAPHIC": "CJK"}
_ENGLISH = {"CJK": "Chinese"}


def refuse_deceptive(local: str) -> None:
    """Refuse what does not look like what it is.

    :param local: the part before the @, composed (NFC) and without blanks and control characters.
    :raises ValueError: with the reason in plain words.
    """
    before = ""
    for character in local:
        if not character.isascii():
            _refuse_sign(character, before)
        before = character
    scripts = Counter(filter(None, map(_script, local)))
    if len(scripts) > 1 and not any(scripts.keys() <= together for together in _WRITTEN_TOGETHER):
        raise ValueError(_mixed(local, scripts))


def mixed_scripts(host: str) -> str:
    """Return which scripts a label of a host mixes, as in "Cyrillic and Latin letters"; empty where none does."""
    for label in host.split("."):
        with contextlib.suppress(UnicodeError):
            scripts = set(filter(None, map(_script, label.encode().decode("idna"))))
            if len(scripts) > 1 and not any(scripts <= together for together in _WRITTEN_TOGETHER):
                return (
                    f"{' and '.join(sorted(_ENGLISH.get(script, script.capitalize()) for script in scripts))} letters"
                )
    return ""


def _refuse_sign(character: str, before: str) -> None:
    """Refuse a character that is not a letter in its own right."""
    if _UNSEEN.match(character):
        raise ValueError(f"contains an invisible character (U+{ord(character):04X})")
    meant = _MEANT.get(character) or unicodedata.normalize("NFKC", character)
    if meant.isascii() and " " not in meant:
        raise ValueError(f'contains a look-alike before the @: "{character} for {meant}"')
    kind = unicodedata.category(character)
    if kind in ("Mn", "Mc"):
        # behind anything else it would be drawn over something that is not a letter
        if unicodedata.category(before or " ")[0] not in "LM":
            raise ValueError(f"contains an accent without a letter before the @ (U+{ord(character):04X})")
    elif kind[0] != "L" and kind not in ("Nd", "Nl") and character not in _IN_WORDS:
        sign = f"(U+{ord(character):04X})" if kind == "Me" else f'"{character}"'
        raise ValueError(f"contains a sign that is no letter before the @: {sign}")


def _script(character: str) -> str:
    """Return the script of a letter or digit, as names of the Unicode database begin; empty where it is common."""
    if character.isascii():
        return "LATIN" if character.isalpha() else ""
    if unicodedata.category(character)[0] not in "LN":
        return ""
    # the micro sign is a Greek letter
    name = unicodedata.name(unicodedata.normalize("NFKC", character)[0], "")
    first = next((word for word in re.split("[ -]", name) if word not in _NO_SCRIPT), "")
    return "" if first in _COMMON else _NAMED.get(first, first)


def _mixed(local: str, scripts: Counter[str]) -> str:
    """Say which scripts are mixed, and show the letters of the one that is least expected."""
    odd = min(scripts, key=lambda script: (scripts[script], script == "LATIN"))
    letters = "".join(dict.fromkeys(character for character in local if _script(character) == odd))
    names = sorted(_ENGLISH.get(script, script.capitalize()) for script in scripts)
    return f'mixes {" and ".join(names)} letters before the @: "{letters}"'
