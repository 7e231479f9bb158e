"""Words for people, always on standard error, so that standard output can be piped. Nothing else prints."""

from __future__ import annotations

import datetime as dt
import json
import logging
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TextIO, TypeVar

import click

from notify.cli.wrapping import columns, width_of, wrapped
from notify.core.late_pattern import late_pattern
from notify.core.status import Status
from notify.errors import WriteError

T = TypeVar("T")

#: After so many steps it is looked at whether somebody still reads.
_LOOKS_EVERY = 500
_OBEYED = late_pattern(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_CONTROLS = late_pattern(r"[\x7f-\x9f]")

#: What people read for each status.
STATUS_WORDS = {status: status.replace("_", " ") for status in Status}


def note(text: str = "", *, nl: bool = True, head: str = "", fg: str | None = None, bold: bool | None = None) -> None:
    """Say something to a person, in lines that fit. That nobody listens any more is no reason to stop.

    :param head: what stands before the text, in this colour and weight.
    """
    try:
        click.echo(wrapped(_set(head, fg, bold) + visible(text), width_of(sys.stderr)), nl=nl, err=True)
    except OSError:
        _silence(sys.stderr)


def note_in_place(line: str) -> None:
    """Say something at a terminal in the place of the line that stands there; it must fit."""
    try:
        click.echo(f"\r{visible(line)}", nl=False, err=True)
    except OSError:
        _silence(sys.stderr)


def warn(text: str) -> None:
    """Say something that a person should not overlook."""
    note(head=text, fg="yellow")


class Warnings(logging.Handler):
    """Says what is logged as a warning, as everything else is said."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Say it."""
        note(self.format(record))


#: How people say yes and no; it is the question before they send, and nobody is to be held up by a language.
_ANSWERS = {
    **dict.fromkeys(("y", "yes", "j", "ja", "o", "oui"), True),
    **dict.fromkeys(("n", "no", "nein", "non", ""), False),
}


def confirmed(question: str) -> bool:
    """Ask a person for a yes or no; just Enter is a no."""
    while True:
        answer = click.prompt(f"{question} [y/N]", default="", show_default=False, err=True)
        if (yes := _ANSWERS.get(answer.strip().strip(".!").casefold())) is not None:
            return yes
        note("Please answer y (yes) or n (no).")


def key_for(question: str) -> str:
    """Show a question, wait for one key, and take the question away; return the key, and q for Ctrl-C."""
    click.echo(click.style(question, fg="cyan"), nl=False, err=True)
    try:
        return click.getchar()
    except (KeyboardInterrupt, EOFError):
        return "q"
    finally:
        # back to the beginning of the line, and nothing on it (ECMA-48, CR and EL)
        click.echo("\r\x1b[2K", nl=False, err=True)


def password_asker() -> Callable[[str], str] | None:
    """Return what asks for a password, or None where nobody sits."""
    if not is_terminal(sys.stdin):
        return None
    return lambda prompt: str(click.prompt(prompt, prompt_suffix="", hide_input=True, err=True))


def put(
    text: str = "",
    *,
    nl: bool = True,
    hang: int = 2,
    head: str = "",
    fg: str | None = None,
    bold: bool | None = None,
) -> None:
    """Write to standard output, at a terminal in lines that fit.

    :param head: what stands before the text, in this colour and weight.
    :param hang: see :func:`notify.cli.wrapping.wrapped`.
    :raises WriteError: it cannot be written.
    """
    put_as_it_is(fitted(text, hang=hang, head=head, fg=fg, bold=bold), nl=nl)


def fitted(text: str = "", *, hang: int = 2, head: str = "", fg: str | None = None, bold: bool | None = None) -> str:
    """Return what :func:`put` would write: at a terminal in lines that fit."""
    return wrapped(_set(head, fg, bold) + visible(text), width_of(sys.stdout), hang)


def put_columns(rows: Sequence[Sequence[str]], indent: str = "  ") -> None:
    """Write rows to standard output as aligned lines."""
    for line in columns(rows, indent, width_of(sys.stdout)):
        put_as_it_is(visible(line))


def put_as_it_is(text: str = "", *, nl: bool = True) -> None:
    """Write to standard output what programs read.

    Once nobody reads it any more, as behind ``| head``, the command ends, and all is well.

    :raises WriteError: it cannot be written.
    """
    try:
        click.echo(text, nl=nl)
    except BrokenPipeError:
        _silence(sys.stdout)
        raise click.exceptions.Exit from None
    except OSError as error:
        _silence(sys.stdout)
        raise WriteError(
            f"Standard output cannot be written: {error.strerror}.", hint="Make room where it goes, then try again."
        ) from error


def while_read(steps: Iterable[T]) -> Iterator[T]:
    """Pass on each step of something long, and end the command once nobody reads what it writes any more.

    :func:`put_as_it_is` notices that only when the next line is written, which may be minutes later.
    """
    for number, step in enumerate(steps, start=1):
        if number % _LOOKS_EVERY == 0 and _is_abandoned(sys.stdout):
            _silence(sys.stdout)
            raise click.exceptions.Exit
        yield step


def _is_abandoned(stream: TextIO) -> bool:
    """Tell whether the other end of a pipe is closed, where the system tells that without writing."""
    import select

    if not hasattr(select, "poll"):
        return False
    poll = select.poll()
    try:
        poll.register(stream.fileno(), 0)
    except (OSError, ValueError):
        return False
    return any(events & (select.POLLERR | select.POLLHUP) for _, events in poll.poll(0))


def emit(document: object) -> None:
    """Write one JSON document to standard output."""
    put_as_it_is(_json(document, indent=2))


def emit_line(record: object) -> None:
    """Write one JSON line to standard output."""
    put_as_it_is(_json(record))


def visible(text: str) -> str:
    """Return a text without what a terminal would obey: names of files and columns may hold escape sequences."""
    return text if text.isprintable() else _OBEYED.sub("\ufffd", text)


def _set(text: str, fg: str | None, bold: bool | None) -> str:
    # https://no-color.org; a terminal that calls itself dumb shows the codes themselves
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return click.style(visible(text), fg=fg, bold=bold) if text and not is_plain else visible(text)


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a person sits at a standard stream; a closed one is None."""
    return stream is not None and stream.isatty()


def _json(value: object, indent: int | None = None) -> str:
    # where umlauts cannot be written, they are escaped and not replaced
    unicode = sys.stdout is not None and sys.stdout.encoding.lower() in {"utf-8", "utf8"}
    text = json.dumps(value, ensure_ascii=not unicode, indent=indent, default=str)
    # JSON itself escapes only some of them
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _silence(stream: TextIO) -> None:
    """Lead a stream that cannot be written to the null device; its buffer would fail again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def how_many(number: int, singular: str, plural: str = "") -> str:
    """Return ``1 recipient``, ``412 recipients``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def moment(when: dt.datetime) -> str:
    """Return a moment in local time, with the day when it is not today."""
    local = when.astimezone()
    today = dt.datetime.now().astimezone().date()
    return local.strftime("%H:%M:%S" if local.date() == today else "%a %Y-%m-%d %H:%M")


def size(octets: int) -> str:
    """Return the size of a file as people say it: ``12 kB``."""
    for unit, length in (("MB", 1_000_000), ("kB", 1000)):
        if octets >= length:
            return f"{octets / length:.1f} {unit}" if octets < 10 * length else f"{octets / length:.0f} {unit}"
    return how_many(octets, "byte")


def duration(seconds: float) -> str:
    """Return a duration as people say it: ``about 3 minutes``."""
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= 1.5 * length:
            return f"about {how_many(math.ceil(seconds / length), unit)}"
    return how_many(max(1, math.ceil(seconds)), "second")
