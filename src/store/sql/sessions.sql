-- name: sessions_insert
-- index: none (sessions_token keeps the hash unique)
INSERT INTO sessions (user_id, token_hash, device, address, created_at, seen_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: sessions_delete_expired
-- index: sessions_user
DELETE FROM sessions WHERE user_id = ?1 AND expires_at <= ?2;

-- name: sessions_by_hash
-- index: sessions_token
SELECT id, user_id, token_hash, device, address, created_at, seen_at, expires_at FROM sessions WHERE token_hash = ?1;

-- name: sessions_touch
-- index: rowid
UPDATE sessions SET seen_at = ?2, expires_at = ?3, address = ?4 WHERE id = ?1;

-- name: sessions_delete
-- index: rowid
DELETE FROM sessions WHERE id = ?2 AND user_id = ?1;

-- name: sessions_delete_others
-- index: sessions_user
DELETE FROM sessions WHERE user_id = ?1 AND id <> ?2;

-- name: sessions_each
-- index: sessions_user
SELECT id, user_id, token_hash, device, address, created_at, seen_at, expires_at FROM sessions
WHERE user_id = ?1 ORDER BY id;
