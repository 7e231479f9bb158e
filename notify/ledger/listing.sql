-- The list of a page: who is there, by what they are found, and what was noticed of each. In a file that has no name.

-- name: create
CREATE TABLE listed (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL, identity TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL,
    note TEXT NOT NULL, words TEXT NOT NULL, kept TEXT NOT NULL) STRICT;

-- name: create_marks
CREATE TABLE marked (number INTEGER PRIMARY KEY, cohort INTEGER, flags TEXT NOT NULL) STRICT;

-- name: add
INSERT INTO listed (number, key, identity, name, address, note, words, kept)
VALUES (:number, :key, :identity, :name, :address, :note, :words, :kept);

-- name: index_keys
CREATE INDEX listed_key ON listed (key);

-- name: mark
INSERT OR REPLACE INTO marked (number, cohort, flags) VALUES (:number, :cohort, :flags);

-- name: forget_marks
-- Without a condition SQLite empties the table at once, however much is in it.
DELETE FROM marked;

-- name: some
SELECT listed.*, marked.cohort, coalesce(marked.flags, '') AS flags
FROM listed LEFT JOIN marked ON marked.number = listed.number
WHERE listed.number IN (SELECT value FROM json_each(:numbers)) ORDER BY listed.number;

-- name: of_key
SELECT number FROM listed WHERE key = :key ORDER BY number LIMIT 1;

-- name: wanted
-- Every word is in it, and it is of the cohort, and has the flag, that is asked for.
SELECT listed.number FROM listed LEFT JOIN marked ON marked.number = listed.number
WHERE NOT EXISTS (SELECT 1 FROM json_each(:words) WHERE instr(listed.words, value) = 0)
    AND (:cohort IS NULL OR marked.cohort = :cohort)
    AND (:flag = '' OR instr(marked.flags, :flag) > 0)
ORDER BY listed.number;
