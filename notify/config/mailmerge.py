"""A folder that was made for mailmerge: what its three files say, as settings below those of notify.toml.

Whatever notify.toml, a variable or an option says goes before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from notify.config.document import Document
from notify.config.layers import Override
from notify.config.send import PER_RECIPIENT
from notify.config.server import is_loopback
from notify.core.late_pattern import late_pattern
from notify.core.mailmerge import DATABASE, SERVER, TEMPLATE, Letter, Line, address_columns, parse_letter
from notify.core.record import record
from notify.errors import ConfigError, InputError

_MAILBOX = late_pattern(r'\s*"?(?P<name>[^<>"]*?)"?\s*<\s*(?P<address>[^<>]*?)\s*>?\s*')
_ADDRESS_FIELDS = ("email", "email_2", "email_3")
#: What becomes of its headers; those of any other name are left out, and that is said.
_USED = frozenset("to from subject reply-to attachment content-type".split())
_MADE_BY_US = frozenset("mime-version content-transfer-encoding date message-id".split())
_COPIES = ("cc", "bcc")
_SEND = ("send",)
_TLS = {"SSL/TLS": "implicit", "STARTTLS": "starttls", "XOAUTH": "starttls"}
_UNSAFE = ("PLAIN", "Never", "")
_SECTION = "smtp_server"


@record(frozen=True, slots=True)
class MailmergeFolder:
    """What the files say, and what is done otherwise than mailmerge does it, a line each.

    ``to`` is the line of the addresses, where it says more than the names of columns, ``to_label`` where it stands.
    """

    overrides: tuple[Override, ...]
    notes: tuple[str, ...]
    to: str
    to_label: str


def read_mailmerge(folder: Path, document: Document | None, given: Sequence[Override]) -> MailmergeFolder | None:
    """Return what a template of mailmerge and the files beside it say; None when the template is another one.

    Without a notify.toml the database and the server's file are those with mailmerge's own names.

    :raises InputError: FROM of the template must be mended.
    :raises ConfigError: the server's file must be mended.
    """
    values = document.values if document else {}
    name = _named_template(values, given, is_alone=document is None)
    letter = _letter(folder / name) if name else None
    if letter is None:
        return None
    found = [Override(("campaign",), "template", name, name), *_from_letter(letter, name)]
    has_own_copies = _is_given(values, Override(_SEND, "copy_to", "", ""))
    notes = [*_differences(letter, name, has_own_copies=has_own_copies)]
    if not has_own_copies:
        found += _copies(letter, name)
    if document is None:
        if (folder / DATABASE).is_file():
            found.append(Override(("contacts",), "files", [DATABASE], DATABASE))
        if (folder / SERVER).is_file():
            server = _Server(folder / SERVER)
            found += server.overrides()
            notes += server.notes()
    to, label = _to(letter), f"{name}:{letter.all('to')[0].line}"
    line = "" if address_columns(to) else to
    return MailmergeFolder(tuple(one for one in found if not _is_given(values, one)), tuple(notes), line, label)


def no_sender(found: MailmergeFolder) -> InputError:
    """Make the error for a template that does not say who writes."""
    return InputError(
        f"{found.to_label.rpartition(':')[0]}: there is no FROM in it.", hint="Say who writes:  FROM: Name <address>"
    )


def _named_template(values: Mapping[str, Any], given: Sequence[Override], *, is_alone: bool) -> str:
    named = [one.value for one in given if (one.section, one.name) == (("campaign",), "template")]
    section = values.get("campaign")
    in_file = section.get("template") if isinstance(section, dict) else None
    name = named[-1] if named else in_file or (TEMPLATE if is_alone else "")
    return name if isinstance(name, str) else ""


def _letter(path: Path) -> Letter | None:
    """Return the template, or None; that one cannot be read is said when it is rendered."""
    try:
        text = path.read_bytes().decode("utf-8-sig") if path.is_file() else ""
    except (OSError, UnicodeDecodeError):
        return None
    return parse_letter(text.replace("\r\n", "\n").replace("\r", "\n"))


def _is_given(values: Mapping[str, Any], override: Override) -> bool:
    section: Any = values
    for name in override.section:
        section = section.get(name, {}) if isinstance(section, dict) else {}
    return isinstance(section, dict) and override.name in section


def _from_letter(letter: Letter, name: str) -> Iterator[Override]:
    """Yield who writes, and which columns have the addresses."""
    if sender := letter.first("from"):
        where = f"{name}:{sender.line}"
        if _names_column(sender):
            raise InputError(
                f"{where}: FROM is the same for everybody, and it cannot name a column.",
                hint="Write the address out.",
            )
        found = _MAILBOX.fullmatch(sender.value)
        yield Override(("sender",), "email", found["address"] if found else sender.value, where)
        if found and found["name"].strip():
            yield Override(("sender",), "name", found["name"].strip(), where)
    to, where = _to(letter), f"{name}:{letter.all('to')[0].line}"
    for field, column in zip(_ADDRESS_FIELDS, address_columns(to), strict=False):
        yield Override(("contacts", "columns"), field, column, where)
    if "," in to:
        yield Override(("contacts",), "address", "all", where)


def _copies(letter: Letter, name: str) -> Iterator[Override]:
    """Yield who gets a copy of every message: those whom CC and BCC name for all rows alike."""
    from email.utils import getaddresses

    lines = [line for header in _COPIES for line in letter.all(header) if line.value and not _names_column(line)]
    mailboxes = [
        f"{who} <{address}>" if who else address for who, address in getaddresses([line.value for line in lines])
    ]
    if mailboxes:
        where = f"{name}:{lines[0].line}"
        yield Override(_SEND, "copy_to", mailboxes, where)
        yield Override(_SEND, "copy_per", PER_RECIPIENT, where)


def _names_column(line: Line) -> bool:
    return "{{" in line.value or "{%" in line.value


def _to(letter: Letter) -> str:
    return ", ".join(line.value for line in letter.all("to"))


def _differences(letter: Letter, name: str, *, has_own_copies: bool) -> Iterator[str]:
    if "," in _to(letter):
        yield f"{name}:{letter.all('to')[0].line}: TO names several addresses; each gets a message of its own."
    for header in letter.headers:
        written = header.name.upper()
        if header.name in _COPIES and header.value:
            yield f"{name}:{header.line}: {written} {_what_becomes_of(header, has_own_copies=has_own_copies)}"
        elif header.name and header.name not in {*_USED, *_MADE_BY_US, *_COPIES}:
            yield f"{name}:{header.line}: {written} is left out; notify writes the other headers itself."


def _what_becomes_of(copies: Line, *, has_own_copies: bool) -> str:
    """Return what is done instead of sending one message to several people."""
    if has_own_copies:
        return f"is left out: `copy_to` in notify.toml says who gets copies; nothing goes to {copies.value}."
    if _names_column(copies):
        return f"is left out, as it names a column: a message goes to one person, and nothing goes to {copies.value}."
    return f"is a message of its own here, with the same text: one for each message, to {copies.value}."


class _Server:
    """The file with the server."""

    def __init__(self, path: Path) -> None:
        import configparser

        self._name = path.name
        parser = configparser.RawConfigParser()
        try:
            self._text = path.read_bytes().decode("utf-8-sig")
            parser.read_string(self._text, self._name)
            self._given = {key: value or "" for key, value in parser.items(_SECTION)}
        except (OSError, UnicodeDecodeError, configparser.Error) as error:
            raise ConfigError(
                f"{self._name} cannot be read: {' '.join(str(error).split())}.",
                hint=f"It has a line [{_SECTION}], and below it  host = …  and  port = …",
            ) from error

    def overrides(self) -> Iterator[Override]:
        """Yield the relay's settings.

        :raises ConfigError: something in it must be mended.
        """
        if not self._given.get("host"):
            raise ConfigError(f"{self._name}: there is no `host` in it.", hint="Write  host = …  below [smtp_server].")
        yield self._override("host", "host", self._given["host"])
        if "port" in self._given:
            yield self._override("port", "port", self._given["port"])
        yield self._override("security", "tls", self._tls())
        if self._security not in {"", "Never"} and self._given.get("username"):
            yield self._override("username", "user", self._given["username"])
        if self._rate:
            yield self._override("ratelimit", "rate", [f"{self._rate}/min"])

    def notes(self) -> Iterator[str]:
        """Yield what is done otherwise."""
        if self._security in _UNSAFE and self._tls() == "starttls":
            yield (
                f"{self._where('security')}: without encryption nothing leaves this machine; "
                "the server is asked for STARTTLS."
            )
        if self._security == "XOAUTH":
            yield (
                f"{self._where('security')}: the access token comes from a command that prints it: "
                "NOTIFY_RELAY_TOKEN_COMMAND, or token_command in a notify.toml."
            )
        if not self._rate:
            yield f"{self._where('ratelimit')}: no ratelimit, so notify's own holds: 10 a minute, 200 an hour."

    @property
    def _security(self) -> str:
        security = self._given.get("security", "").strip()
        if security not in {*_TLS, *_UNSAFE}:
            raise ConfigError(
                f'{self._where("security")}: security = "{security}" is not known.',
                hint=f"It is one of {', '.join(_TLS)}, PLAIN, or left out.",
            )
        return security

    @property
    def _rate(self) -> int:
        text = self._given.get("ratelimit", "").strip() or "0"
        if not re.fullmatch(r"[0-9]{1,6}", text):
            raise ConfigError(
                f"{self._where('ratelimit')}: ratelimit = {text} is not a number of messages per minute.",
                hint="Write a whole number; 0 is for none.",
            )
        return int(text)

    def _tls(self) -> str:
        return _TLS.get(self._security) or ("none" if is_loopback(self._given.get("host", "")) else "starttls")

    def _override(self, key: str, name: str, value: object) -> Override:
        return Override(("relay",), name, value, self._where(key))

    def _where(self, key: str) -> str:
        """Return the line on which a key stands, or else the file."""
        pattern = re.compile(rf"\s*{key}\s*[=:]", re.IGNORECASE)
        numbers = (number for number, line in enumerate(self._text.split("\n"), start=1) if pattern.match(line))
        number = next(numbers, None)
        return f"{self._name}:{number}" if number else self._name
