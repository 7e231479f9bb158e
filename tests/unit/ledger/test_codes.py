"""A million call-back codes in one campaign."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.core.codes import CodeLength, heard
from notify.ledger import Codes, open_store
from notify.ledger.codes import give_codes
from tests.unit.ledger.mailing import Mailing, read

_PEOPLE = """
WITH RECURSIVE person (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM person WHERE n < :people)
INSERT INTO recipient (campaign, key, identity, address, name, language, salutation, origin, fields, round, status,
                       message_id)
SELECT :campaign, 'K' || n, 'p' || n || '@example.com', 'p' || n || '@example.com', '', 'de', '', '', '{}', 1,
       'pending', ''
FROM person
"""


@pytest.mark.long
@pytest.mark.parametrize("people", [1_000_000])
def test_no_two_alike(tmp_path: Path, people: int) -> None:
    """Of a million no two are alike, a guess hits with less than 1 in 100,000, and each is found again."""
    path = tmp_path / "ledger.db"
    with open_store(path, create=True) as store:
        post = Mailing(store)
        with store.transaction() as db:
            db.execute(_PEOPLE, {"campaign": post.record.number, "people": people})
        before = path.stat().st_size
        with store.transaction() as db:
            give_codes(db, post.record)
        codes = [row["printed"] for row in read(path, "SELECT printed FROM code")]
        assert len({heard(code) for code in codes}) == people
        (length,) = read(path, "SELECT DISTINCT words, digits FROM code")
        assert CodeLength(**length).space > people * 100_000
        for number in range(1, people, people // 100):
            found = Codes(store).find(Codes(store).of(post.record, f"p{number}@example.com").lower())
            assert found is not None
            assert found.key == f"K{number}"
    assert path.stat().st_size - before < 100 * people
