-- Version 3: the form of each recipient is kept; and call-back codes, with the calls in which they were said.
-- In version 2 a language had one text, and that was for everybody: whoever has a message from then goes on with it. SQLite
-- writes the column behind the last one, on its line; so does schema.sql.

-- name: keep_forms
ALTER TABLE recipient ADD COLUMN form TEXT NOT NULL DEFAULT 'Sie';

-- name: make_codes
CREATE TABLE code (
    recipient INTEGER PRIMARY KEY REFERENCES recipient,
    -- as it is printed: words and digits, all of ASCII
    printed   TEXT NOT NULL,
    -- how many words and digits it has: of each length only so many are given out
    words     INTEGER NOT NULL,
    digits    INTEGER NOT NULL
) STRICT;

-- name: let_no_two_codes_be_alike
CREATE UNIQUE INDEX code_heard ON code (lower(replace(printed, ' ', '')));

-- name: make_calls
CREATE TABLE call (
    id        INTEGER PRIMARY KEY,
    time      TEXT NOT NULL,
    said      TEXT NOT NULL,
    -- whose it is; NULL: nobody was given it, so somebody forges the notice
    recipient INTEGER REFERENCES recipient,
    -- the message with it had left
    is_sent   INTEGER NOT NULL
) STRICT;
