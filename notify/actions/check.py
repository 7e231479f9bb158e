"""Looks for what is wrong in a campaign, as its messages come by, and refuses to send the worst of it."""

from __future__ import annotations

from notify.actions.enrolling import NAMED
from notify.actions.made_files import QR_NAME
from notify.actions.prepare import Prepared
from notify.actions.submissions import submissions
from notify.checks import Facts, Inspection
from notify.checks.disclosure import unread_attachments
from notify.checks.examples import copies
from notify.checks.fraud import account_in_file
from notify.checks.submission import submission
from notify.config import places, sample_values
from notify.core.finding import Finding, Severity
from notify.errors import ConfigError, InputError, Problem


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
    _look_at_files(prepared, facts, inspection)
    return inspection


def _look_at_files(prepared: Prepared, facts: Facts, inspection: Inspection) -> None:
    """Look at the files that all readers of a text of the template get, each once."""
    template, made = prepared.template, {QR_NAME}
    files = [file for wording in template.wordings for file in template.attachments_of(wording.language, wording.form)]
    unread = []
    for file in dict.fromkeys(files):
        if file.content_type.startswith("text/"):
            inspection.note(account_in_file(file.filename, file.octets.decode(errors="replace"), facts))
        elif file.filename not in made:
            unread.append(file.filename)
    inspection.note(unread_attachments(unread, facts))


def facts_of(prepared: Prepared) -> Facts:
    """Return what the texts of a campaign are held against."""
    return Facts(prepared.campaign, prepared.template.texts, places(prepared.settings))


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
