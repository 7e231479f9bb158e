"""Addresses that the user names on the command line."""

from __future__ import annotations

from collections.abc import Iterable

from notify.core.address import identity, parse_address
from notify.errors import InputError


def identities(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the normalised form of each address.

    :raises InputError: one of them is not an address.
    """
    return tuple(identity(address_of(text)) for text in texts)


def address_of(text: str) -> str:
    """Return an address as it goes on the wire.

    :raises InputError: it is not one.
    """
    try:
        return parse_address(text)
    except ValueError as error:
        raise InputError(f'"{text}" is not an address: {error}.') from error
