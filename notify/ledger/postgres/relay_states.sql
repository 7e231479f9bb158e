-- name: known
-- What is known of a relay's trouble, if it is in any. Nothing is waited for.
SELECT until - seconds_now() AS left_s, probes, rested_s, why, worker, prober FROM relay_state
WHERE relay = :relay AND probes > 0 AND until > seconds_now() - CAST(:forgotten_s AS double precision);

-- name: enter
INSERT INTO relay_state (relay) VALUES (:relay) ON CONFLICT DO NOTHING;

-- name: locked
-- The same for whoever changes it.
SELECT until - seconds_now() AS left_s, probes, rested_s, why, worker, prober,
    alone = :worker AND healed_by_others >= 3 AND alone_until > seconds_now() AS is_alone
FROM relay_state WHERE relay = :relay FOR UPDATE;

-- name: rest
UPDATE relay_state SET
    until = seconds_now() + CAST(:length_s AS double precision), probes = CAST(:probes AS integer), rested_s = CAST(:rested_s AS double precision), why = :why, worker = :worker, prober = ''
WHERE relay = :relay;

-- name: probe
-- Lets one worker alone see whether a relay is back; the others wait until it has had the time for that.
UPDATE relay_state SET until = seconds_now() + CAST(:length_s AS double precision), prober = :worker
WHERE relay = :relay AND probes > 0 AND until <= seconds_now()
RETURNING 1;

-- name: heal
-- It is well. Whoever alone has been in trouble, time and again, while others were not, may have one of its own.
UPDATE relay_state SET
    until = '-infinity', probes = 0, rested_s = 0, why = '', prober = '', alone = worker,
    healed_by_others = CASE
        WHEN worker = :worker THEN 0 WHEN worker = alone THEN healed_by_others + 1 ELSE 1 END,
    alone_until = seconds_now() + CAST(:alone_s AS double precision)
WHERE relay = :relay AND probes > 0;
