-- What a ledger says of the last move that it took part in. The table is made by that move; both databases take it so.

-- name: make
CREATE TABLE IF NOT EXISTS move (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    -- moved: it is elsewhere; arriving: it is not whole yet; arrived: it came from elsewhere and is whole
    stage TEXT NOT NULL,
    -- drawn for each move: source and target have the same
    id    TEXT NOT NULL,
    -- of the other one, as users write it
    place TEXT NOT NULL,
    time  TEXT NOT NULL
);

-- name: read
SELECT stage, id, place, time FROM move;

-- name: write
INSERT INTO move (one, stage, id, place, time) VALUES (1, :stage, :id, :place, :time)
ON CONFLICT (one) DO UPDATE SET stage = :stage, id = :id, place = :place, time = :time;

-- name: forget
DELETE FROM move;
