"""A page in the browser: ``notify preview --web`` and ``notify outbox --web``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from notify.cli.desktop import has_desktop
from notify.cli.options import port_of
from notify.cli.screen import note

if TYPE_CHECKING:
    from notify.config import Settings
    from notify.pages import PageServer

F = TypeVar("F", bound=Callable[..., object])


def web_options(what: str) -> Callable[[F], F]:
    """Return what adds the options of a page.

    :param what: what ``--web`` does.
    """

    def add(command: F) -> F:
        for option in reversed(
            (
                click.option("--web", is_flag=True, help=what),
                click.option(
                    "--port",
                    type=port_of,
                    default="0",
                    metavar="N",
                    help="The port of --web. Default: any that is free.",
                ),
                click.option(
                    "--no-open", is_flag=True, help="With --web: do not start a browser, only say the address."
                ),
            )
        ):
            command = option(command)
        return command

    return add


def serve_campaign(load: Callable[[], Settings], narrowed: str, *, port: int, opens: bool) -> None:
    """Show the campaign in the browser, until its last tab is closed.

    :raises NotifyError: something must be mended before anything can be shown, or the port is taken.
    """
    from notify.actions.campaign_page import CampaignPage
    from notify.pages import PageServer

    with CampaignPage(load, narrowed) as page, PageServer(page, "notify preview --web", port) as server:
        page.begin(server.tabs.tell)
        _serve(server, opens=opens)


def serve_outbox(place: Path, *, port: int, opens: bool) -> None:
    """Show the outbox in the browser, until its last tab is closed.

    :raises WriteError: the port is taken.
    """
    from notify.actions.outbox_page import OutboxPage
    from notify.pages import PageServer

    with OutboxPage(place) as page, PageServer(page, "notify outbox --web", port) as server:
        page.begin(server.tabs.tell)
        _serve(server, opens=opens)


def _serve(server: PageServer, *, opens: bool) -> None:
    """Say where the page is, open it, and serve it until its last tab is closed, or Ctrl-C."""
    import webbrowser

    opened = opens and has_desktop() and webbrowser.open(server.address_for_once())
    note(f"The page {'is open in your browser' if opened else 'is ready'}:  {server.address}")
    note("It ends when you close its last tab, or with Ctrl-C. Nothing is sent.")
    try:
        server.run()
    except KeyboardInterrupt:
        note()
