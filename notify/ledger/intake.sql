-- What the contact files hold, sorted before it is enrolled. Kept in a file of its own that goes with the run.

-- name: packs
-- Everybody as they were given, in the order of the files, so many in one as Python packs them.
CREATE TABLE pack (number INTEGER PRIMARY KEY, rows BLOB NOT NULL);

-- name: pack
INSERT INTO pack (rows) VALUES (?);

-- name: packed
SELECT rows FROM pack WHERE number = ?;

-- name: all_packed
SELECT rows FROM pack ORDER BY number;

-- name: digests
-- By what rows may belong together. Two that have nothing in common may have the same digest, too: they are compared.
CREATE TABLE digest (number INTEGER PRIMARY KEY, identity INTEGER NOT NULL, key INTEGER NOT NULL);

-- name: digest
INSERT INTO digest (identity, key) VALUES (?, ?);

-- name: all_rows
-- Those who are not laid out yet.
SELECT number FROM digest WHERE number NOT IN (SELECT number FROM given) ORDER BY number;

-- name: rows_that_may_belong_together
-- Those who share an address, or a key though they have several, and those to whose address something is objected.
SELECT number FROM digest
WHERE identity IN (SELECT identity FROM digest GROUP BY identity HAVING count(*) > 1)
    OR (:has_keys AND key IN (SELECT key FROM digest GROUP BY key HAVING count(DISTINCT identity) > 1))
    OR identity IN (SELECT digest FROM objection)
ORDER BY number;

-- name: people
-- By what rows may be about one person, as above; of those that say who it is.
CREATE TABLE IF NOT EXISTS person (number INTEGER PRIMARY KEY, digest INTEGER NOT NULL);

-- name: person
INSERT OR REPLACE INTO person (number, digest) VALUES (?, ?);

-- name: rows_of_same_people
-- Those who are not laid out yet, and may be somebody whom another row is about.
SELECT number FROM person
WHERE digest IN (SELECT digest FROM person GROUP BY digest HAVING count(*) > 1) AND number NOT IN (SELECT number FROM given)
ORDER BY number;

-- name: given
-- A recipient as it was given, if it may belong with others. Who it is, is that part of the person before the line break,
-- or else the name; what it became is empty for whoever is to be enrolled.
CREATE TABLE given (
    number            INTEGER PRIMARY KEY,
    key               TEXT NOT NULL,
    identity          TEXT NOT NULL,
    address           TEXT NOT NULL,
    name              TEXT NOT NULL,
    language          TEXT NOT NULL,
    form              TEXT NOT NULL,
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
    -- the recipient of an earlier enrolment that its key names, which had another address then
    moved_from        INTEGER,
    old_address       TEXT NOT NULL DEFAULT '',
    who               TEXT GENERATED ALWAYS AS (
        CASE person WHEN '' THEN lower(name) ELSE substr(person, 1, instr(person || char(10), char(10)) - 1) END) VIRTUAL
);

-- name: lay_out
-- In the order of the fields.
INSERT INTO given (number, key, identity, address, name, language, salutation, origin, fields, person, shared_salutation,
                   opted_out, objections, row_digest, selected, form)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: objections
-- What speaks against writing to an address, whatever else becomes of the rows that say so. The gravest has most weight.
CREATE TABLE objection (
    identity   TEXT NOT NULL,
    digest     INTEGER NOT NULL,
    against    TEXT NOT NULL,
    reason     TEXT NOT NULL,
    weight     INTEGER NOT NULL,
    leaves_out INTEGER NOT NULL,
    PRIMARY KEY (identity, against)
) WITHOUT ROWID;

-- name: object
-- Of each kind the first row that says so is the reason.
INSERT OR IGNORE INTO objection (identity, digest, against, reason, weight, leaves_out)
VALUES (:identity, :digest, :against, :reason, :weight, :leaves_out);

-- name: known
-- Whom earlier enrolments have brought into the ledger; who it is, as the row says that was given last.
CREATE TABLE known (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL,
    identity   TEXT NOT NULL,
    address    TEXT NOT NULL,
    name       TEXT NOT NULL,
    person     TEXT NOT NULL,
    origin     TEXT NOT NULL,
    round      INTEGER NOT NULL,
    is_reached INTEGER NOT NULL,
    left_out   TEXT NOT NULL,
    stood_at   TEXT NOT NULL,
    who        TEXT GENERATED ALWAYS AS (
        CASE person WHEN '' THEN lower(name) ELSE substr(person, 1, instr(person || char(10), char(10)) - 1) END) VIRTUAL
);

-- name: know
INSERT INTO known VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: index_known_identities
CREATE INDEX known_identity ON known (identity);

-- name: index_known_people
CREATE INDEX known_person ON known (person) WHERE person <> '';

-- name: index_identities
CREATE INDEX given_identity ON given (identity, number);

-- name: index_keys
CREATE INDEX given_key ON given (key, number);

-- name: index_people
CREATE INDEX IF NOT EXISTS given_person ON given (person, number) WHERE person <> '';

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

-- name: find_reached_people
-- Probably somebody who was written to before, at another address. If that stands in the files no more, the person has
-- moved. What its own key tells is left to that.
UPDATE given
SET became = CASE WHEN EXISTS (SELECT 1 FROM given f WHERE f.identity = k.identity) THEN 'same person' ELSE 'moved' END,
    other_origin = k.origin, moved_from = k.id, old_address = k.address
FROM known k
WHERE given.became = '' AND given.person <> '' AND k.person = given.person AND k.person <> '' AND k.is_reached
    AND k.identity <> given.identity AND k.key <> given.key
    AND NOT EXISTS (SELECT 1 FROM known o WHERE o.identity = given.identity AND o.is_reached)
    AND NOT EXISTS (SELECT 1 FROM given f WHERE f.identity = k.identity AND f.origin = given.origin)
    AND NOT EXISTS (SELECT 1 FROM given f WHERE f.identity = given.identity AND f.person <> given.person);

-- name: find_same_people
-- Probably somebody who is written to at another address; not the other addresses of one row, which were asked for, nor
-- an address that somebody else has too, who would be left out with them, nor one that was written to before.
UPDATE given
SET became = 'same person',
    other_origin = (SELECT f.origin FROM given f WHERE f.person = given.person AND f.person <> '' ORDER BY f.number LIMIT 1)
WHERE became = '' AND person <> ''
    AND NOT EXISTS (SELECT 1 FROM known k WHERE k.identity = given.identity AND k.is_reached)
    AND EXISTS (
    SELECT 1 FROM given f
    WHERE f.person = given.person AND f.person <> '' AND f.number < given.number
        AND f.identity <> given.identity AND f.origin <> given.origin)
    AND NOT EXISTS (SELECT 1 FROM given f WHERE f.identity = given.identity AND f.person <> given.person);

-- name: find_holders
-- Whose a key is: of all who had it, whoever was given with it last.
CREATE TABLE holder AS
SELECT key, id, identity, address, who, is_reached, left_out, stood_at, max(round) AS round FROM known GROUP BY key;

-- name: index_holders
CREATE INDEX holder_id ON holder (id);

-- name: index_held_keys
CREATE INDEX holder_key ON holder (key);

-- name: find_sole_keys
-- The rows that are to be enrolled and whose address has one key in the files; with several, the address alone counts.
CREATE TABLE sole AS SELECT number, key, identity, who FROM given
WHERE became = '' AND key <> identity
    AND number IN (SELECT min(f.number) FROM given f GROUP BY f.identity HAVING count(DISTINCT f.key) = 1);

-- name: index_sole_keys
CREATE INDEX sole_key ON sole (key);

-- name: index_sole_identities
CREATE INDEX sole_identity ON sole (identity);

-- name: find_vacated
-- Whose address is theirs no more: it has left the files; or they were left out before for the one that they have now,
-- or for another one and have one now that nobody had, or somebody else was left out at theirs; or names tell that it
-- is somebody else's, and that one or the new address is new. And along a chain, to both of its ends: where one stands
-- at the address of another, both have moved or neither has. So nobody has moved whose old address still stands there,
-- unless another one has it for such a reason: rows that were only numbered anew stay who they are. Where names tell
-- that a number has passed on, nobody has moved by it.
CREATE TABLE vacated AS
WITH RECURSIVE vacated (id) AS (
    SELECT id FROM holder WHERE NOT EXISTS (SELECT 1 FROM given g WHERE g.identity = holder.identity)
    UNION
    SELECT h.id FROM holder h JOIN sole s ON s.key = h.key
    WHERE h.left_out IN (s.identity, h.identity)
        OR (h.left_out <> '' AND NOT EXISTS (SELECT 1 FROM known k WHERE k.identity = s.identity))
    UNION
    SELECT h.id FROM holder h
    JOIN sole s ON s.key = h.key JOIN sole n ON n.identity = h.identity
    WHERE n.key <> h.key AND h.who <> '' AND s.who = h.who AND n.who <> '' AND n.who <> h.who
        AND (NOT EXISTS (SELECT 1 FROM known k WHERE k.identity = s.identity)
            OR NOT EXISTS (SELECT 1 FROM holder o WHERE o.key = n.key))
    UNION
    SELECT k.id FROM vacated v
    JOIN holder h ON h.id = v.id JOIN sole s ON s.key = h.key JOIN known k ON k.identity = s.identity
    WHERE k.id <> h.id AND (h.who = '' OR s.who = '' OR h.who = s.who)
    UNION
    SELECT h.id FROM vacated v
    JOIN known k ON k.id = v.id JOIN sole s ON s.identity = k.identity JOIN holder h ON h.key = s.key
    WHERE k.id <> h.id AND (h.who = '' OR s.who = '' OR h.who = s.who))
SELECT id FROM vacated;

-- name: find_moves
-- Who of them has another address now, and who had that before. Of a new address in the place of one that has left the
-- files nobody asks for the name: with a marriage both change.
CREATE TABLE move AS
SELECT h.id, h.address, h.is_reached, CASE h.stood_at WHEN s.identity THEN '' ELSE h.stood_at END AS stood_at,
    s.number, k.id AS taken_from, coalesce(k.is_reached, 0) AS is_taken_reached
FROM vacated v JOIN holder h ON h.id = v.id JOIN sole s ON s.key = h.key LEFT JOIN known k ON k.identity = s.identity
WHERE s.identity <> h.identity AND (
    h.who = '' OR s.who = '' OR h.who = s.who
    OR (k.id IS NULL AND NOT EXISTS (SELECT 1 FROM given g WHERE g.identity = h.identity)));

-- name: index_moves
CREATE INDEX move_number ON move (number);

-- name: index_movers
CREATE INDEX mover ON move (id);

-- name: tell_moves
-- Written to at the old address: not again at the new one. Not written to at the old one, though somebody else was at the
-- new one: not again either. Where both were, nobody is left out. Whose row stood before at an address that had been
-- written to, when it was somebody else's as it seemed, may have been who was: not again at the next one. Else the
-- recipient moves along; but who had the new address and has left the files leaves it its recipient.
UPDATE given
SET became = CASE
        WHEN m.is_taken_reached THEN CASE WHEN m.is_reached THEN '' ELSE 'taken over' END
        WHEN m.is_reached OR m.stood_at <> '' THEN 'moved' ELSE '' END,
    moved_from = CASE
        WHEN m.is_reached OR m.is_taken_reached OR m.stood_at <> '' OR m.taken_from IS NULL
            OR m.taken_from IN (SELECT id FROM move)
        THEN m.id END,
    old_address = CASE WHEN m.is_reached OR m.stood_at = '' THEN m.address ELSE m.stood_at END
FROM move m
WHERE m.number = given.number;

-- name: find_successors
-- Somebody new has the address at which one was written to who has moved.
UPDATE given
SET became = 'taken over', moved_from = m.id
FROM move m JOIN known k ON k.id = m.id
WHERE given.became = '' AND given.identity = k.identity AND m.is_reached AND k.key <> given.key
    AND NOT EXISTS (SELECT 1 FROM move o WHERE o.number = given.number);

-- name: find_merged
-- Several who were all written to, each at an address of their own, share a new one now.
UPDATE given
SET became = 'moved',
    moved_from = (SELECT h.id FROM holder h WHERE h.key = given.key),
    old_address = (SELECT h.address FROM holder h WHERE h.key = given.key)
WHERE became = ''
    AND identity IN (SELECT f.identity FROM given f GROUP BY f.identity HAVING count(DISTINCT f.key) > 1)
    AND NOT EXISTS (SELECT 1 FROM known k WHERE k.identity = given.identity)
    AND NOT EXISTS (
        SELECT 1 FROM given f WHERE f.identity = given.identity AND NOT EXISTS (
            SELECT 1 FROM holder h WHERE h.key = f.key AND h.is_reached
                AND NOT EXISTS (SELECT 1 FROM given g WHERE g.identity = h.identity)));

-- name: greet_neutrally
-- Several people read what is written to one address, and their rows greet them differently. With Sie, if one of them
-- is. The row does not say what is written then, so it has no digest.
UPDATE given
SET (salutation, shared_salutation, form) = (
        SELECT f.shared_salutation, f.shared_salutation, f.form FROM given f
        WHERE f.identity = given.identity AND f.language = given.language
        ORDER BY f.form = 'Sie' DESC, f.number LIMIT 1),
    row_digest = NULL
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
-- After the number the fields, in their order.
SELECT number, key, identity, address, name, language, salutation, origin, fields, person, shared_salutation, opted_out, objections,
       row_digest, selected, form, became, other_origin, moved_from, old_address
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
