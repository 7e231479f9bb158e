"""Placeholders of other programs, and of unfinished texts, that nothing was put in the place of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from notify.checks.facts import Facts
from notify.checks.prose import without_code
from notify.checks.remark import Remark, short
from notify.core.column_words import field_of
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Wording

_NAME = r"[^\W\d][\w .\-/]{0,38}?"
#: A placeholder whatever stands in it.
_ALWAYS = late_pattern(
    r"\{\{[^{}\n]*\}\}|\{%[^\n]*?%\}|\{\{|<<[^<>\n]{1,40}>>|\*\|[\w:.]+\|\*|(?<!\|)\|[A-Z][A-Z0-9_:]{2,}\|(?![^\n]*\|)"
    r"|\{ ?MERGEFIELD [^{}\n]{1,40}\}|%%\w+%%|%recipient\.\w+%|\$\{[\w. ]+\}"
    r"|\[(?:[^\[\]\n]* )?(?:einfügen|ergänzen|eintragen|ausfüllen|TODO|TBD|XXX+|Platzhalter|insert|placeholder)"
    r"(?: [^\[\]\n]*)?\]|\bLorem ipsum\b|%[A-Z][A-Z_]{2,}%"
)
#: One when it is called like a column of a contact file.
_CALLED = late_pattern(
    rf"\{{\s*({_NAME})\s*\}}|\[\[?\s*({_NAME})\s*\]\]?|%({_NAME})%|##?({_NAME})##?|@@?({_NAME})@@?|\$({_NAME})\$"
    rf"|«({_NAME})»|<\s?({_NAME})\s?>"
)
#: What templates print, in brackets that are not theirs.
_VARIABLE = late_pattern(r"(?:new|old|contact|sender)\.[a-z_0-9]+|salutation|effective|old_works_until")
_OTHER_WORDS = frozenset(
    "datum|betrag|montant|empfänger|recipient|ihr name|ihre firma|your name|your company|votre nom".split("|")
)
#: Words that people put into quotation marks, too.
_QUOTABLE = frozenset({"name", "company", "email", "street", "city", "country", "phone", "language", "gender"})

#: What a cell says that holds nothing: whole, or as a word of a greeting.
_NOTHING = late_pattern(
    r"(?:^|(?<=\s))(?:None|nan|NaN|NAN|NaT|null|NULL|undefined|<NA>|\(null\)|\[object Object\])(?=[,!]?(?:\s|$))"
    r"|#(?:N/A|NV|NAME\?|WERT!|VALUE!|REF!|BEZUG!|DIV/0!|ZAHL!|NUM!|NULL!|SPILL!|CALC!)|^#{3,}$",
    re.MULTILINE,
)
#: No value without one of these has anything wrong with it: most are done with at once. What a link is given has %20 in
#: it. Every alternative begins with a letter of its own, not with a set of some: so it takes a fourth of the time.
_SUSPICIOUS = late_pattern(r"\{|<|\[|\*|\||#|\$|«|@@|%%|%[^\W\d]|N(?:one|a[NT]|AN|ULL)|n(?:a[nNT]|ull)|undefined|Lorem")


def leftovers(wording: Wording, _: Facts) -> Iterator[Remark]:
    """Yield the placeholders in the author's words."""
    typed = f"{wording.typed.subject}\n{without_code(wording.typed)}"
    for placeholder in dict.fromkeys(placeholders_in(typed)):
        yield Remark(
            "leftover-placeholder",
            f'"{short(placeholder)}" stands in the text as it is, and everybody would read it',
            _mend(placeholder),
            placeholder,
        )


def of_values(values: Collection[str], where: str) -> Iterator[Remark]:
    """Yield what is wrong with the values that a contact brings."""
    if not _SUSPICIOUS.search("\n".join(values)):
        return
    for value in dict.fromkeys(filter(_SUSPICIOUS.search, values)):
        if nothing := _NOTHING.search(value):
            what = f'"{nothing[0]}" is printed{_in(value, nothing[0])}: the cell holds nothing'
            yield Remark("value-missing", what, "Empty the cell in this row, or mend it.", where=where)
        for placeholder in dict.fromkeys(placeholders_in(value)):
            what = f'"{short(placeholder)}" is printed{_in(value, placeholder)}: it comes from the row'
            yield Remark("value-placeholder", what, "Mend the row.", where=where)


def placeholders_in(text: str) -> Iterator[str]:
    """Yield what stands in a text for something that should have been put there."""
    for found in _ALWAYS.finditer(text):
        yield found[0]
    for found in _CALLED.finditer(_ALWAYS.sub(" ", text)):
        name = next(filter(None, found.groups())).strip()
        if _is_column(name, is_quoted=found[0].startswith("«")):
            yield found[0]


def _is_column(name: str, *, is_quoted: bool) -> bool:
    field = field_of(name)
    if is_quoted:
        return bool(field) and field not in _QUOTABLE
    return bool(field) or name.casefold() in _OTHER_WORDS or _VARIABLE.fullmatch(name) is not None


def _mend(placeholder: str) -> str:
    name = re.sub(r"^\W+|\W+$", "", placeholder)
    field = field_of(name)
    if field == "prefix":
        return "Write {{ salutation }} where the greeting belongs."
    if field:
        return f"Write {{{{ contact.{field} }}}}, or the words themselves."
    return 'Write the words themselves; a column of your file is {{ row["…"] }}.'


def _in(value: str, part: str) -> str:
    return "" if value == part else f' in "{short(value)}"'
