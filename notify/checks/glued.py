"""Details that are printed without a blank beside them, or behind what is in them already: +49 {{ new.phone }}."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notify.checks.facts import Facts
from notify.checks.remark import Remark, short
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Wording

#: Such details end where a word ends.
_NAMES = frozenset("email phone mobile fax iban".split())
_COUNTRY = late_pattern(r"(?:\+|\b00)\d{1,3}\s?(?:\(0\)\s?)?$")


def glued(wording: Wording, facts: Facts) -> Iterator[Remark]:
    """Yield the announced details that run into what stands beside them."""
    text = f"{wording.read.subject}\n{wording.read.text}"
    for key, value in facts.announced:
        *_, side, name = key.split(".")
        if name not in _NAMES:
            continue
        for found in re.finditer(re.escape(value), text):
            before, after = text[max(0, found.start() - 8) : found.start()], text[found.end() : found.end() + 8]
            if _is_part_of_another(before, after, text, found.start(), facts):
                continue
            doubled = value.startswith(("+", "00")) and _COUNTRY.search(before)
            if doubled or before[-1:].isalnum() or after[:1].isalnum():
                around = before.split(" ")[-1] + value + after.split(" ")[0] if not doubled else before + value
                what = f'readers see "{short(around)}", and {facts.place(key)} says {value}'
                mend = f"Mend what stands beside {{{{ {side}.{name} }}}}."
                yield Remark("contradicts-change", what, mend, f"{side}.{name}")
                return


def _is_part_of_another(before: str, after: str, text: str, start: int, facts: Facts) -> bool:
    """Tell whether a value is seen in another detail, which is longer: info@neu.example in post-info@neu.example."""
    around = text[max(0, start - 60) : start + 120]
    longer = (value for _, value in facts.announced if value in around)
    here = re.split(r"\s", before)[-1] + re.split(r"\s", after)[0]
    return any(here and here in value for value in longer)
