-- name: bans_get
-- index: rowid
SELECT user_id, actor_id, at, until, reason, hides FROM bans WHERE user_id = ?1;

-- name: bans_set
-- index: none (the rowid finds the one before)
INSERT INTO bans (user_id, actor_id, at, until, reason, hides) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT DO UPDATE SET actor_id = excluded.actor_id, at = excluded.at, until = excluded.until,
                          reason = excluded.reason, hides = excluded.hides;

-- name: bans_delete
-- index: rowid
DELETE FROM bans WHERE user_id = ?1;

-- name: bans_each
-- index: rowid
SELECT b.user_id, b.actor_id, b.at, b.until, b.reason, b.hides, u.name, a.name
FROM bans AS b CROSS JOIN users AS u ON u.id = b.user_id CROSS JOIN users AS a ON a.id = b.actor_id
ORDER BY b.at DESC, b.user_id DESC;

-- name: bans_hiding
-- index: none (all bans, once at start)
SELECT user_id FROM bans WHERE hides = 1;
