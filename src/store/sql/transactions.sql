-- name: begin_write
-- index: none
BEGIN IMMEDIATE;

-- name: begin_read
-- index: none
BEGIN;

-- name: commit
-- index: none
COMMIT;

-- name: rollback
-- index: none
ROLLBACK;

-- Rewrites page 1 with what it holds: the smallest transaction that writes a commit to the WAL.
-- An UPDATE that changes nothing would not do: SQLite leaves out writes of equal bytes.
-- name: touch
-- index: none
PRAGMA user_version = 0;
