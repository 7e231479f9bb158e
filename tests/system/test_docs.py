"""The documents: what is made from the program is as new as it, links lead somewhere, what is to be typed exists."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import click
import pytest

from docs.write import WRITTEN
from notify.cli import group
from notify.config.schema import SECTIONS
from notify.core.status import TRANSITIONS, Status

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [path.relative_to(ROOT).as_posix() for path in PAGES]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_what_is_written_from_the_program(path: Path) -> None:
    """Each written file is what would be written now. Mend with `./run python docs/write.py`."""
    assert path.read_text("utf-8") == WRITTEN[path]()


@pytest.mark.parametrize("name", NAMES)
def test_links(name: str) -> None:
    """Each link within the project leads to a file that is there, and to a heading that is in it."""
    page = ROOT / name
    for link in _LINK.findall(_without_code(page.read_text("utf-8"))):
        if re.match(r"\w+:", link):
            continue
        target, _, anchor = link.partition("#")
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), f"{name}: {link}"
        if anchor:
            assert anchor in _anchors(path.read_text("utf-8")), f"{name}: {link}"


def test_the_index_names_every_page() -> None:
    """docs/README.md says of each page, once, whom it is for."""
    named = re.findall(r"\]\(([\w./-]+)\)", (ROOT / "docs" / "README.md").read_text("utf-8"))
    pages = [path.name for path in (ROOT / "docs").glob("*.md") if path.name != "README.md"]
    assert sorted({*named}) == sorted([*pages, "notify.1", "decisions", "../CONTRIBUTING.md"])


@pytest.mark.parametrize("name", [name for name in NAMES if "notify " in (ROOT / name).read_text("utf-8")])
def test_what_is_to_be_typed(name: str) -> None:
    """Each command that a page tells to type is one, and takes what it is shown with.

    In the midst of a sentence it may be shown as ``notify send --limit N``; not in the guides.
    """
    text = (ROOT / name).read_text("utf-8")
    mentioned = re.findall(r"`(?:\./run )?notify\s([^`]+)`", _FENCE.sub("", text))
    for typed in _shown(text):
        _assert_takes(typed)
    for typed in mentioned:
        _assert_has(typed)
        if name in {"docs/guide.md", "docs/anleitung.md"}:
            _assert_takes(typed)


@pytest.mark.parametrize("name", NAMES)
def test_the_keys_that_are_mentioned(name: str) -> None:
    """Each key that stands in backticks with a value is one of notify.toml."""
    known = {key.name for section in SECTIONS for key in section.keys} | {"security"}  # mailmerge's
    text = _FENCE.sub("", (ROOT / name).read_text("utf-8"))
    assert set(re.findall(r"`([a-z_0-9]+) = [^`]+`", text)) <= known


@pytest.mark.parametrize("name", NAMES)
def test_what_is_to_be_written_into_notify_toml(name: str) -> None:
    """Each piece of notify.toml that a page shows is TOML, with sections and keys that there are."""
    keys = {section.path: {key.name for key in section.keys} for section in SECTIONS}
    for kind, block in _FENCE.findall((ROOT / name).read_text("utf-8")):
        if kind == "toml":
            for path, names in _sections(tomllib.loads(block)):
                assert path in keys, f"{name}: [{'.'.join(path)}]"
                assert names <= keys[path] or path == ("contacts", "columns"), f"{name}: {names - keys[path]}"


def test_every_room_is_in_the_house() -> None:
    """docs/development.md has each room of the program, once, in the drawing and in the table."""
    text = (ROOT / "docs" / "development.md").read_text("utf-8")
    part = text[text.index("## The house") : text.index("### The way of one row")]
    layers = {"cli", "actions", "delivery", "core"}
    rooms = sorted(path.parent.name for path in (ROOT / "notify").glob("*/__init__.py"))
    named = re.findall(r"^\| ([a-z· ]+) \|", part, re.MULTILINE)
    assert sorted(room for cell in named[1:] for room in cell.split(" · ")) == sorted({*rooms} - layers)
    drawn = part.partition("```\n")[2].partition("```")[0]
    assert {room for room in rooms if re.search(rf"\b{room}\b", drawn)} == {*rooms}


def test_the_arrows_that_are_drawn() -> None:
    """The table of arrows in docs/how-it-sends.md is that of the core."""
    text = (ROOT / "docs" / "how-it-sends.md").read_text("utf-8")
    part = text[text.index("| By | From | To | When |") : text.index("## One run")]
    drawn: dict[str, set[tuple[Status, Status]]] = {}
    for name, tails, heads in re.findall(r"^\| ([a-z]+) \| ([a-z ,]+) \| ([a-z ,]+) \|", part, re.MULTILINE):
        pairs = product(*([Status(one.replace(" ", "_")) for one in cell.split(", ")] for cell in (tails, heads)))
        drawn.setdefault(name, set()).update((tail, head) for tail, head in pairs)
    assert drawn == {name: set(arrows) for name, arrows in TRANSITIONS.items()}


def test_the_tests_that_are_named() -> None:
    """Each test and each file of the program by which docs/how-it-sends.md shows a promise is there."""
    text = (ROOT / "docs" / "how-it-sends.md").read_text("utf-8")
    part = text[text.index("## What is promised") : text.index("## One row")]
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", part)
    assert len(named) >= len(re.findall(r"^\d\. ", part, re.MULTILINE))
    for path, name in named:
        assert f"def {name}(" in (ROOT / path).read_text("utf-8"), name
    for path in re.findall(r"`(notify/[\w/.]+)`", part):
        assert (ROOT / path).exists(), path


def _without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", _FENCE.sub("", text))


def _anchors(text: str) -> set[str]:
    """Return the anchors of a page, as forges make them of its headings, and those that it sets itself."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    plain = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading) for heading in headings]
    made = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in plain}
    return made | set(re.findall(r'<a id="([^"]+)">', text))


def _shown(text: str) -> Iterator[str]:
    """Yield what is typed behind ``notify`` in lines of code."""
    for kind, block in _FENCE.findall(text):
        if kind in {"", "console", "sh", "text"} and "[OPTIONS]" not in block:
            for line in re.sub(r" \\\n\s*", " ", block).split("\n"):
                if found := re.match(r"(?:\$ )?(?:\./run )?notify (.+)", line):
                    yield re.split(r" +#| && | \||>", found[1])[0]


def _assert_takes(typed: str) -> None:
    words = shlex.split(typed)
    if words[0] == "-C":
        words = words[2:]
    if {"--help", "--version"} & set(words):
        return
    try:
        command, rest = _command(words)
        command.make_context(words[0], rest, parent=click.Context(group))
    except click.UsageError as error:
        raise AssertionError(f"notify {typed}: {error.format_message()}") from error


def _assert_has(typed: str) -> None:
    words = typed.replace("-C DIR ", "").split()
    if words[0] in {"COMMAND", "…", "--help", "--version"}:
        return
    options = {name for parameter in _command(words)[0].params for name in parameter.opts} | {"--help", "-h"}
    for option in re.findall(r"(?<![^\s\[|(])--?[a-z][a-z-]*", typed):
        assert option in options, f"notify {typed}: {option}"


def _command(words: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that is typed, also of a group, and the words behind it."""
    command: click.Command | None = group
    place = 0
    while isinstance(command, click.Group) and place < len(words) and not words[place].startswith("-"):
        name, place = words[place], place + 1
        command = command.get_command(click.Context(command), name) if name in command.list_commands(None) else None  # type: ignore[arg-type]  # it needs no context
        assert command is not None, name
    assert command is not None
    return command, words[place:]


def _sections(tables: dict[str, object], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    for name, value in tables.items():
        inner = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value
        if isinstance(inner, dict):
            here = (*path, name)
            yield here, {key for key, one in inner.items() if not isinstance(one, dict)}
            yield from _sections({key: one for key, one in inner.items() if isinstance(one, dict)}, here)
