-- name: paces_get
-- index: primary key
SELECT coalesce((SELECT at FROM paces WHERE room_id = ?1 AND user_id = ?2), 0);

-- name: paces_set
-- index: none (the primary key finds the one before)
INSERT INTO paces (room_id, user_id, at) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET at = excluded.at;

-- name: paces_delete
-- index: primary key
DELETE FROM paces WHERE room_id = ?1;
