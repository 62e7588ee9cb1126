-- The sign says whether there is one (see the migration), the number is one that no picture of theirs has had.
-- name: avatars_count
-- index: rowid
UPDATE users SET avatar_version = CASE WHEN ?2 THEN abs(avatar_version) + 1 ELSE -abs(avatar_version) END
WHERE id = ?1;

-- name: avatars_put
-- index: none (the rowid finds the one before)
INSERT INTO avatars (user_id, type, bytes) VALUES (?1, ?2, ?3)
ON CONFLICT DO UPDATE SET type = excluded.type, bytes = excluded.bytes;

-- name: avatars_delete
-- index: rowid
DELETE FROM avatars WHERE user_id = ?1;

-- name: avatars_get
-- index: rowid
SELECT type, bytes FROM avatars WHERE user_id = ?1;
