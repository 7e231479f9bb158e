"""``notify preview --web``: the page in the browser."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from typing import TYPE_CHECKING

from notify.cli.desktop import has_desktop
from notify.cli.screen import note

if TYPE_CHECKING:
    from notify.config import Settings
    from notify.pages import PageServer


def serve_campaign(load: Callable[[], Settings], narrowed: str, *, port: int, opens: bool) -> None:
    """Show the campaign in the browser, until its last tab is closed.

    :raises NotifyError: something must be mended before anything can be shown.
    """
    from notify.actions.campaign_page import CampaignPage
    from notify.pages import PageServer

    with CampaignPage(load, narrowed) as page, PageServer(page, "notify preview --web", port) as server:
        page.begin(server.tabs.tell)
        serve(server, opens=opens)


def serve(server: PageServer, *, opens: bool) -> None:
    """Say where the page is, open it, and serve it until its last tab is closed, or Ctrl-C."""
    opened = opens and has_desktop() and webbrowser.open(server.address_for_once())
    note(f"The page {'is open in your browser' if opened else 'is ready'}:  {server.address}")
    note("It ends when you close its last tab, or with Ctrl-C. Nothing is sent or recorded.")
    try:
        server.run()
    except KeyboardInterrupt:
        note()
