-- name: mentions_insert
-- index: none (the primary key finds a double one)
INSERT INTO mentions (user_id, room_id, seq) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING;
