-- name: invites_insert
-- index: none (invites_code keeps the code unique)
INSERT INTO invites (code, created_by, created_at, expires_at, max_uses, label) VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: invites_set_label
-- index: rowid
UPDATE invites SET label = ?2 WHERE id = ?1;

-- name: invites_insert_room
-- index: none (the primary key finds a double one)
INSERT INTO invite_rooms (invite_id, room_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING;

-- name: invites_by_code
-- index: invites_code, rowid
SELECT i.id, i.code, i.created_by, i.created_at, i.expires_at, i.max_uses, i.uses, i.revoked_at, u.name, i.label
FROM invites AS i CROSS JOIN users AS u ON u.id = i.created_by
WHERE i.code = ?1;

-- name: invites_use
-- index: rowid
UPDATE invites SET uses = uses + 1 WHERE id = ?1;

-- name: invites_revoke
-- index: rowid
UPDATE invites SET revoked_at = ?2 WHERE id = ?1 AND revoked_at = 0;

-- name: invites_each
-- index: rowid
SELECT i.id, i.code, i.created_by, i.created_at, i.expires_at, i.max_uses, i.uses, i.revoked_at, u.name, i.label
FROM invites AS i CROSS JOIN users AS u ON u.id = i.created_by
WHERE i.id < ?1 ORDER BY i.id DESC LIMIT ?2;

-- name: invites_rooms
-- index: primary key
SELECT room_id FROM invite_rooms WHERE invite_id = ?1;
