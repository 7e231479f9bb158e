"""Other programs doing the same mailing: mailmerge, a loop of yagmail's ``send``, and ``smtplib`` on one connection.

Run as a process of its own, the last two read the contacts, render, and hand over, and keep no record of anything:

    python tests/bench/peers.py yagmail|smtplib FOLDER PORT
"""

from __future__ import annotations

import csv
import smtplib
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import jinja2
import yagmail

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench import letter

MAILMERGE = "mailmerge==2.3.0"


def install(folder: Path, *packages: str) -> str:
    """Make a virtual environment with packages that are no dependencies of ours; return why that was not possible."""
    if not (folder / "bin" / "python").exists():
        venv.create(folder, with_pip=True)
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *packages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


def _letters(path: Path) -> Iterator[tuple[str, str, str, str]]:
    """Yield address, subject, text and HTML for each contact."""
    plain, marked = jinja2.Environment(), jinja2.Environment(autoescape=True)  # noqa: S701  # text is no HTML
    subject, text = plain.from_string(letter.SUBJECT), plain.from_string(letter.TEXT)
    html = marked.from_string(letter.html())
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            values = row | {"mail": row["E-Mail"], "changes": letter.CHANGES}
            yield row["E-Mail"], subject.render(values), text.render(values), html.render(values)


def _with_yagmail(letters: Iterator[tuple[str, str, str, str]], port: int) -> None:
    client = yagmail.SMTP(
        letter.SENDER, host="127.0.0.1", port=port, smtp_ssl=False, smtp_starttls=False, smtp_skip_login=True
    )
    for to, subject, text, html in letters:
        client.send(to, subject, [text, html])


def _with_smtplib(letters: Iterator[tuple[str, str, str, str]], port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        for to, subject, text, html in letters:
            message = EmailMessage(policy=SMTP)
            message["From"] = Address("Muster PR", addr_spec=letter.SENDER)
            message["To"] = to
            message["Subject"] = subject
            message.set_content(text)
            message.add_alternative(html, subtype="html")
            client.send_message(message)


_PEERS: dict[str, Callable[[Iterator[tuple[str, str, str, str]], int], None]] = {
    "yagmail": _with_yagmail,
    "smtplib": _with_smtplib,
}

if __name__ == "__main__":
    name, folder, port = sys.argv[1:]
    _PEERS[name](_letters(Path(folder) / "people.csv"), int(port))
