-- 0004_counts: what no longer counts as unread is found without reading all messages.

-- The deleted ones, by room and number.
CREATE INDEX messages_deleted ON messages (room_id, number) WHERE deleted_at IS NOT NULL;

-- A deleted message mentions nobody.
CREATE INDEX mentions_message ON mentions (room_id, seq);
DELETE FROM mentions
WHERE EXISTS (SELECT 1 FROM messages AS m
              WHERE m.room_id = mentions.room_id AND m.seq = mentions.seq AND m.deleted_at IS NOT NULL);
