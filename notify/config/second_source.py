"""The section [second_source]: where readers can look up what a notice says, on a site that they know."""

from __future__ import annotations

from notify.config.sections import About, Section, declared_keys, setting
from notify.config.value_types import WEBSITE
from notify.core.record import record


@record(frozen=True, slots=True)
class SecondSourceSettings:
    """The section [second_source]; without a url nothing is compared."""

    url: str = setting(
        WEBSITE,
        About(
            "where the page stands that `notify page` writes",
            "wo die Seite steht, die `notify page` schreibt",
            "https://alt.example/neue-angaben.html",
            active=False,
        ),
        default="",
    )


SECOND_SOURCE = Section(
    ("second_source",),
    About(
        "A page with the same details on the website that your readers know; `notify check` compares it.",
        "Eine Seite mit denselben Angaben auf der Website, die Ihre Leser kennen; `notify check` vergleicht sie.",
        active=False,
    ),
    declared_keys(SecondSourceSettings),
    SecondSourceSettings,
)
