"""The section [policy]: what must not leave, since it would look like fraud, unless the user accepts it by name."""

from __future__ import annotations

from notify.config.sections import About, Section, declared_keys, setting
from notify.config.value_types import ACCEPTED, DAYS, SWITCH
from notify.core.record import record

#: A new IBAN together with a new telephone number or e-mail address, or soon before or after.
IBAN_WITH_CONTACT = "iban-with-contact"


@record(frozen=True, slots=True)
class PolicySettings:
    """The section [policy]. ``cool_off`` is in days; ``works_alone``: nobody else can look at a new IBAN."""

    cool_off: int = setting(
        DAYS,
        About(
            "no new IBAN so soon after a new phone or mail, nor before",
            "so lange nach neuem Telefon, neuer Mail keine neue IBAN; auch umgekehrt",
            "14 days",
            active=False,
            default='`"14 days"`',
        ),
        default=14,
    )
    accept: tuple[str, ...] = setting(
        ACCEPTED,
        About(
            "what goes all the same: new IBAN with new phone or mail",
            "was trotzdem geht: neue IBAN mit neuem Telefon, neuer Mail",
            (IBAN_WITH_CONTACT,),
            active=False,
            default="nothing",
        ),
        default=(),
    )
    works_alone: bool = setting(
        SWITCH,
        About(
            "there is no second person to approve a new IBAN; the log says so",
            "niemand sonst kann eine neue IBAN freigeben; im Protokoll steht das",
            example=True,
            active=False,
        ),
        default=False,
    )


POLICY = Section(
    ("policy",),
    About(
        "What does not leave because it would look like fraud, unless you accept it by name.",
        "Was nicht hinausgeht, weil es nach Betrug aussähe, außer Sie erlauben es beim Namen.",
        active=False,
    ),
    declared_keys(PolicySettings),
    PolicySettings,
)
