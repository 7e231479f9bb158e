"""Guards against the same words under another id: whoever got them in one campaign is not to get them in the next.

An id is changed by a slip, and a campaign without one is called like its template: renamed, or named otherwise, it is
another one, which has written to nobody yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from notify.actions.change import DAY, name_of, parts_of
from notify.actions.enrolling import NAMED
from notify.actions.prepare import Prepared
from notify.core.campaign import LANGUAGES
from notify.core.form import Form, Wording
from notify.errors import InputError, Problem
from notify.ledger import CampaignRecord, Enrolment, Store, Versions

#: Parts of a version that are no words of the message.
_NO_WORDS = frozenset({"audiences", "kind", "sender", "unsubscribe", "layout.html", DAY})


def refuse_repeat(prepared: Prepared, store: Store, record: CampaignRecord, enrolment: Enrolment) -> None:
    """Refuse when people who wait were sent the same words in another campaign of this ledger.

    Where some of them were sent the words in both, the user has wanted that before.

    :raises InputError: says how many, and in which campaign.
    """
    waiting, campaign = 0, ""
    first: list[Problem] = []
    for other, version in Versions(store).others(record):
        texts = list(_same_texts(prepared, version.parts))
        for address, origin, waits in enrolment.repeated(other, version, texts) if texts else ():
            if not waits:
                return
            waiting, campaign = waiting + 1, other.id
            if len(first) < NAMED:
                first.append(Problem(origin, address))
    if waiting:
        raise _repeated(waiting, campaign, record.id, first)


def _same_texts(prepared: Prepared, before: Mapping[str, str]) -> Iterator[tuple[Wording, Form]]:
    """Yield which texts say, but for their recipients, what a text of an earlier version in that language said.

    Each is that of the earlier version, and the form that its readers of now are greeted in.
    """
    from notify.rendering import wording_in

    template, now = prepared.template, parts_of(prepared)
    texts = {wording: template.text_of(wording) for wording in template.wordings}
    # the same text includes and attaches what has the same names; what of that differs makes it another message
    others = {name_of(name): text for name, text in now.items() if name != "change" and text not in texts.values()}
    if now["change"] != before.get("change") or not all(
        _agrees(called, text, before) for called, text in others.items()
    ):
        return
    said = {wording: _words(text) for name, text in before.items() if (wording := wording_in(name_of(name)))}
    for language, then, form in product(LANGUAGES, Form, Form):
        # where there was none for a form, whoever was sent to was sent the other one
        earlier = said.get(Wording(language, then), said.get(Wording(language, then.other)))
        present = template.wording_for(language, form)
        if present and earlier == _words(texts[present]):
            yield Wording(language, then), form


def _agrees(called: str, text: str, before: Mapping[str, str]) -> bool:
    """Tell whether a part is as it was, or of no message that was sent then, or no words at all."""
    named = [_words(other) for name, other in before.items() if name_of(name) == called]
    return called in _NO_WORDS or not named or _words(text) in named


def _words(text: str) -> str:
    return " ".join(text.split())


def _repeated(people: int, before: str, now: str, first: list[Problem]) -> InputError:
    who = "1 recipient was" if people == 1 else f"{people:,} recipients were"
    return InputError(
        f"{who} sent the same words already, in the campaign {before}; this one is {now}.",
        hint="If it is the same mailing, say so in [campaign] of notify.toml, and nobody gets it twice:  "
        f'id = "{before}"\n(without a notify.toml:  NOTIFY_CAMPAIGN_ID={before})\n'
        "If they are not to get it, and all others are, take their rows out of the contact files.\n"
        "If they are to get it once more:  notify send --again",
        problems=first,
    )
