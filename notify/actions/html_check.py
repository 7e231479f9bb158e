"""What is wrong with the HTML of a campaign's messages, weighed by who reads them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePath

from notify.checks.html_rules import find_flaws
from notify.checks.mail_clients import Readership, find_losses
from notify.checks.mail_page import Page
from notify.core.finding import Finding
from notify.core.rendered import Proved
from notify.rendering import Template

#: So many shapes are looked at: a template that has more branches than that has none of them twice.
_MOST = 500


class HtmlCheck:
    """Looks at messages as they are made, and counts who is written to; then tells what was found."""

    def __init__(self, template: Template, silenced: Collection[str] = ()) -> None:
        self._silenced = frozenset(silenced)
        layouts = {label: text for label, text in template.parts.items() if PurePath(label).name == "layout.html"}
        self._layouts = layouts
        self._readership = Readership()
        self._looked_at: dict[str, str] = {}

    def look(self, proved: Proved) -> None:
        """Look at a message, unless another one went the same way through the template: that looks the same."""
        shape = proved.wording.typed.html
        if shape and shape not in self._looked_at and len(self._looked_at) < _MOST:
            self._looked_at[shape] = proved.content.html

    def count(self, address: str) -> None:
        """Count a recipient."""
        self._readership.add(address)

    def findings(self) -> tuple[Finding, ...]:
        """Return what was found, each thing once."""
        label = next(iter(self._layouts), "layout.html")
        found: dict[tuple[str, str], Finding] = {}
        for html in self._looked_at.values():
            page = Page(html)
            for finding in (*self._losses(page, self._readership), *find_flaws(page, label)):
                found.setdefault((finding.name, finding.what), finding)
        return tuple(finding for finding in found.values() if finding.name not in self._silenced)

    def _losses(self, page: Page, readership: Readership) -> list[Finding]:
        # our own layout keeps in <style> only what the message holds without
        return list(find_losses(page, readership, self._layouts, needs_style=bool(self._layouts)))
