-- What the witnesses say against a ledger. The tables live in a file without a name and go with the run.

-- name: make_heard
-- Everything that the witnesses say. The index comes later: adding a million hashes in no order to one takes ten times as
-- long as sorting them once.
CREATE TABLE heard (witness INTEGER NOT NULL, mark BLOB NOT NULL, person BLOB NOT NULL) STRICT;

-- name: make_known
CREATE TABLE known (mark BLOB NOT NULL) STRICT;

-- name: make_entry
-- What the ledger does not know.
CREATE TABLE entry (
    witness INTEGER NOT NULL,
    mark    BLOB NOT NULL,
    person  BLOB NOT NULL,
    PRIMARY KEY (witness, mark)
) STRICT, WITHOUT ROWID;

-- name: make_excuse
CREATE TABLE excuse (mark BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;

-- name: hear
INSERT INTO heard VALUES (?, ?, ?);

-- name: excuse
INSERT OR IGNORE INTO excuse VALUES (?);

-- name: know
INSERT INTO known VALUES (?);

-- name: index_heard
CREATE INDEX heard_in_order ON heard (mark, witness, person);

-- name: index_known
CREATE INDEX known_in_order ON known (mark);

-- name: sift
INSERT OR IGNORE INTO entry
SELECT witness, mark, person FROM heard INDEXED BY heard_in_order
WHERE witness > 0 OR NOT EXISTS (SELECT 1 FROM known WHERE known.mark = heard.mark)
ORDER BY mark;

-- name: index_people
CREATE INDEX people ON entry (person);

-- name: accused
-- Of how many people a witness says what nobody has excused.
SELECT count(DISTINCT person) FROM entry
WHERE witness = ? AND excuse_of(witness, mark) NOT IN (SELECT mark FROM excuse);

-- name: unexcused
SELECT mark FROM entry WHERE witness = ? AND excuse_of(witness, mark) NOT IN (SELECT mark FROM excuse);

-- name: about
-- How many messages one person got that the ledger does not know.
SELECT count(*) FROM entry WHERE witness = ? AND person = ?;

-- name: anything_heard
SELECT 1 FROM heard LIMIT 1;

-- name: anything_unknown
SELECT 1 FROM entry LIMIT 1;
