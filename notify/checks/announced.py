"""The details that are announced: numbers, addresses and accounts that cannot be right, or are not new at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from notify.checks.banks import mismatch
from notify.checks.countries import code_of, is_postcode
from notify.checks.facts import Facts
from notify.checks.links import SHORTENERS, is_number
from notify.checks.phone_numbers import flaw_of, is_same
from notify.checks.remark import Remark
from notify.core.campaign import Details
from notify.core.iban import Iban
from notify.core.late_pattern import late_pattern
from notify.core.typos import suggestion

_PHONES = ("phone", "mobile", "fax")
#: What is compared letter by letter, but for blanks and case.
_WORDS = ("name", "owner", "city", "country", "bank", "account_holder", "bic", "postcode", "email")
_NAME = late_pattern(r"[^\W\d_]{3,}")
#: Words of a firm's name that many have.
_COMMON = frozenset("und and der die das the für von gmbh mbh kg ohg gbr verein inhaber inh frau herr dr".split())


def announced_details(facts: Facts) -> Iterator[Remark]:
    """Yield what cannot be right in ``[change]`` and ``[sender]``, or is not new."""
    yield from _phones(facts)
    yield from _postcodes(facts)
    yield from _mistyped(facts)
    yield from _websites(facts)
    yield from _accounts(facts)
    yield from _not_changed(facts)


def country_of(details: Details) -> str:
    """Return the two letters of the country in which details are, as far as they tell."""
    if details.country:
        return code_of(details.country)
    return details.iban[:2].upper() if details.iban else ""


def _home(facts: Facts) -> str:
    """Return the country of the sender; that of a campaign in German is Germany where nothing tells."""
    change = facts.campaign.change
    told = country_of(change.new) or country_of(change.old)
    is_silent = not (told or change.new.country or change.old.country)
    return "DE" if is_silent and facts.campaign.language == "de" else told


def _phones(facts: Facts) -> Iterator[Remark]:
    home, seen = _home(facts), set()
    for key, number in facts.phones:
        kind = key.rpartition(".")[2]
        if (number, kind) not in seen and (flaw := flaw_of(number, kind, home)):
            mend = "Mend it; better, call it once, and copy it from the display."
            yield Remark("unlikely-phone", f"{kind} {number} {flaw}", mend, where=facts.place(key))
        seen.add((number, kind))


def _postcodes(facts: Facts) -> Iterator[Remark]:
    change = facts.campaign.change
    for side, details in (("new", change.new), ("old", change.old)):
        country = country_of(details)
        # nobody says whether it is Germany, Austria or Switzerland
        likely = [country] if country else ["DE", "AT"] * (facts.campaign.language == "de" and not details.country)
        if details.postcode and likely and not any(is_postcode(details.postcode, each) for each in likely):
            what = f"{details.postcode} is no postal code of {' or '.join(likely)}"
            yield Remark("unlikely-postcode", what, "Mend it.", where=facts.place(f"change.{side}.postcode"))
            return


def _mistyped(facts: Facts) -> Iterator[Remark]:
    sender, new = facts.campaign.sender, facts.campaign.change.new
    named = {
        "change.new.email": new.email,
        "sender.email": sender.mailbox.address,
        "sender.reply_to": sender.reply_to,
        "sender.return_path": sender.return_path,
    }
    for address, key in {address: key for key, address in reversed(named.items())}.items():
        if meant := suggestion(address):
            what = f"{address} is probably mistyped"
            yield Remark("mistyped-new-address", what, f"Did you mean {meant}?", where=facts.place(key))


def _websites(facts: Facts) -> Iterator[Remark]:
    url = facts.campaign.change.new.website
    if not url:
        return
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    where = facts.place("change.new.website")
    if url.startswith("http:"):
        what = f"{url} is not https: browsers warn before they show it"
        mend = "Write https:// if the site has it; if not, have it switched on."
        yield Remark("unsafe-website", what, mend, where=where)
    if is_number(host):
        what = f"{url} names the site by a number, as fraud does"
        yield Remark("unsafe-website", what, "Name it by its domain.", where=where)
    elif host in SHORTENERS:
        what = f"{url} leads nobody knows where: {host} shortens links, as fraud does"
        yield Remark("unsafe-website", what, "Name the site itself.", where=where)


def _accounts(facts: Facts) -> Iterator[Remark]:
    change = facts.campaign.change
    if change.new.iban and (wrong := mismatch(Iban(change.new.iban)[:], change.new.bic, change.new.bank)):
        place = facts.place(f"change.new.{'bic' if change.new.bic else 'bank'}")
        yield Remark("bank-mismatch", wrong, "Copy all of it from your bank's own letter.", where=place)
    if facts.bank_changes:
        yield from _foreign(facts)
        yield from _holder(facts)


def _foreign(facts: Facts) -> Iterator[Remark]:
    change = facts.campaign.change
    new, old = change.new.iban[:2].upper(), change.old.iban[:2].upper()
    home = old or code_of(change.new.country)
    if home and new != home:
        what = f"the new account is in {new}, and {'the old one' if old else 'the sender'} in {home}"
        mend = "Banks and police tell people to distrust that; say in the text why, and by which number it is verified."
        yield Remark("foreign-iban", what, mend, where=facts.place("change.new.iban"))


def _holder(facts: Facts) -> Iterator[Remark]:
    """Yield that the holder is called otherwise: the payer's bank compares (Regulation (EU) 2024/886)."""
    sender, new = facts.campaign.sender, facts.campaign.change.new
    known = f"{sender.mailbox.name} {sender.letterhead.legal_name} {new.name} {new.owner}"
    if new.account_holder and _words(known) and not _words(known) & _words(new.account_holder):
        what = f'the account is held by "{new.account_holder}", and the sender is "{sender.mailbox.name}"'
        mend = (
            "Whoever enters your usual name is warned by the own bank. Say in the text that the holder's name is to be "
            "entered, or have your bank keep your trade name as an alias."
        )
        yield Remark("account-holder", what, mend, where=facts.place("change.new.account_holder"))


def _words(text: str) -> frozenset[str]:
    return frozenset(_NAME.findall(text.casefold())) - _COMMON


def _not_changed(facts: Facts) -> Iterator[Remark]:
    change, home = facts.campaign.change, _home(facts)
    for name, new in change.new.given().items():
        old = getattr(change.old, name)
        if old and old != new and _means_the_same(name, old, new, home):
            what = f"{name} is announced as changed, though {old} and {new} are the same"
            mend = "Write it in [change.old] and [change.new] alike, or leave it out of both."
            yield Remark("not-changed", what, mend, where=facts.place(f"change.new.{name}"))


def _means_the_same(name: str, old: str, new: str, home: str) -> bool:
    if name in _PHONES:
        return is_same(old, new, home)
    if name == "iban":
        return Iban(old)[:] == Iban(new)[:]
    if name == "website":
        return _site(old) == _site(new)
    if name == "street":
        return _street(old) == _street(new)
    return name in _WORDS and "".join(old.split()).casefold() == "".join(new.split()).casefold()


def _site(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")


def _street(text: str) -> str:
    return re.sub(r"str(?:\.|aße|asse)", "str", "".join(text.split()).casefold())
