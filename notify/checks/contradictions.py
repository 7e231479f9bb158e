"""Numbers, addresses, websites, accounts and dates that were typed, though `[change]` says something else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from notify.checks.bank_lines import bank_lines
from notify.checks.dates import dates_in
from notify.checks.facts import Facts
from notify.checks.markup import host_name
from notify.checks.nearness import is_extension, near_address, near_host, near_number, same_number
from notify.checks.prose import sentences, without_code
from notify.checks.remark import Remark
from notify.checks.typed_values import IBAN, LETTERED_PHONE, PHONE, ibans_in, spelled_iban
from notify.core.campaign import in_words
from notify.core.iban import Iban, parse_iban
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Wording

#: An address, or one with a blank beside the @.
_LOOSE_ADDRESS = late_pattern(r"(?<![\w.+\-])[\w.+\-]{1,64} ?@ ?(?:[\w\-]+\.)+[\w\-]{2,}")
#: A direct line, behind the number of the house.
_DIRECT = late_pattern(r"\s?-\s?\d{1,4}$")
_NEW = r"\b(?:neue?[nrsm]?|new|nouve(?:au|lle))\s"
_NEW_ADDRESS = late_pattern(rf"{_NEW}(?:e-?mail|mail|adresse?|courriel)[^.\n]{{0,30}}$", re.IGNORECASE)
_NEW_NUMBER = late_pattern(rf"{_NEW}(?:tele|ruf|phone|mobil|handy|fax|num)[^.\n]{{0,30}}$", re.IGNORECASE)
_NEW_SITE = late_pattern(rf"{_NEW}(?:web|home|internet|site|domain|url)[^.\n]{{0,30}}$", re.IGNORECASE)
#: A number that is called new in its own sentence.
_CALLED_NEW = late_pattern(r"\b(?:neue?[rnsm]?|new|nouve(?:au|lle))\b[^.!?\n]{0,40}$", re.IGNORECASE)
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
#: Such a sentence says when it changes, without "from" or "until".
_CHANGING = late_pattern(
    r"\b(?:ändert|ändern|wechseln|ziehen\b.*\bum|umgestellt|umstellung|umzug|changes?|changing|moves?|moving|switch\w*"
    r"|déménageons|change(?:ra|ons)?)\b",
    re.IGNORECASE,
)
_SPAN = late_pattern(
    r"\b(?:vom|von|from|between|zwischen|du)\b.*\b(?:bis|to|and|und|au)\b|\d\.?\s*[–-]\s*\d", re.IGNORECASE
)
_AGAIN = late_pattern(r"\b(?:wieder|again|de nouveau|à nouveau)\b", re.IGNORECASE)
#: What is said before a number tells of which kind it is.
_KINDS = {
    "fax": late_pattern(r"\b(?:tele)?fax\w*(?: number| n°)?(?: is| ist| lautet| est)?[^\w\n]*$", re.IGNORECASE),
    "mobile": late_pattern(r"\b(?:mobil\w*|handy\w*|mobile|cell|portable)\b[^\n\d.!?;]{0,24}$", re.IGNORECASE),
    "phone": late_pattern(
        r"\b(?:tel\b|telefon\w*|rufnummer|phone(?: number)?|téléphone|telephone|nummer)[^\n\d+(]{0,16}$", re.IGNORECASE
    ),
}
#: No word is said of anything farther behind it.
_REACH = 120
#: So many digits a telephone number has at least.
_DIALLED = 6
_MEND = "Mend the text, or [change] in notify.toml; better, print it: {{{{ {variable} }}}}."


def contradictions(wording: Wording, facts: Facts) -> Iterator[Remark]:
    """Yield what was typed and is not what is announced."""
    typed = f"{wording.typed.subject}\n{without_code(wording.typed)}"
    yield from _ibans(typed, facts)
    without_ibans = IBAN.sub(" ", typed)
    yield from _addresses(without_ibans, facts)
    yield from _sites(without_ibans, facts)
    yield from _phones(without_ibans, facts)
    yield from _lettered(without_ibans)
    yield from bank_lines(typed, facts)
    yield from _streets(without_ibans, wording.read.text, facts)
    yield from _towns(wording.read.text, facts)
    if facts.is_notice:
        yield from _dates(f"{wording.read.subject}\n{without_code(wording.read)}", wording.language, facts)


def _ibans(typed: str, facts: Facts) -> Iterator[Remark]:
    announced = {Iban(value): key for key, value in facts.of("iban")}
    for iban in dict.fromkeys(ibans_in(typed)):
        try:
            compact = Iban(parse_iban(spelled_iban(iban)))
        except ValueError as error:
            mend = "Copy it from your bank's own letter; better, give it in [change.new] and print {{ new.iban }}."
            yield Remark("wrong-iban", f"{iban} is typed here and is no IBAN: {error}", mend, iban)
            continue
        if announced and compact not in announced:
            yield _contradiction(iban, "iban", next(facts.of("iban")), facts)


def _addresses(typed: str, facts: Facts) -> Iterator[Remark]:
    announced = list(facts.of("email"))
    known = [*announced, *((key, address) for address, key in facts.own_addresses.items())]
    spelled = {value.casefold() for _, value in known}
    for found in _LOOSE_ADDRESS.finditer(typed):
        address = re.sub(r"\s|^www\.", "", found[0]).strip(".-")
        if found[0].strip(".-").casefold() in spelled:
            continue
        if address.casefold() in spelled:
            # with a blank in it, or www. before it
            item = next(item for item in known if item[1].casefold() == address.casefold())
            yield _contradiction(found[0], "email", item, facts)
            continue
        if " " in found[0]:
            continue
        near = next((item for item in known if near_address(address, item[1])), None)
        is_new = _NEW_ADDRESS.search(_before(typed, found))
        if near is None and "email" in facts.new_only and is_new:
            near = next(facts.of("email"))
        if near:
            yield _contradiction(address, "email", near, facts)
        elif is_new:
            yield _unannounced(address, "email", facts)


def _sites(typed: str, facts: Facts) -> Iterator[Remark]:
    announced = [(key, host_name(urlsplit(value).hostname or ""), value) for key, value in facts.of("website")]
    known = {host_name(host) for host in facts.own_hosts}
    for found in _SITE.finditer(typed) if announced else ():
        if (host := host_name(found[1])) in known:
            continue
        near = next(((key, value) for key, other, value in announced if near_host(host, other)), None)
        is_new = _NEW_SITE.search(_before(typed, found))
        if near is None and "website" in facts.new_only and is_new:
            near = next(facts.of("website"))
        if near:
            yield _contradiction(found[0], "website", near, facts)
        elif is_new:
            yield _unannounced(found[0], "website", facts)


def _phones(typed: str, facts: Facts) -> Iterator[Remark]:
    for found in PHONE.finditer(typed):
        number, before = found[0].strip(" -/"), _before(typed, found)
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
        elif kind and kind not in facts.new_only and _CALLED_NEW.search(before):
            yield _unannounced(number, kind, facts)


def _lettered(typed: str) -> Iterator[Remark]:
    """Yield the numbers in which a letter stands for a digit: nobody can dial them, and a click dials another one."""
    for found in LETTERED_PHONE.finditer(typed):
        letters = set(found[0]) & {*"OoIl"}
        if letters and re.search(r"\d[OoIl]|[OoIl]\d", found[0]) and sum(map(str.isdigit, found[0])) >= _DIALLED:
            what = f'"{found[0]}" is typed here with the letter {", ".join(sorted(letters))} in the place of a digit'
            yield Remark("contradicts-change", what, "Write the digit; better, print it: {{ new.phone }}.", found[0])


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


def _towns(read: str, facts: Facts) -> Iterator[Remark]:
    """Yield a town behind the postal code of another one."""
    change = facts.campaign.change
    for side, details in (("new", change.new), ("old", change.old)):
        if details.postcode and details.city:
            others = {one.city.casefold() for one in (change.new, change.old) if one.postcode == details.postcode}
            for town in re.findall(rf"\b{re.escape(details.postcode)} ([A-ZÄÖÜ][\w\-]+)", read):
                if not any(city.startswith(town.casefold()) for city in others):
                    key = f"change.{side}.city"
                    yield _contradiction(town, "city", (key, details.city), facts)


def _dates(read: str, language: str, facts: Facts) -> Iterator[Remark]:
    effective, until = facts.campaign.change.effective, facts.campaign.change.old_works_until
    day = dt.timedelta(days=1)
    begins = [effective, until and until + day] if effective else []
    ends = [until, effective, effective and effective - day] if until else []
    about = [part for part in sentences(read) if _ABOUT.search(part) and not _AGAIN.search(part)]
    changing = {*dates_in("\n".join(part for part in about if _CHANGING.search(part) and not _SPAN.search(part)))}
    for date in dict.fromkeys(dates_in("\n".join(about))):
        is_said_of_it = date in changing and not (date.begins or date.ends) and date.year
        for is_meant, allowed, name in (
            (date.begins, begins, "effective"),
            (date.ends, ends, "old_works_until"),
            (is_said_of_it, [*begins, *ends], "effective"),
        ):
            if is_meant and allowed and allowed[0] and not any(map(date.is_on, allowed)):
                value = in_words(allowed[0], language)
                yield Remark(
                    "contradicts-change",
                    f'"{date.text}" is typed here, but {name} in {facts.place(f"change.{name}")} is {value}',
                    _MEND.format(variable=name),
                    date.text,
                )


def _before(text: str, found: re.Match[str]) -> str:
    """Return what stands before something that was found, as far as that is of any account."""
    return text[max(0, found.start() - _REACH) : found.start()]


def _unannounced(typed: str, name: str, facts: Facts) -> Remark:
    what = f"{typed} is called new here, and {facts.place(f'change.new.{name}')} does not say it: nobody checks it"
    mend = f"Write it as {name} into [change.new], and print it: {{{{ new.{name} }}}}."
    return Remark("not-in-change", what, mend, typed)


def _contradiction(typed: str, name: str, announced: tuple[str, str], facts: Facts) -> Remark:
    key, value = announced
    *_, side, _ = ("", *key.split("."))
    said = f"{facts.place(key)} says {value}"
    variable = f"{side}.{name}" if side in {"old", "new"} else key
    return Remark("contradicts-change", f"{typed} is typed here, but {said}", _MEND.format(variable=variable), typed)
