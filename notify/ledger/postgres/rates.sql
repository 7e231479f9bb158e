-- name: reserve
-- Moments at which messages may leave, through the relay and to hosts: always in the order of their names, so that nobody
-- waits for whoever waits for him.
SELECT asked.host, given.moment, given.is_reserved, seconds_now() AS clock
FROM (
    SELECT host, wanted, host > '' AS is_host
    FROM unnest(CAST(:hosts AS text[]), CAST(:wanted AS integer[])) AS asked (host, wanted)
    ORDER BY host COLLATE "C") AS asked
CROSS JOIN LATERAL reserve_moments(
    :relay, asked.host, asked.wanted,
    CASE WHEN is_host THEN 0 ELSE CAST(:gap AS double precision) END,
    CASE WHEN is_host THEN CAST(:host_counts AS integer[]) ELSE CAST(:counts AS integer[]) END,
    CASE WHEN is_host THEN CAST(:host_periods AS integer[]) ELSE CAST(:periods AS integer[]) END,
    CASE WHEN is_host THEN CAST(:host_windows AS double precision[]) ELSE CAST(:windows AS double precision[]) END,
    CASE WHEN is_host THEN CAST(:host_within AS double precision) ELSE CAST(:within AS double precision) END,
    CAST(:span AS double precision)) AS given;

-- name: give_back
-- Moments at which nothing leaves, of one host or of the relay.
SELECT give_moments_back(
    :relay, :host, CAST(:gap AS double precision), CAST(:periods AS integer[]), CAST(:moments AS double precision[]));

-- name: begin_count
-- Whether the attempts are to be counted now, and if they never were: whoever comes meanwhile waits until they are.
WITH before AS (SELECT counted FROM rate WHERE relay = :relay AND host = '')
INSERT INTO rate (relay, host, counted) VALUES (:relay, '', seconds_now())
ON CONFLICT (relay, host) DO UPDATE SET counted = excluded.counted
WHERE rate.counted NOT BETWEEN excluded.counted - CAST(:often_s AS double precision) AND excluded.counted
RETURNING coalesce((SELECT counted FROM before), '-infinity') = '-infinity' AS is_first;

-- name: forget
SELECT forget_hosts(:relay, CAST(:longest_s AS double precision));

-- name: clock
SELECT seconds_now() AS clock;

-- name: left_lately
-- When messages left in a period before now, by the attempts, and how many until then since the one before.
SELECT domain, moment, count FROM left_lately(
    :relay, CAST(:period AS integer), CAST(:by_domain AS boolean)) ORDER BY domain, moment;

-- name: count_left
SELECT count_left(
    :relay, :host, CAST(:period AS integer), CAST(:moments AS double precision[]), CAST(:counts AS integer[]));

-- name: know_day
-- How much of a ramp's day is used: at least what was tried.
INSERT INTO ramp_day (relay, day, used) VALUES (:relay, CAST(:day AS date), CAST(:tried AS integer))
ON CONFLICT (relay, day) DO UPDATE SET used = greatest(ramp_day.used, excluded.used);

-- name: use_day
-- How many more may leave on a ramp's day, of those that are wanted.
UPDATE ramp_day SET used = greatest(ramp_day.used, least(ramp_day.used + CAST(:wanted AS integer), CAST(:allowed AS integer)))
FROM (SELECT used FROM ramp_day WHERE relay = :relay AND day = CAST(:day AS date) FOR UPDATE) AS before
WHERE relay = :relay AND day = CAST(:day AS date)
RETURNING ramp_day.used - before.used AS given;

-- name: give_day_back
UPDATE ramp_day SET used = used - CAST(:unused AS integer) WHERE relay = :relay AND day = CAST(:day AS date);
