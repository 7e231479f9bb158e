"""Numbers, addresses, websites, accounts and dates that were typed, though `[change]` says something else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from notify.checks.dates import dates_in
from notify.checks.facts import Facts
from notify.checks.markup import host_name
from notify.checks.nearness import is_extension, near_address, near_host, near_number, same_number
from notify.checks.prose import sentences, without_code
from notify.checks.remark import Remark
from notify.core.campaign import in_words
from notify.core.iban import LENGTHS, Iban, parse_iban
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Wording

#: An address in a text; it begins at the beginning of a word, or a long one would be gone over again and again.
ADDRESS = late_pattern(r"(?<![\w.+\-])[\w.+\-]{1,64}@(?:[\w\-]+\.)+[\w\-]{2,}")
PHONE = late_pattern(r"(?<![\w.,/\-+])(?:\+|\(?0)\d?[\d ()/\-]{4,24}\d(?![\w%€])")
#: A direct line, behind the number of the house.
_DIRECT = late_pattern(r"\s?-\s?\d{1,4}$")
_IBAN = late_pattern(r"\b([A-Z]{2}\d{2}(?:[ \xa0]?[A-Z0-9]{4}){2,7}(?:[ \xa0]?[A-Z0-9]{1,3})?)\b")
_NEW = r"\b(?:neue?[nrsm]?|new|nouve(?:au|lle))\s"
_NEW_ADDRESS = late_pattern(rf"{_NEW}(?:e-?mail|mail|adresse?|courriel)[^.\n]{{0,30}}$", re.IGNORECASE)
_NEW_NUMBER = late_pattern(rf"{_NEW}(?:tele|ruf|phone|mobil|handy|fax|num)[^.\n]{{0,30}}$", re.IGNORECASE)
_NEW_SITE = late_pattern(rf"{_NEW}(?:web|home|internet|site|domain|url)[^.\n]{{0,30}}$", re.IGNORECASE)
#: A site; nothing of an address.
_SITE = late_pattern(
    r"(?<![\w@.+\-])(?:https?://)?((?:[\w\-]{1,63}\.){1,8}[^\W\d_]{2,18})(?![\w@\-]|\.\w)", re.IGNORECASE
)
#: What is said of a number that takes the place of another one, and not of one more desk in the same house.
_FROM_NOW_ON = late_pattern(
    r"\b(?:(?:zu)?künftig|ab (?:sofort|jetzt)|jetzt|nun|from now on|now|désormais|dorénavant)\b[^.!?\n]{0,40}$",
    re.IGNORECASE,
)
#: A sentence about the change; a date in any other may be one of holidays, or of the firm's foundation.
_ABOUT = late_pattern(
    r"\bneu|\bgilt\b|\bgelten\b|erreich|änder|wechsel|\balte|bisher|umz[ui]|\bnew\b|\bold\b|reach|chang|valid|\bmov|nouve|ancien",
    re.IGNORECASE,
)
_AGAIN = late_pattern(r"\b(?:wieder|again|de nouveau|à nouveau)\b", re.IGNORECASE)
#: What is said before a number tells of which kind it is.
_KINDS = {
    "fax": late_pattern(r"\b(?:tele)?fax\w*[^\w\n]*$", re.IGNORECASE),
    "mobile": late_pattern(r"\b(?:mobil\w*|handy\w*|mobile|cell|portable)\b[^\n\d]{0,12}$", re.IGNORECASE),
    "phone": late_pattern(
        r"\b(?:tel\b|telefon\w*|rufnummer|phone(?: number)?|téléphone|telephone|nummer)[^\n\d+(]{0,16}$", re.IGNORECASE
    ),
}
_MEND = "Mend the text, or [change] in notify.toml; better, print it: {{{{ {variable} }}}}."


def contradictions(wording: Wording, facts: Facts) -> Iterator[Remark]:
    """Yield what was typed and is not what is announced."""
    typed = f"{wording.typed.subject}\n{without_code(wording.typed)}"
    yield from _ibans(typed, facts)
    without_ibans = _IBAN.sub(" ", typed)
    yield from _addresses(without_ibans, facts)
    yield from _sites(without_ibans, facts)
    yield from _phones(without_ibans, facts)
    yield from _streets(without_ibans, wording.read.text, facts)
    if facts.is_notice:
        yield from _dates(without_ibans, wording.language, facts)


def as_announced(text: str, facts: Facts) -> str:
    """Return a text in which numbers and accounts are grouped as they are in [change], where they are the same ones."""

    def number(found: re.Match[str]) -> str:
        return next((value for _, value in facts.phones if same_number(found[0], value)), found[0])

    def account(found: re.Match[str]) -> str:
        return next((value for _, value in facts.of("iban") if Iban(value) == Iban(found[0])), found[0])

    return _IBAN.sub(account, PHONE.sub(number, text))


def ibans_in(text: str) -> Iterator[str]:
    """Yield what is meant for an IBAN: it has the letters of a country that has any, and nearly their length."""
    for found in _IBAN.finditer(text):
        length = LENGTHS.get(found[1][:2])
        if length and abs(len(Iban(found[1])) - length) <= 2:
            yield found[1]


def _ibans(typed: str, facts: Facts) -> Iterator[Remark]:
    announced = {Iban(value): key for key, value in facts.of("iban")}
    for iban in dict.fromkeys(ibans_in(typed)):
        try:
            compact = Iban(parse_iban(iban))
        except ValueError as error:
            mend = "Copy it from your bank's own letter; better, give it in [change.new] and print {{ new.iban }}."
            yield Remark("wrong-iban", f"{iban} is typed here and is no IBAN: {error}", mend, iban)
            continue
        if announced and compact not in announced:
            yield _contradiction(iban, "iban", next(facts.of("iban")), facts)


def _addresses(typed: str, facts: Facts) -> Iterator[Remark]:
    announced = list(facts.of("email"))
    known = [*announced, *((key, address) for address, key in facts.own_addresses.items())]
    for found in ADDRESS.finditer(typed):
        address = found[0].strip(".-")
        if address.casefold() in {value.casefold() for _, value in known}:
            continue
        near = next((item for item in known if near_address(address, item[1])), None)
        if near is None and "email" in facts.new_only and _NEW_ADDRESS.search(typed[: found.start()]):
            near = next(facts.of("email"))
        if near:
            yield _contradiction(address, "email", near, facts)


def _sites(typed: str, facts: Facts) -> Iterator[Remark]:
    announced = [(key, host_name(urlsplit(value).hostname or ""), value) for key, value in facts.of("website")]
    known = {host_name(host) for host in facts.own_hosts}
    for found in _SITE.finditer(typed) if announced else ():
        if (host := host_name(found[1])) in known:
            continue
        near = next(((key, value) for key, other, value in announced if near_host(host, other)), None)
        if near is None and "website" in facts.new_only and _NEW_SITE.search(typed[: found.start()]):
            near = next(facts.of("website"))
        if near:
            yield _contradiction(found[0], "website", near, facts)


def _phones(typed: str, facts: Facts) -> Iterator[Remark]:
    for found in PHONE.finditer(typed):
        number, before = found[0].strip(" -/"), typed[: found.start()]
        house = _DIRECT.sub("", number)
        if any(same_number(number, value) or same_number(house, value) for _, value in facts.phones):
            continue
        kind = next((kind for kind, said in _KINDS.items() if said.search(before)), "")
        meant = [item for item in facts.phones if kind in {"", item[0].rpartition(".")[2]}]
        near = next((item for item in meant if near_number(number, item[1])), None)
        if near and not kind and is_extension(number, near[1]) and not _FROM_NOW_ON.search(before):
            near = None
        if near is None and kind in facts.new_only and _NEW_NUMBER.search(before):
            near = meant[0]
        if near:
            yield _contradiction(number, near[0].rpartition(".")[2], near, facts)


def _streets(typed: str, read: str, facts: Facts) -> Iterator[Remark]:
    for key, street in facts.of("street"):
        if street in read:
            continue  # another house of the same street, beside the right one
        name, number = re.fullmatch(r"(.*?)\s*(\d*\s?[a-zA-Z]?)", street).groups()  # type: ignore[union-attr]  # matches
        if not number or len(name) < 4:
            continue
        for found in re.finditer(rf"{re.escape(name)} ?(\d+(?: ?[a-z]\b)?)", typed):
            spelled = found[0].replace(" ", "").casefold()
            if spelled not in {value.replace(" ", "").casefold() for _, value in facts.of("street")}:
                yield _contradiction(found[0], "street", (key, street), facts)


def _dates(typed: str, language: str, facts: Facts) -> Iterator[Remark]:
    effective, until = facts.campaign.change.effective, facts.campaign.change.old_works_until
    day = dt.timedelta(days=1)
    begins = [effective, until and until + day] if effective else []
    ends = [until, effective, effective and effective - day] if until else []
    about = [part for part in sentences(typed) if _ABOUT.search(part) and not _AGAIN.search(part)]
    for date in dict.fromkeys(dates_in("\n".join(about))):
        for is_meant, allowed, name in (
            (date.begins, begins, "effective"),
            (date.ends, ends, "old_works_until"),
        ):
            if is_meant and allowed and allowed[0] and not any(map(date.is_on, allowed)):
                value = in_words(allowed[0], language)
                yield Remark(
                    "contradicts-change",
                    f'"{date.text}" is typed here, but {name} in {facts.place(f"change.{name}")} is {value}',
                    _MEND.format(variable=name),
                    date.text,
                )


def _contradiction(typed: str, name: str, announced: tuple[str, str], facts: Facts) -> Remark:
    key, value = announced
    *_, side, _ = ("", *key.split("."))
    said = f"{facts.place(key)} says {value}"
    variable = f"{side}.{name}" if side in {"old", "new"} else key
    return Remark("contradicts-change", f"{typed} is typed here, but {said}", _MEND.format(variable=variable), typed)
