"""What is wrong with a composed message, for the parser of the standard library."""

from __future__ import annotations

import re
from email.header import decode_header, make_header
from email.message import MIMEPart

#: What it says of an encoded word in quotation marks.
_OF_ENCODED_NAMES = {"encoded word inside quoted string", "missing trailing whitespace after encoded-word"}


def defects_of(part: MIMEPart) -> list[object]:
    """Return the defects of a part and of its headers, but for one that is meant.

    Outlook knows a name that is not plain only as an encoded word in quotation marks, in Content-Type, where RFC 2047
    allows none (5, 3). It must be there, then, and say what Content-Disposition says by RFC 2231.
    """
    name = _encoded_name(part)
    found: list[object] = list(part.defects)
    for header, value in part.items():
        meant = _OF_ENCODED_NAMES if header == "Content-Type" and name is not None else set()
        found += [defect for defect in value.defects if str(defect) not in meant]
    disposition = part["Content-Disposition"]
    filename = disposition.params.get("filename", "") if disposition else ""
    if name is not None and name != filename:
        found.append(f"called {name!r} in Content-Type, and {filename!r} in Content-Disposition")
    if name is None and not re.fullmatch(r"[A-Za-z0-9 ,;()&+_.-]{0,60}", filename):
        found.append(f"{filename!r} is not told to Outlook")
    return found


def _encoded_name(part: MIMEPart) -> str | None:
    """Return the name in Content-Type as a program decodes it that knows no better."""
    raw = next((str(value) for name, value in part.raw_items() if name == "Content-Type"), "")
    found = re.search(r'name="(=\?.*)"\s*$', re.sub(r"\r?\n(?=[ \t])", "", raw))
    return str(make_header(decode_header(found[1]))) if found else None
