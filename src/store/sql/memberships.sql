-- Mentions of everybody stand under user 0; a message that mentions somebody twice over counts once. What is hidden, or
-- said by the member or by a person whom the member has blocked, mentions nobody.
-- name: memberships_get
-- index: primary key, messages_room_seq, rowid
SELECT room_id, user_id, role, level, joined_at, joined_seq, read_seq, muted_until, hidden, favourite, section,
       position, own_after,
       (SELECT number FROM messages WHERE room_id = s.room_id AND seq <= s.read_seq ORDER BY seq DESC LIMIT 1),
       (SELECT count(*) FROM (
           SELECT n.seq FROM mentions AS n CROSS JOIN messages AS m ON m.room_id = n.room_id AND m.seq = n.seq
           WHERE n.user_id = s.user_id AND n.room_id = s.room_id AND n.seq > s.read_seq
             AND NOT EXISTS (SELECT 1 FROM bans AS b WHERE b.user_id = m.author_id AND b.hides = 1)
             AND NOT EXISTS (SELECT 1 FROM blocks AS k WHERE k.user_id = s.user_id AND k.blocked_id = m.author_id)
           UNION
           SELECT n.seq FROM mentions AS n CROSS JOIN messages AS m ON m.room_id = n.room_id AND m.seq = n.seq
           WHERE n.user_id = 0 AND n.room_id = s.room_id AND n.seq > s.read_seq AND m.author_id <> s.user_id
             AND NOT EXISTS (SELECT 1 FROM bans AS b WHERE b.user_id = m.author_id AND b.hides = 1)
             AND NOT EXISTS (SELECT 1 FROM blocks AS k WHERE k.user_id = s.user_id AND k.blocked_id = m.author_id)
           ORDER BY 1 LIMIT ?3))
FROM memberships AS s WHERE room_id = ?1 AND user_id = ?2;

-- name: memberships_all
-- index: primary key, messages_room_seq, rowid
SELECT room_id, user_id, role, level, joined_at, joined_seq, read_seq, muted_until, hidden, favourite, section,
       position, own_after,
       (SELECT number FROM messages WHERE room_id = s.room_id AND seq <= s.read_seq ORDER BY seq DESC LIMIT 1),
       (SELECT count(*) FROM (
           SELECT n.seq FROM mentions AS n CROSS JOIN messages AS m ON m.room_id = n.room_id AND m.seq = n.seq
           WHERE n.user_id = s.user_id AND n.room_id = s.room_id AND n.seq > s.read_seq
             AND NOT EXISTS (SELECT 1 FROM bans AS b WHERE b.user_id = m.author_id AND b.hides = 1)
             AND NOT EXISTS (SELECT 1 FROM blocks AS k WHERE k.user_id = s.user_id AND k.blocked_id = m.author_id)
           UNION
           SELECT n.seq FROM mentions AS n CROSS JOIN messages AS m ON m.room_id = n.room_id AND m.seq = n.seq
           WHERE n.user_id = 0 AND n.room_id = s.room_id AND n.seq > s.read_seq AND m.author_id <> s.user_id
             AND NOT EXISTS (SELECT 1 FROM bans AS b WHERE b.user_id = m.author_id AND b.hides = 1)
             AND NOT EXISTS (SELECT 1 FROM blocks AS k WHERE k.user_id = s.user_id AND k.blocked_id = m.author_id)
           ORDER BY 1 LIMIT ?1))
FROM memberships AS s ORDER BY room_id, user_id;

-- name: memberships_insert
-- index: none (the primary key finds an earlier one)
INSERT INTO memberships (room_id, user_id, role, level, joined_at, joined_seq, read_seq, muted_until, hidden, favourite,
                         section, position)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING;

-- name: memberships_set
-- index: primary key
UPDATE memberships
SET role = ?3, level = ?4, muted_until = ?5, hidden = ?6, favourite = ?7, section = ?8, position = ?9
WHERE room_id = ?1 AND user_id = ?2;

-- name: memberships_set_read
-- index: primary key
UPDATE memberships SET read_seq = ?3, own_after = ?4 WHERE room_id = ?1 AND user_id = ?2;

-- name: memberships_read_position
-- index: primary key, messages_room_seq
SELECT read_seq, own_after,
       (SELECT number FROM messages WHERE room_id = s.room_id AND seq <= s.read_seq ORDER BY seq DESC LIMIT 1)
FROM memberships AS s WHERE room_id = ?1 AND user_id = ?2;

-- name: memberships_own_deleted
-- index: primary key
UPDATE memberships SET own_after = own_after - 1 WHERE room_id = ?1 AND user_id = ?2 AND read_seq < ?3;

-- name: memberships_delete
-- index: primary key
DELETE FROM memberships WHERE room_id = ?1 AND user_id = ?2;

-- name: memberships_count_role
-- index: primary key
SELECT count(*) FROM memberships WHERE room_id = ?1 AND role = ?2;
