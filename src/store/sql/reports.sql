-- name: reports_insert
-- index: none (reports_once keeps it unique)
INSERT INTO reports (room_id, seq, reporter_id, reason, at) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: reports_handle
-- index: rowid
UPDATE reports SET handled_by = ?2, handled_at = ?3, outcome = ?4 WHERE id = ?1 AND handled_at = 0;

-- name: reports_room
-- index: rowid
SELECT room_id FROM reports WHERE id = ?1;

-- Both of the following read a partial index from one of its ends, which has the length of the queue.
-- name: reports_waiting
-- index: reports_waiting, messages_room_seq, rowid
SELECT r.id, r.room_id, r.seq, r.reporter_id, r.at, r.handled_at, r.handled_by, r.reason, r.outcome, w.name, a.name,
       m.body, n.name, '', m.author_id
FROM reports AS r INDEXED BY reports_waiting CROSS JOIN users AS w ON w.id = r.reporter_id
CROSS JOIN messages AS m ON m.room_id = r.room_id AND m.seq = r.seq CROSS JOIN users AS a ON a.id = m.author_id
CROSS JOIN rooms AS n ON n.id = r.room_id
WHERE r.handled_at = 0 AND r.id > ?2 ORDER BY r.id LIMIT ?1;

-- name: reports_handled
-- index: reports_handled, messages_room_seq, rowid
SELECT r.id, r.room_id, r.seq, r.reporter_id, r.at, r.handled_at, r.handled_by, r.reason, r.outcome, w.name, a.name,
       m.body, n.name, h.name, m.author_id
FROM reports AS r INDEXED BY reports_handled CROSS JOIN users AS w ON w.id = r.reporter_id
CROSS JOIN messages AS m ON m.room_id = r.room_id AND m.seq = r.seq CROSS JOIN users AS a ON a.id = m.author_id
CROSS JOIN rooms AS n ON n.id = r.room_id CROSS JOIN users AS h ON h.id = r.handled_by
WHERE r.handled_at <> 0 AND r.id < ?2 ORDER BY r.id DESC LIMIT ?1;
