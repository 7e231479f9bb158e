-- The list of a page: who is there, by what they are found, and what was noticed of each. In a file that has no name.

-- name: create
CREATE TABLE listed (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL, identity TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL,
    note TEXT NOT NULL, words TEXT NOT NULL, kept TEXT NOT NULL, cohort INTEGER, flags TEXT NOT NULL DEFAULT '') STRICT;

-- name: add
INSERT INTO listed (number, key, identity, name, address, note, words, kept)
VALUES (:number, :key, :identity, :name, :address, :note, :words, :kept);

-- name: index_keys
CREATE INDEX listed_key ON listed (key);

-- name: mark
UPDATE listed SET cohort = :cohort, flags = :flags WHERE number = :number;

-- name: forget_marks
UPDATE listed SET cohort = NULL, flags = '' WHERE cohort IS NOT NULL OR flags <> '';

-- name: one
SELECT * FROM listed WHERE number = :number;

-- name: some
SELECT * FROM listed WHERE number IN (SELECT value FROM json_each(:numbers)) ORDER BY number;

-- name: of_key
SELECT number FROM listed WHERE key = :key ORDER BY number LIMIT 1;

-- name: wanted
-- Every word is in it, and it is of the cohort, and has the flag, that is asked for.
SELECT number FROM listed
WHERE NOT EXISTS (SELECT 1 FROM json_each(:words) WHERE instr(listed.words, value) = 0)
    AND (:cohort IS NULL OR cohort = :cohort)
    AND (:flag = '' OR instr(flags, :flag) > 0)
ORDER BY number;
