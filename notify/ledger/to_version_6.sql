-- Version 6: messages to mailboxes of one's own, to see that they arrive.

-- name: make_probes
CREATE TABLE probe (
    id         INTEGER PRIMARY KEY,
    time       TEXT NOT NULL,
    address    TEXT NOT NULL,
    -- the normalised address
    identity   TEXT NOT NULL,
    -- from whom it was, and through which relay it went
    sender     TEXT NOT NULL,
    relay      TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    -- a digest of the code in it
    code       BLOB NOT NULL,
    -- how many wrong codes were typed while it was waited for
    wrong      INTEGER NOT NULL DEFAULT 0,
    -- waiting, arrived or returned; when and how that was seen
    fate       TEXT NOT NULL,
    seen       TEXT NOT NULL DEFAULT '',
    seen_by    TEXT NOT NULL DEFAULT '',
    -- JSON: what else was seen of it
    told       TEXT NOT NULL DEFAULT '{}'
) STRICT;
