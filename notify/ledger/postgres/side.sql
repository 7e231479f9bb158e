-- What a ledger in a database does as one side of a move.

-- name: hold
-- As the run that sends holds it.
SELECT pg_try_advisory_lock(CAST(:holding AS integer), CAST(CAST(to_regnamespace(current_schema()) AS oid) AS integer));

-- name: at_work
-- Who has leased recipients, or has said a moment ago that it is there, by the clock of the server.
SELECT owner FROM portion WHERE NOT done AND lease_until > clock_timestamp()
UNION ALL SELECT host || ', process ' || pid FROM worker WHERE last_word > clock_timestamp() - interval '15 seconds'
LIMIT 1;

-- name: tables
-- Every table of the schema.
SELECT c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind = 'r' ORDER BY 1;

-- name: columns
-- Of a table, with the type of each.
SELECT attname, CAST(atttypid AS regtype)::text FROM pg_attribute
WHERE attrelid = to_regclass(:table) AND attnum > 0 AND NOT attisdropped ORDER BY attnum;

-- name: numbered
-- The columns whose numbers the database draws.
SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind = 'r' AND a.attidentity <> '' AND NOT a.attisdropped;

-- name: frozen
-- The tables that are kept from every change.
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = to_regnamespace(:schema) AND t.tgname = 'nobody_changes_what_was_moved';

-- name: patience
-- How long it waits for whoever writes at this moment.
SET lock_timeout = '30s';

-- name: write_version
-- One that must not be used has a version that no notify knows.
UPDATE ledger SET version = version % :marked + CASE WHEN :refuses THEN :marked ELSE 0 END;
