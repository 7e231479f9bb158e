"""Looks for what is wrong in a campaign, as its messages come by, and refuses to send the worst of it."""

from __future__ import annotations

from notify.actions.enrolling import NAMED
from notify.actions.made_files import QR_NAME
from notify.actions.prepare import Prepared
from notify.actions.submissions import submissions
from notify.checks import Facts, Inspection
from notify.checks.attached import attached_files
from notify.checks.database import unverified_database
from notify.checks.disclosure import unread_attachments
from notify.checks.examples import copies
from notify.checks.fraud import account_in_file, contacts_on_card
from notify.checks.submission import submission, wrong_server
from notify.config import places, sample_values
from notify.config.database_url import unverified
from notify.core.finding import Finding, Severity
from notify.core.message import Attachment
from notify.errors import ConfigError, InputError, Problem

#: So much of an attached file is looked at; no text of people is longer.
_MOST_OCTETS = 50_000


def begin_inspection(prepared: Prepared) -> Inspection:
    """Look at settings, relays and template; the messages are looked at as they are rendered.

    Examples are looked for only where a relay is named that is not on this machine: they are what people try with.
    """
    settings, facts = prepared.settings, facts_of(prepared)
    examples = sample_values() if settings.reaches_others else None
    inspection = Inspection(facts, settings.checks.silence, examples)
    if examples:
        inspection.note(copies(facts, (to.address for to in settings.send.copy_to)))
    for way in submissions(settings):
        inspection.note(submission(facts, way))
        inspection.note(wrong_server(way))
    inspection.note(unverified_database(*unverified(settings.ledger.url), facts.place("ledger.url")))
    _look_at_files(facts, inspection)
    return inspection


def _look_at_files(facts: Facts, inspection: Inspection) -> None:
    """Look at the files that all readers of a text of the template get, each once."""
    inspection.note(attached_files(facts))
    unread = []
    for name, text in facts.files.items():
        if text:
            inspection.note([*account_in_file(name, text, facts), *contacts_on_card(name, text, facts)])
        elif name != QR_NAME:
            unread.append(name)
    inspection.note(unread_attachments(unread, facts))


def facts_of(prepared: Prepared) -> Facts:
    """Return what the texts of a campaign are held against."""
    template = prepared.template
    of_each = {one: template.attachments_of(one.language, one.form) for one in template.wordings}
    attaching = frozenset(
        template.label_of(one)
        for one, attached in of_each.items()
        if attached or template.has_own_files(one.language, one.form)
    )
    common = {one.filename: one for attached in of_each.values() for one in attached}
    files = {name: _text_of(one) for name, one in common.items()}
    return Facts(prepared.campaign, template.texts, places(prepared.settings), attaching, files)


def _text_of(attachment: Attachment) -> str:
    """Return the words of a file, as many as are looked at; none where it is no text."""
    octets = attachment.octets[:_MOST_OCTETS]
    is_text = attachment.content_type.startswith("text/") and b"\0" not in octets
    return octets.decode("utf-8", "ignore") if is_text else ""


def refuse_grave(inspection: Inspection) -> None:
    """Refuse to send what nobody can mean.

    :raises ConfigError: all of it stands in notify.toml.
    :raises InputError: some of it stands in the template, or in the contact files.
    """
    grave = [found.finding for found in inspection.found() if found.finding.severity is Severity.ERROR]
    if not grave:
        return
    count = inspection.grave
    what = "One thing" if count == 1 else f"{count:,} things"
    is_config = all(map(is_about_settings, grave))
    names = dict.fromkeys(finding.name for finding in grave)
    silence = ", ".join(f'"{name}"' for name in names)
    accept = " ".join(f"--accept {name}" for name in names)
    hint = "See everything that was noticed:  notify check --offline\n"
    hint += f"If it is meant so, in [checks] of notify.toml:  silence = [{silence}]\n"
    hint += f"Or for this run alone:  notify send {accept}"
    error = ConfigError if is_config else InputError
    problems = [_problem(finding) for finding in grave[:NAMED]]
    raise error(f"{what} must be mended before this is sent.", hint=hint, problems=problems)


def is_about_settings(finding: Finding) -> bool:
    """Tell whether a finding is about notify.toml, or what stands in for it."""
    return finding.where.startswith("notify.toml") or finding.where.endswith("]")


def _problem(finding: Finding) -> Problem:
    return Problem(finding.where, f"{finding.what}. {finding.mend}")
