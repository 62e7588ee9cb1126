-- name: changes_insert
-- index: none (the primary key keeps it unique)
INSERT INTO changes (room_id, seq, kind, target_seq, actor_id, at, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- Both halves come in order of seq from their index and are merged row by row, so that the LIMIT ends the work: nothing
-- is sorted. CROSS JOIN keeps the events outside and the names inside. The last column counts 1 for a message that is
-- deleted and 2 for one that is hidden because of its author's ban; whether that has expired does not matter.
-- name: events_after
-- index: messages_room_seq, primary key, rowid
SELECT m.seq, m.at, m.author_id, u.name, u.display_name,
       CASE WHEN m.deleted_at IS NULL AND b.hides IS NULL THEN m.body ELSE '' END, m.client_id, m.reply_to, NULL,
       (m.deleted_at IS NOT NULL) + 2 * (b.hides IS NOT NULL)
FROM messages AS m CROSS JOIN users AS u ON u.id = m.author_id
LEFT JOIN bans AS b ON b.user_id = m.author_id AND b.hides = 1
WHERE m.room_id = ?1 AND m.seq > ?2 AND m.seq < ?3
UNION ALL
SELECT c.seq, c.at, c.actor_id, u.name, u.display_name, c.data, NULL, c.target_seq, c.kind, 0
FROM changes AS c CROSS JOIN users AS u ON u.id = c.actor_id
WHERE c.room_id = ?1 AND c.seq > ?2 AND c.seq < ?3
ORDER BY 1 LIMIT ?4;

-- The same from the other end.
-- name: events_down
-- index: messages_room_seq, primary key, rowid
SELECT m.seq, m.at, m.author_id, u.name, u.display_name,
       CASE WHEN m.deleted_at IS NULL AND b.hides IS NULL THEN m.body ELSE '' END, m.client_id, m.reply_to, NULL,
       (m.deleted_at IS NOT NULL) + 2 * (b.hides IS NOT NULL)
FROM messages AS m CROSS JOIN users AS u ON u.id = m.author_id
LEFT JOIN bans AS b ON b.user_id = m.author_id AND b.hides = 1
WHERE m.room_id = ?1 AND m.seq > ?2 AND m.seq < ?3
UNION ALL
SELECT c.seq, c.at, c.actor_id, u.name, u.display_name, c.data, NULL, c.target_seq, c.kind, 0
FROM changes AS c CROSS JOIN users AS u ON u.id = c.actor_id
WHERE c.room_id = ?1 AND c.seq > ?2 AND c.seq < ?3
ORDER BY 1 DESC LIMIT ?4;

-- One less than the seq of the first event of the range's last ?4 + 1; ?2 when there are not as many. Reads the indices
-- only.
-- name: events_floor
-- index: messages_room_seq, primary key
SELECT coalesce((
    SELECT seq FROM messages WHERE room_id = ?1 AND seq > ?2 AND seq < ?3
    UNION ALL
    SELECT seq FROM changes WHERE room_id = ?1 AND seq > ?2 AND seq < ?3
    ORDER BY 1 DESC LIMIT 1 OFFSET ?4
) - 1, ?2);
