"""What is about to be sent, in outline: what people read before they say yes."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace

from notify.actions.run import Run
from notify.actions.send import Plan
from notify.core.form import Wording
from notify.core.message import Attachment, Content
from notify.ledger import Reader, Readers


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject that the first of ``count`` readers of one text gets; ``varies``: not all of them get the same."""

    text: str
    wording: Wording
    count: int
    varies: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """What the messages of a run are. ``neutral``: how many are greeted neutrally, since nothing better is known."""

    subjects: tuple[Subject, ...]
    attachments: tuple[Attachment, ...]
    neutral: int


def outline(run: Run, plan: Plan, now: dt.datetime) -> Outline:
    """Return what this run hands over, rendered for two readers of each language and form.

    :raises InputError: a message cannot be rendered.
    """
    groups = run.job.reports().readers(now, plan.orders.only, plan.waiting)
    contents = [(group, _rendered(run, group, group.first), _rendered(run, group, group.last)) for group in groups]
    subjects: dict[Wording, Subject] = {}
    for group, first, last in contents:
        wording = _cohort(run, group)
        earlier = subjects.get(wording, Subject(first.subject, wording, 0, varies=False))
        varies = earlier.varies or not earlier.text == first.subject == last.subject
        subjects[wording] = replace(earlier, count=earlier.count + group.count, varies=varies)
    attachments = dict.fromkeys(attachment for _, first, _ in contents for attachment in first.attachments)
    return Outline(tuple(subjects.values()), tuple(attachments), sum(group.neutral for group in groups))


def _cohort(run: Run, group: Readers) -> Wording:
    """Return of which text these are the readers; of one that speaks otherwise to those of the other form, apart."""
    template, cohort = run.job.template, Wording(group.language, group.form)
    text = template.wording_for(group.language, group.form) or cohort
    return cohort if template.asks_for_form(text) else text


def _rendered(run: Run, group: Readers, reader: Reader) -> Content:
    fields = json.loads(reader.fields) | ({"code": reader.code} if reader.code else {})
    return run.job.template.render(group.language, reader.salutation, fields, reader.origin, form=group.form)
