-- name: resets_insert
-- index: none (the primary key finds the same hash)
INSERT INTO resets (code_hash, user_id, created_by, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT DO NOTHING;

-- name: resets_by_hash
-- index: primary key
SELECT code_hash, user_id, created_by, created_at, expires_at FROM resets WHERE code_hash = ?1;

-- name: resets_delete_user
-- index: resets_user
DELETE FROM resets WHERE user_id = ?1;
