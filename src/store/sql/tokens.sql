-- name: tokens_insert
-- index: none (tokens_token keeps the hash unique)
INSERT INTO tokens (user_id, name, scope, token_hash, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: tokens_by_hash
-- index: tokens_token
SELECT id, user_id, name, scope, token_hash, created_at, expires_at FROM tokens WHERE token_hash = ?1;

-- name: tokens_note_one
-- index: rowid
INSERT INTO revoked_tokens (token_hash, revoked_at) SELECT token_hash, ?3 FROM tokens WHERE id = ?2 AND user_id = ?1
ON CONFLICT DO NOTHING;

-- name: tokens_note_user
-- index: tokens_user
INSERT INTO revoked_tokens (token_hash, revoked_at) SELECT token_hash, ?2 FROM tokens WHERE user_id = ?1
ON CONFLICT DO NOTHING;

-- name: tokens_forget_revoked
-- index: revoked_tokens_at
DELETE FROM revoked_tokens WHERE revoked_at < ?1;

-- name: tokens_is_revoked
-- index: primary key
SELECT 1 FROM revoked_tokens WHERE token_hash = ?1;

-- name: tokens_delete
-- index: rowid
DELETE FROM tokens WHERE id = ?2 AND user_id = ?1;

-- name: tokens_delete_user
-- index: tokens_user
DELETE FROM tokens WHERE user_id = ?1;

-- name: tokens_each
-- index: tokens_user
SELECT id, user_id, name, scope, token_hash, created_at, expires_at FROM tokens WHERE user_id = ?1 ORDER BY id;

-- name: tokens_count
-- index: tokens_user
SELECT count(*) FROM tokens WHERE user_id = ?1;
