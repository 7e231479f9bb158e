"""Who stands in a row: a person with a name and titles, or a firm; read from the columns, nothing guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_HONORIFIC = r"(?:herrn?|frau|mrs?|ms|miss|familie|fam|eheleute|ehepaar)\b\.?"
_AND = r"\s*(?:\bund\b|\bu\.|\band\b|[&+/])\s*"
#: Words before a name; only those that are spelled out, because "Fr." and "M." are other things before a name.
HONORIFICS = re.compile(rf"(?<!\w){_HONORIFIC}(?:{_AND}{_HONORIFIC})?", re.IGNORECASE)

_FACULTY = (
    r"(?:[\s-]*(?:agr|c|dent|e|h|habil|ing|iur|jur|med|mont|mult|nat|oec|phil|pol|publ|rer|sc|techn|theol|vet)\.)*"
)
_TITLE = rf"""(?<!\w)(?:
    (?:(?:ao|apl|em|hon|jun|o|univ)\.[\s-]*)*prof(?:essor(?:in)?)?\b\.?{_FACULTY}
  | d?dr\b\.?{_FACULTY} | dokt(?:or|orin)\b | doctor\b
  | (?:priv(?:at)?\.?-?doz(?:ent|entin)?|mag|ing|lic)\b\.(?:a\b)?{_FACULTY} | (?-i:PD)\b
  | dipl\.[\s-]*[^\W\d_]+\b\.?(?:\s*\(\w+\.?\))?
)"""
#: Academic titles that go before a name, one or several; what follows a name (M. A., MBA) is not among them.
TITLES = re.compile(rf"{_TITLE}(?:[\s,]*{_TITLE})*", re.IGNORECASE | re.VERBOSE)

_PARTICLES = frozenset("af al av da de del della den der di do dos du el la le ten ter van vom von zu zum zur".split())
_AFTER_NAME = re.compile(
    r"(?:jr|sr|ph\.? ?d|m\.? ?a|m\.? ?sc|b\.? ?a|b\.? ?sc|mba|ll\.? ?m|m\.? ?d|esq|ii+)\.?", re.IGNORECASE
)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_BRACKETS = re.compile(r"\s*\([^()]*\)")

# case tells the short ones from names: E. G. Müller is a person, Se Yeon has a first name
_FIRM = re.compile(
    r"(?<!\w)(?:(?i:g?gmbh|mbh|mbb|ohg|gbr|kgaa|partgmbb|partg|ltd|llc|inc|plc|sarl|s\.r\.o|s\.r\.l|limited)"
    r"|AG|BV|KG|SAS|SE|UG|eG|eK|eV|e\. ?[GKV]|a\.s)(?!\w)"
    r"|(?:&|\b(?:und|and)|\bu\.) ?(?:Cie|Co|Partners?|Sohn|Söhne|Sons?|Brothers)(?!\w)"
)
_BODY = re.compile(
    r"(?<!\w)(?:\w*(?:amt|praxis|kanzlei|verein|verlag|werke|stiftung|schule|universität|gesellschaft|agentur|apotheke"
    r"|verband|museum|redaktion|buchhaltung|versicherung)|stadt|gemeinde|landkreis|hotel|team|office|university)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """Who is addressed: ``honorifics`` and ``titles`` as they were found, ``last`` with its particles.

    ``first`` and ``last`` are empty when they cannot be told apart; ``whole`` is the name as one says it, without
    titles, and empty when nothing but a surname is known. A firm has nothing but ``company``.
    """

    honorifics: str = ""
    titles: str = ""
    first: str = ""
    last: str = ""
    whole: str = ""
    company: str = ""


def read_name(fields: Mapping[str, str]) -> Name:
    """Return who stands in the columns ``first_name``, ``last_name``, ``name``, ``title``, ``prefix``, ``company``."""
    first, last, name = (_bare(fields.get(field, "")) for field in ("first_name", "last_name", "name"))
    prefix, title, company = (one_line(fields.get(field, "")) for field in ("prefix", "title", "company"))
    if "@" in name or name == company:
        name = ""
    if first:
        last = last.partition(",")[0].rstrip()  # Müller, geb. Huber
    elif "," in last:
        name, last = name or last, ""
    if not (first and last) and "," in name:
        said_first, said_last = _around_comma(name)
        first, last = first or said_first, last or said_last
    if not (first or prefix or name) and last == company:
        last = ""
    if is_firm(last or name, person_known=bool(first or prefix)):
        return Name(company=company or f"{first} {last or name}".strip())
    honorifics, titles, (first, last, name) = _peeled(first, last, name)
    titles = _joined([*TITLES.findall(title), *TITLES.findall(prefix), titles])
    if name and not (first and last):
        first, last = _told_apart(name, first, last)
    return Name(honorifics, titles, first, last, _as_one_says_it(first, last, name), company)


def full_name(fields: Mapping[str, str]) -> str:
    """Return the name as one says it: Prof. Dr. Erika Müller, or the firm's; empty when there is none."""
    name = one_line(fields.get("name", ""))
    bare = _bare(name)
    # a list of customers calls the row by the firm, and an address book by "Müller, Anna"
    better = bool(fields.get("first_name") and fields.get("last_name")) and (
        "," in bare or name == one_line(fields.get("company", ""))
    )
    if bare and "@" not in bare and not better:
        return name if is_firm(name) else turned_round(bare)
    found = read_name(fields)
    said = found.whole or found.last
    return _joined([found.titles, said]) if said else found.company


def is_firm(text: str, *, person_known: bool = False) -> bool:
    """Tell whether this is what a firm, authority or club is called.

    A legal form decides (Müller GmbH); words like Praxis and Stadt are surnames too, and decide only when nothing
    speaks for a person.
    """
    return bool(_FIRM.search(text)) or (not person_known and bool(_BODY.search(text)))


def one_line(text: str) -> str:
    """Return a cell without line breaks and double blanks, fit for a header."""
    return " ".join(text.split())


def _bare(text: str) -> str:
    """Return a name without what stands in brackets behind it: (privat), (anna@firma.example)."""
    return _BRACKETS.sub("", one_line(text)).strip(" ,;") if text else ""


def turned_round(name: str) -> str:
    """Return "Ursula von der Leyen" for "von der Leyen, Ursula", and the name as it is when it is no such thing."""
    first, last = _around_comma(name)
    return f"{first} {last}".strip() or name


def _around_comma(name: str) -> tuple[str, str]:
    """Return first and last name of "Last, First"; both empty when it is no such thing."""
    last, comma, first = (part.strip() for part in name.partition(","))
    if not comma or not last or "," in first or is_firm(name):
        return "", ""
    return ("" if _AFTER_NAME.fullmatch(first) else first), last


def _peeled(*parts: str) -> tuple[str, str, list[str]]:
    """Take Herr, Frau, Dr. off the front of each part of a name; return them and what is left of the parts."""
    honorifics, first_rest = zip(*(_taken(HONORIFICS, part) for part in parts), strict=True)
    titles, rest = zip(*(_taken(TITLES, part) for part in first_rest), strict=True)
    return _joined(honorifics), _joined(titles), list(rest)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """Take the pattern off the front of a text, unless nothing would be left: Herr is a surname too."""
    found = pattern.match(text) if text else None
    rest = text[found.end() :].lstrip() if found else ""
    return (found.group(), rest) if found and rest else ("", text)


def _told_apart(name: str, first: str, last: str) -> tuple[str, str]:
    """Fill in first and last name from the whole, where it can be told which is which."""
    words = name.split()
    start = next((place for place, word in enumerate(words) if word in _PARTICLES), len(words) - 1)
    # which is the surname in Juan García López and in Anna Maria Müller, nobody can tell from outside
    if _CJK.fullmatch(name) or (start == len(words) - 1 and len(words) > 2):
        return first, last
    return first or " ".join(words[:start]), last or " ".join(words[start:])


def _as_one_says_it(first: str, last: str, name: str) -> str:
    """Return the whole name, empty when it is only a surname."""
    if _CJK.fullmatch(first) and _CJK.fullmatch(last):
        return last + first
    if first:
        return f"{first} {last}".strip()
    return turned_round(name) if not last or _CJK.fullmatch(name) else ""


def _joined(parts: Iterable[str]) -> str:
    """Join what is there, each once."""
    return " ".join(dict.fromkeys(part for part in parts if part))
