"""``notify page``."""

from __future__ import annotations

from pathlib import Path

import click

from notify.cli.options import load_settings
from notify.cli.screen import note


@click.command(short_help="Write a page with the announced details for your website.")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The file to write, or the folder to write it into. Default: the campaign folder.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_obj
def page(folder: Path, to: Path | None, force: bool) -> None:
    """Write a page with the announced details, for the website that your readers know.

    Whoever doubts a message can look there. It is one file that fetches nothing and runs nothing. Bank details stand on
    it only if an [[audience]] with public = true sees them. With its address as url in [second_source], `notify check`
    compares it with the campaign.
    """
    from notify.actions.public_page import public_page, write_page

    settings = load_settings(folder, {})
    written = write_page(public_page(settings), settings, to, may_replace=force)
    note(f"wrote {written}, which everybody may read (0644)")
    if url := settings.second_source.url:
        note(f"Put it on {url}, then compare it:  notify check")
    else:
        note("Put it on the website that your readers know, and its address into notify.toml, as url in")
        note("[second_source]; then compare it:  notify check")
