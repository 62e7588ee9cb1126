-- name: blocks_insert
-- index: none (the primary key finds an earlier one)
INSERT INTO blocks (user_id, blocked_id, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING;

-- name: blocks_delete
-- index: primary key
DELETE FROM blocks WHERE user_id = ?1 AND blocked_id = ?2;

-- name: blocks_has
-- index: primary key
SELECT 1 FROM blocks WHERE user_id = ?1 AND blocked_id = ?2;

-- name: blocks_each
-- index: primary key, rowid
SELECT b.blocked_id, u.name FROM blocks AS b CROSS JOIN users AS u ON u.id = b.blocked_id
WHERE b.user_id = ?1 ORDER BY b.blocked_id;
