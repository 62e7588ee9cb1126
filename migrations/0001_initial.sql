-- 0001_initial: users, rooms, messages, the other events of rooms, and how far the command log has been applied.
--
-- Applied once, in one transaction, then recorded in schema_migrations with this file's SHA-256: never edit a migration
-- that has been released, add the next one. Times are milliseconds since 1970-01-01 UTC; 0 is "from the start".

-- 'Hubb', so that file(1) and the next start know whose database this is.
PRAGMA application_id = 0x48756262;

CREATE TABLE schema_migrations (
    version    INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL,
    checksum   TEXT    NOT NULL, -- SHA-256 of the file, hexadecimal
    applied_at INTEGER NOT NULL
) STRICT;

-- The position in the command log of what this database holds; written by the transaction that applies the commands.
CREATE TABLE applied (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    epoch  INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hash   BLOB    NOT NULL CHECK (length(hash) = 32) -- running SHA-256 over all commands
) STRICT;

INSERT INTO applied (id, epoch, number, hash) VALUES (1, 0, 0, zeroblob(32));

-- Which rules made the name_fold columns below (name_key_version() in base/name.h); with other rules they are made
-- anew at start.
CREATE TABLE name_rules (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version TEXT    NOT NULL
) STRICT;

INSERT INTO name_rules (id, version) VALUES (1, '');

-- kind: 'system' (the command line), 'guest' (remembered by a cookie), 'visitor' (for the length of a connection).
-- The kinds are not listed in a CHECK: a later version has more, and SQLite cannot change a CHECK in place.
-- AUTOINCREMENT: an id that clients have seen never becomes somebody else's.
CREATE TABLE users (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    name_fold  TEXT    NOT NULL, -- case and look-alike letters folded
    key        BLOB    NOT NULL CHECK (length(key) = 16),
    created_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX users_key ON users (key);
-- A visitor's name is free again when the visitor has left, so visitors are outside.
CREATE UNIQUE INDEX users_name ON users (name_fold) WHERE kind <> 'visitor';

CREATE TABLE rooms (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT    NOT NULL,
    name_fold   TEXT    NOT NULL,
    last_seq    INTEGER NOT NULL DEFAULT 0, -- of the newest event, message or change
    created_at  INTEGER NOT NULL,
    archived_at INTEGER NOT NULL DEFAULT 0  -- 0: not archived
) STRICT;

CREATE UNIQUE INDEX rooms_name ON rooms (name_fold);

-- reply_to is a seq in the same room: a number that stays true even when what it names has been removed.
CREATE TABLE messages (
    id         INTEGER PRIMARY KEY,
    room_id    INTEGER NOT NULL REFERENCES rooms (id),
    seq        INTEGER NOT NULL CHECK (seq > 0),
    author_id  INTEGER NOT NULL REFERENCES users (id),
    body       TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    edited_at  INTEGER,
    deleted_at INTEGER,
    reply_to   INTEGER,
    client_id  TEXT -- the sender's own id for it: what makes sending again harmless
) STRICT;

CREATE UNIQUE INDEX messages_room_seq ON messages (room_id, seq);
CREATE UNIQUE INDEX messages_client_id ON messages (author_id, client_id) WHERE client_id IS NOT NULL;

-- Every other durable event of a room: it takes its number from the same counter as the messages.
CREATE TABLE changes (
    room_id    INTEGER NOT NULL REFERENCES rooms (id),
    seq        INTEGER NOT NULL CHECK (seq > 0),
    kind       TEXT    NOT NULL, -- 'renamed', 'archived', 'unarchived'
    target_seq INTEGER,          -- the message that it is about
    actor_id   INTEGER NOT NULL REFERENCES users (id),
    at         INTEGER NOT NULL,
    data       TEXT    NOT NULL DEFAULT '{}', -- a JSON object
    PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;

-- name_fold of both is what name_fold() in base/name.h makes of the name; a test holds it against that.
INSERT INTO users (id, kind, name, name_fold, key, created_at) VALUES (0, 'system', 'admin', 'adrnln', zeroblob(16), 0);
INSERT INTO rooms (id, name, name_fold, created_at) VALUES (1, 'lobby', 'lobby', 0);

-- For people at a sqlite3 prompt: select * from history; select * from room_activity; select * from people;

-- Room by room, in the order in which it happened. Local time of the machine that asks.
CREATE VIEW history (room, number, time, author, text) AS
SELECT room, number, time, author, text
FROM (
    SELECT m.room_id, r.name AS room, m.seq AS number,
           strftime('%Y-%m-%d %H:%M:%S', m.at / 1000, 'unixepoch', 'localtime') AS time, u.name AS author,
           CASE WHEN m.deleted_at IS NULL THEN m.body ELSE '(deleted)' END AS text
    FROM messages AS m
    CROSS JOIN rooms AS r ON r.id = m.room_id
    CROSS JOIN users AS u ON u.id = m.author_id
    UNION ALL
    SELECT c.room_id, r.name, c.seq,
           strftime('%Y-%m-%d %H:%M:%S', c.at / 1000, 'unixepoch', 'localtime'), u.name,
           '* ' || CASE c.kind
               WHEN 'renamed' THEN 'renamed the room to ' || (c.data ->> '$.name')
               WHEN 'archived' THEN 'archived the room'
               WHEN 'unarchived' THEN 'opened the room again'
               ELSE c.kind || ' ' || c.data
           END
    FROM changes AS c
    CROSS JOIN rooms AS r ON r.id = c.room_id
    CROSS JOIN users AS u ON u.id = c.actor_id
    ORDER BY 1, 3
);

CREATE VIEW room_activity (room, archived, messages, people, last_number, last_time, last_author) AS
SELECT r.name,
       CASE WHEN r.archived_at = 0 THEN 'no' ELSE 'yes' END,
       (SELECT count(*) FROM messages AS m WHERE m.room_id = r.id),
       (SELECT count(DISTINCT m.author_id) FROM messages AS m WHERE m.room_id = r.id),
       r.last_seq,
       (SELECT strftime('%Y-%m-%d %H:%M:%S', m.at / 1000, 'unixepoch', 'localtime')
        FROM messages AS m WHERE m.room_id = r.id ORDER BY m.seq DESC LIMIT 1),
       (SELECT u.name FROM messages AS m CROSS JOIN users AS u ON u.id = m.author_id
        WHERE m.room_id = r.id ORDER BY m.seq DESC LIMIT 1)
FROM rooms AS r
ORDER BY r.id;

CREATE VIEW people (id, name, kind, since, messages, last_time) AS
SELECT u.id, u.name, u.kind,
       CASE WHEN u.created_at = 0 THEN ''
            ELSE strftime('%Y-%m-%d %H:%M:%S', u.created_at / 1000, 'unixepoch', 'localtime') END,
       coalesce(s.n, 0),
       coalesce(strftime('%Y-%m-%d %H:%M:%S', s.last_at / 1000, 'unixepoch', 'localtime'), '')
FROM users AS u
LEFT JOIN (SELECT author_id, count(*) AS n, max(at) AS last_at FROM messages GROUP BY author_id) AS s
    ON s.author_id = u.id
ORDER BY u.id;
