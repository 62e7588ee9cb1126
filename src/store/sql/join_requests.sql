-- name: join_requests_set
-- index: join_requests_number
INSERT INTO join_requests (room_id, user_id, at, text, number)
VALUES (?1, ?2, ?3, ?4, (SELECT coalesce(max(number), 0) + 1 FROM join_requests WHERE room_id = ?1))
ON CONFLICT (room_id, user_id) DO UPDATE SET at = excluded.at, text = excluded.text, number = excluded.number;

-- name: join_requests_delete
-- index: primary key
DELETE FROM join_requests WHERE room_id = ?1 AND user_id = ?2;

-- name: join_requests_each
-- index: join_requests_number, rowid
SELECT j.number, j.room_id, j.user_id, j.at, j.text, u.name
FROM join_requests AS j CROSS JOIN users AS u ON u.id = j.user_id
WHERE j.room_id = ?1 AND j.number > ?2 ORDER BY j.number LIMIT ?3;
