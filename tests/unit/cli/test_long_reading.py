"""What is shown while many rows are read, and when it is over."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

import click
import pytest

from notify.cli.screen import while_read
from notify.cli.send_progress import reading
from notify.cli.walks import Walks

NEEDS_POLL = pytest.mark.skipif(sys.platform == "win32", reason="Windows tells of a closed pipe when it is written to")


@NEEDS_POLL
def test_nobody_reads_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind ``| head`` what is not written any more is not worked for either; until then every row is read."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        assert len(list(while_read(range(5000)))) == 5000
        os.close(reader)
        seen = 0
        with pytest.raises(click.exceptions.Exit) as ended:
            for seen in while_read(range(100_000)):  # noqa: B007  # how far it comes
                pass
        assert (ended.value.exit_code, seen < 1000) == (0, True)


@NEEDS_POLL
def test_who_does_more_than_write_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message to oneself leaves though nobody reads standard output; only what is written there ends with that."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        walks = Walks([])
        assert [len(list(walks(range(5000)))) for _ in range(2)] == [5000, 5000]
        with pytest.raises(click.exceptions.Exit):
            list(Walks([], ends_unread=True)(range(5000)))


def _slowly() -> Iterator[int]:
    """Yield rows of which the first take a second."""
    for number in range(60_000):
        if number == 900:
            time.sleep(1.05)
        yield number


def test_a_sign_of_life(capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no terminal, a line comes as soon as it takes a while, with pace and time left, and then few."""
    assert len(list(reading(_slowly(), total=lambda: 4_000_000))) == 60_000
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("Reading contacts … 1,000, ")
    assert first.endswith(" left")
    assert second.startswith("Reading contacts … 50,000, ")
    assert list(reading(range(20_000), total=pytest.fail)) == list(range(20_000))
    assert capsys.readouterr().err == ""
