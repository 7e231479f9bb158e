"""What shows that a text is not finished: notes to oneself, gaps to fill in, the subject of a draft, a mail below."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notify.checks.facts import Facts
from notify.checks.leftovers import placeholders_in
from notify.checks.prose import without_code
from notify.checks.remark import Remark, short
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Wording

#: Notes to oneself, and gaps.
_NOTE = late_pattern(
    r"""
    \b(?:TODO|FIXME|TBD|TBA|XXX+)\b | \btbd\b | \bXX\.(?:XX\.)?(?:XXXX|\d{2,4})? | \bDD\.MM\.|\bTT\.MM\. | \?{3,}
    | \b[A-Z]:\\\w[^\s<>|]* | \bfile:///?\S+ | (?<![\w_])_{4,}(?![\w_]) | \[\s*(?:\.{2,}|…|\?+|x+)\s*\]
    | \((?:intern|internal|interne)\b[^()\n]*\) | \bn\.\s?n\.(?!\w) | \bN\.\s?N\.(?!\w)
    | (?:^|[(\[])\s*(?:(?:bitte\s)?noch|muss\snoch|still|needs?\sto|please)\s[^.\n()\[\]]{0,40}?
      (?:prüfen|klären|ergänzen|abstimmen|einfügen|nachtragen|check|fill\sin|confirm\swith|add)\b[^\n)\]]{0,20}[)\]]
    """,
    re.VERBOSE | re.MULTILINE,
)
#: A mail that was answered, or handed on, and stayed below.
_MAIL_BELOW = late_pattern(
    r"^(?:-{3,}\s*(?:Ursprüngliche|Weitergeleitete|Original|Forwarded)\b.*"
    r"|(?:Von|From|De)\s?: .+\n(?:Gesendet|Sent|Date|Datum|An|To|Envoyé)\s?:.*"
    r"|>?\s?(?:Am|On|Le) .{4,80} (?:schrieb|wrote|a écrit)\b.*)$",
    re.MULTILINE,
)
_SUBJECT = late_pattern(
    r"^\s*(?:(?:re|aw|wg|fwd?|antw|tr)\s*:.*|test(?:mail|s|ing)?[\s!.\d]*|.*\b(?:entwurf|draft|brouillon)\b.*"
    r"|kopie von .*|copy of .*|betreff|subject|objet|.*\bv\d+(?:\.\d+)?\s*)$",
    re.IGNORECASE,
)
_LETTERS = late_pattern(r"[^\W\d_]")


def unfinished(wording: Wording, _: Facts) -> Iterator[Remark]:
    """Yield what its author meant to remove, or to fill in."""
    text, subject = without_code(wording.typed), wording.typed.subject
    typed = f"{subject}\n{text}"
    for placeholder in placeholders_in(typed):
        typed = typed.replace(placeholder, "")
    for found in dict.fromkeys(each[0].strip() for each in _NOTE.finditer(typed)):
        what = f'"{short(found)}" stands in the text, as if it were not finished'
        yield Remark("unfinished-text", what, "Write what belongs there, or take it out.", found)
    if below := _MAIL_BELOW.search(text):
        line = below[0].split("\n", 1)[0]
        what = f'another mail stands in the text: "{short(line)}"'
        yield Remark("unfinished-text", what, "Take it out.", line)
    if _SUBJECT.match(subject):
        what = f'the subject is "{short(subject)}"'
        yield Remark("unfinished-text", what, "Say in it what changes, and from when.", subject)
    letters = _LETTERS.findall(subject)
    if len(letters) >= _SHOUTED and all(letter.isupper() for letter in letters):
        what = f'the subject is in capitals, as that of spam: "{short(subject)}"'
        yield Remark("urgency", what, "Write it as a sentence.", subject)


#: A subject of so many letters is no abbreviation.
_SHOUTED = 12
