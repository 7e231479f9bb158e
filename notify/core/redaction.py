"""Takes out of what a relay says whatever it repeats of a password or a token.

Some relays quote a command that they do not like, and some an account with all that they know of it, at any later step
of a session. Replies are kept in the ledger and shown, so they are looked through before anybody keeps them, but after
they were judged: a password may be a word that means something in them.

A secret is found in any case (upper, lower, mixed), whole or in part, in base64 at any offset, in hexadecimal, with any
of its octets escaped as in URLs, quoted-printable, xtext or HTML, and spread over words and lines. The name of the user
stays readable.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from notify.core.late_pattern import late_pattern
from notify.core.outcome import Loss, Outcome, Reply

#: So much of a secret, in a row, is taken out of a reply; less may be chance.
_PART = 6
#: A reply is looked through by every third block of four octets: any part of six holds one of them as a whole.
_BLOCK, _STEP = 4, 3
_MASK = "***"

#: What may stand between the parts of a secret that was taken apart.
_BETWEEN = bytes(octet for octet in range(128) if not chr(octet).isalnum())
_ESCAPED = late_pattern(rb"(?:[%=+]|\\x|&#x)([0-9a-f]{2});?")
_BASE64_WORD = late_pattern(r"[A-Za-z0-9+/=_-]+")

#: An octet of a text, in lower case, and from where to where the characters stand that it is of.
_Spot = tuple[int, int, int]


class Redaction:
    """What is to be seen nowhere: one secret, in all its forms. Without a secret it changes nothing."""

    def __init__(self, secret: str = "", user: str = "") -> None:
        """Prepare.

        :param user: who logs in with it; an address, or any other name.
        """
        self._plain = {form for form in _spellings(secret) if len(form) >= _PART}
        encoded = set(_encoded(secret, user)) if secret else set()
        self._parts = _parts(self._plain)
        self._encoded = _parts(map(_joined, encoded))
        self._joined = _parts(map(_joined, self._plain)) | self._encoded
        # a part that is joined as it stands is found by that
        self._blocks = _blocks(self._parts - self._joined)
        self._joined_blocks = _blocks(self._joined)
        # a short one is looked for as a whole
        self._short = _word(secret) if 0 < len(secret) < _PART else None
        #: The name of the user, and its parts.
        self._names = [_word(name) for name in (user, *user.rsplit("@", 1)) if name]

    def outcome(self, outcome: Outcome) -> Outcome:
        """Return an outcome whose answer and words do not show the secret."""
        answer = self.answer(outcome.answer)
        if answer is outcome.answer:
            return outcome
        return replace(outcome, answer=answer, words=outcome.words.replace(str(outcome.answer), str(answer)))

    def answer(self, answer: Reply | Loss) -> Reply | Loss:
        """Return what a relay said without the secret; a loss may quote it too."""
        said = answer.reason if isinstance(answer, Loss) else "\n".join(answer.lines)
        if not self._may_be_in(said):
            return answer
        text = self._taken_out(said)
        return replace(answer, reason=text) if isinstance(answer, Loss) else Reply(answer.code, tuple(text.split("\n")))

    def _may_be_in(self, text: str) -> bool:
        """Tell quickly, as it is asked of every reply that is kept; where it may be is looked for with more care."""
        if self._short and self._short.search(text):
            return True
        if not self._joined_blocks and not self._blocks:
            return False
        octets = text.lower().encode()
        if self._is_suspect(octets):
            return True
        return bool(_ESCAPED.search(octets)) and self._is_suspect(bytes(octet for octet, _, _ in _unescaped(text)))

    def _is_suspect(self, octets: bytes) -> bool:
        if self._blocks and not self._blocks.isdisjoint(_some_blocks(octets)):
            return True
        return not self._joined_blocks.isdisjoint(_some_blocks(_joined(octets)))

    def _taken_out(self, text: str) -> str:
        hidden = self._hidden(text) - {at for at, char in enumerate(text) if char == "\n"}
        starts = (_MASK if at in hidden and at - 1 not in hidden else "" for at in range(len(text)))
        return "".join(start + ("" if at in hidden else text[at]) for at, start in enumerate(starts))

    def _hidden(self, text: str) -> set[int]:
        """Return the places of all characters that belong to the secret, and not to the user's name."""
        encoded: set[int] = set()
        whole = _mentions([self._short], text) if self._short else []
        parts: list[range] = []
        for spots in (_spots(text), _unescaped(text)):
            together = [spot for spot in spots if spot[0] not in _BETWEEN]
            encoded.update(at for place in _found(together, self._encoded) for at in place)
            whole += [place for form in self._plain for place in _found(spots, {form})]
            parts += [*_found(spots, self._parts), *_found(together, self._joined)]
        name, pieces = _ends(_mentions(self._names[:1], text)), _ends(_mentions(self._names, text))
        places = [place for place in whole if name.get(place.start, 0) < place.stop]
        places += [place for place in parts if pieces.get(place.start, 0) < place.stop]
        # the letters at both ends of something encoded are made of the secret and of what stood beside it
        words = (range(*found.span()) for found in _BASE64_WORD.finditer(text))
        places += [word for word in words if not encoded.isdisjoint(word)]
        return {at for place in places for at in place}


def _spellings(secret: str) -> Iterator[bytes]:
    """Yield how a secret looks in lower case: the octets of UTF-8 and of Latin-1, and ß where it became SS."""
    for text in (secret, secret.lower(), secret.upper(), secret.upper().lower()):
        yield text.encode().lower()
        yield text.encode("latin-1", "ignore").lower()


def _encoded(secret: str, user: str) -> Iterator[bytes]:
    """Yield a secret in hexadecimal and in base64, whatever stands before it there, in lower case."""
    octets = secret.encode()
    yield octets.hex().encode()
    yield base64.b64encode(f"\0{user}\0{secret}".encode()).lower()
    for before in range(3):
        whole = base64.b64encode(bytes(before) + octets).rstrip(b"=").lower()
        # what is made of other octets too
        first, last = -(-before * 8 // 6), -1 if (before + len(octets)) % 3 else len(whole)
        yield whole[first:last]


def _joined(octets: bytes) -> bytes:
    return octets.translate(None, _BETWEEN)


def _pieces(octets: bytes) -> set[bytes]:
    return {octets[at : at + _PART] for at in range(len(octets) - _PART + 1)}


def _blocks(parts: Iterable[bytes]) -> set[bytes]:
    return {part[at : at + _BLOCK] for part in parts for at in range(_STEP)}


def _some_blocks(octets: bytes) -> list[bytes]:
    return [octets[at : at + _BLOCK] for at in range(0, len(octets), _STEP)]


def _parts(forms: Iterable[bytes]) -> set[bytes]:
    return {piece for form in forms for piece in _pieces(form)}


def _word(text: str) -> re.Pattern[str]:
    """Return a pattern of a text that is no part of a word."""
    return re.compile(rf"(?<![^\W_]){re.escape(text)}(?![^\W_])", re.IGNORECASE)


def _mentions(names: Iterable[re.Pattern[str]], text: str) -> list[range]:
    return [range(*found.span()) for name in names for found in name.finditer(text)]


def _ends(mentions: Iterable[range]) -> dict[int, int]:
    """Return for each place of a mention where that ends; of several, the last end."""
    ends: dict[int, int] = {}
    for mention in mentions:
        ends.update((at, max(mention.stop, ends.get(at, 0))) for at in mention)
    return ends


def _spots(text: str) -> list[_Spot]:
    return [(octet, at, at + 1) for at, char in enumerate(text) for octet in char.lower().encode()]


def _unescaped(text: str) -> list[_Spot]:
    """Return the octets of a text with its escapes resolved."""
    spots = _spots(text)
    octets = bytes(octet for octet, _, _ in spots)
    result: list[_Spot] = []
    done = 0
    for found in _ESCAPED.finditer(octets):
        result += spots[done : found.start()]
        octet = bytes([int(found[1], 16)]).lower()[0]
        result.append((octet, spots[found.start()][1], spots[found.end() - 1][2]))
        done = found.end()
    return result + spots[done:]


def _found(spots: list[_Spot], wanted: set[bytes]) -> Iterator[range]:
    """Yield where one of several strings stands, all of one length, as places of characters."""
    length = len(next(iter(wanted), b""))
    octets = bytes(octet for octet, _, _ in spots)
    for at in range(len(octets) - length + 1) if length else ():
        if octets[at : at + length] in wanted:
            yield range(spots[at][1], spots[at + length - 1][2])
