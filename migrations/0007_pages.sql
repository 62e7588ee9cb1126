-- 0007_pages: bans and requests to join are numbered as they come, so that lists of them have pages.

-- A ban that is changed is a new one. The newest has the highest number.
ALTER TABLE bans ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
UPDATE bans SET number = r.n
FROM (SELECT user_id, row_number() OVER (ORDER BY at, user_id) AS n FROM bans) AS r
WHERE r.user_id = bans.user_id;

DROP INDEX bans_at;
CREATE UNIQUE INDEX bans_number ON bans (number);

-- The same in each room.
ALTER TABLE join_requests ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
UPDATE join_requests SET number = r.n
FROM (SELECT room_id, user_id, row_number() OVER (PARTITION BY room_id ORDER BY at, user_id) AS n
      FROM join_requests) AS r
WHERE r.room_id = join_requests.room_id AND r.user_id = join_requests.user_id;

DROP INDEX join_requests_at;
CREATE UNIQUE INDEX join_requests_number ON join_requests (room_id, number);
