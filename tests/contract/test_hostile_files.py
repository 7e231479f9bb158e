"""Files that are made to take all time or all memory: read within bounds, or refused with 65 and one sentence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.hostile_workbooks import WORKBOOKS

ROOT = Path(__file__).parents[2]
HEADER = b"E-Mail;Name;Ort\n"
ANNA = b"a@example.com;Anna;Bonn\n"
CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nEMAIL:a@example.com\r\n"
MANY = 20_000_000

# made when they are needed: together they are large
FILES: dict[str, Callable[[], bytes]] = {
    "blank lines.csv": lambda: HEADER + ANNA + b"\n" * MANY + ANNA.replace(b"a@", b"b@"),
    "blank lines of Windows.csv": lambda: HEADER + ANNA + b"\r\n" * MANY,
    "blank rows.csv": lambda: HEADER + ANNA + b";;\n" * (MANY // 8),
    "nothing but blank lines.csv": lambda: b"\n" * MANY + HEADER + ANNA,
    "a header without end.csv": lambda: b"E-Mail;" + b"Name;" * MANY + b"\n" + ANNA,
    "a header of thousands.csv": lambda: (
        b"E-Mail;" + b";".join(b"Feld %d" % number for number in range(40_000)) + b"\n" + ANNA
    ),
    "a line without end.csv": lambda: HEADER + ANNA + b"x" * 2 * MANY + b"\n" + ANNA.replace(b"a@", b"b@"),
    "a line of delimiters.csv": lambda: HEADER + ANNA + b";" * 2 * MANY + b"\n" + ANNA.replace(b"a@", b"b@"),
    "a cell of addresses.csv": lambda: (
        HEADER + b'"' + b"\n".join(b"a%d@example.com" % n for n in range(8000)) + b'";A;B\n'
    ),
    "a cell of others.csv": lambda: (
        HEADER + b'"' + b"\n".join(b"a%d.example.com" % n for n in range(40_000)) + b'";A;B\n'
    ),
    "an address without end.csv": lambda: HEADER + b"a@" + b"b." * 400_000 + b"com;A;B\n" + ANNA,
    "marks that open again and again.csv": lambda: HEADER + b'y"x;"z;a\n' * 30_000 + ANNA,
    "blank lines.vcf": lambda: CARD + b"END:VCARD\r\n" + b"\n" * MANY,
    "blank lines of Windows.vcf": lambda: CARD + b"END:VCARD\r\n" + b"\r\n" * MANY,
    "a value without end.vcf": lambda: CARD + b"X-A:" + b"x" * 2 * MANY + b"\r\nEND:VCARD\r\n",
    "a line without end.prn": lambda: b"a@example.com  Anna\n" + b"x " * MANY + b"\nb@example.com  Ben\n",
    "words without end.prn": lambda: b"a@example.com  Anna  Bonn\n" * 9 + (b"a@b " * 9_000 + b"\n") * 500,
    "an alias without end.nnt": lambda: b"alias a a@example.com\nalias b " + b"b@example.com," * (MANY // 8) + b"\n",
    "signs in aliases.nnt": lambda: (
        b"alias a a@example.com\n"
        + b"".join(
            b"alias b " + sign * (60_000 // len(sign)) + b"\n"
            for sign in (b"@", b"<", b"(", b'"', b" ", b"<a:", b"b ", b"@ ")
        )
        * 2
    ),
    "nicknames without number.nnt": lambda: b"".join(b"alias %d a@example.com\n" % n for n in range(MANY // 10)),
    "lines that go on.nnt": lambda: b"alias a a@example.com\n" + b"\\\n" * MANY,
    "notes.nnt": lambda: b"alias a a@example.com\nalias b b@example.com\n" + b"note a <x:y>\n" * (MANY // 10),
    "blank lines.ldif": lambda: b"dn: cn=a\nobjectclass: person\ncn: A\nmail: a@example.com\n" + b"\n" * MANY,
}
PROGRAM = (
    "import resource, sys; resource.setrlimit(resource.RLIMIT_CPU, (10, 12));"
    "import atexit, os; from tests.bench.memory import peak_mb;"
    "atexit.register(lambda: os.write(2, b'PEAK %d' % peak_mb()));"
    "sys.argv = ['notify', 'contacts', '--json', '--contacts', sys.argv[1]]; from notify.cli import main; main()"
)


@pytest.fixture(params=[*FILES, *WORKBOOKS])
def hostile(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Give one of the files; it is gone afterwards, because all of them together are large."""
    path = tmp_path / request.param
    path.write_bytes((FILES | WORKBOOKS)[request.param]())
    yield path
    path.unlink()


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="the limits are those of Linux")
def test_hostile_files(hostile: Path) -> None:
    """Ten seconds of the processor and 300 MB are enough for each, and never is there a traceback."""
    command = [sys.executable, "-c", PROGRAM, str(hostile)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode in {0, 65}, (done.returncode, done.stderr[-2000:])
    assert "Traceback" not in done.stderr
    assert done.stderr.count("Error: ") == (done.returncode == 65)
    assert int(done.stderr.rpartition("PEAK ")[2]) < 300
