-- name: bans_get
-- index: rowid
SELECT b.user_id, b.actor_id, b.at, b.until, b.reason, b.hides, b.number, u.name, a.name
FROM bans AS b CROSS JOIN users AS u ON u.id = b.user_id CROSS JOIN users AS a ON a.id = b.actor_id
WHERE b.user_id = ?1;

-- name: bans_set
-- index: bans_number
INSERT INTO bans (user_id, actor_id, at, until, reason, hides, number)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT coalesce(max(number), 0) + 1 FROM bans))
ON CONFLICT (user_id) DO UPDATE SET actor_id = excluded.actor_id, at = excluded.at, until = excluded.until,
                                    reason = excluded.reason, hides = excluded.hides, number = excluded.number;

-- name: bans_delete
-- index: rowid
DELETE FROM bans WHERE user_id = ?1;

-- name: bans_each
-- index: bans_number, rowid
SELECT b.user_id, b.actor_id, b.at, b.until, b.reason, b.hides, b.number, u.name, a.name
FROM bans AS b CROSS JOIN users AS u ON u.id = b.user_id CROSS JOIN users AS a ON a.id = b.actor_id
WHERE b.number < ?1 ORDER BY b.number DESC LIMIT ?2;

-- name: bans_hiding
-- index: none (all bans, once at start)
SELECT user_id FROM bans WHERE hides = 1;
