-- How moments are reserved at which messages may leave. All of it is made anew with functions.sql.

-- name: seconds_now
-- The moment, in seconds since 1970.
CREATE OR REPLACE FUNCTION seconds_now() RETURNS double precision
LANGUAGE sql VOLATILE AS 'SELECT CAST(extract(epoch FROM clock_timestamp()) AS double precision)';

-- name: as_text
-- A moment as the attempts have it.
CREATE OR REPLACE FUNCTION as_text(moment double precision) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT to_char(to_timestamp(moment) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
$$;

-- name: left_lately
-- When a relay was asked to take messages, in so many seconds before now, and how many until then since the one before;
-- by the domain where that makes a difference. What is a little ahead, as a clock was wrong, is counted. A worker that sees
-- one campaign alone sees these numbers of all: the relay counts them together.
CREATE OR REPLACE FUNCTION left_lately(of_relay text, period integer, by_domain boolean)
RETURNS TABLE (domain text, moment double precision, count bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT lower(tried.domain),
        CAST(extract(epoch FROM CAST(max(tried.time) AS timestamptz)) AS double precision), sum(tried.count)
    FROM (
        -- by the second, minute or hundredth, as it stands in the text: to read each moment would take four times as long
        SELECT CASE WHEN by_domain THEN split_part(address, '@', -1) ELSE '' END AS domain,
            max(time) AS time, count(*) AS count
        FROM attempt
        WHERE relay = of_relay AND phase IN ('mail', 'rcpt', 'data', 'body', 'dot')
            AND time BETWEEN (SELECT as_text(seconds_now() - period)) AND (SELECT as_text(seconds_now() + period))
        GROUP BY 1, left(time, CASE WHEN period >= 60000 THEN 16 WHEN period >= 1000 THEN 19 ELSE 22 END)) AS tried
    GROUP BY lower(tried.domain), tried.time
$$;

-- name: set_parts_right
-- Counts what would leave after now as leaving now.
CREATE OR REPLACE FUNCTION set_parts_right(of_relay text, of_host text, clock double precision) RETURNS void
LANGUAGE sql AS $$
    WITH gone AS (
        DELETE FROM rate_part WHERE relay = of_relay AND host = of_host AND moment > clock
        RETURNING per_s, first, last)
    INSERT INTO rate_part
    SELECT of_relay, of_host, per_s, floor(clock * 1000 / per_s), min(first), max(last), clock FROM gone GROUP BY per_s
    ON CONFLICT (relay, host, per_s, part) DO UPDATE SET last = excluded.last, moment = excluded.moment;
$$;

-- name: reserve_moments
-- Reserves moments at which messages to a host may leave, or through the relay where ``of_host`` is empty: up to ``most``,
-- the later of them no more than ``span`` seconds after the first. Nothing is reserved where the first would come after
-- more than ``within`` seconds; then it is told alone.
-- ``gap`` is kept from each to the next, and of each of ``periods`` there are ``counts`` at most in any ``windows``
-- seconds: its period, and by how much a message may be late.
CREATE OR REPLACE FUNCTION reserve_moments(
    of_relay text, of_host text, most integer, gap double precision,
    counts integer[], periods integer[], windows double precision[],
    within double precision, span double precision)
RETURNS TABLE (moment double precision, is_reserved boolean)
LANGUAGE plpgsql AS $$
DECLARE
    latest  double precision;
    clock   double precision;
    next    double precision;
    earlier double precision;
    given   double precision[] := '{}';
    numbers bigint[] := '{}';
BEGIN
    SELECT rate.latest INTO latest FROM rate WHERE relay = of_relay AND host = of_host FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO rate (relay, host) VALUES (of_relay, of_host) ON CONFLICT DO NOTHING;
        SELECT rate.latest INTO latest FROM rate WHERE relay = of_relay AND host = of_host FOR UPDATE;
    END IF;
    clock := seconds_now();
    IF latest > clock + within + span THEN
        -- the server's clock was set back, or another server has taken over: rates must not delay anything by years
        latest := clock;
        PERFORM set_parts_right(of_relay, of_host, clock);
    END IF;
    FOR each IN 1 .. cardinality(periods) LOOP
        numbers := numbers || coalesce((
            SELECT rate_part.last FROM rate_part
            WHERE relay = of_relay AND host = of_host AND per_s = periods[each] ORDER BY part DESC LIMIT 1), 0);
    END LOOP;
    FOR number IN 1 .. most LOOP
        next := greatest(latest + gap, clock);
        FOR each IN 1 .. cardinality(periods) LOOP
            earlier := NULL;
            IF number > counts[each] THEN
                earlier := given[number - counts[each]];
            ELSIF numbers[each] + number > counts[each] THEN
                SELECT CASE WHEN rate_part.first <= numbers[each] + number - counts[each] THEN rate_part.moment END INTO earlier
                FROM rate_part
                WHERE relay = of_relay AND host = of_host AND per_s = periods[each]
                    AND rate_part.last >= numbers[each] + number - counts[each]
                ORDER BY part LIMIT 1;
            END IF;
            next := greatest(next, earlier + windows[each]);
        END LOOP;
        IF number = 1 AND next > clock + within THEN
            RETURN QUERY SELECT next, false;
            RETURN;
        END IF;
        EXIT WHEN number > 1 AND next > given[1] + span;
        given := given || next;
        latest := next;
    END LOOP;
    UPDATE rate SET latest = given[cardinality(given)] WHERE relay = of_relay AND host = of_host;
    FOR each IN 1 .. cardinality(periods) LOOP
        DELETE FROM rate_part
        WHERE relay = of_relay AND host = of_host AND per_s = periods[each]
            AND part < floor((clock - windows[each]) * 1000 / periods[each])
            AND part < floor(given[1] * 1000 / periods[each]);
        INSERT INTO rate_part
        SELECT of_relay, of_host, periods[each], floor(left_at * 1000 / periods[each]),
            numbers[each] + min(number), numbers[each] + max(number), max(left_at)
        FROM unnest(given) WITH ORDINALITY AS reserved (left_at, number)
        GROUP BY floor(left_at * 1000 / periods[each])
        ON CONFLICT (relay, host, per_s, part) DO UPDATE SET last = excluded.last, moment = excluded.moment;
    END LOOP;
    RETURN QUERY SELECT unnest(given), true;
END $$;

-- name: forget_hosts
-- Forgets the hosts to which nothing has left for so many seconds: a list may have a million. Whoever reserves there at
-- this moment is not waited for.
CREATE OR REPLACE FUNCTION forget_hosts(of_relay text, longest_s double precision) RETURNS void
LANGUAGE sql AS $$
    WITH old AS (
        SELECT host FROM rate WHERE relay = of_relay AND host > '' AND latest < seconds_now() - longest_s
        FOR UPDATE SKIP LOCKED
    ), forgotten AS (
        DELETE FROM rate USING old WHERE rate.relay = of_relay AND rate.host = old.host
    )
    DELETE FROM rate_part USING old WHERE rate_part.relay = of_relay AND rate_part.host = old.host;
$$;

-- name: give_moments_back
-- Gives moments back that were reserved, the earliest first, as no message leaves then.
CREATE OR REPLACE FUNCTION give_moments_back(
    of_relay text, of_host text, gap double precision, periods integer[], moments double precision[])
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    remaining double precision;
BEGIN
    SELECT latest INTO remaining FROM rate WHERE relay = of_relay AND host = of_host FOR UPDATE;
    FOR each IN REVERSE cardinality(moments) .. 1 LOOP
        -- only from the end: others hold the moments behind a gap
        EXIT WHEN remaining IS DISTINCT FROM moments[each];
        remaining := greatest(moments[each] - gap, moments[each - 1]);
    END LOOP;
    UPDATE rate SET latest = remaining WHERE relay = of_relay AND host = of_host;
    UPDATE rate_part SET
        first = first - (SELECT count(*) FROM unnest(moments) AS given WHERE floor(given * 1000 / per_s) < part),
        last = last - (SELECT count(*) FROM unnest(moments) AS given WHERE floor(given * 1000 / per_s) <= part)
    WHERE relay = of_relay AND host = of_host AND per_s = ANY (periods) AND part >= floor(moments[1] * 1000 / per_s);
    DELETE FROM rate_part
    WHERE relay = of_relay AND host = of_host AND per_s = ANY (periods) AND rate_part.last < rate_part.first;
END $$;

-- name: count_left
-- Counts what has left by the attempts: when, and how many until then since the one before. It was reserved before it was
-- tried, unless somebody asked nobody. So up to each moment the greater number counts.
CREATE OR REPLACE FUNCTION count_left(
    of_relay text, of_host text, period integer, moments double precision[], counts integer[])
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    clock  double precision := seconds_now();
    before bigint;
    parts  bigint[];
    times  double precision[];
    totals bigint[];
BEGIN
    INSERT INTO rate (relay, host) VALUES (of_relay, of_host) ON CONFLICT DO NOTHING;
    UPDATE rate SET latest = greatest(latest, (SELECT max(least(left_at, clock)) FROM unnest(moments) AS left_at))
    WHERE relay = of_relay AND host = of_host;
    SELECT coalesce(min(first) FILTER (WHERE moment > clock - period), max(last) + 1, 1) - 1 INTO before
    FROM rate_part WHERE relay = of_relay AND host = of_host AND per_s = period;
    WITH either AS (
        SELECT part, moment, last - first + 1 AS reserved, 0 AS tried FROM rate_part
        WHERE relay = of_relay AND host = of_host AND per_s = period AND moment > clock - period
        UNION ALL
        SELECT floor(least(left_at, clock) * 1000 / period), least(left_at, clock), 0, count
        FROM unnest(moments, counts) AS left_lately (left_at, count) WHERE left_at > clock - period
    ), by_part AS (
        SELECT part, max(moment) AS moment, sum(reserved) AS reserved, sum(tried) AS tried FROM either GROUP BY part
    ), summed AS (
        SELECT part, moment, greatest(sum(reserved) OVER w, sum(tried) OVER w) AS total
        FROM by_part WINDOW w AS (ORDER BY part)
    )
    SELECT array_agg(part ORDER BY part), array_agg(moment ORDER BY part), array_agg(total ORDER BY part)
    INTO parts, times, totals FROM summed;
    DELETE FROM rate_part WHERE relay = of_relay AND host = of_host AND per_s = period;
    INSERT INTO rate_part
    SELECT of_relay, of_host, period, part, before + previous + 1, before + total, moment
    FROM (
        SELECT part, moment, total, coalesce(lag(total) OVER (ORDER BY part), 0) AS previous
        FROM unnest(parts, times, totals) AS counted (part, moment, total)) AS counted
    WHERE total > previous;
END $$;
