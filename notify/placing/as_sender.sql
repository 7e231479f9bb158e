-- Where the ledger has roles, the queue is all senders', so that each of them may make it anew.
DO $as_sender$
BEGIN
    IF to_regrole('{ledger}_sender') IS NOT NULL AND pg_has_role('{ledger}_sender', 'MEMBER')
        AND has_database_privilege('{ledger}_sender', current_database(), 'CREATE')
    THEN
        PERFORM set_config('role', '{ledger}_sender', true);
    END IF;
END
$as_sender$
