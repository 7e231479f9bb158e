-- Every statement about workers and what they are told, with a sentence each. Moments are those of the server's clock.

-- name: say
-- What a worker tells of itself; the first word enters it.
INSERT INTO worker (id, host, pid, version, since, last_word, sent, per_s, campaign, trouble)
VALUES (:id, :host, :pid, :version, clock_timestamp(), clock_timestamp(), :sent, :per_s, :campaign, :trouble)
ON CONFLICT (id) DO UPDATE
SET last_word = clock_timestamp(), sent = excluded.sent, per_s = excluded.per_s, campaign = excluded.campaign,
    trouble = excluded.trouble;

-- name: leave
DELETE FROM worker WHERE id = :id;

-- name: forget
-- Those of which nobody has heard for so long.
DELETE FROM worker WHERE last_word < clock_timestamp() - make_interval(secs => :silent_s);

-- name: workers
-- Those who have said something lately, the longest at work first; for how many seconds they have said nothing.
SELECT id, host, pid, version, since, last_word, sent, per_s, campaign, trouble,
    extract(epoch FROM clock_timestamp() - last_word)::float8 AS silent_s
FROM worker ORDER BY since, id;

-- name: take_duty
-- Whether a duty is to be done now, by whoever asks: nobody has done it for so long.
INSERT INTO duty (name, done) VALUES (:name, clock_timestamp())
ON CONFLICT (name) DO UPDATE SET done = clock_timestamp()
WHERE duty.done < clock_timestamp() - make_interval(secs => :every_s)
RETURNING name;

-- name: commission
-- A campaign was placed; whatever has held it is over.
INSERT INTO commission (campaign, placed, is_trusted) VALUES (:campaign, :now, :is_trusted)
ON CONFLICT (campaign) DO UPDATE
SET placed = excluded.placed, is_trusted = commission.is_trusted OR excluded.is_trusted,
    held = '', held_by = '', held_at = '';

-- name: hold
-- The first word counts: whoever comes later only repeats it.
UPDATE commission SET held = :why, held_by = :who, held_at = :now WHERE campaign = :campaign AND held = '';

-- name: commission_of
SELECT campaign, is_trusted, held, held_by, held_at FROM commission WHERE campaign = :campaign;

-- name: to_gather
-- The campaigns in which somebody waits again whose moment has come, and which nothing holds.
SELECT c.number, c.id, c.secret, c.rendered FROM commission m JOIN campaign c ON c.number = m.campaign
WHERE m.held = '' AND EXISTS (
    SELECT 1 FROM deferral d WHERE d.campaign = m.campaign AND (d.due <= :now OR d.due > :beyond))
ORDER BY c.number;

-- name: to_place
-- The portions that a worker could lease now, of all campaigns that nothing holds: of each the first, then of each the
-- second, so that none waits for the end of another.
SELECT p.id, m.campaign FROM commission m CROSS JOIN LATERAL (
    SELECT id, row_number() OVER (ORDER BY turn, id) AS place FROM portion
    WHERE campaign = m.campaign AND NOT done AND (owner = '' OR lease_until < clock_timestamp())
    ORDER BY turn, id LIMIT :most) AS p
WHERE m.held = '' ORDER BY p.place, m.campaign LIMIT :most;

-- name: open_portions
-- How many portions of a campaign are not done yet, and how many of them somebody has leased; and whether somebody waits
-- again, deferred or given back, for whom a portion will be made.
SELECT count(*) AS open, count(*) FILTER (WHERE owner <> '' AND lease_until > clock_timestamp()) AS leased,
    EXISTS (
        SELECT 1 FROM deferral d JOIN recipient r ON r.id = d.recipient
        WHERE d.campaign = :campaign AND r.selected
            AND r.round = (SELECT round FROM campaign WHERE number = :campaign)) AS are_more
FROM portion WHERE campaign = :campaign AND NOT done;

-- name: anything_open
-- Whether a portion is not done yet of any campaign that nothing holds.
SELECT 1 FROM portion p JOIN commission m ON m.campaign = p.campaign WHERE NOT p.done AND m.held = '' LIMIT 1;

-- name: campaign
-- A campaign by its number.
SELECT number, id, secret, rendered FROM campaign WHERE number = :campaign;
