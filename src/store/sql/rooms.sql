-- name: rooms_all
-- index: none (the whole table in order of the rowid, once at start)
SELECT id, name, name_fold, last_seq, created_at, archived_at FROM rooms ORDER BY id;

-- name: rooms_insert
-- index: none (rooms_name keeps the fold unique among rooms that are not closed)
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

-- The newest message is looked for in the index, not counted.
-- name: rooms_more_by_id
-- index: rowid, messages_room_seq
SELECT id, name, name_fold, last_seq, created_at, archived_at, kind, history, topic, description, direct_key, slow_s,
       locked_at, created_by,
       (SELECT number FROM messages WHERE room_id = r.id ORDER BY seq DESC LIMIT 1),
       (SELECT at FROM messages WHERE room_id = r.id ORDER BY seq DESC LIMIT 1)
FROM rooms AS r WHERE id = ?1;

-- name: rooms_more_all
-- index: messages_room_seq
SELECT id, name, name_fold, last_seq, created_at, archived_at, kind, history, topic, description, direct_key, slow_s,
       locked_at, created_by,
       (SELECT number FROM messages WHERE room_id = r.id ORDER BY seq DESC LIMIT 1),
       (SELECT at FROM messages WHERE room_id = r.id ORDER BY seq DESC LIMIT 1)
FROM rooms AS r ORDER BY id;

-- The second condition is that of the partial index, word for word.
-- name: rooms_by_direct_key
-- index: rooms_direct
SELECT id FROM rooms WHERE direct_key = ?1 AND direct_key <> '';

-- name: rooms_more_insert
-- index: none (rooms_name keeps the fold unique among rooms that are not closed, rooms_direct the key)
INSERT INTO rooms (name, name_fold, created_at, kind, history, topic, description, direct_key, created_by)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);

-- name: rooms_more_set
-- index: rowid
UPDATE rooms SET kind = ?2, history = ?3, topic = ?4, description = ?5, slow_s = ?6, locked_at = ?7 WHERE id = ?1;
