-- name: mentions_insert
-- index: none (the primary key finds a double one)
INSERT INTO mentions (user_id, room_id, seq) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING;

-- name: mentions_of
-- index: mentions_message
SELECT user_id FROM mentions WHERE room_id = ?1 AND seq = ?2;

-- name: mentions_delete
-- index: mentions_message
DELETE FROM mentions WHERE room_id = ?1 AND seq = ?2;

-- name: mentions_by_author
-- index: messages_client_id, mentions_message
SELECT n.room_id, n.user_id
FROM messages AS m CROSS JOIN mentions AS n ON n.room_id = m.room_id AND n.seq = m.seq
WHERE m.author_id = ?1 AND m.client_id IS NOT NULL;
