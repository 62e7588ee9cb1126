-- name: join_requests_set
-- index: none (the primary key finds the one before)
INSERT INTO join_requests (room_id, user_id, at, text) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO UPDATE SET at = excluded.at, text = excluded.text;

-- name: join_requests_delete
-- index: primary key
DELETE FROM join_requests WHERE room_id = ?1 AND user_id = ?2;

-- name: join_requests_each
-- index: join_requests_at, rowid
SELECT j.room_id, j.user_id, j.at, j.text, u.name
FROM join_requests AS j CROSS JOIN users AS u ON u.id = j.user_id
WHERE j.room_id = ?1 ORDER BY j.at, j.user_id;
