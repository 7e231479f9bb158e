"""How findings are shown, and what JSON says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.cli.screen import warn
from notify.core.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify.core.finding import Finding

#: How `notify check` calls what matters how much.
GRAVITY = {Severity.ERROR: "grave", Severity.WARNING: "warning", Severity.INFO: "note"}


def show_findings(findings: Iterable[Finding], form: str = "  {}") -> None:
    """Show findings below the file or the message that they are about, a line for each.

    :param form: how a line is set.
    """
    for finding in findings:
        warn(form.format(finding))


def listed(finding: Finding) -> str:
    """Return a finding as an entry of a list, which says where it is."""
    return f"{finding.where}: {finding}"


def record_of(finding: Finding) -> dict[str, str]:
    """Return what JSON says of a finding."""
    return {
        "name": finding.name,
        "severity": str(finding.severity),
        "where": finding.where,
        "what": finding.what,
        "mend": finding.mend,
    }
