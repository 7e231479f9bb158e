"""Bank account numbers (ISO 13616): one with a wrong digit must not be announced; and how people read them."""

from __future__ import annotations

import re
from typing import Self

from notify.core.bilingual import Bilingual, BilingualError

#: A line never ends inside a number.
_BLANK = "\N{NO-BREAK SPACE}"

#: How many characters an IBAN of a country has (SWIFT's IBAN Registry).
LENGTHS: dict[str, int] = {
    entry[:2]: int(entry[2:])
    for entry in (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 "
        "EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 "
        "KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 "
        "PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 "
        "UA29 VA22 VG24 XK20 YE30"
    ).split()
}

_FORM = Bilingual(
    "it must be two letters, two digits, then letters and digits",
    "es sind zwei Buchstaben, zwei Ziffern, dann Buchstaben und Ziffern",
)
_CHECK_DIGITS = Bilingual(
    "its check digits do not fit, one of the digits is wrong",
    "die Prüfziffern passen nicht, eine der Ziffern ist falsch",
)


def parse_iban(text: str) -> str:
    """Return the IBAN in capitals, grouped as it was given.

    :raises BilingualError: with the reason, when its country, its length or its check digits are wrong.
    """
    grouped = text.strip().upper()
    compact = "".join(grouped.split())
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", compact):
        raise BilingualError(_FORM)
    if (length := LENGTHS.get(compact[:2])) is None:
        country = compact[:2]
        raise BilingualError(Bilingual(f"no country {country} has IBANs", f"kein Land {country} hat IBANs"))
    if len(compact) != length:
        raise BilingualError(
            Bilingual(
                f"with {compact[:2]} it has {length} characters, not {len(compact)}",
                f"mit {compact[:2]} hat sie {length} Zeichen, nicht {len(compact)}",
            )
        )
    if int("".join(str(int(character, 36)) for character in compact[4:] + compact[:4])) % 97 != 1:
        raise BilingualError(_CHECK_DIGITS)
    return grouped


class Iban(str):
    """An IBAN that prints in groups of four, as on paper (ISO 13616-1, 5.2), and is compact in every comparison."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Take it grouped in whatever way."""
        return super().__new__(cls, "".join(text.split()).upper())

    def __str__(self) -> str:
        compact = self[:]
        return _BLANK.join(compact[start : start + 4] for start in range(0, len(compact), 4))


class FormerIban(Iban):
    """An IBAN that prints its country and its last four places: enough for those who know it, of no use to others."""

    __slots__ = ()

    def __str__(self) -> str:
        return _BLANK.join((self[:2], "…", self[-4:]))
