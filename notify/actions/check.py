"""Looks for what is wrong in the text of a campaign, as its messages come by, and refuses to send the worst of it."""

from __future__ import annotations

from notify.actions.prepare import Prepared
from notify.actions.rows import NAMED
from notify.checks import Facts, Inspection
from notify.config import places, sample_values
from notify.core.finding import Finding, Severity
from notify.errors import ConfigError, InputError, Problem


def begin_inspection(prepared: Prepared) -> Inspection:
    """Look at settings and template; the messages are looked at as they are rendered.

    Examples are looked for only where a relay is named that is not on this machine: they are what people try with.
    """
    settings = prepared.settings
    facts = Facts(prepared.campaign, prepared.template.texts, places(settings))
    return Inspection(facts, settings.checks.silence, sample_values() if settings.reaches_others else None)


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
    is_config = all(finding.where.startswith("notify.toml") or finding.where.endswith("]") for finding in grave)
    silence = ", ".join(dict.fromkeys(f'"{finding.name}"' for finding in grave))
    hint = "See everything that was noticed:  notify preview\n"
    hint += f"If it is meant so, in [checks] of notify.toml:  silence = [{silence}]"
    error = ConfigError if is_config else InputError
    problems = [_problem(finding) for finding in grave[:NAMED]]
    raise error(f"{what} must be mended before this is sent.", hint=hint, problems=problems)


def _problem(finding: Finding) -> Problem:
    return Problem(finding.where, f"{finding.what}. {finding.mend}")
