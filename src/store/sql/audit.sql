-- name: audit_insert
-- index: none (the next rowid)
INSERT INTO audit (at, actor_id, verb, user_id, room_id, seq, address, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- One statement for each thing that can be asked for: its index gives the rows newest first, and what else is asked for
-- (0 or '': nothing) is looked at row by row. All take the same parameters.
-- name: audit_by_user
-- index: audit_user, rowid
SELECT a.id, a.at, a.actor_id, a.verb, a.user_id, a.room_id, a.seq, a.address, a.detail, w.name, t.name, r.name
FROM audit AS a INDEXED BY audit_user CROSS JOIN users AS w ON w.id = a.actor_id
LEFT JOIN users AS t ON t.id = a.user_id AND a.user_id <> 0 LEFT JOIN rooms AS r ON r.id = a.room_id
WHERE a.user_id = ?3 AND a.id < ?1
  AND (?2 = 0 OR a.actor_id = ?2) AND (?4 = 0 OR a.room_id = ?4) AND (?5 = '' OR a.verb = ?5)
ORDER BY a.id DESC LIMIT ?6;

-- name: audit_by_room
-- index: audit_room, rowid
SELECT a.id, a.at, a.actor_id, a.verb, a.user_id, a.room_id, a.seq, a.address, a.detail, w.name, t.name, r.name
FROM audit AS a INDEXED BY audit_room CROSS JOIN users AS w ON w.id = a.actor_id
LEFT JOIN users AS t ON t.id = a.user_id AND a.user_id <> 0 LEFT JOIN rooms AS r ON r.id = a.room_id
WHERE a.room_id = ?4 AND a.id < ?1
  AND (?2 = 0 OR a.actor_id = ?2) AND (?3 = 0 OR a.user_id = ?3) AND (?5 = '' OR a.verb = ?5)
ORDER BY a.id DESC LIMIT ?6;

-- name: audit_by_verb
-- index: audit_verb, rowid
SELECT a.id, a.at, a.actor_id, a.verb, a.user_id, a.room_id, a.seq, a.address, a.detail, w.name, t.name, r.name
FROM audit AS a INDEXED BY audit_verb CROSS JOIN users AS w ON w.id = a.actor_id
LEFT JOIN users AS t ON t.id = a.user_id AND a.user_id <> 0 LEFT JOIN rooms AS r ON r.id = a.room_id
WHERE a.verb = ?5 AND a.id < ?1
  AND (?2 = 0 OR a.actor_id = ?2) AND (?3 = 0 OR a.user_id = ?3) AND (?4 = 0 OR a.room_id = ?4)
ORDER BY a.id DESC LIMIT ?6;

-- name: audit_by_actor
-- index: audit_actor, rowid
SELECT a.id, a.at, a.actor_id, a.verb, a.user_id, a.room_id, a.seq, a.address, a.detail, w.name, t.name, r.name
FROM audit AS a INDEXED BY audit_actor CROSS JOIN users AS w ON w.id = a.actor_id
LEFT JOIN users AS t ON t.id = a.user_id AND a.user_id <> 0 LEFT JOIN rooms AS r ON r.id = a.room_id
WHERE a.actor_id = ?2 AND a.id < ?1
  AND (?3 = 0 OR a.user_id = ?3) AND (?4 = 0 OR a.room_id = ?4) AND (?5 = '' OR a.verb = ?5)
ORDER BY a.id DESC LIMIT ?6;

-- name: audit_all
-- index: rowid
SELECT a.id, a.at, a.actor_id, a.verb, a.user_id, a.room_id, a.seq, a.address, a.detail, w.name, t.name, r.name
FROM audit AS a CROSS JOIN users AS w ON w.id = a.actor_id
LEFT JOIN users AS t ON t.id = a.user_id AND a.user_id <> 0 LEFT JOIN rooms AS r ON r.id = a.room_id
WHERE a.id < ?1
ORDER BY a.id DESC LIMIT ?6;
