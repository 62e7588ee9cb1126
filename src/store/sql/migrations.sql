-- Is there anything, and is it ours?
-- name: schema_tables
-- index: none (sqlite_schema has none; it is short)
SELECT count(*), coalesce(sum(name = 'schema_migrations'), 0) FROM sqlite_schema WHERE type = 'table';

-- name: application_id
-- index: none (it is in the file's header)
PRAGMA application_id;

-- name: migrations_all
-- index: none (in order of the rowid; one row per migration)
SELECT version, name, checksum FROM schema_migrations ORDER BY version;

-- The time is the VFS's, which in a simulation is the simulated one.
-- name: migrations_insert
-- index: none
INSERT INTO schema_migrations (version, name, checksum, applied_at)
VALUES (?1, ?2, ?3, CAST(strftime('%s', 'now') AS INTEGER) * 1000);
