-- Version 2: a message of which only a journal tells is noted under the name of the journal. Version 1 called it a witness.

-- name: let_attempts_be_changed
DROP TRIGGER attempts_are_never_changed;

-- name: rename_witness
UPDATE attempt SET relay = 'journal' WHERE relay = 'witness';

-- name: let_attempts_be_changed_no_more
CREATE TRIGGER attempts_are_never_changed BEFORE UPDATE ON attempt
BEGIN
    SELECT RAISE(ABORT, 'an attempt is never changed');
END;
