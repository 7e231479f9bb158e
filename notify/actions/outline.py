"""What is about to be sent, in outline: what people read before they say yes."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from notify.actions.message_size import octets_of
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
    """What the messages of a run are. ``neutral``: how many are greeted neutrally, since nothing better is known.

    ``attachments`` are those that go to everybody who reads a language, ``octets`` the size of the largest message
    that was rendered for it.
    """

    subjects: tuple[Subject, ...]
    attachments: tuple[Attachment, ...]
    pictures: tuple[Attachment, ...]
    octets: int
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
    rendered = [content for _, *both in contents for content in both]
    pictures = dict.fromkeys(picture for content in rendered for picture in content.pictures)
    # one that is shown as a picture is not attached
    attached = {file for content in rendered for file in content.attachments}
    common = dict.fromkeys(file for group in groups for file in run.job.template.attachments_of(group.language))
    return Outline(
        tuple(subjects),
        tuple(file for file in common if file in attached),
        tuple(pictures),
        max(map(octets_of, rendered), default=0),
        sum(group.neutral for group in groups),
    )


def _rendered(run: Run, group: Readers, reader: Reader) -> Content:
    return run.job.template.render(group.language, reader.salutation, json.loads(reader.fields), reader.origin)
