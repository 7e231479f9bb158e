"""What is about to be sent, in outline: what people read before they say yes."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from notify.actions.run import Run
from notify.actions.send import Plan
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


def outline(run: Run, plan: Plan, now: dt.datetime) -> Outline:
    """Return what this run hands over, rendered for two readers of each language.

    :raises InputError: a message cannot be rendered.
    """
    groups = run.job.reports().readers(now, plan.orders.only, plan.waiting)
    contents = [(group, _rendered(run, group, group.first), _rendered(run, group, group.last)) for group in groups]
    subjects = [
        Subject(first.subject, group.language, group.count, varies=first.subject != last.subject)
        for group, first, last in contents
    ]
    attachments = dict.fromkeys(attachment for _, first, _ in contents for attachment in first.attachments)
    return Outline(tuple(subjects), tuple(attachments), sum(group.neutral for group in groups))


def _rendered(run: Run, group: Readers, reader: Reader) -> Content:
    fields = json.loads(reader.fields) | ({"code": reader.code} if reader.code else {})
    return run.job.template.render(group.language, reader.salutation, fields, reader.origin)
