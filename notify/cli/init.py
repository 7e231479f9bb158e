"""``notify init``."""

from __future__ import annotations

import locale
from pathlib import Path

import click

from notify.cli.screen import note


@click.command(short_help="Write a campaign folder that works at once.")
@click.argument("folder", type=click.Path(path_type=Path), required=False, metavar="[DIR]")
@click.option(
    "--lang",
    type=click.Choice(["de", "en"]),
    help="Language of the comments in notify.toml. Default: your system's.",
)
@click.pass_obj
def init(here: Path, folder: Path | None, lang: str | None) -> None:
    """Write a campaign folder that works at once in the sandbox: notify.toml, contacts, a template.

    Nothing that is there is overwritten.
    """
    from notify.actions.init import initialise

    target = here / folder if folder else here
    language = lang or ("de" if (locale.getlocale()[0] or "").lower().startswith(("de", "german")) else "en")
    written = initialise(target, language)
    for path in written:
        note(f"wrote {path}")
    inside = f"cd {folder}  &&  " if folder else ""
    note(f"\nLook at what it would send:   {inside}notify preview -n 2")
    note("Then put your own contacts into contacts/ and your details into notify.toml.")
