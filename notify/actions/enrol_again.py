"""Enrols once more what the latest enrolment has enrolled: nothing is read, and the same is told.

Mostly a run from cron has nothing else to enrol, so here nothing is loaded that reads contacts or templates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from notify.actions.enrolling import Enrolling
from notify.actions.forms import refuse_without_text
from notify.actions.prepare import Prepared
from notify.actions.repeat import refuse_repeat
from notify.actions.unchanged import made_from, remember_files, tell_again
from notify.core.objection import Objection
from notify.ledger import CampaignRecord, Enrolment, Reports, Store, Version


def enrol_again(
    prepared: Prepared,
    store: Store,
    record: CampaignRecord,
    version: Version,
    now: dt.datetime,
    *,
    dead: Iterable[tuple[str, Objection]] = (),
    accept_repeat: bool = False,
    rehearsal: bool = False,
) -> Enrolling | None:
    """Enrol what is made from the same as the latest enrolment, and comes to the same; None where it does not.

    Then nothing is changed.

    :param dead: addresses that are known to be dead, with what says so.
    :param accept_repeat: the user accepts that people were sent the same words in another campaign.
    :param rehearsal: nothing is sent, so nothing that is wrong in the text is refused.
    :raises InputError: there is no text for the form in which somebody is greeted, or people were sent the same words
        in another campaign; or what nobody can mean stands in the text.
    :raises ConfigError: what nobody can mean stands in notify.toml.
    """
    done, known = Enrolling(), prepared.known
    with Enrolment.again(store, record, now, made_from(prepared, version, dead)) as enrolment:
        if enrolment is None:
            return None
        if known is None or not known.is_quiet:
            from notify.actions.check import begin_inspection

            done.inspection = begin_inspection(prepared)
        tell_again(enrolment, done)
        remember_files(prepared, enrolment, is_quiet=done.inspection is None or not done.inspection.total)
        # where nobody waits, nobody is sent anything again
        if enrolment.waited:
            refuse_what_was_sent(prepared, store, record, enrolment, accept_repeat=accept_repeat)
        refuse_what_came_up(prepared, store, record, done, rehearsal=rehearsal)
    return done


def refuse_what_was_sent(
    prepared: Prepared, store: Store, record: CampaignRecord, enrolment: Enrolment, *, accept_repeat: bool
) -> None:
    """Refuse to send the same words once more; rehearsals in the sandbox may be repeated.

    :raises InputError: people who wait were sent them in another campaign.
    """
    if prepared.settings.relays and not accept_repeat:
        refuse_repeat(prepared, store, record, enrolment)


def refuse_what_came_up(
    prepared: Prepared, store: Store, record: CampaignRecord, done: Enrolling, *, rehearsal: bool
) -> None:
    """Refuse what may have come up since the latest enrolment, however little has changed in the files.

    :raises InputError: a text is missing, or what nobody can mean stands in one.
    :raises ConfigError: what nobody can mean stands in notify.toml.
    """
    refuse_without_text(prepared, Reports(store, record))
    if done.inspection and prepared.settings.relays and not rehearsal:
        from notify.actions.check import refuse_grave

        refuse_grave(done.inspection)
