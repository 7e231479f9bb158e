"""``notify init``."""

from __future__ import annotations

import difflib
import locale
from pathlib import Path

import click

from notify.cli.screen import note, put


@click.command(short_help="Write a campaign folder that works at once.")
@click.argument("folder", type=click.Path(path_type=Path), required=False, metavar="[DIR]")
@click.option(
    "--lang",
    type=click.Choice(["de", "en"]),
    help="Language of the comments in notify.toml. Default: your system's.",
)
@click.option(
    "--template",
    metavar="NAME",
    help="What it is about: see --list-templates. Default: change-of-details.",
)
@click.option("--list-templates", is_flag=True, help="Show the templates that notify comes with, and write nothing.")
@click.pass_obj
def init(here: Path, folder: Path | None, lang: str | None, template: str | None, list_templates: bool) -> None:
    """Write a campaign folder that works at once in the sandbox: notify.toml, contacts, a template.

    Nothing that is there is overwritten.
    """
    from notify.actions.init import initialise
    from notify.config import OCCASIONS

    language = lang or ("de" if (locale.getlocale()[0] or "").lower().startswith(("de", "german")) else "en")
    if list_templates:
        _list(language)
        return
    template = template or next(iter(OCCASIONS))
    if template not in OCCASIONS:
        raise click.UsageError(_unknown(template, list(OCCASIONS)))
    target = here / folder if folder else here
    written = initialise(target, language, template)
    for path in written:
        note(f"wrote {path}")
    inside = f"cd {folder}  &&  " if folder else ""
    note(f"\nLook at what it would send:   {inside}notify preview -n 2")
    note("Then put your own contacts into contacts/ and your details into notify.toml.")


def _list(language: str) -> None:
    """Show the templates, each with what it is for."""
    from notify.config import OCCASIONS

    width = max(map(len, OCCASIONS))
    for name, occasion in OCCASIONS.items():
        put(occasion.about.de if language == "de" else occasion.about.en, head=f"{name:{width}}  ", bold=True)


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name.lower().replace("_", "-"), known, 1)
    meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}."
    return f'There is no template "{name}": {meant}'
