-- And workers take from it.
DO $for_workers$
BEGIN
    IF to_regrole('{ledger}_worker') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA {queue} TO {ledger}_worker;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {queue} TO {ledger}_worker;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA {queue} TO {ledger}_worker;
    END IF;
END
$for_workers$
