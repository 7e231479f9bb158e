"""Words around a name: Herr und Frau and Prof. Dr. before it, M. A. and jun. behind it.

Patterns alone; what they mean for a greeting is said in :mod:`notify.recipients.honorifics` and
:mod:`notify.recipients.greetings`. Case decides where a title is a name as well: Phil Collins is no Dr. phil.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from notify.core.late_pattern import late_pattern

#: What joins two people: "Hans und Maria"; not what joins the two halves of "von und zu Hohenberg",
#: nor the letters of BBA&E and H&M.
AND = late_pattern(
    r"(?<!\bvon)\s+(?:und|u\.?|and|et)\s+(?!zu[mr]?\b)|\s*[&+](?-i:(?<![A-ZÄÖÜ][&+])|(?![A-ZÄÖÜ]))\s*", re.IGNORECASE
)

_HONORIFIC = (
    r"(?:(?:herrn?|frau|frl|fräulein|mrs?|(?-i:Ms|ms)|mx|miss|monsieur|madame|mademoiselle|mme|mlle|lord|lady|familien?|fam|family"
    r"|eheleute|ehepaar)\b\.?|hrn?\.)"
)  # MS Nordwind is a ship
_OR_AND = r"\s*(?:\bund\b|\bu\.|\band\b|\bet\b|\boder\b|[&+/])\s*"
#: Words before a name; only those that are spelled out, because "Fr." and "M." are other things before a name.
HONORIFICS = late_pattern(rf"(?<!\w){_HONORIFIC}(?:{_OR_AND}{_HONORIFIC})?", re.IGNORECASE)

_FACULTY = r"""(?:[\s-]*(?:
    (?:agr|art|biol|cult|dent|disc|eh|em|emer|forest|habil|hc|hort|hum|ing|iur|jur|math|med|mont|mult|nat|oec|oecotroph
      |paed|päd|pharm|phil|pol|psych|publ|rer|sc|sci|soc|sport|techn|theol|troph|univ|vet)\.
  | (?-i:dent|eh|habil|hc|iur|jur|med|mult|nat|phil|rer|sc|techn|theol|univ|vet|ETH)\b
  | (?-i:h\.\s?c\.?|[eE]\.\s?h\.)
))*"""  # Dr. H. Müller and Dr. E. Meier have initials
_FEMALE = r"(?:in\b|a\b|[ªᵃ]|ⁱⁿ)?"
_SCHOOL = r"(?:\s*\((?:fh|ba|uni|univ|tu|th)\.?\))?"
# what may say of which faculty it is stands there once, because to compile it takes more than all the rest
_TITLE = rf"""(?<!\w)(?:
    (?:
        (?:(?:ao|apl|ass|assoc|em|emer|gast|hon|jun|o|univ)\.[\s-]*|(?:associate|assistant|adjunct|visiting)\s+)*
        (?:junior|honorar|gast)?-?prof(?:essor(?:in)?|esseure?)?\b\.?{_FEMALE}{_SCHOOL}
      | d?d?dr(?:es|s)?\b\.?{_FEMALE}
      | (?:priv(?:at)?\.?-?doz(?:ent|entin)?|univ\.-?doz|m?m?mag|bakk|doz|ing|lic|prim)\b\.{_FEMALE}{_SCHOOL}
    ){_FACULTY}
  | (?-i:Pr\b\.?(?=\s+(?:Dr|\w+\s)))
  | dokt(?:or|orin)\b | doctor\b | docteure?\b
  | (?-i:PD)\b
  | (?-i:DI(?:\s*\(FH\)|(?=\s+(?:[A-ZÄÖÜ][a-zäöüß]|\w+\.))))
  | dipl(?:\.-?\s*|-|\s+(?=ing\b))[^\W\d_]+(?:\.?-[^\W\d_]+)*\b\.?{_FEMALE}{_SCHOOL}
  | diplom-?[^\W\d_]{{4,}}
  | (?:[bm]\.\s?(?:sc|eng|ed)|ll\.\s?[bm])\b\.? | (?-i:[BM]Sc|MBA|LLM|PhD)\b
)"""
#: Academic titles that go before a name, one or several.
TITLES = late_pattern(rf"(?![\s,/])(?:[\s,/]*{_TITLE})+", re.IGNORECASE | re.VERBOSE)

_BARE_TITLES = late_pattern(r"(?<!\w)(?:m?m?mag|ing|bakk|dipl\s?ing|(?-i:DI|Pr))(?!\w)", re.IGNORECASE)

# "Meier, Dr."; Anna Doktor is called so
_BEHIND = late_pattern(rf"(?:,\s*|\s+(?=\S*(?:\.|\bdr$|\bprof$)))({TITLES.pattern})\s*$", re.IGNORECASE | re.VERBOSE)

_DEGREES = r"""(?:
    (?:jr|sr)\b\.? | (?:jun|sen|esq)\. | (?-i:junior|senior|II|III|IV)\b
  | ph\.?\s?d\b\.? | [bm]\.\s?(?:a|ed|eng|mus|sc)\b\.? | (?-i:[BM]Sc|[BM]Eng|[BM]Ed|E?MBA|LL\.?[BM])\b\.?
  | ll\.\s?[bm]\b\.? | m\.\s?d\b\.? | d\.\s?d\.\s?s\b\.? | (?-i:MPH|OBE|MBE|CBE|CPA|MdB|MdL|DDS|StB)\b
  | a\.\s?D\. | i\.\s?R\. | (?:emer|em)\.
)"""
# what stands behind a name and is not spoken: M. A., MBA, jun., geb. Huber
_DEGREES_BEHIND = late_pattern(rf"(?:[\s,]+{_DEGREES})+\s*$", re.IGNORECASE | re.VERBOSE)
_FORMER = r"(?:geb\.|geborene?[rn]?\b|née?\b|verh\.|verw\.|gesch\.|vormals\b|ehem\.).*"
_FORMER_BEHIND = late_pattern(rf"[\s,]+{_FORMER}$", re.IGNORECASE)
# behind a comma, where no surname ends in it
_NO_NAME = late_pattern(
    rf"(?:{_DEGREES}|(?-i:[MB]A|MD|RA|WP|[A-Z]{{2,}}&[A-Z]+)|{_FORMER})(?:\s+{_DEGREES})*", re.IGNORECASE | re.VERBOSE
)


class Peeled(NamedTuple):
    """A name, or a piece of one, and the honorifics and titles that stood around it."""

    honorifics: str
    titles: str
    text: str


def joins(text: str) -> bool:
    """Tell whether a line names two people: Hans und Maria."""
    lowered = text.lower()
    # asked of every name, and hardly ever true
    may = " u" in lowered or " a" in lowered or " e" in lowered or "&" in lowered or "+" in lowered
    return may and AND.search(text) is not None


@lru_cache(maxsize=4096)
def peel(text: str, *, whole: bool = False) -> Peeled:
    """Take Herr, Frau, Dr. and degrees off a name, which stands on one line.

    :param whole: also where nothing is left of it; otherwise the last word stays: Herr and Professor are surnames too.
    """
    if not text or (text.isalpha() and not (whole and (HONORIFICS.match(text) or TITLES.match(text)))):
        return Peeled("", "", text)
    honorifics, rest = _taken(HONORIFICS, text, whole=whole)
    titles, rest = _taken(TITLES, rest, whole=whole)
    # of a single word nothing stands behind another
    if " " in rest or "," in rest:
        rest = _DEGREES_BEHIND.sub("", _FORMER_BEHIND.sub("", rest))
        if found := _BEHIND.search(rest, 1):
            titles, rest = f"{titles} {found[1]}".strip(), rest[: found.start()]
    return Peeled(honorifics, titles, rest)


def is_no_name(piece: str) -> bool:
    """Tell whether what stands behind a comma is a degree or a former surname: M. A., geb. Huber."""
    return _NO_NAME.fullmatch(piece) is not None


@lru_cache(maxsize=4096)
def titles_in(cell: str, *, anywhere: bool = False) -> str:
    """Return the titles in a column for them, where they need no full stop.

    :param anywhere: they may stand behind other words; a column of titles may hold positions: Assistant of Prof. Meier.
    """
    if not cell:
        return ""
    if anywhere:
        found = TITLES.findall(cell)
    else:
        bare = _taken(HONORIFICS, cell, whole=True)[1]
        found = [match.group() for piece in bare.split(",") if (match := TITLES.match(piece.strip()))]
    return " ".join(found or _BARE_TITLES.findall(cell))


def _taken(pattern: re.Pattern[str], text: str, *, whole: bool) -> tuple[str, str]:
    """Take the pattern off the front of a text; return it and the rest."""
    found = pattern.match(text)
    rest = text[found.end() :].lstrip(" ,") if found else ""
    return (found.group().strip(" ,"), rest) if found and (rest or whole) else ("", text)
