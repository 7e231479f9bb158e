"""What is about to be sent, in outline: what people read before they say yes."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

from notify import checks
from notify.actions.check import refuse_grave
from notify.actions.message_size import octets_of
from notify.actions.run import Run
from notify.actions.send import Plan
from notify.checks import Inspection
from notify.core.form import Wording
from notify.core.message import Attachment, Content
from notify.core.record import record
from notify.ledger import Reader, Readers


@record(frozen=True, slots=True)
class Subject:
    """The subject that the first of ``count`` readers of one text gets; ``varies``: not all of them get the same.

    ``files`` are attached for all of them.
    """

    text: str
    wording: Wording
    count: int
    varies: bool
    files: tuple[Attachment, ...] = ()


@record(frozen=True, slots=True)
class Outline:
    """What the messages of a run are. ``neutral``: how many are greeted neutrally, since nothing better is known.

    ``attachments`` are those that go to everybody who reads a text, ``octets`` the size of the largest message
    that was rendered for it.
    """

    subjects: tuple[Subject, ...]
    attachments: tuple[Attachment, ...]
    pictures: tuple[Attachment, ...]
    octets: int
    neutral: int


def outline(run: Run, plan: Plan, now: dt.datetime, inspection: Inspection | None = None) -> Outline:
    """Return what this run hands over, rendered for two readers of each language and form.

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
    subjects: dict[Wording, Subject] = {}
    for group, first, last in contents:
        wording = _cohort(run, group)
        earlier = subjects.get(wording, Subject(first.subject, wording, 0, varies=False))
        varies = earlier.varies or not earlier.text == first.subject == last.subject
        files = run.job.template.attachments_of(group.language, group.form)
        subjects[wording] = replace(earlier, count=earlier.count + group.count, varies=varies, files=files)
    rendered = [content for _, *both in contents for content in both]
    pictures = dict.fromkeys(picture for content in rendered for picture in content.pictures)
    # one that is shown as a picture is not attached
    attached = {file for content in rendered for file in content.attachments}
    common = dict.fromkeys(file for subject in subjects.values() for file in subject.files)
    return Outline(
        tuple(subjects.values()),
        tuple(file for file in common if file in attached),
        tuple(pictures),
        max(map(octets_of, rendered), default=0),
        sum(group.neutral for group in groups) if run.job.template.greets else 0,
    )


def _cohort(run: Run, group: Readers) -> Wording:
    """Return of which text these are the readers; of one that speaks otherwise to those of the other form, apart."""
    template, cohort = run.job.template, Wording(group.language, group.form)
    text = template.wording_for(group.language, group.form) or cohort
    return cohort if template.asks_for_form(text) else text


def _rendered(run: Run, group: Readers, reader: Reader, looks: Inspection | None) -> Content:
    salutation, origin = reader.salutation, reader.origin
    fields = json.loads(reader.fields) | ({"code": reader.code} if reader.code else {})
    rendered = run.job.template.rendered(group.language, salutation, fields, origin, form=group.form)
    if looks:
        looks.look(rendered, checks.Reader("", "", salutation, origin))
    return rendered.content
