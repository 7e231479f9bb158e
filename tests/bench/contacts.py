"""What do a million contacts cost until they are enrolled, and again when nothing has changed? Checks nothing.

    ./run python tests/bench/contacts.py [SMALL LARGE]

Each size is a CSV file of twelve columns, every third person with a domain of their own. A process of its own reads,
maps, admits, sorts, enrols and renders it, the ledger durable, and then finds that nothing has changed. "peak" is the
highest resident memory of that process; times are of the processor; "x csv" is how many times it takes what a pass of
csv.reader over the file takes in the same process; the shares are of the first enrolment, measured around the calls of
each library.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.memory import peak_mb
from tests.folders import make_folder

_HEADER = "Kundennummer;Anrede;Titel;Vorname;Nachname;Firma;Straße;PLZ;Ort;E-Mail-Adresse;Telefon;Kunde seit\n"
_SHARES = ("pandas", "email-validator", "ledger")


def _write(path: Path, people: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEADER)
        for number in range(people):
            domain = f"firma{number}.example" if number % 3 == 0 else f"provider{number % 40}.example"
            file.write(
                f"{number:07};{('Frau', 'Herr', '')[number % 3]};{'Dr.' * (number % 17 == 0)};Vorname{number % 997};"
                f"Nachname{number % 49999};{'Muster & Söhne GmbH' * (number % 5 == 0)};Hauptstraße {number % 200};"
                f"{20000 + number % 9999};Musterstadt;post{number}@{domain};040 {number};{1990 + number % 35}\n"
            )


class Clocks:
    """How long some calls took together, by name."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self.calls: defaultdict[str, int] = defaultdict(int)

    def around(self, owner: Any, name: str, share: str, sign: int = 1) -> None:  # noqa: ANN401  # a module or a class
        """Measure a function from now on; with ``sign`` -1 its time is taken off again."""
        function: Callable[..., Any] = getattr(owner, name)

        def measured(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
            begin = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                self.spent[share] += sign * (time.perf_counter() - begin)
                self.calls[f"{share} {name}"] += 1

        setattr(owner, name, measured)


def _child(folder: Path) -> None:
    """Enrol twice; print what it took as one line of JSON."""
    from pandas.io.parsers import TextFileReader

    from notify.actions.prepare import prepare
    from notify.actions.run import begun
    from notify.config import load
    from notify.contacts import scan
    from notify.core import address
    from notify.ledger import Enrolment, Intake

    clocks = Clocks()
    clocks.around(TextFileReader, "get_chunk", "pandas")
    clocks.around(TextFileReader, "__next__", "pandas")
    clocks.around(scan.CheckedRows, "read", "pandas", sign=-1)  # what pandas asks us for is ours
    clocks.around(address, "_validate", "email-validator")
    for owner, name in ((Intake, "add"), (Intake, "sort"), (Enrolment, "take"), (Enrolment, "made_from")):
        clocks.around(owner, name, "ledger")
    figures = {"csv": _csv_pass(folder / "contacts" / "people.csv")}
    for again in ("first", "again"):
        prepared = prepare(load(folder, options={}, environment={}))
        begin = time.process_time()
        with begun(prepared, dt.datetime.now(dt.UTC), accept_change=False, rehearsal=False) as run:
            for _ in run.enrol():
                pass
        figures[again] = time.process_time() - begin
        if again == "first":
            figures |= {share: clocks.spent[share] for share in _SHARES}
    figures["peak"] = peak_mb()
    print(json.dumps(figures))


def _csv_pass(path: Path) -> float:
    """Return the processor time, in seconds, of reading a file as rows by header, and no more."""
    begin = time.process_time()
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        header = next(rows)
        for row in rows:
            dict(zip(header, row, strict=True))
    return time.process_time() - begin


def _one_size(people: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = make_folder(Path(name) / "campaign", relay_port=9)
        _write(folder / "contacts" / "people.csv", people)
        command = [sys.executable, __file__, "--child", str(folder)]
        environment = {**os.environ, "NOTIFY_STATE_DIR": f"{folder}.state"}
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
        if done.returncode:
            raise SystemExit(done.stderr)
        figures: dict[str, float] = json.loads(done.stdout)
        return figures


def main() -> None:
    """Measure both sizes and print how the larger compares to the smaller."""
    small, large = (int(argument) for argument in sys.argv[1:]) if sys.argv[1:] else (100_000, 1_000_000)
    rows = {people: _one_size(people) for people in (small, large)}
    shares = "  ".join(f"{share:>15}" for share in _SHARES)
    print(f"{'contacts':>9}  {'peak MB':>7}  {'us each':>7}  {'x csv':>5}  {shares}  {'again us':>8}  {'x csv':>5}")
    for people, one in rows.items():
        parts = "  ".join(f"{one[share] / one['first']:>15.0%}" for share in _SHARES)
        first, again = one["first"] / people * 1e6, one["again"] / people * 1e6
        csv_first, csv_again = (f"{one[what] / one['csv']:>5.1f}" for what in ("first", "again"))
        print(f"{people:>9,}  {one['peak']:>7.1f}  {first:>7.0f}  {csv_first}  {parts}  {again:>8.1f}  {csv_again}")
    each = [one["first"] / people for people, one in rows.items()]
    print(f"peak memory {large:,} : {small:,} = {rows[large]['peak'] / rows[small]['peak']:.2f}   (at most 1.3)")
    print(f"time a contact {large:,} : {small:,} = {each[1] / each[0]:.2f}   (1 is linear)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(Path(sys.argv[2]))
    else:
        main()
