"""A column that is called Duzen or Per Du and only marked: a yes or a cross below it says Du, a no says Sie."""

from __future__ import annotations

from notify.contacts.header import normal
from notify.contacts.vocabulary import names, vocabulary
from notify.core.form import Form


def asks_for_du(header: str) -> bool:
    """Tell whether a header asks whether somebody is greeted with Du, so that yes and no are answers."""
    return not names(header).isdisjoint(vocabulary().words["form.du"])


def answered(cell: str) -> str:
    """Return what an answer below such a header says; a cell that is no answer is returned as it is."""
    words, said = vocabulary().words, normal(cell) or cell.strip()
    if said in words["opt_out.yes"]:
        return str(Form.FAMILIAR)
    return str(Form.FORMAL) if said in words["opt_out.no"] else cell
