-- What the statements of the room call by the names of SQLite, and what keeps the tables true. All of it is made anew
-- when the ledger is made and when it is brought up to date.

-- name: instr
-- Where a text is in another one, from 1; 0: nowhere.
CREATE OR REPLACE FUNCTION instr(text, text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT strpos($1, $2)';

-- name: json_extract
-- One value of a JSON text, as a text. The path is written as in SQLite, which is as SQL/JSON has it.
CREATE OR REPLACE FUNCTION json_extract(text, text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$SELECT jsonb_path_query_first($1::jsonb, $2::jsonpath) #>> '{}'$$;

-- name: json_tree
-- Every value of a JSON text with its place in it; what holds others has no value of its own.
CREATE OR REPLACE FUNCTION json_tree(text) RETURNS TABLE (fullkey text[], atom jsonb)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
WITH RECURSIVE tree (place, value) AS (
    SELECT CAST(ARRAY[] AS text[]), $1::jsonb
    UNION ALL
    SELECT t.place || c.key, c.value FROM tree t CROSS JOIN LATERAL (
        SELECT key, value FROM jsonb_each(CASE jsonb_typeof(t.value) WHEN 'object' THEN t.value ELSE '{}' END)
        UNION ALL
        SELECT format('[%s]', number), value
        FROM jsonb_array_elements(CASE jsonb_typeof(t.value) WHEN 'array' THEN t.value ELSE '[]' END)
            WITH ORDINALITY AS e (value, number)) c)
SELECT place, CASE WHEN jsonb_typeof(value) NOT IN ('object', 'array', 'null') THEN value END FROM tree
$$;

-- name: sending_days_of
-- What a relay was asked to take on each day of local time, and how much it accepted. A worker that sees one campaign
-- alone sees these numbers of all: the relay counts them together.
CREATE OR REPLACE FUNCTION sending_days_of(of_relay text) RETURNS TABLE (day text, tried bigint, accepted bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT to_char(CAST(time AS timestamptz), 'YYYY-MM-DD') AS day, count(*), count(*) FILTER (WHERE status = 'sent')
    FROM attempt WHERE relay = of_relay AND phase IN ('mail', 'rcpt', 'data', 'body', 'dot')
    GROUP BY 1
$$;

-- name: troubles_of
-- What it has said of itself, likewise.
CREATE OR REPLACE FUNCTION troubles_of(of_relay text) RETURNS TABLE (day text, phase text, reply text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT DISTINCT to_char(CAST(time AS timestamptz), 'YYYY-MM-DD'), attempt.phase, attempt.reply FROM attempt
    WHERE relay = of_relay AND attempt.phase IN ('mail', 'rcpt', 'data', 'body', 'dot')
        AND status = 'pending' AND scope = 'relay'
$$;

-- name: refuse_arrow
CREATE OR REPLACE FUNCTION refuse_arrow() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'no such transition' USING ERRCODE = 'check_violation';
END
$$;

-- name: refuse_change
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an % is never changed', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END
$$;

-- name: placed
-- The numbers of the recipients of a campaign that are in a portion that is not done.
CREATE OR REPLACE FUNCTION placed(bigint) RETURNS int8multirange
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT coalesce(range_agg(ids), '{}') FROM (
        SELECT int8range(first, last, '[]') AS ids FROM portion
        WHERE campaign = $1 AND NOT done AND chosen IS NULL
        UNION ALL
        SELECT int8range(one, one, '[]') FROM portion, unnest(chosen) AS one
        WHERE campaign = $1 AND NOT done AND chosen IS NOT NULL) AS open
$$;

-- name: compact_tallies
-- Make one row of all that count the same, of each campaign that has many; one at a time, and whoever comes meanwhile leaves
-- it. Rows are not locked for that: it would want a right to change them, which workers have not.
CREATE OR REPLACE FUNCTION compact_tallies() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended(current_schema() || ' compact_tallies', 0)) THEN
        RETURN;
    END IF;
    WITH gone AS (
        DELETE FROM tally
        WHERE campaign IN (SELECT campaign FROM tally GROUP BY campaign HAVING count(*) > 200)
        RETURNING *)
    INSERT INTO tally
    SELECT campaign, round, selected, opted_out, begun, status, sum(count) FROM gone
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(count) <> 0;
END
$$;

-- name: count_those_who_come
CREATE OR REPLACE FUNCTION count_those_who_come() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO tally
    SELECT campaign, round, selected, opted_out <> '', digest IS NOT NULL, status, count(*) FROM come
    GROUP BY 1, 2, 3, 4, 5, 6;
    INSERT INTO deferral SELECT id, campaign, due, status FROM come WHERE due > '' AND status IN ('pending', 'deferred');
    RETURN NULL;
END
$$;

-- name: count_those_who_go
CREATE OR REPLACE FUNCTION count_those_who_go() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO tally
    SELECT campaign, round, selected, opted_out <> '', digest IS NOT NULL, status, -count(*) FROM gone
    GROUP BY 1, 2, 3, 4, 5, 6;
    DELETE FROM deferral USING gone WHERE deferral.recipient = gone.id AND gone.due > '';
    RETURN NULL;
END
$$;

-- name: count_those_who_move
-- The same for an update: each was there in one state, and is in another one. Every hundredth transaction makes one row of
-- many, so that however long workers are at it a count is the sum of some hundred.
CREATE OR REPLACE FUNCTION count_those_who_move() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO tally
    SELECT campaign, round, selected, opted_out, begun, status, sum(one) FROM (
        SELECT campaign, round, selected, opted_out <> '' AS opted_out, digest IS NOT NULL AS begun, status, 1 AS one
        FROM come
        UNION ALL
        SELECT campaign, round, selected, opted_out <> '', digest IS NOT NULL, status, -1 FROM gone) AS moved
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(one) <> 0;
    IF EXISTS (SELECT 1 FROM gone WHERE due > '') THEN
        DELETE FROM deferral USING gone WHERE deferral.recipient = gone.id AND gone.due > '';
    END IF;
    IF EXISTS (SELECT 1 FROM come WHERE due > '') THEN
        INSERT INTO deferral
        SELECT id, campaign, due, status FROM come WHERE due > '' AND status IN ('pending', 'deferred');
    END IF;
    IF mod(CAST(CAST(pg_current_xact_id() AS text) AS bigint), 100) = 0 THEN
        PERFORM compact_tallies();
    END IF;
    RETURN NULL;
END
$$;

-- name: come
CREATE OR REPLACE TRIGGER those_who_come AFTER INSERT ON recipient
REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION count_those_who_come();

-- name: go
CREATE OR REPLACE TRIGGER those_who_go AFTER DELETE ON recipient
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_those_who_go();

-- name: move
CREATE OR REPLACE TRIGGER those_who_move AFTER UPDATE ON recipient
REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION count_those_who_move();

-- name: attempts_are_never_changed
CREATE OR REPLACE TRIGGER attempts_are_never_changed BEFORE UPDATE ON attempt
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- name: approvals_are_never_changed
CREATE OR REPLACE TRIGGER approvals_are_never_changed BEFORE UPDATE ON approval
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
