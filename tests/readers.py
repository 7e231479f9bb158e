"""Other people's programs that read mail, each with what it finds in a message: the judges of what notify composes."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

_PERL = """
use Email::MIME; use JSON::PP; use MIME::Base64; local $/;
my $message = Email::MIME->new(<STDIN>); my @parts;
$message->walk_parts(sub {
    my $part = shift; return if $part->subparts;
    my ($type) = $part->content_type =~ m{^([^;]+)};
    push @parts, [$type, $part->filename // "", encode_base64($part->body, "")];
});
print JSON::PP->new->utf8->encode({subject => $message->header_str("Subject"), parts => \\@parts});
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is no multipart: its type, the name of its file, and its octets, with LF in texts."""

    content_type: str
    filename: str
    octets: bytes

    def __post_init__(self) -> None:
        if self.content_type.startswith("text/"):
            # line ends are those of whoever reads
            object.__setattr__(self, "octets", self.octets.replace(b"\r\n", b"\n").rstrip(b"\n"))


@dataclass(frozen=True, slots=True)
class Found:
    """What a program finds in a message; ``subject`` is None where it does not tell."""

    subject: str | None
    parts: tuple[Part, ...]


def standard_library(octets: bytes, _folder: Path) -> Found:
    """Read by Python's email package."""
    read = message_from_bytes(octets, policy=policy.default)
    parts = (part for part in read.walk() if not part.is_multipart())
    return Found(
        str(read["Subject"]),
        tuple(Part(part.get_content_type(), part.get_filename() or "", _payload(part)) for part in parts),
    )


def _payload(part: object) -> bytes:
    payload = part.get_payload(decode=True)  # type: ignore[attr-defined]
    assert isinstance(payload, bytes)
    return payload


def email_mime(octets: bytes, _folder: Path) -> Found:
    """Read by Perl's Email::MIME."""
    found = json.loads(_run(octets, "perl", "-e", _PERL))
    parts = (Part(kind, name, base64.b64decode(body)) for kind, name, body in found["parts"])
    return Found(found["subject"], tuple(parts))


def reformime(octets: bytes, _folder: Path) -> Found:
    """Read by maildrop's reformime."""
    return Found(None, tuple(_sections(octets)))


def _sections(octets: bytes) -> Iterator[Part]:
    for told in _run(octets, "reformime", "-i").decode().split("\n\n"):
        fields = dict(re.findall(r"^([a-z-]+): (.*)$", told, re.MULTILINE))
        if fields and not fields["content-type"].startswith("multipart/"):
            name = fields.get("content-disposition-filename", "")
            body = _run(octets, "reformime", "-s", fields["section"], "-e")
            yield Part(fields["content-type"], name, body)


def notmuch(octets: bytes, folder: Path) -> Found:
    """Read by notmuch, and GMime behind it."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "cur" / "1:2,S").write_bytes(octets)
    settings = folder.parent / f"{folder.name}.conf"
    settings.write_text(f"[database]\npath={folder}\n[user]\nname=x\nprimary_email=x@example.com\n", "utf-8")
    command = ("notmuch", f"--config={settings}")
    _run(b"", *command, "new")
    ((message, _),) = json.loads(_run(b"", *command, "show", "--format=json", "--include-html", "*"))[0]
    parts = (
        Part(
            part["content-type"],
            part.get("filename", ""),
            _run(b"", *command, "show", f"--part={part['id']}", "--format=raw", "*"),
        )
        for body in message["body"]
        for part in _leaves(body)
    )
    return Found(message["headers"]["Subject"], tuple(parts))


def _leaves(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    content = part.get("content")
    if isinstance(content, list):
        for child in content:
            yield from _leaves(child)
    else:
        yield part


def _run(given: bytes, *command: str) -> bytes:
    return subprocess.run(command, input=given, capture_output=True, check=True, timeout=60).stdout


#: Each program, with the command that must be there.
READERS: dict[str, Callable[[bytes, Path], Found]] = {
    "python": standard_library,
    "perl": email_mime,
    "reformime": reformime,
    "notmuch": notmuch,
}
