-- A send that was stored before is left alone, and nothing fails: changes() says so.
-- name: messages_insert
-- index: none (messages_client_id finds the earlier send)
INSERT INTO messages (room_id, seq, author_id, body, at, reply_to, client_id, number)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (author_id, client_id) DO NOTHING;

-- name: messages_by_client_id
-- index: messages_client_id
SELECT room_id, seq, author_id, at, reply_to, body, client_id, number FROM messages
WHERE author_id = ?1 AND client_id = ?2;

-- name: messages_exists
-- index: messages_room_seq
SELECT 1 FROM messages WHERE room_id = ?1 AND seq = ?2;

-- name: messages_head
-- index: messages_room_seq
SELECT author_id, at, coalesce(deleted_at, 0), number FROM messages WHERE room_id = ?1 AND seq = ?2;

-- What a user can read of what others have said after an event.
-- name: messages_any_to_read
-- index: messages_room_seq, primary key, rowid
SELECT 1 FROM messages AS m
WHERE m.room_id = ?1 AND m.seq > ?3 AND m.author_id <> ?2 AND m.deleted_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM bans AS b WHERE b.user_id = m.author_id AND b.hides = 1)
  AND NOT EXISTS (SELECT 1 FROM blocks AS k WHERE k.user_id = ?2 AND k.blocked_id = m.author_id)
LIMIT 1;

-- name: messages_count_own
-- index: messages_room_seq
SELECT count(*) FROM messages INDEXED BY messages_room_seq
WHERE room_id = ?1 AND author_id = ?2 AND seq > ?3 AND seq <= ?4 AND deleted_at IS NULL;

-- name: messages_delete
-- index: messages_room_seq
UPDATE messages SET body = '', deleted_at = ?3 WHERE room_id = ?1 AND seq = ?2 AND deleted_at IS NULL;

-- name: messages_by_author
-- index: messages_client_id
SELECT room_id, number FROM messages WHERE author_id = ?1 AND deleted_at IS NULL;

-- name: messages_gone
-- index: none (a partial index that holds nothing else, once at start)
SELECT room_id, number FROM messages INDEXED BY messages_deleted WHERE deleted_at IS NOT NULL ORDER BY room_id, number;
