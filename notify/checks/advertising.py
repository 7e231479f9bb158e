"""Advertising in a notice: by one such sentence the whole mailing needs the consent that nobody has given (§ 7 UWG)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notify.checks.facts import Facts
from notify.checks.prose import sentences, without_code
from notify.checks.remark import Remark
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Wording

_WORDS = late_pattern(
    r"""\b(?:
    sonderangebot\w* | aktions(?:preis|angebot|woche|tage?)\w* | rabatt\w* | preisnachl\w+ | gutschein\w*
    | schnäppchen\w*    | gewinnspiel\w* | angebote?\sdes\s(?:tages|monats)
    | (?:unser\w*|neue\w*|attraktiv\w*|exklusiv\w*|besonder\w*)\s(?:\w+e[nrsm]?\s)?angebot\w* | entdecken\ssie
    | neue\w*\sleistungen | erweitert\w*\s(?:angebot|leistungen) | besuchen\ssie\s(?:uns\b|unser\w*)
    | empfehlen\ssie\suns | weiterempfehl\w* | bewerten\ssie | (?:folgen|liken)\ssie\suns | folg(?:t|e)\suns
    | jetzt\s(?:kaufen|bestellen|buchen|sichern|zugreifen|abonnieren) | nur\sfür\skurze\szeit | solange\sder\svorrat
    | newsletter\s(?:anmeld\w+|abonnieren|bestellen) | (?:abonnieren|sichern|sparen)\ssie\b
    | (?:kostenlos|gratis)\s(?:testen|probieren|sichern) | \d+\s?%\s(?:nachlass|sparen|günstiger|auf\salle)
    | special\soffers? | limited\soffer | discounts?\b | coupons? | bargains? | (?:on|for)\ssale
    | (?:visit|discover|check\sout)\sour | follow\sus | like\sus\son | subscribe\sto
    | (?:recommend|rate|review)\sus
    | (?:buy|order|book|shop)\snow | free\strial | \d+\s?%\soff | great\s(?:deals?|savings)
    | en\spromotion | remise\sexceptionnelle | soldes | offres?\sspéciales? | bons?\sd['’]achat | suivez-nous
    | (?:découvrez|visitez)\sno(?:s|tre) | recommandez-nous | abonnez-vous | essai\sgratuit
    | \d+\s?%\sde\sr(?:emise|éduction)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
#: What people have already is no advertising: agreed discounts stay as they are.
_THEIRS = late_pattern(
    r"\b(?:vereinbart\w*|bestehend\w*|laufend\w*|gekauft\w*|ausgegeben\w*|ihre?[nrms]?|bisherig\w*|existing|agreed|your)\s$",
    re.IGNORECASE,
)
#: Nor is it to say that prices and discounts stay as they are.
_STAYS = late_pattern(
    r"\b(?:bleib(?:t|en)\b(?!\ssie)|unverändert|gelten weiter|stays?|remains?|unchanged|rest(?:e|ent)\b|inchangée?s?)",
    re.IGNORECASE,
)
_PRICE = late_pattern(
    r"\b(?:nur|schon ab|jetzt|statt|für nur|only|just|seulement)\s(?:noch\s)?"
    r"(?:€|EUR|\$|£)?\s?\d+(?:[.,]\d{2}|,-)?\s?(?:€|EUR|Euro)?",
    re.IGNORECASE,
)
_CURRENCY = late_pattern(r"€|EUR|\$|£")
_MEND = 'Leave it out of a notice; what sells belongs in a newsletter: kind = "newsletter" in [campaign].'


def advertising(wording: Wording, facts: Facts) -> Iterator[Remark]:
    """Yield the words of a notice that sell something; only the author's own."""
    if not facts.is_notice:
        return
    said = sentences(f"{wording.typed.subject}\n{without_code(wording.typed)}")
    typed = "\n".join(sentence for sentence in said if not _STAYS.search(sentence))
    found = [match[0] for match in _WORDS.finditer(typed) if not _THEIRS.search(typed[: match.start()])]
    found += [match[0] for match in _PRICE.finditer(typed) if _CURRENCY.search(match[0])]
    for words in dict.fromkeys(" ".join(text.split()) for text in found):
        what = f'"{words}" is advertising, and one such sentence makes the whole notice so'
        yield Remark("advertising", what, _MEND, words)
