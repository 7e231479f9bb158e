-- Version 5: what the latest enrolment was made from. Of a ledger from before nobody knows: the next one reads all files.

-- name: make_enrolments
CREATE TABLE enrolment (
    campaign  INTEGER PRIMARY KEY REFERENCES campaign,
    -- a digest
    made_from BLOB NOT NULL,
    -- JSON: what it told of the rows
    told      TEXT NOT NULL
) STRICT;
