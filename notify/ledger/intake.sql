-- What the contact files hold, sorted before it is enrolled. Kept in a file of its own that goes with the run.

-- name: given
-- A recipient as it was given, in the order of the files. Who it is, is that part of the person before the line break,
-- or else the name; what it became is empty for whoever is to be enrolled.
CREATE TABLE given (
    number            INTEGER PRIMARY KEY,
    key               TEXT NOT NULL,
    identity          TEXT NOT NULL,
    address           TEXT NOT NULL,
    name              TEXT NOT NULL,
    language          TEXT NOT NULL,
    salutation        TEXT NOT NULL,
    origin            TEXT NOT NULL,
    fields            TEXT NOT NULL,
    person            TEXT NOT NULL,
    shared_salutation TEXT NOT NULL,
    opted_out         TEXT NOT NULL,
    objections        TEXT NOT NULL,
    selected          INTEGER NOT NULL,
    row_digest        BLOB,
    became            TEXT NOT NULL DEFAULT '',
    other_origin      TEXT NOT NULL DEFAULT '',
    who               TEXT GENERATED ALWAYS AS (
        CASE person WHEN '' THEN lower(name) ELSE substr(person, 1, instr(person || char(10), char(10)) - 1) END) VIRTUAL
);

-- name: give
INSERT INTO given (key, identity, address, name, language, salutation, origin, fields, person, shared_salutation,
                   opted_out, objections, selected, row_digest)
VALUES (:key, :identity, :address, :name, :language, :salutation, :origin, :fields, :person, :shared_salutation,
        :opted_out, :objections, :selected, :row_digest);

-- name: objections
-- What speaks against writing to an address, whatever else becomes of the rows that say so. The gravest has most weight.
CREATE TABLE objection (
    identity   TEXT NOT NULL,
    against    TEXT NOT NULL,
    reason     TEXT NOT NULL,
    weight     INTEGER NOT NULL,
    leaves_out INTEGER NOT NULL,
    PRIMARY KEY (identity, against)
) WITHOUT ROWID;

-- name: object
-- Of each kind the first row that says so is the reason.
INSERT OR IGNORE INTO objection (identity, against, reason, weight, leaves_out)
VALUES (:identity, :against, :reason, :weight, :leaves_out);

-- name: index_identities
CREATE INDEX given_identity ON given (identity, number);

-- name: index_keys
CREATE INDEX given_key ON given (key, number);

-- name: index_people
CREATE INDEX given_person ON given (person, number) WHERE person <> '';

-- name: find_duplicates
-- The address was given before: the first row stands for all.
UPDATE given
SET became = 'duplicate',
    other_origin = (SELECT f.origin FROM given f WHERE f.identity = given.identity ORDER BY f.number LIMIT 1)
WHERE number > (SELECT min(f.number) FROM given f WHERE f.identity = given.identity);

-- name: find_keys_twice
-- The key was given before, with another address; a row without a key column has its address as its key.
UPDATE given
SET became = 'key twice',
    other_origin = (
        SELECT f.origin FROM given f
        WHERE f.key = given.key AND f.identity <> given.identity ORDER BY f.number LIMIT 1)
WHERE EXISTS (
    SELECT 1 FROM given f
    WHERE f.key = given.key AND f.number < given.number AND f.identity <> given.identity);

-- name: find_same_people
-- Probably somebody who is written to at another address; not the other addresses of one row, which were asked for, nor
-- an address that somebody else has too, who would be left out with them.
UPDATE given
SET became = 'same person',
    other_origin = (SELECT f.origin FROM given f WHERE f.person = given.person AND f.person <> '' ORDER BY f.number LIMIT 1)
WHERE became = '' AND person <> '' AND EXISTS (
    SELECT 1 FROM given f
    WHERE f.person = given.person AND f.person <> '' AND f.number < given.number
        AND f.identity <> given.identity AND f.origin <> given.origin)
    AND NOT EXISTS (SELECT 1 FROM given f WHERE f.identity = given.identity AND f.person <> given.person);

-- name: greet_neutrally
-- Several people read what is written to one address, and their rows greet them differently. The row does not say what
-- is written then, so it has no digest.
UPDATE given SET salutation = shared_salutation, row_digest = NULL
WHERE became = '' AND identity IN (SELECT identity FROM given WHERE became IN ('duplicate', 'key twice'))
    AND (SELECT count(DISTINCT f.who) FROM given f WHERE f.identity = given.identity AND f.who <> '') > 1
    AND (SELECT count(DISTINCT f.salutation) FROM given f WHERE f.identity = given.identity) > 1;

-- name: ask_for_all_rows
-- Who was asked for in one row was asked for; the first row stands for all, also where its key is taken.
UPDATE given SET selected = 1, row_digest = NULL
WHERE became IN ('', 'key twice') AND NOT selected AND identity IN (SELECT identity FROM given WHERE became IN ('duplicate', 'key twice'))
    AND EXISTS (SELECT 1 FROM given f WHERE f.identity = given.identity AND f.selected);

-- name: join_objections
-- What one row says against an address is said in all of them; in front what leaves it out, of that the gravest.
UPDATE given
SET opted_out = coalesce(
        (SELECT o.reason FROM objection o WHERE o.identity = given.identity AND o.leaves_out ORDER BY o.weight DESC LIMIT 1),
        ''),
    objections = (
        SELECT json_group_array(json_array(said.against, said.reason)) FROM (
            SELECT o.against, o.reason FROM objection o WHERE o.identity = given.identity
            ORDER BY o.leaves_out DESC, o.weight DESC) AS said)
WHERE became = '' AND identity IN (SELECT identity FROM objection);

-- name: sorted
SELECT key, identity, address, name, language, salutation, origin, fields, person, shared_salutation, opted_out,
       objections, selected, row_digest, became, other_origin
FROM given ORDER BY number;

-- name: shared_addresses
-- Several people at one address.
SELECT identity AS mark, origin, name, address FROM given
WHERE identity IN (SELECT identity FROM given WHERE became = 'duplicate')
    AND (SELECT count(DISTINCT f.who) FROM given f WHERE f.identity = given.identity AND f.who <> '') > 1
ORDER BY (SELECT min(f.number) FROM given f WHERE f.identity = given.identity), number;

-- name: repeated_rows
-- One address in several rows, and nothing speaks for several people.
SELECT identity AS mark, origin, name, address FROM given
WHERE identity IN (SELECT identity FROM given WHERE became = 'duplicate')
    AND (SELECT count(DISTINCT f.who) FROM given f WHERE f.identity = given.identity AND f.who <> '') <= 1
ORDER BY (SELECT min(f.number) FROM given f WHERE f.identity = given.identity), number;

-- name: same_people
-- Probably one person with several addresses, in several rows.
SELECT person AS mark, origin, name, address FROM given
WHERE person <> '' AND became <> 'duplicate' AND EXISTS (
    SELECT 1 FROM given f
    WHERE f.person = given.person AND f.person <> '' AND f.identity <> given.identity AND f.origin <> given.origin
        AND f.became <> 'duplicate')
ORDER BY (SELECT min(f.number) FROM given f WHERE f.person = given.person AND f.person <> ''), number;

-- name: keys_twice
-- One key, several addresses.
SELECT key AS mark, origin, name, address FROM given
WHERE key IN (SELECT key FROM given WHERE became = 'key twice')
ORDER BY (SELECT min(f.number) FROM given f WHERE f.key = given.key), number;
