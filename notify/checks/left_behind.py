"""Old details that stayed in a text: in the English template, at the foot, wherever nobody looks a second time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notify.checks.facts import Facts
from notify.checks.old_and_new import called, is_called_old
from notify.checks.prose import sentences, without_code
from notify.checks.remark import Remark
from notify.checks.typed_values import as_announced
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Wording

#: Details that nobody types by chance.
_DISTINCT = ("email", "phone", "mobile", "fax", "website", "street", "iban")
#: Such a sentence tells that something ends, or holds only for a while.
_ENDS = late_pattern(
    r"entfäll|entfallen|abgeschalt|abgestell|abgemeld|endet|enden|erlisch|erlosch|aufgegeben|aufgelöst|gekündigt"
    r"|gibt es nicht|\bnoch\b|vorerst|weiterhin"
    r"|\bstill\b|for now|meantime|switched off|shut|clos|ends?\b|ended|expire|cease|discontinu"
    r"|encore|coupé|fermé|supprim|résili|plus\b",
    re.IGNORECASE,
)


def left_behind(wording: Wording, facts: Facts) -> Iterator[Remark]:
    """Yield the old details that are typed as if they still held."""
    parts = [*_parts(as_announced(f"{wording.typed.subject}\n{without_code(wording.typed)}", facts))]
    for name in _DISTINCT:
        old, new = facts.old_only.get(name), facts.new_only.get(name)
        if old and new and any(_still_holds(part, old) and new not in part for part in parts):
            what = f"{old} is typed as if it still held, but it is the old {name} ({facts.place(f'change.old.{name}')})"
            mend = f"Write the new one; better, print it: {{{{ new.{name} }}}}."
            yield Remark("old-left-behind", what, mend, old)


def _still_holds(part: str, old: str) -> bool:
    # hardly any part has it
    is_there = old in part and re.search(rf"(?<![\w@.+\-]){re.escape(old)}(?![\w@]|\.\w)", part)
    if not is_there or is_called_old(part) or _ENDS.search(part):
        return False
    # that it is called new is found elsewhere
    return not called(part, old, ())


def _parts(text: str) -> Iterator[str]:
    """Yield the sentences of a text, each behind what announces it: a line with a colon, a heading, a table's rows."""
    above = ""
    for line in filter(None, map(str.strip, text.split("\n"))):
        yield from (f"{above}\n{part}" for part in sentences(line))
        if line.startswith("|") and above.startswith("|"):
            above += f"\n{line}"
        else:
            above = line if line[0] in "|#" or line[-1] == ":" else ""
