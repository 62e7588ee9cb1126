-- name: silences_get
-- index: primary key
SELECT coalesce((SELECT until FROM silences WHERE room_id = ?1 AND user_id = ?2), 0);

-- name: silences_set
-- index: none (the primary key finds the one before)
INSERT INTO silences (room_id, user_id, until) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET until = excluded.until;

-- name: silences_delete
-- index: primary key
DELETE FROM silences WHERE room_id = ?1 AND user_id = ?2;
