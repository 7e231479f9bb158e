"""What speaks against writing to people, in words, with the key of notify.toml that decides about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from notify.cli.screen import how_many
from notify.core.objection import Against

_WHO = {
    Against.ADVERTISING: "who refused advertising",
    Against.ALL_MAIL: "who refused all mail",
    Against.UNREACHABLE: "whose address is known to be dead",
    Against.DECEASED: "who died",
    Against.LEFT: "who left",
}
#: How somebody who is left out can be written to.
_WRITE = {
    Against.ADVERTISING: 'a notice may go to them:  refused_advertising = "write"  in [contacts]',
    Against.ALL_MAIL: 'a notice may go to them all the same, if you decide so:  opted_out = "write"  in [contacts]',
    Against.UNREACHABLE: 'mend the addresses, or try them again:  unreachable = "write"  in [contacts]',
    Against.LEFT: 'to write to them:  former = "write"  in [contacts]',
}
#: Only a notice may be sent to these.
_REFUSED = frozenset({Against.ADVERTISING, Against.ALL_MAIL})
#: How somebody who is written to can be left out.
_LEAVE_OUT = {
    Against.ADVERTISING: 'to leave them out:  refused_advertising = "leave_out"  in [contacts]',
    Against.ALL_MAIL: 'to leave them out, take  opted_out = "write"  out of [contacts]',
    Against.UNREACHABLE: 'to leave them out, take  unreachable = "write"  out of [contacts]',
    Against.LEFT: 'to leave them out:  former = "leave_out"  in [contacts]',
}


def who_is_left_out(counts: Mapping[Against, int], kind: str) -> Iterator[str]:
    """Yield in words who is left out for what speaks against it, the gravest first, each with what may be done.

    :param kind: of the campaign: ``notice`` or ``newsletter``.
    """
    for against in reversed(Against):
        if counts.get(against):
            decided = kind != "notice" and against in _REFUSED
            yield _line(against, counts[against], "" if decided else _WRITE.get(against, ""))


def who_is_written_to(counts: Mapping[Against, int]) -> Iterator[str]:
    """Yield in words who is written to though something speaks against it, each with how they are left out."""
    for against in reversed(Against):
        if counts.get(against):
            yield _line(against, counts[against], _LEAVE_OUT.get(against, ""))


def heading(against: Against, *, left_out: bool) -> str:
    """Return what stands above a list of people."""
    return f"{str(against).capitalize()}{', and left out' if left_out else ', and written to'}"


def _line(against: Against, count: int, choice: str) -> str:
    return f"{how_many(count, 'contact')} {_WHO[against]}{f'; {choice}' if choice else ''}"
