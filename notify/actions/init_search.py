"""Looks for the server of an address in the net, once its owner has allowed that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from notify.actions.init_server import Server, of_preset, with_host
from notify.config.providers import provider_of_exchanger
from notify.config.schema import read_value
from notify.lookups import (
    NoAnswerError,
    Resolver,
    Submission,
    autoconfig_addresses,
    submission_by_autoconfig,
    submission_by_dns,
)


def search(address: str, resolver: Resolver | None = None, urls: Iterable[str] | None = None) -> Server | None:
    """Return the server of an address; None where none was found, or nobody answered.

    In the order of who should know best: what the domain says of itself (SRV records, then its file of autoconfig), to
    which provider its mail is led, and last what Thunderbird's database has.

    :param resolver: None for that of the machine.
    :param urls: where files of autoconfig may be; None for the usual places.
    """
    domain = address.rpartition("@")[2]
    try:
        resolver = resolver or Resolver()
        if found := _server(submission_by_dns(domain, resolver), address):
            return found
        led_to = [(preset, host) for host in resolver.exchangers(domain) if (preset := provider_of_exchanger(host))]
    except NoAnswerError:
        # without names nothing else can be reached either
        return None
    own, database = _parted(autoconfig_addresses(domain) if urls is None else urls)
    if found := _server(submission_by_autoconfig(address, own, resolver.ask), address):
        return found
    for preset, host in led_to:
        return of_preset(preset, address, host)
    return _server(submission_by_autoconfig(address, database, resolver.ask), address)


def _parted(urls: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the places at the domain itself, and the last one, which is the database."""
    *own, database = urls
    return own, [database]


def _server(submission: Submission | None, address: str) -> Server | None:
    """Return what was found as a server, if its values are such as notify.toml takes."""
    if submission is None:
        return None
    try:
        host = str(read_value(("relay", "host"), submission.host))
        user = str(read_value(("relay", "user"), submission.user or address))
        server = with_host(host, submission.port, submission.tls, address)
    except ValueError:
        return None
    # of a known provider we know better
    return (
        server
        if server.preset
        else replace(server, user=user, first=submission.first, wants_token=submission.wants_token)
    )
