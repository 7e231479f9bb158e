"""What is about to be sent, in outline: what people read before they say yes."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from notify import checks
from notify.actions.check import refuse_grave
from notify.actions.run import Run
from notify.actions.send import Plan
from notify.checks import Inspection
from notify.core.message import Attachment, Content
from notify.ledger import Reader, Readers


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject that the first of ``count`` readers of a language gets; ``varies``: not all of them get the same."""

    text: str
    language: str
    count: int
    varies: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """What the messages of a run are. ``neutral``: how many are greeted neutrally, since nothing better is known."""

    subjects: tuple[Subject, ...]
    attachments: tuple[Attachment, ...]
    neutral: int


def outline(run: Run, plan: Plan, now: dt.datetime, inspection: Inspection | None = None) -> Outline:
    """Return what this run hands over, rendered for two readers of each language.

    :param inspection: looks at these where nobody was rendered by this run, as all are known from an earlier one.
    :raises InputError: a message cannot be rendered, or what nobody can mean stands in it.
    """
    groups = run.job.reports().readers(now, plan.orders.only, plan.waiting)
    looks = inspection if inspection and not inspection.messages else None
    contents = [
        (group, _rendered(run, group, group.first, looks), _rendered(run, group, group.last, looks)) for group in groups
    ]
    if looks and run.prepared.settings.relays and not run.is_rehearsal:
        refuse_grave(looks)
    subjects = [
        Subject(first.subject, group.language, group.count, varies=first.subject != last.subject)
        for group, first, last in contents
    ]
    attachments = dict.fromkeys(attachment for _, first, _ in contents for attachment in first.attachments)
    return Outline(tuple(subjects), tuple(attachments), sum(group.neutral for group in groups))


def _rendered(run: Run, group: Readers, reader: Reader, looks: Inspection | None) -> Content:
    salutation, origin = reader.salutation, reader.origin
    rendered = run.job.template.rendered(group.language, salutation, json.loads(reader.fields), origin)
    if looks:
        looks.look(rendered, checks.Reader("", "", salutation, origin))
    return rendered.content
