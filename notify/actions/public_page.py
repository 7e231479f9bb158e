"""The page with the announced details, for the website that readers know: what is on it, and where it is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from notify.actions.prepare import campaign_written
from notify.config import Settings
from notify.core.audience import Sight
from notify.core.campaign import DETAIL_LABELS, Details, in_words
from notify.errors import ConfigError, WriteError
from notify.pages.public_page import Line, Piece, PublicPage
from notify.pages.public_words import WORDS
from notify.rendering.announced import announced, as_read, things_changed

#: A page for everybody, which a web server reads under another account.
_MODE = 0o644
_NAME = "page.html"


def public_page(settings: Settings) -> PublicPage:
    """Return what stands on the page: what the notice says, as far as the public may see it.

    :raises ConfigError: nothing changes, or nothing of it may be seen by the public.
    """
    campaign = campaign_written(settings)
    sight, language = Sight.of_public(campaign), campaign.language
    seen = sight.seen.change
    lines = tuple(
        Line(label, tuple(_pieces(names, "new", seen.new)), tuple(_pieces(names, "old", seen.old)))
        for label, names in things_changed(sight.seen, language)
    )
    if not lines:
        raise _nothing(sight)
    facts, words = announced(sight, language), WORDS[language]
    assert campaign.written is not None  # noqa: S101  # the day is that of a run, or today
    said = words["says"].format(when=facts["when"], what=facts["what_changes"])
    stays = str(facts["unchanged"])
    return PublicPage(
        language,
        headline=str(facts["announcement"]),
        sender=str(facts["known_as"]),
        says=said[:1].upper() + said[1:],
        lines=lines,
        stays=words["stays"].format(stays) if stays else "",
        former=_former(sight, facts, language),
        verify=_verify(facts["verify_by"]),
        effective=seen.effective,
        written=campaign.written,
        footer=tuple(campaign.sender.letterhead.lines(language)),
    )


def write_page(page: PublicPage, settings: Settings, to: Path | None, *, may_replace: bool) -> Path:
    """Write the file; return where.

    :param to: a file, or a folder, which has no dot, in which it gets the name that it has in [second_source].
    :param may_replace: whether a file may be there already.
    :raises WriteError: one is there, or it cannot be written.
    """
    name = PurePosixPath(urlsplit(settings.second_source.url).path).name or _NAME
    name = name if name.endswith((".html", ".htm")) else f"{name.partition('.')[0]}.html"
    path = settings.folder / (to or name)
    path = path / name if path.is_dir() or not path.suffix else path
    if os.path.lexists(path) and not may_replace:
        raise WriteError(
            f"{path}: there is such a file already; it was not written over.",
            hint="Name another one with --to, or write over it:  notify page --force",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_name(f".{path.name}.new")
        written.write_bytes(page.html())
        written.chmod(_MODE)
        written.replace(path)
    except OSError as error:
        raise WriteError(
            f"{path}: cannot be written: {error.strerror}.", hint="Name another place with --to."
        ) from error
    return path


def _pieces(names: tuple[str, ...], side: str, details: Details) -> Iterator[Piece]:
    """Yield the values of a line; those of an address are put together as on an envelope."""
    before = ""
    for name in names:
        if value := getattr(details, name):
            # groups may stand on two lines: between them only
            text = str(as_read(name, value, is_old=side == "old")).replace("\N{NO-BREAK SPACE}", " ")
            # of an old account nobody needs more than its last places
            told = "" if name == "iban" and side == "old" else f"{side}.{name}"
            yield Piece(told, value if told else "", text, before)
            before = " " if name == "postcode" else ", "


def _former(sight: Sight, facts: dict[str, object], language: str) -> str:
    """Return until when the old details work."""
    until, count = sight.seen.change.old_works_until, facts["former_count"]
    if not (facts["former"] and until):
        return ""
    is_over = facts["old_works_until_is"] == "past"
    which = ("former_worked" if count == 1 else "former_have_worked") if is_over else "former_works"
    which = "former_work" if which == "former_works" and count != 1 else which
    return WORDS[language][which].format(what=facts["former"], day=in_words(until, language))


def _verify(ways: object) -> str:
    """Return by what a message is verified; whoever reads this is on the website already."""
    return next((way for way in ways if way != "website"), "person") if isinstance(ways, tuple) else "person"


def _nothing(sight: Sight) -> ConfigError:
    if not sight.hides_a_change:
        return ConfigError(
            "Nothing changes: [change.old] and [change.new] say the same.", hint="Write what changes into notify.toml."
        )
    names = [name for name in DETAIL_LABELS["en"] if name in sight.hidden]
    sees = ", ".join(f'"{name}"' for name in names)
    return ConfigError(
        f"Nothing of what changes may be seen by everybody ({', '.join(names)}); a page on the web shows everybody.",
        hint='If it is to stand there, in notify.toml:\n  [[audience]]\n  name = "public"\n  sees = '
        f"[{sees}]\n  public = true",
    )
