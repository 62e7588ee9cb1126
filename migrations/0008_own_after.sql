-- 0008_own_after: what one has said oneself is not unread, wherever one has read to.

-- How many messages of one's own, which are not deleted, come after read_seq.
ALTER TABLE memberships ADD COLUMN own_after INTEGER NOT NULL DEFAULT 0;
UPDATE memberships SET own_after = own.n
FROM (SELECT m.room_id, m.author_id, count(*) AS n
      FROM messages AS m CROSS JOIN memberships AS s ON s.room_id = m.room_id AND s.user_id = m.author_id
      WHERE m.seq > s.read_seq AND m.deleted_at IS NULL
      GROUP BY m.room_id, m.author_id) AS own
WHERE own.room_id = memberships.room_id AND own.author_id = memberships.user_id;
