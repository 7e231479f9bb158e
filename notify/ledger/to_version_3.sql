-- Version 3: the form of each recipient is kept. In version 2 a language had one text, and that was for everybody: whoever
-- has a message from then goes on with it. SQLite writes the column behind the last one, on its line; so does schema.sql.

-- name: keep_forms
ALTER TABLE recipient ADD COLUMN form TEXT NOT NULL DEFAULT 'Sie';
