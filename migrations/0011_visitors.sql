-- 0011_visitors: rows of visitors who left nothing behind can be deleted, and who refers to a user is found by an index.

-- Stands for visitors whose rows have been deleted: as author of their deleted messages. Kind 'visitor', so it keeps no
-- name and is in no list. Nobody gets this id: those of people are above 0.
INSERT INTO users (id, kind, name, name_fold, key, created_at, role)
VALUES (-1, 'visitor', 'deleted guest', '', x'ffffffffffffffffffffffffffffffff', 0, 'visitor');

-- One for each foreign key to users that has none yet: deleting a user looks for rows that refer to it. That of messages
-- was there, but for messages with a client id only; NULLs are all different, so it may hold the others too.
DROP INDEX messages_client_id;
CREATE UNIQUE INDEX messages_client_id ON messages (author_id, client_id);
CREATE INDEX changes_actor ON changes (actor_id);
CREATE INDEX resets_creator ON resets (created_by);
CREATE INDEX invites_creator ON invites (created_by);
CREATE INDEX silences_user ON silences (user_id);
CREATE INDEX paces_user ON paces (user_id);
CREATE INDEX join_requests_user ON join_requests (user_id);
CREATE INDEX bans_actor ON bans (actor_id);
CREATE INDEX blocks_blocked ON blocks (blocked_id);
CREATE INDEX reports_reporter ON reports (reporter_id);

DROP VIEW people;
CREATE VIEW people (id, name, display_name, kind, role, since, messages, last_time, banned) AS
SELECT u.id, u.name, u.display_name, u.kind, u.role,
       CASE WHEN u.created_at = 0 THEN ''
            ELSE strftime('%Y-%m-%d %H:%M:%S', u.created_at / 1000, 'unixepoch', 'localtime') END,
       coalesce(s.n, 0),
       coalesce(strftime('%Y-%m-%d %H:%M:%S', s.last_at / 1000, 'unixepoch', 'localtime'), ''),
       CASE WHEN b.user_id IS NULL THEN ''
            WHEN b.until = 0 THEN 'for ever'
            ELSE 'until ' || strftime('%Y-%m-%d %H:%M:%S', b.until / 1000, 'unixepoch', 'localtime') END
FROM users AS u
LEFT JOIN (SELECT author_id, count(*) AS n, max(at) AS last_at FROM messages GROUP BY author_id) AS s
    ON s.author_id = u.id
LEFT JOIN bans AS b ON b.user_id = u.id
WHERE u.id >= 0
ORDER BY u.id;

DROP VIEW audit_log;
CREATE VIEW audit_log (time, who, did, to_whom, room, message, address, detail) AS
SELECT strftime('%Y-%m-%d %H:%M:%S', a.at / 1000, 'unixepoch', 'localtime'), w.name, a.verb,
       CASE WHEN a.user_id = 0 THEN '' ELSE coalesce(t.name, 'deleted guest') END, coalesce(r.name, ''),
       nullif(a.seq, 0),
       CASE a.address WHEN '' THEN '(command line)' ELSE a.address END,
       CASE a.detail WHEN '{}' THEN '' ELSE a.detail END
FROM audit AS a
CROSS JOIN users AS w ON w.id = a.actor_id
LEFT JOIN users AS t ON t.id = a.user_id AND a.user_id <> 0
LEFT JOIN room_names AS r ON r.id = a.room_id
ORDER BY a.id;
