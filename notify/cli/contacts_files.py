"""How ``notify contacts`` shows a contact file, and what its JSON says of a file and of a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.cli.findings import record_of, show_findings
from notify.cli.screen import how_many, put, put_columns

if TYPE_CHECKING:
    from notify.actions.survey import Surveyed
    from notify.contacts import Source

_SAMPLE_WIDTH = 56
#: So many rows are looked at to find two values of each column.
_LOOKED_AT = 50

_DELIMITERS = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars", " ": "blanks"}
_ENCODINGS = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "utf-8-sig": "UTF-8 with BOM",
    "mac_roman": "Mac Roman",
    "cp850": "DOS (cp850)",
    "cp437": "DOS (cp437)",
}


def show_file(source: Source) -> None:
    """Show what a file is, what was found in its columns, and what was guessed."""
    put(head=source.label, bold=True)
    put(f"  {', '.join(_described(source))}")
    samples = _samples(source)
    rows = [(header, "→", field, samples.get(header, "")) for header, field in source.columns.items()]
    put_columns(rows, indent="    ")
    others = [header for header in source.headers if header not in source.columns]
    filled = [header for header in others if samples.get(header, "?")]
    if filled:
        put(f'  not used, but row["…"] in a template reads them: {", ".join(filled)}')
    if empty := len(others) - len(filled):
        put(f"  {how_many(empty, 'column')} more {'is' if empty == 1 else 'are'} empty, as far as the first rows tell")
    show_findings(source.findings)
    put()


def encoding_name(encoding: str) -> str:
    """Return what people call an encoding."""
    return _ENCODINGS.get(encoding, encoding.upper())


def _described(source: Source) -> list[str]:
    words = [source.format.label]
    if source.encoding:
        words.append(encoding_name(source.encoding))
    if source.delimiter:
        words.append(_DELIMITERS.get(source.delimiter, source.delimiter))
    if source.header_line:
        words.append(f"header in line {source.header_line}")
    elif source.delimiter:
        words.append("no header")
    return words


def _samples(source: Source) -> dict[str, str]:
    """Return the first two values of each column, shortened; none of the sensitive columns."""
    from notify.core.contact import Contact

    found: dict[str, list[str]] = {header: [] for header in source.headers if header not in source.sensitive}
    for _, row in zip(range(_LOOKED_AT), source, strict=False):
        # a row that could not be taken apart says nothing about the columns
        for header, cell in row.row.items() if isinstance(row, Contact) else ():
            values = found.get(header)
            if cell and values is not None and len(values) < 2 and cell not in values:
                values.append(cell)
    return {header: _shortened(" · ".join(values)) for header, values in found.items()}


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= _SAMPLE_WIDTH:
        return text
    words = text[: _SAMPLE_WIDTH - 1].rpartition(" ")[0].rstrip(" ·")
    return f"{words} …" if words else f"{text[: _SAMPLE_WIDTH - 1]}…"


def record_of_file(source: Source, rows: int) -> dict[str, Any]:
    """Return what the JSON says of a file."""
    return {
        "path": source.label,
        "format": source.format.name,
        "encoding": source.encoding,
        "delimiter": source.delimiter,
        "header_line": source.header_line,
        "rows": rows,
        "columns": source.columns,
        "notes": [str(finding) for finding in source.findings],
        "findings": [record_of(finding) for finding in source.findings],
    }


def record_of_contact(surveyed: Surveyed) -> dict[str, Any]:
    """Return what the JSON says of a row and its fate."""
    from notify.core.contact import Contact, Recipient
    from notify.core.typos import suggestion

    row = surveyed.row
    found = {
        "origin": str(row.origin),
        "key": "",
        "name": "",
        "company": "",
        "address": "" if isinstance(row, Contact) else row.address,
        "other_addresses": [],
        "salutation": "",
        "language": "",
        "form": "",
        "status": str(surveyed.fate),
        "reason": surveyed.reason,
    }
    if isinstance(row, Recipient):
        found |= {
            "key": row.key,
            "name": row.name,
            "company": row.fields["company"],
            "other_addresses": list(row.other_addresses),
            "salutation": row.salutation,
            "language": row.language,
            "form": str(row.form),
            "neutral_because": row.why,
            "suggestion": suggestion(row.address),
        }
        if row.objections:
            found["against"] = [str(objection.against) for objection in row.objections]
    return found
