"""What a text claims to stay or to change, though [change] says the opposite; a subject that names another thing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notify.checks.facts import Facts
from notify.checks.prose import sentences, without_code
from notify.checks.remark import Remark, short
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Wording

#: How each thing is called; what of a mail is tried before what of an address.
_THINGS = {
    "email": late_pattern(
        r"\b(?:e-?mail(?:-?adresse\w*|s?\b| address\w*)?|mail-?adresse\w*|courriel|adresse e-?mail)", re.IGNORECASE
    ),
    "fax": late_pattern(r"\b(?:tele)?fax(?:nummer)?\b", re.IGNORECASE),
    "mobile": late_pattern(
        r"\b(?:mobil(?:nummer|telefon)|handy(?:nummer)?|mobile(?: (?:number|phone))?|cell ?phone)\b", re.IGNORECASE
    ),
    "phone": late_pattern(
        r"\b(?:(?:telefon|ruf)nummer\w*|telefon\b|(?:tele)?phone(?: number)?\b|numéro de téléphone)", re.IGNORECASE
    ),
    "website": late_pattern(r"\b(?:web(?:site|seite)|homepage|internetseite|site (?:web|internet))\b", re.IGNORECASE),
    "iban": late_pattern(
        r"\b(?:bankverbindung|bankkonto|kontonummer|iban|bank (?:account|details)|compte bancaire)\b", re.IGNORECASE
    ),
    "street": late_pattern(
        r"\b(?:post)?(?:anschrift|adresse)\b|\bpostal address\b|\b(?:our|new) address\b|\bbüroräume\b", re.IGNORECASE
    ),
}
_STAYS = (
    r"bleib(?:t|en)|(?:ändert|ändern) sich nicht|ist unverändert|sind unverändert|stays?\b|remains?\b|does not change"
    r"|do not change|is unchanged|are unchanged|ne change(?:nt)? pas|reste(?:nt)?\b"
)
_CHANGES = (
    r"(?:ändert|ändern) sich(?! nicht)|wechselt\b|(?<!not )(?<!nicht )changes\b|is changing|change(?:nt)? (?!pas)"
)
#: Said of the thing that stands before it in the same clause.
_SAID = late_pattern(rf"(?P<stays>{_STAYS})|(?P<changes>{_CHANGES})", re.IGNORECASE)
_OLD = late_pattern(
    r"\b(?:alte|bisherige|old|former|noch|bis|until|for now|vorerst|previous|ancien)\w*\b", re.IGNORECASE
)
#: Said of what is new, or of what was.
_AT_ONCE = late_pattern(
    r"\b(?:ab sofort|ab jetzt|ab heute|mit sofortiger wirkung|with immediate effect|effective immediately|from today"
    r"|dès maintenant)\b(?=[^.!?]*\b(?:neue?[rnsm]?|new|nouve\w+|gilt|erreich\w+|reach)\b)",
    re.IGNORECASE,
)
_HAS_ENDED = late_pattern(
    r"\b(?:alte|bisherige|old|former|ancienne?)\b[^.!?]{0,40}\b(?:ist|sind|wurde|gibt es|is|has been|works?|a été)\b"
    r"[^.!?]{0,20}\b(?:bereits|nicht mehr|schon|already|no longer|abgeschaltet|déjà)\b",
    re.IGNORECASE,
)
_UNCHANGED = late_pattern(r"^\W*(?:unverändert|unchanged|inchangé)\w*\W{1,3}(.*)$", re.IGNORECASE)
_NEWS = late_pattern(r"\b(?:neue?[rnsm]?|new|nouve\w+|ändert|änderung|change[sd]?|wechsel\w*)\b", re.IGNORECASE)


def claims(wording: Wording, facts: Facts) -> Iterator[Remark]:
    """Yield the claims about details that are named in [change] and are not so."""
    if not facts.is_notice:
        return
    for sentence in sentences(without_code(wording.typed)):
        yield from _claims_of(sentence, facts)
        yield from _too_early(sentence, facts)
    subject = wording.typed.subject
    named = things_in(subject)
    if named and _NEWS.search(subject) and facts.changed and not facts.changed & {*named, *_akin(named)}:
        what = f'the subject names the {_word(named[0])}, and that does not change: "{short(subject)}"'
        mend = f"Name what changes: {', '.join(map(_word, sorted(facts.changed)))}; or mend [change]."
        yield Remark("contradicts-change", what, mend, subject)


def things_in(text: str) -> tuple[str, ...]:
    """Return the things that a text names, in their order."""
    found: list[tuple[int, str]] = []
    rest = text
    for thing, pattern in _THINGS.items():
        found += [(match.start(), thing) for match in pattern.finditer(rest)]
        rest = pattern.sub(lambda match: "\0" * len(match[0]), rest)
    return tuple(thing for _, thing in sorted(found))


def _claims_of(sentence: str, facts: Facts) -> Iterator[Remark]:
    if listed := _UNCHANGED.match(sentence):
        yield from (_stays(thing, sentence) for thing in things_in(listed[1]) if thing in facts.changed)
        return
    start = 0
    for said in _SAID.finditer(sentence):
        before = sentence[start : said.start()]
        # a subordinate clause of its own, or a sentence about the old one, says nothing of it
        clause = re.split(r"[,;:–]", before)[-1]
        for thing in things_in(clause):
            if said["stays"] and thing in facts.changed and not _OLD.search(clause + sentence[said.end() :]):
                yield _stays(thing, sentence)
            elif said["changes"] and thing in facts.kept:
                what = (
                    f'the text says that the {_word(thing)} changes, and in [change] it does not: "{short(sentence)}"'
                )
                yield Remark("contradicts-change", what, "Mend the text, or [change] in notify.toml.", sentence)
        start = said.end()


def _too_early(sentence: str, facts: Facts) -> Iterator[Remark]:
    """Yield that something holds or has ended already, which is so only later."""
    change, written = facts.campaign.change, facts.campaign.written
    for pattern, day, name in (
        (_AT_ONCE, change.effective, "effective"),
        (_HAS_ENDED, change.old_works_until, "old_works_until"),
    ):
        if written and day and written < day and (said := pattern.search(sentence)):
            what = f'"{short(said[0])}" is typed here, and {name} in {facts.place(f"change.{name}")} is {day}'
            yield Remark("contradicts-change", what, "Say from when, or mend [change] in notify.toml.", said[0])


def _stays(thing: str, sentence: str) -> Remark:
    what = f'the text says that the {_word(thing)} stays, and in [change] it is another one: "{short(sentence)}"'
    return Remark("contradicts-change", what, "Mend the text, or [change] in notify.toml.", sentence)


def _akin(named: tuple[str, ...]) -> Iterator[str]:
    """Yield what may be meant by a word, too: a telephone may be the mobile one, and an address any of its parts."""
    akin = {
        "phone": ("mobile", "fax"),
        "mobile": ("phone",),
        "street": ("postcode", "city", "country", "email"),
        "iban": ("bank", "bic", "account_holder"),
    }
    for thing in named:
        yield from akin.get(thing, ())


def _word(thing: str) -> str:
    return {"iban": "bank account", "email": "mail address", "street": "address"}.get(thing, thing)
