"""Mail addresses as people write them, and the form in which they go on the wire (RFC 5321, 2.3.11 and 4.1.2).

Before the @ there may be letters of any script (RFC 6531, 3.3); whether a relay takes them is for the relay to say.
Only here email-validator is asked about syntax. Nothing here asks the network.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from notify.core.late_pattern import late_pattern
from notify.core.scripts import refuse_deceptive

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_ATOM = late_pattern(rf"{_ATEXT}(?:\.{_ATEXT})*")  # RFC 5322, 3.2.3
# a dot-atom without what quotes, or begins an entry of a directory, and a domain of letters, with nothing around them
_PLAIN = late_pattern(
    r"((?=[^@]{1,64}@.{3,253}\Z)[\w+-]+(?:\.[\w+-]+)*)@([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE | re.ASCII
)
_X500 = late_pattern(r"(?:EX:|X500:)?/o=|X400:", re.IGNORECASE)
_MAILTO = late_pattern(r"mailto:", re.IGNORECASE)
# idna takes the ideographic full stops for dots
_DOT = late_pattern("[.\u3002\uff0e\uff61]")
# what copying from Outlook, Word and web pages leaves around an address; str.strip() knows only blanks
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
# what stands before and behind a quotation, as it is typed, and as Word makes of it
_QUOTES = frozenset({"''", '""', "“”", "„“", "„”", "‘’", "‚‘", "‚’", "»«", "«»", "‹›", "›‹", "””", "’’", "´´", "``"})
_LOCAL_PART_LIMIT = 64  # RFC 5321, 4.5.3.1.1
# nearly every domain: letters, digits and hyphens, short enough behind every local part, and no name for special use
_PLAIN_DOMAIN = late_pattern(
    r"(?=.{3,189}\Z)(?:(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"(?!(?:arpa|invalid|local|localhost|onion|test)\Z)[a-z]{2,63}",
    re.IGNORECASE | re.ASCII,
)
_LONGEST = 1024  # characters that may still become 254 octets (RFC 5321, 4.5.3.1.3)


def parse_address(text: str) -> str:
    """Return the address in a cell or option, its domain as lower-case A-labels, its local part as written.

    A local part beyond ASCII is composed (NFC: RFC 6532, 3.1). Tolerated around it: blanks, quotation marks,
    ``mailto:``, ``<a@b>`` and ``Name <a@b>``.

    :raises ValueError: with the reason in plain words, one line that fits behind "is not an address:".
    """
    if plain := plain_address(text):
        return plain
    local, domain = _split(_bare(text))
    # also because some signs become ASCII by it: the Kelvin sign is a K
    local = unicodedata.normalize("NFC", local)
    short = len(local) <= _LOCAL_PART_LIMIT and _DOT_ATOM.fullmatch(local)
    return f"{local}@{(short and _ascii_domain(domain)) or _validate(local, domain)}"


def plain_address(text: str) -> str:
    """Return the same as :func:`parse_address` for a text of letters, digits and dots around an @; else nothing.

    Nearly every address is one, and needs no closer look.
    """
    plain = _PLAIN.fullmatch(text)
    domain = _ascii_domain(plain[2]) if plain else ""
    return f"{plain[1]}@{domain}" if plain and domain else ""


def parse_own_address(text: str) -> str:
    """Return an address that stands in every message, of the sender or for the answers; it is ASCII.

    With another one every recipient's server would have to understand SMTPUTF8, and whoever answers too.

    :raises ValueError: as in :func:`parse_address`.
    """
    address = parse_address(text)
    if letters := beyond_ascii(address):
        raise ValueError(f'"{letters}" before the @ would need SMTPUTF8 at every recipient')
    return address


def beyond_ascii(address: str) -> str:
    """Return the letters, each once, for which an address of :func:`parse_address` needs SMTPUTF8; usually none."""
    return "".join(dict.fromkeys(character for character in address if not character.isascii()))


def identity(address: str) -> str:
    """Return the form that decides whether two addresses of :func:`parse_address` are the same: Anna is ANNA.

    RFC 5321 (2.4) lets a host tell them apart; no host does, and nobody may be written to twice. Letter by letter: ÄNNE
    is änne, but weiß and weiss may be two people.
    """
    if address.isascii():
        return address.casefold()
    return unicodedata.normalize("NFC", "".join(map(_folded, unicodedata.normalize("NFC", address))))


def _folded(letter: str) -> str:
    """Return a letter without its case, where that is one letter too (simple case folding: UAX 44, 5.9)."""
    return next((folded for folded in (letter.casefold(), letter.lower()) if len(folded) == 1), letter)


def _bare(text: str) -> str:
    """Take off what may stand around an address."""
    bare = _strip(text)
    if bare[:1] + bare[-1:] in _QUOTES:
        bare = _strip(bare[1:-1])
    if bare.endswith(">") and "<" in bare:
        bare = bare[bare.rindex("<") + 1 : -1]
    if scheme := _MAILTO.match(bare):
        local, at, domain = bare[scheme.end() :].partition("@")
        bare = local + at + domain.partition("?")[0]
    return _strip(bare)


def _strip(text: str) -> str:
    """Strip blanks and invisible characters, in whatever order they stand."""
    while (stripped := text.strip().strip(_INVISIBLE)) != text:
        text = stripped
    return text


def _split(address: str) -> tuple[str, str]:
    """Return local part and domain, or refuse what is plainly wrong."""
    if not address:
        raise ValueError("is empty")
    if len(address) > _LONGEST:
        raise ValueError(f"has {len(address):,} characters; no address has more than 254")
    if _X500.match(address):
        raise ValueError("an entry of an Exchange directory (X.500)")
    if (signs := address.count("@")) != 1:
        raise ValueError(_at_signs(address, signs))
    _refuse_hidden(address)
    local, _, domain = address.partition("@")
    if not local:
        raise ValueError("has nothing before the @")
    if not domain:
        raise ValueError("has nothing after the @")
    if domain.startswith("["):
        raise ValueError("has an IP address instead of a domain")
    if not _DOT.search(domain):
        raise ValueError("the domain has no dot")
    return local, domain


def _at_signs(address: str, signs: int) -> str:
    """Tell what is wrong with the number of @ signs."""
    if signs:
        return "two @ signs" if signs == 2 else f"{signs} @ signs"
    if look_alike := next((sign for sign in "\uff20\ufe6b" if sign in address), ""):
        return f'has "{look_alike}" where the @ should be'
    return "has no @"


def _refuse_hidden(address: str) -> None:
    """Refuse blanks, and what no eye can see."""
    if address.isascii() and address.isprintable() and " " not in address:
        return
    for character in address:
        if character in "\r\n\v\f\u2028\u2029":
            raise ValueError("contains a line break")
        if character.isspace():
            raise ValueError("contains a blank")
        if unicodedata.category(character).startswith("C"):
            raise ValueError(f"contains an invisible character (U+{ord(character):04X})")


@lru_cache(maxsize=8192)
def _ascii_domain(domain: str) -> str:
    """Return the A-label form of a domain that is valid after every short local part, else an empty string.

    email-validator judges local part and domain apart, but for the length of both together; so what holds for the
    longest short local part holds for each. Measured: 3 µs instead of 100 for an address; and of most domains it is
    known what it would say.
    """
    if _PLAIN_DOMAIN.fullmatch(domain):
        return domain.lower()
    try:
        return _validate("a" * _LOCAL_PART_LIMIT, domain)
    except ValueError:
        return ""


def _validate(local: str, domain: str) -> str:
    """Ask email-validator; return the A-label form of the domain."""
    # imported here because it costs 45 ms, which `notify --help` must not pay
    from email_validator import EmailNotValidError, validate_email

    try:
        valid = validate_email(f"{local}@{domain}", allow_smtputf8=True, check_deliverability=False)
    except EmailNotValidError as err:
        raise ValueError(_tidy(str(err))) from err
    if not local.isascii():
        refuse_deceptive(local)
    return valid.ascii_domain


def _tidy(reason: str) -> str:
    """Turn a sentence of email-validator into a reason in our words, one line."""
    plain = " ".join(reason.split()).rstrip(".").replace("@-sign", "@").replace("period", "dot")
    plain = re.sub(r"^(?:The|An) email address ", "", plain)
    return plain[:1].lower() + plain[1:]
