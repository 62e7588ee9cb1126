-- name: rooms_all
-- index: none (the whole table in order of the rowid, once at start)
SELECT id, name, name_fold, last_seq, created_at, archived_at FROM rooms ORDER BY id;

-- name: rooms_insert
-- index: none (rooms_name keeps the fold unique)
INSERT INTO rooms (name, name_fold, created_at) VALUES (?1, ?2, ?3);

-- name: rooms_set_last_seq
-- index: rowid
UPDATE rooms SET last_seq = ?2 WHERE id = ?1;

-- name: rooms_set_name
-- index: rowid
UPDATE rooms SET name = ?2, name_fold = ?3 WHERE id = ?1;

-- name: rooms_set_archived_at
-- index: rowid
UPDATE rooms SET archived_at = ?2 WHERE id = ?1;
