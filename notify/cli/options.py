"""The options that commands share, and the settings that come of them."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from notify.config import Settings

F = TypeVar("F", bound=Callable[..., object])


def count(text: str) -> int:
    """Return the whole number, 1 or more, that is the value of an option.

    :raises click.BadParameter: it is none.
    """
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise click.BadParameter(f"'{text}' is not a whole number, 1 or more.")
    if int(text) < 1:
        raise click.BadParameter(f"{text} is not in the range: 1 or more.")
    return int(text)


def name_of_finding(text: str) -> str:
    """Return the name of a finding, or of a policy, that is the value of an option.

    :raises click.BadParameter: there is none of that name.
    """
    from notify.config.policy import IBAN_WITH_CONTACT
    from notify.core.check_names import CHECKS

    names, name = [*CHECKS, IBAN_WITH_CONTACT], text.strip().lower()
    if name not in names:
        near = get_close_matches(name, names, 1)
        mend = f" Did you mean {near[0]}?" if near else " See what is found:  notify check --offline"
        raise click.BadParameter(f"No finding is called '{text}'.{mend}")
    return name


def name_server(text: str) -> tuple[str, int]:
    """Return address and port of a server of names that is the value of an option: ``192.0.2.53``, ``[::1]:5353``.

    :raises click.BadParameter: it is none.
    """
    found = re.fullmatch(r"\[?(?P<address>[0-9.]+|[0-9A-Fa-f:]+?)\]?(?:(?<=[\].0-9]):(?P<port>\d{1,5}))?", text)
    port = int((found and found["port"]) or 53)
    try:
        address = str(ipaddress.ip_address(found["address"] if found and 0 < port < 65536 else text))
    except ValueError:
        raise click.BadParameter(f"'{text}' is no IP address, such as 192.0.2.53 or 192.0.2.53:5353.") from None
    return address, port


def port_of(text: str) -> int:
    """Return the port that is the value of an option; 0 is any that is free.

    :raises click.BadParameter: it is none.
    """
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65_535:
        raise click.BadParameter(f"'{text}' is not a port: a number from 0 to 65535.")
    return int(text)


json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON to standard output, nothing else there.")

ledger_option = click.option(
    "--ledger", "url", metavar="URL", help="The database, instead of the one that [ledger] names: postgresql://…"
)

where_option = click.option(
    "--where", metavar="CONDITION", help="""Only contacts for which this holds: --where 'country == "AT"'."""
)


def campaign_options(command: F) -> F:
    """Add the options that stand in for a notify.toml, or beat it."""
    for option in reversed(
        (
            # as paths, a shell completes them
            click.option(
                "--contacts", type=click.Path(), multiple=True, metavar="FILE", help="A contact file; may be repeated."
            ),
            click.option(
                "--template", type=click.Path(), metavar="PATH", help="The template: a folder, or one message file."
            ),
            click.option("--from", "sender", metavar="ADDR", help='Who writes: ADDR or "Name <ADDR>".'),
        )
    ):
        command = option(command)
    return command


def shared(contacts: tuple[str, ...], template: str | None, sender: str | None) -> dict[str, object]:
    """Return the values of :func:`campaign_options` by their dotted names; None: not given."""
    return {"contacts.files": list(contacts) or None, "campaign.template": template, "sender.email": sender}


def load_settings(folder: Path, options: dict[str, object], *, contacts_only: bool = False) -> Settings:
    """Load the campaign's settings: options beat ``NOTIFY_…`` beat notify.toml beat defaults.

    :param options: by their dotted names; None: not given.
    :param contacts_only: template and sender may be missing.
    """
    from notify.config import load

    return load(folder, options=options, environment=os.environ, contacts_only=contacts_only)
