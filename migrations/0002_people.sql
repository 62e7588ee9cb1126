-- 0002_people: accounts and how they sign in, who belongs to which room, roles, moderation, and who did what.
--
-- Times are milliseconds since 1970-01-01 UTC; 0 is "never", "not yet" or "for ever", as the column says. Kinds, roles
-- and levels are not listed in a CHECK: a later version has more, and SQLite cannot change a CHECK in place.
--
-- An earlier wording counted all changes before each message, which is quadratic:
-- earlier: e7eb64aacb5bfee11a895f3db8da6bf3e9b77ae4c706fc27face92181070a31f

-- The place as a whole. set_up_at 0: there is no owner yet, and nothing is answered but the question for one.
CREATE TABLE place (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    name         TEXT    NOT NULL, -- '': the setting server_name
    set_up_at    INTEGER NOT NULL,
    require_totp INTEGER NOT NULL  -- 1: admins and owners need a second factor
) STRICT;

INSERT INTO place (id, name, set_up_at, require_totp) VALUES (1, '', 0, 0);

-- kind has one more: 'account', who signs in with a password; `name` is then the user name.
-- role: 'system', 'owner', 'admin', 'moderator', 'member', 'guest', 'visitor'.
ALTER TABLE users ADD COLUMN role           TEXT    NOT NULL DEFAULT 'guest';
ALTER TABLE users ADD COLUMN display_name   TEXT    NOT NULL DEFAULT ''; -- '': the user name is shown
ALTER TABLE users ADD COLUMN bio            TEXT    NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN status_emoji   TEXT    NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN status_text    TEXT    NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN status_until   INTEGER NOT NULL DEFAULT 0;  -- 0: until it is changed
ALTER TABLE users ADD COLUMN avatar_version INTEGER NOT NULL DEFAULT 0;  -- how many there have been; below 0: none now
ALTER TABLE users ADD COLUMN password       TEXT    NOT NULL DEFAULT ''; -- Argon2id, as libsodium writes it; '': none
ALTER TABLE users ADD COLUMN totp_secret    BLOB;                        -- RFC 6238; NULL: no second factor
ALTER TABLE users ADD COLUMN totp_last      INTEGER NOT NULL DEFAULT 0;  -- the time step used last: none is used twice

UPDATE users SET role = kind WHERE kind IN ('system', 'visitor');

-- Whoever keeps a name, by id and by role: a place with few accounts can have had many visitors.
CREATE INDEX users_kept ON users (id) WHERE kind <> 'visitor';
CREATE INDEX users_role ON users (role) WHERE kind <> 'visitor';

CREATE TABLE avatars (
    user_id INTEGER PRIMARY KEY REFERENCES users (id),
    type    TEXT NOT NULL, -- 'image/png', 'image/jpeg', 'image/webp'
    bytes   BLOB NOT NULL
) STRICT;

-- One per device that is signed in. Only the SHA-256 of the token is kept; an ended session's row is gone.
CREATE TABLE sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    token_hash BLOB    NOT NULL CHECK (length(token_hash) = 32),
    device     TEXT    NOT NULL,
    address    TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_user ON sessions (user_id);

-- Personal access tokens, for programs. scope: 'read', 'write', 'admin'; each holds the ones before it.
CREATE TABLE tokens (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    name       TEXT    NOT NULL,
    scope      TEXT    NOT NULL,
    token_hash BLOB    NOT NULL CHECK (length(token_hash) = 32),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL -- 0: never
) STRICT;

CREATE UNIQUE INDEX tokens_token ON tokens (token_hash);
CREATE INDEX tokens_user ON tokens (user_id);

-- One-time links to a new password. A used one is gone.
CREATE TABLE resets (
    code_hash  BLOB    PRIMARY KEY CHECK (length(code_hash) = 32),
    user_id    INTEGER NOT NULL REFERENCES users (id),
    created_by INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX resets_user ON resets (user_id);

-- What lets one in when the second factor is lost; each once.
CREATE TABLE recovery_codes (
    user_id   INTEGER NOT NULL REFERENCES users (id),
    code_hash BLOB    NOT NULL CHECK (length(code_hash) = 32),
    PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;

-- The code itself is kept, so that the link can be shown again: it opens nothing but the sign-up page.
CREATE TABLE invites (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    code       TEXT    NOT NULL,
    created_by INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL, -- 0: never
    max_uses   INTEGER NOT NULL, -- 0: no limit
    uses       INTEGER NOT NULL DEFAULT 0,
    revoked_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX invites_code ON invites (code);

CREATE TABLE invite_rooms (
    invite_id INTEGER NOT NULL REFERENCES invites (id),
    room_id   INTEGER NOT NULL REFERENCES rooms (id),
    PRIMARY KEY (invite_id, room_id)
) STRICT, WITHOUT ROWID;

-- kind: 'open' (listed; whoever has an account joins), 'closed' (members only), 'announcement' (listed; moderators
-- write), 'direct' (between two or more people: the key says which, and the name is made of it).
ALTER TABLE rooms ADD COLUMN kind        TEXT    NOT NULL DEFAULT 'open';
ALTER TABLE rooms ADD COLUMN topic       TEXT    NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN description TEXT    NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN history     TEXT    NOT NULL DEFAULT 'all'; -- what a member sees: 'all', or since 'joined'
ALTER TABLE rooms ADD COLUMN slow_s      INTEGER NOT NULL DEFAULT 0;     -- seconds between two messages of one member
ALTER TABLE rooms ADD COLUMN locked_at   INTEGER NOT NULL DEFAULT 0;     -- 0: not locked; else only moderators write
ALTER TABLE rooms ADD COLUMN direct_key  TEXT    NOT NULL DEFAULT '';    -- ids of the people, ascending: '3,7'
ALTER TABLE rooms ADD COLUMN created_by  INTEGER NOT NULL DEFAULT 0;

CREATE UNIQUE INDEX rooms_direct ON rooms (direct_key) WHERE direct_key <> '';

-- How many messages the room has had up to this one: what is unread is a difference of two of these.
ALTER TABLE messages ADD COLUMN number INTEGER NOT NULL DEFAULT 0;

-- A room's numbers have no gaps: what is not a change is a message. So the newest change before a message knows how many
-- there were.
CREATE TABLE change_ranks (
    room_id INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    rank    INTEGER NOT NULL,
    PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO change_ranks (room_id, seq, rank)
SELECT room_id, seq, row_number() OVER (PARTITION BY room_id ORDER BY seq) FROM changes;

UPDATE messages
SET number = seq - coalesce((SELECT rank FROM change_ranks AS c
                             WHERE c.room_id = messages.room_id AND c.seq < messages.seq
                             ORDER BY c.seq DESC LIMIT 1), 0);

DROP TABLE change_ranks;

CREATE TABLE memberships (
    room_id     INTEGER NOT NULL REFERENCES rooms (id),
    user_id     INTEGER NOT NULL REFERENCES users (id),
    role        TEXT    NOT NULL, -- 'member', 'moderator'
    joined_at   INTEGER NOT NULL,
    joined_seq  INTEGER NOT NULL, -- of the event that let them in: where the history begins, when it does not show all
    read_seq    INTEGER NOT NULL, -- the newest event that has been read
    level       TEXT    NOT NULL, -- what is notified: 'all', 'mentions', 'nothing'
    muted_until INTEGER NOT NULL DEFAULT 0,  -- by the member, for themselves; 0: not
    hidden      INTEGER NOT NULL DEFAULT 0,  -- 1: not in the sidebar until something new is said
    favourite   INTEGER NOT NULL DEFAULT 0,
    section     TEXT    NOT NULL DEFAULT '', -- of the sidebar; '': the usual one
    position    INTEGER NOT NULL DEFAULT 0,  -- in the section; 0: where the name belongs
    PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX memberships_user ON memberships (user_id);

-- Who may not write in a room for a while. Outlives the membership.
CREATE TABLE silences (
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    until   INTEGER NOT NULL,
    PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;

-- When somebody last wrote in a room that is in slow mode, since it is. Outlives the membership.
CREATE TABLE paces (
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    at      INTEGER NOT NULL,
    PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE join_requests (
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    at      INTEGER NOT NULL,
    text    TEXT    NOT NULL,
    PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX join_requests_at ON join_requests (room_id, at);

-- user_id 0: everybody in the room.
CREATE TABLE mentions (
    user_id INTEGER NOT NULL REFERENCES users (id),
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    seq     INTEGER NOT NULL,
    PRIMARY KEY (user_id, room_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE bans (
    user_id  INTEGER PRIMARY KEY REFERENCES users (id),
    actor_id INTEGER NOT NULL REFERENCES users (id),
    at       INTEGER NOT NULL,
    until    INTEGER NOT NULL, -- 0: for ever
    reason   TEXT    NOT NULL,
    hides    INTEGER NOT NULL  -- 1: their messages are hidden from everybody
) STRICT;

CREATE INDEX bans_at ON bans (at);

-- By a person, for themselves.
CREATE TABLE blocks (
    user_id    INTEGER NOT NULL REFERENCES users (id),
    blocked_id INTEGER NOT NULL REFERENCES users (id),
    at         INTEGER NOT NULL,
    PRIMARY KEY (user_id, blocked_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE reports (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id     INTEGER NOT NULL REFERENCES rooms (id),
    seq         INTEGER NOT NULL,
    reporter_id INTEGER NOT NULL REFERENCES users (id),
    reason      TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    handled_at  INTEGER NOT NULL DEFAULT 0, -- 0: waits
    handled_by  INTEGER NOT NULL DEFAULT 0,
    outcome     TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE UNIQUE INDEX reports_once ON reports (room_id, seq, reporter_id);
CREATE INDEX reports_waiting ON reports (id) WHERE handled_at = 0;
CREATE INDEX reports_waiting_room ON reports (room_id) WHERE handled_at = 0;
CREATE INDEX reports_handled ON reports (id) WHERE handled_at <> 0;

-- What was done with power over others or over an account. user_id, room_id, seq: to what; 0: to none.
CREATE TABLE audit (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    actor_id INTEGER NOT NULL REFERENCES users (id),
    verb     TEXT    NOT NULL, -- as the protocol calls it: 'ban', 'set_role', ...
    user_id  INTEGER NOT NULL,
    room_id  INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    address  TEXT    NOT NULL, -- where the actor was; '': the command line
    detail   TEXT    NOT NULL  -- a JSON object
) STRICT;

CREATE INDEX audit_actor ON audit (actor_id);
CREATE INDEX audit_user ON audit (user_id);
CREATE INDEX audit_room ON audit (room_id);
CREATE INDEX audit_verb ON audit (verb);

-- For people at a sqlite3 prompt: select * from audit_log; and the views of 0001, which know the new columns now.

-- What a room is called: a direct conversation by those whom it is between.
CREATE VIEW room_names (id, name) AS
SELECT r.id, CASE r.kind
           WHEN 'direct' THEN (SELECT group_concat(u.name, ', ')
                               FROM json_each('[' || r.direct_key || ']') AS k CROSS JOIN users AS u ON u.id = k.value)
           ELSE r.name
       END
FROM rooms AS r;

DROP VIEW history;
CREATE VIEW history (room, number, time, author, text) AS
SELECT room, number, time, author, text
FROM (
    SELECT m.room_id, r.name AS room, m.seq AS number,
           strftime('%Y-%m-%d %H:%M:%S', m.at / 1000, 'unixepoch', 'localtime') AS time, u.name AS author,
           CASE
               WHEN m.deleted_at IS NOT NULL THEN '(deleted)'
               WHEN EXISTS (SELECT 1 FROM bans AS b WHERE b.user_id = m.author_id AND b.hides = 1)
                   THEN '(hidden) ' || m.body
               ELSE m.body
           END AS text
    FROM messages AS m
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

DROP VIEW room_activity;
CREATE VIEW room_activity (room, kind, archived, members, messages, people, last_number, last_time, last_author) AS
SELECT n.name, r.kind,
       CASE WHEN r.archived_at = 0 THEN 'no' ELSE 'yes' END,
       (SELECT count(*) FROM memberships AS s WHERE s.room_id = r.id),
       (SELECT count(*) FROM messages AS m WHERE m.room_id = r.id),
       (SELECT count(DISTINCT m.author_id) FROM messages AS m WHERE m.room_id = r.id),
       r.last_seq,
       (SELECT strftime('%Y-%m-%d %H:%M:%S', m.at / 1000, 'unixepoch', 'localtime')
        FROM messages AS m WHERE m.room_id = r.id ORDER BY m.seq DESC LIMIT 1),
       (SELECT u.name FROM messages AS m CROSS JOIN users AS u ON u.id = m.author_id
        WHERE m.room_id = r.id ORDER BY m.seq DESC LIMIT 1)
FROM rooms AS r
CROSS JOIN room_names AS n ON n.id = r.id
ORDER BY r.id;

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
ORDER BY u.id;

CREATE VIEW audit_log (time, who, did, to_whom, room, message, address, detail) AS
SELECT strftime('%Y-%m-%d %H:%M:%S', a.at / 1000, 'unixepoch', 'localtime'), w.name, a.verb,
       coalesce(t.name, ''), coalesce(r.name, ''), nullif(a.seq, 0),
       CASE a.address WHEN '' THEN '(command line)' ELSE a.address END,
       CASE a.detail WHEN '{}' THEN '' ELSE a.detail END
FROM audit AS a
CROSS JOIN users AS w ON w.id = a.actor_id
LEFT JOIN users AS t ON t.id = a.user_id AND a.user_id <> 0
LEFT JOIN room_names AS r ON r.id = a.room_id
ORDER BY a.id;
