-- 0006_printable: control characters in messages of before they were refused can't give orders to a terminal.

-- Messages as a terminal may print them: control characters become their pictures (U+241B for escape), those of C1 are
-- spelled out (\x9b). Tabs and newlines stay.
CREATE VIEW printable_messages (id, body) AS
SELECT m.id,
       CASE
           WHEN m.body NOT GLOB '*[' || char(1) || '-' || char(8) || char(11) || '-' || char(31)
                                || char(127) || '-' || char(159) || ']*' THEN m.body
           ELSE (
               WITH RECURSIVE places (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM places WHERE i < length(m.body))
               SELECT group_concat(CASE
                          WHEN code IN (9, 10) THEN char(code)
                          WHEN code < 32 THEN char(0x2400 + code)
                          WHEN code = 127 THEN char(0x2421)
                          WHEN code BETWEEN 128 AND 159 THEN printf('\x%02x', code)
                          ELSE char(code)
                      END, '')
               FROM (SELECT unicode(substr(m.body, i, 1)) AS code FROM places)
           )
       END
FROM messages AS m;

DROP VIEW history;
CREATE VIEW history (room, number, time, author, text) AS
SELECT room, number, time, author, text
FROM (
    SELECT m.room_id, r.name AS room, m.seq AS number,
           strftime('%Y-%m-%d %H:%M:%S', m.at / 1000, 'unixepoch', 'localtime') AS time, u.name AS author,
           CASE
               WHEN m.deleted_at IS NOT NULL THEN '(deleted)'
               WHEN EXISTS (SELECT 1 FROM bans AS b WHERE b.user_id = m.author_id AND b.hides = 1)
                   THEN '(hidden) ' || p.body
               ELSE p.body
           END AS text
    FROM messages AS m
    CROSS JOIN printable_messages AS p ON p.id = m.id
    CROSS JOIN room_names AS r ON r.id = m.room_id
    CROSS JOIN users AS u ON u.id = m.author_id
    UNION ALL
    SELECT c.room_id, r.name, c.seq,
           strftime('%Y-%m-%d %H:%M:%S', c.at / 1000, 'unixepoch', 'localtime'), u.name,
           '* ' || CASE c.kind
               WHEN 'renamed' THEN 'renamed the room to ' || (c.data ->> '$.name')
               WHEN 'archived' THEN 'archived the room'
               WHEN 'unarchived' THEN 'opened the room again'
               WHEN 'joined' THEN 'joined'
               WHEN 'left' THEN 'left'
               WHEN 'added' THEN 'added ' || (c.data ->> '$.user.name')
               WHEN 'removed' THEN 'removed ' || (c.data ->> '$.user.name')
               WHEN 'deleted' THEN 'deleted message ' || c.target_seq
               WHEN 'changed' THEN 'changed the room: '
                   || (SELECT group_concat(d.key || ' = ' || d.value, ', ') FROM json_each(c.data) AS d)
               ELSE c.kind || ' ' || c.data
           END
    FROM changes AS c
    CROSS JOIN room_names AS r ON r.id = c.room_id
    CROSS JOIN users AS u ON u.id = c.actor_id
    ORDER BY 1, 3
);
