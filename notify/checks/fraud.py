"""What makes an honest notice look like fraud: the signs that banks and police tell people to look for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from notify.checks.facts import Facts
from notify.checks.markup import host_name
from notify.checks.prose import sentences, without_code
from notify.checks.remark import Remark, short
from notify.checks.typed_values import ibans_in
from notify.core.iban import Iban
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Wording
from notify.core.told import Told

_URGENT = late_pattern(
    r"""\b(?:
    dringend\w* | eilt\b | eilig\w* | innerhalb\s(?:von\s)?(?:24|48)\sstunden | letzte\s(?:warnung|mahnung|chance)
    | sonst\s(?:wird|sperren|müssen) | urgent\w* | act\snow | final\s(?:warning|notice) | within\s(?:24|48)\shours
    | dans\sles\s(?:24|48)\sheures
    )""",
    re.IGNORECASE | re.VERBOSE,
)
#: These press only where something is asked for.
_AT_ONCE = late_pattern(
    r"""\b(?:
    umgehend\w* | unverzüglich\w* | schnellstmöglich\w* | (?<!ab\s)sofort(?:ig\w*)?\b
    | immediately | as\ssoon\sas\spossible
    | sans\sdélai | immédiatement | au\splus\svite
    )""",
    re.IGNORECASE | re.VERBOSE,
)
#: "If it is urgent, call us" presses nobody; "if you do not answer" does.
_IN_CASE = late_pattern(
    r"\b(?:wenn|falls|sollten?|im notfall|in dringenden|if|should|in case|si|en cas)\b", re.IGNORECASE
)
_OR_ELSE = late_pattern(r"\b(?:nicht|sonst|not|otherwise|pas|sinon)\b", re.IGNORECASE)
_ASKED = late_pattern(r"\b(?:bitte|müssen|musst|muss|please|must|veuillez|merci de|vous devez)\b", re.IGNORECASE)
_SHOUTED = late_pattern(r"\b(?:WICHTIG\w*|ACHTUNG|EILT|IMPORTANT|ATTENTION|WARNING|DRINGEND)\b|!{2,}")
_WHAT = (
    r"(?:passw(?:o|ö)rt\w*|kennwort\w*|zugangsdaten|pins?\b|tans?\b|kreditkart\w+|passwords?|credentials"
    r"|mots? de passe)"
)
_SECRETS = late_pattern(
    rf"\b(?:bestätig\w+|gib\b|geben sie|eingeben|verifizier\w+|aktualisier\w+|confirm|enter|verify|update|send us"
    rf"|saisir|confirmez)\b[^.!?\n]{{0,60}}\b{_WHAT}"
    rf"|\b{_WHAT}[^.!?\n]{{0,40}}\b(?:bestätigen|eingeben|verifizieren)\b",
    re.IGNORECASE,
)
_NEVER = late_pattern(r"\b(?:nie|niemals|nicht|kein\w*|never|not|no|ne|jamais)\b", re.IGNORECASE)
#: What calls an account new.
_SAID_NEW = late_pattern(
    r"\b(?:neue?[mnrs]?|geändert\w*|ändert|künftig\w*|ab\ssofort|new|chang\w+|from\snow|nouve\w+|désormais)\b",
    re.IGNORECASE,
)
#: A line of a vCard by which somebody is reached (RFC 6350, 6.4.1 and 6.4.2).
_CARD_LINE = late_pattern(
    r"^(?:[\w-]+\.)?(TEL|EMAIL)\b[^:\n]*:(?:tel:|mailto:)?([^\r\n]+)", re.IGNORECASE | re.MULTILINE
)
_PARAGRAPHS = late_pattern(r"\n\s*\n")
_URL = late_pattern(r"\bhttps?://[^\s<>()\"']+|\bwww\.[\w\-.]+\.\w{2,}", re.IGNORECASE)
_INFORMAL = late_pattern(r"\b(?:dich|dir|deine?[nmrs]?|[Dd]u\s\w+st|\w+st\s[Dd]u)\b", re.IGNORECASE)
#: Only inside a sentence: at its beginning they may be she and they.
_FORMAL = late_pattern(r"(?<=[a-zäöüß,]\s)(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)\b")


def asks_for_secrets(wording: Wording, _: Facts) -> Iterator[Remark]:
    """Yield that readers are to enter or confirm a password, or the like: nobody honest asks for that."""
    for sentence in sentences(without_code(wording.typed)):
        if (asked := _SECRETS.search(sentence)) and not _NEVER.search(sentence):
            what = f'"{short(asked[0])}" asks for what nobody honest asks for, as fraud does'
            yield Remark("asks-for-secrets", what, "Leave it out; a notice needs no data of its readers.", asked[0])


def urgency(wording: Wording, facts: Facts) -> Iterator[Remark]:
    """Yield the words of a notice that press for time."""
    if not facts.is_notice:
        return
    typed = f"{wording.typed.subject}\n{without_code(wording.typed)}"
    said = [sentence for sentence in sentences(typed) if _OR_ELSE.search(sentence) or not _IN_CASE.search(sentence)]
    asked = [sentence for sentence in said if _ASKED.search(sentence)]
    found = [*_URGENT.findall("\n".join(said)), *_SHOUTED.findall(typed), *_AT_ONCE.findall("\n".join(asked))]
    for words in dict.fromkeys(found):
        what = f'"{words}" presses the reader, as fraud does; careful people will not believe the notice'
        yield Remark("urgency", what, "Say what changes and from when, calmly.", words)


def bank_with_contact(facts: Facts) -> Iterator[Remark]:
    """Yield that a bank account changes together with what people would check it by."""
    contacts = _new_contacts(facts)
    if facts.bank_changes and contacts:
        named = " and ".join(contacts)
        what = f"a new IBAN is announced together with {named}: exactly what banks warn of, and nobody can check it"
        mend = "Send two campaigns: first how you are reached, two weeks later the account."
        yield Remark("bank-with-contact", what, mend, where=facts.place("change.new.iban"))


def typed_account(wording: Wording, facts: Facts) -> Iterator[Remark]:
    """Yield the IBANs that are typed as new in the notice of a new way to be reached."""
    yield from _accounts_beside(without_code(wording.typed), facts)


def account_in_file(name: str, text: str, facts: Facts) -> Iterator[Remark]:
    """Yield the same of a text that is attached."""
    yield from _accounts_beside(text, facts, name)


def contacts_on_card(name: str, text: str, facts: Facts) -> Iterator[Remark]:
    """Yield the ways to be reached on a card that is attached to the notice of a new account, and that nobody knows."""
    if not (facts.is_notice and facts.bank_changes):
        return
    phones = [Told.of("phone", number) for _, number in facts.phones if number not in facts.new_only.values()]
    mails = [Told.of("email", address) for address in facts.own_addresses if address not in facts.new_only.values()]
    for kind, value in _CARD_LINE.findall(text):
        known = phones if kind.upper() == "TEL" else mails
        # where none is named, nobody can tell which one readers know
        if known and not any(told.is_in(value) for told in known):
            what = f"{short(value)} on {name}, attached to the notice of a new account, is none that readers know"
            mend = "Take it off the card, or send a campaign of its own: nobody could check the account by it."
            yield Remark("bank-with-contact", what, mend, where=name)


def _accounts_beside(text: str, facts: Facts, file: str = "") -> Iterator[Remark]:
    """Yield the IBANs in a paragraph that speaks of something new; one at the foot of a letter is no news."""
    if not (facts.is_notice and _new_contacts(facts)):
        return
    known = {Iban(value) for _, value in facts.of("iban") if value not in facts.new_only.values()}
    said = [paragraph for paragraph in _PARAGRAPHS.split(text) if _SAID_NEW.search(paragraph)]
    for iban in dict.fromkeys(iban for paragraph in said for iban in ibans_in(paragraph)):
        if Iban(iban) not in known:
            stands = f"in {file}, attached to" if file else "in"
            what = f"a new IBAN, {short(iban)}, stands {stands} the notice of {' and '.join(_new_contacts(facts))}"
            mend = "Send two campaigns: first how you are reached, two weeks later the account."
            yield Remark("bank-with-contact", f"{what}: exactly what banks warn of", mend, iban, where=file)


def _new_contacts(facts: Facts) -> list[str]:
    """Return by which new ways people are reached, in words."""
    words = {"phone": "telephone number", "mobile": "mobile number", "email": "mail address"}
    return [f"a new {word}" for name, word in words.items() if name in facts.new_only and name in facts.old_only]


def link_beside_iban(wording: Wording, facts: Facts) -> Iterator[Remark]:
    """Yield the links beside an IBAN, and those that lead from a bank notice to somebody else."""
    lines = wording.read.text.split("\n")
    has_iban = [any(True for _ in ibans_in(line)) for line in lines]
    if not facts.bank_changes and not any(has_iban):
        return
    for line, beside in zip(lines, has_iban, strict=True):
        for url in _URL.findall(line):
            address = url if "://" in url.casefold() else f"https://{url}"
            is_own = host_name(urlsplit(address).hostname or "") in {host_name(host) for host in facts.own_hosts}
            if beside or (facts.bank_changes and not is_own):
                where = "beside an IBAN" if beside else "in the notice of a new bank account, to somebody else's site"
                what = f"the link {short(url)} stands {where}, as in fraud"
                yield Remark("link-beside-iban", what, "Leave the link out.", url)


def mixed_forms(wording: Wording, _: Facts) -> Iterator[Remark]:
    """Yield that a German text says both Sie and du."""
    if wording.language != "de":
        return
    text = without_code(wording.typed)
    informal, formal = _INFORMAL.search(text), _FORMAL.search(text)
    if informal and formal:
        what = f'the text says both "{formal[0]}" and "{informal[0]}"; police and banks call that a sign of fraud'
        yield Remark("mixed-forms", what, "Say one of the two throughout.", informal[0])
