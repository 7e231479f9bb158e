"""The section [newsletter]: how its readers unsubscribe."""

from __future__ import annotations

from notify.config.sections import About, Section, declared_keys, setting
from notify.config.value_types import UNSUBSCRIBE_PAGE
from notify.core.record import record


@record(frozen=True, slots=True)
class NewsletterSettings:
    """The section [newsletter]. Without a page its readers unsubscribe by a mail."""

    unsubscribe: str = setting(
        UNSUBSCRIBE_PAGE,
        About(
            "a page that does it by a POST, for whoever {token} is",
            "eine Seite, die es mit einem POST tut; {token} sagt, wer",
            "https://muster.example/abmelden/{token}",
            active=False,
            default="by mail alone",
        ),
        default="",
    )


NEWSLETTER = Section(
    ("newsletter",),
    About(
        "For a newsletter only: how its readers unsubscribe. A mail to `reply_to` always does.",
        "Nur für einen Newsletter: wie man ihn abbestellt. Eine Mail an `reply_to` genügt immer.",
        active=False,
    ),
    declared_keys(NewsletterSettings),
    NewsletterSettings,
)
