"""What is handed on: the built distributions, and the examples that travel in them."""

from __future__ import annotations

import email
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from notify import __version__
from notify.config import sample

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "notify" / "examples"

#: What somebody's own campaign leaves in a checkout; none of it is anybody else's business.
PRIVATE = (
    "contacts/private.csv",
    "contacts/kunden.csv",
    "templates/private/message.de.md",
    "templates/change-of-details/message.de.md",
    "notify.toml",
    "overrides.csv",
    "ledger.db",
    "outbox/new/1.eml",
    "preview/1.eml",
)
MARK = "anna.privat@example.org"


def _hatch(checkout: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "hatchling", "build", *arguments], cwd=checkout, check=True, timeout=120)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build sdist and wheel in a checkout where somebody has a campaign of their own; the wheel from the sdist.

    Another wheel, in the folder ``direct``, comes from the checkout itself, as pip makes it.
    """
    folder = tmp_path_factory.mktemp("packaging")
    checkout = folder / "checkout"
    ours = shutil.ignore_patterns(".*cache", ".git", ".venv", "__pycache__", "dist", "outbox", "ledger.db*", "preview")
    shutil.copytree(ROOT, checkout, ignore=ours)
    for name in PRIVATE:
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text(MARK, "utf-8")
    _hatch(checkout, "-t", "sdist", "-d", str(folder))
    _hatch(checkout, "-t", "wheel", "-d", str(folder / "direct"))
    [sdist] = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    [unpacked] = (folder / "unpacked").iterdir()
    _hatch(unpacked, "-t", "wheel", "-d", str(folder))
    [wheel] = folder.glob("*.whl")
    return sdist, wheel


def _examples() -> dict[str, bytes]:
    return {str(path.relative_to(EXAMPLES)): path.read_bytes() for path in EXAMPLES.rglob("*") if path.is_file()}


def _written() -> dict[str, bytes]:
    """Return what ``notify init`` writes: the contacts, the template that it takes by itself, and notify.toml."""
    ours = ("contacts", "templates/change-of-details")
    written = {name: octets for name, octets in _examples().items() if Path(name).parent.as_posix() in ours}
    assert len(written) == 8
    return written | {"notify.toml": sample("en").encode()}


def test_the_wheel_holds_what_is_packaged(built: tuple[Path, Path]) -> None:
    """The wheel has the package with its examples, the man page and the command; nothing of the checkout's campaign."""
    with zipfile.ZipFile(built[1]) as wheel:
        files = {name: wheel.read(name) for name in wheel.namelist()}
    tops = {name.split("/")[0] for name in files}
    named = f"notify_circular-{__version__}"
    assert tops == {"notify", f"{named}.dist-info", f"{named}.data"}
    assert not any(MARK.encode() in octets for octets in files.values())
    prefix = "notify/examples/"
    assert {name.removeprefix(prefix): octets for name, octets in files.items() if name.startswith(prefix)} == (
        _examples()
    )
    assert f"{named}.data/data/share/man/man1/notify.1" in files
    assert b"notify = notify.__main__:main" in files[f"{named}.dist-info/entry_points.txt"]
    assert {"notify/py.typed", "notify/ledger/schema.sql", "notify/contacts/columns.toml"} <= set(files)


def test_both_ways_to_a_wheel_are_the_same(built: tuple[Path, Path]) -> None:
    """Built from the checkout, whatever lies in it, the wheel is the one that the sdist gives."""
    direct = built[1].parent / "direct" / built[1].name
    assert direct.read_bytes() == built[1].read_bytes()


def test_the_sdist_holds_what_is_packaged(built: tuple[Path, Path]) -> None:
    """The sdist has sources, tests and documents, and nothing of the checkout's campaign."""
    with tarfile.open(built[0]) as sdist:
        files = {
            member.name.split("/", 1)[1]: file.read()
            for member in sdist.getmembers()
            if (file := sdist.extractfile(member))
        }
    assert not any(MARK.encode() in octets for name, octets in files.items() if not name.endswith("test_packaging.py"))
    assert {name.split("/")[0] for name in files} == {
        ".gitignore", ".run", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "PKG-INFO", "README.md", "SECURITY.md",
        "docs", "notify", "pyproject.toml", "run", "tests",
    }  # fmt: skip


def test_metadata(built: tuple[Path, Path]) -> None:
    """The index is told what the program is called, what it needs and where it belongs."""
    with zipfile.ZipFile(built[1]) as wheel:
        metadata = email.message_from_bytes(wheel.read(f"notify_circular-{__version__}.dist-info/METADATA"))
    assert metadata["Name"] == "notify-circular"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata.get_all("Project-URL")
    assert metadata["Author"] == "The notify authors"
    wanted = {f"Programming Language :: Python :: 3.{minor}" for minor in (11, 12, 13, 14)}
    assert wanted <= set(metadata.get_all("Classifier") or ())


def test_the_wheel_works_by_itself(built: tuple[Path, Path], tmp_path: Path) -> None:
    """Without the checkout, `notify init` writes the examples, and they can be sent."""
    with zipfile.ZipFile(built[1]) as wheel:
        wheel.extractall(tmp_path / "site")  # noqa: S202  # it is ours
    # -P, and a folder of its own: what is imported is the wheel
    done = subprocess.run(
        [sys.executable, "-P", "-m", "notify", "init", "campaign", "--lang", "en"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "wrote campaign/contacts/kunden.csv" in done.stderr.replace("\\", "/")
    campaign = tmp_path / "campaign"
    written = {str(path.relative_to(campaign)): path.read_bytes() for path in campaign.rglob("*") if path.is_file()}
    assert written == _written()


def test_the_checkout_is_the_example() -> None:
    """contacts/, templates/ and notify.toml of the repository are what `notify init` writes.

    What counts is either the file itself or what git holds of it, so that whoever uses the checkout for a campaign of
    their own may change it. Mend with what docs/development.md names, or with `notify init` in an empty folder.
    """
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")

    def git(*arguments: str) -> bytes:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout

    expected = _written()
    assert set(git("ls-files", "contacts", "templates", "notify.toml").decode().split()) == {
        name.replace("\\", "/") for name in expected
    }
    for name, octets in expected.items():
        here = ROOT / name
        assert octets in {here.read_bytes() if here.exists() else None, git("show", f":{name}")}, name
