-- Compares a ledger with its journals. The tables live in a file without a name and go with the run.

-- name: make_noted
-- Everything that the journals hold. The index comes later: adding a million hashes in no order to one takes ten times as
-- long as sorting them once.
CREATE TABLE noted (journal INTEGER NOT NULL, mark BLOB NOT NULL, person BLOB NOT NULL) STRICT;

-- name: make_known
-- Every try that the ledger knows.
CREATE TABLE known (mark BLOB NOT NULL) STRICT;

-- name: make_unknown
-- What the journals hold and the ledger does not know.
CREATE TABLE unknown (
    journal INTEGER NOT NULL,
    mark    BLOB NOT NULL,
    person  BLOB NOT NULL,
    PRIMARY KEY (journal, mark)
) STRICT, WITHOUT ROWID;

-- name: make_acknowledged
-- What the user has trusted the ledger about, in an earlier run.
CREATE TABLE acknowledged (mark BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;

-- name: note
INSERT INTO noted VALUES (?, ?, ?);

-- name: acknowledge
INSERT OR IGNORE INTO acknowledged VALUES (?);

-- name: know
INSERT INTO known VALUES (?);

-- name: index_noted
CREATE INDEX noted_in_order ON noted (mark, journal, person);

-- name: index_known
CREATE INDEX known_in_order ON known (mark);

-- name: find_unknown
-- The ledger's own journal is number 0. What another ledger sent is never known to this one.
INSERT OR IGNORE INTO unknown
SELECT journal, mark, person FROM noted INDEXED BY noted_in_order
WHERE journal > 0 OR NOT EXISTS (SELECT 1 FROM known WHERE known.mark = noted.mark)
ORDER BY mark;

-- name: index_people
CREATE INDEX people ON unknown (person);

-- name: count_people
-- How many people one journal says were written to, about whom the ledger knows nothing and nobody has trusted it.
SELECT count(DISTINCT person) FROM unknown
WHERE journal = ? AND acknowledgement_of(journal, mark) NOT IN (SELECT mark FROM acknowledged);

-- name: not_acknowledged
SELECT mark FROM unknown
WHERE journal = ? AND acknowledgement_of(journal, mark) NOT IN (SELECT mark FROM acknowledged);

-- name: count_messages
-- How many messages one person got that the ledger does not know.
SELECT count(*) FROM unknown WHERE journal = ? AND person = ?;

-- name: anything_noted
SELECT 1 FROM noted LIMIT 1;

-- name: anything_unknown
SELECT 1 FROM unknown LIMIT 1;
