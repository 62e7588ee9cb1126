-- name: changes_insert
-- index: none (the primary key keeps it unique)
INSERT INTO changes (room_id, seq, kind, target_seq, actor_id, at, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- Both halves come in order of seq from their index and are merged row by row, so that the LIMIT ends the work: nothing
-- is sorted. CROSS JOIN keeps the events outside and the names inside.
-- name: events_after
-- index: messages_room_seq, primary key, rowid
SELECT m.seq, m.at, m.author_id, u.name, m.body, m.client_id, m.reply_to, NULL
FROM messages AS m CROSS JOIN users AS u ON u.id = m.author_id
WHERE m.room_id = ?1 AND m.seq > ?2 AND m.seq < ?3
UNION ALL
SELECT c.seq, c.at, c.actor_id, u.name, c.data, NULL, c.target_seq, c.kind
FROM changes AS c CROSS JOIN users AS u ON u.id = c.actor_id
WHERE c.room_id = ?1 AND c.seq > ?2 AND c.seq < ?3
ORDER BY 1 LIMIT ?4;

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
