-- What lists and counts need beside the rows of single nouns.
-- name: blocks_all
-- index: none (the whole table in order of the primary key, once at start)
SELECT user_id, blocked_id FROM blocks ORDER BY user_id, blocked_id;

-- name: reports_count_waiting
-- index: reports_waiting_room
SELECT count(*) FROM reports WHERE room_id = ?1 AND handled_at = 0;

-- name: reports_count_each
-- index: none (a partial index that holds nothing else, once at start)
SELECT room_id, count(*) FROM reports INDEXED BY reports_waiting_room WHERE handled_at = 0 GROUP BY room_id;

-- name: join_requests_count
-- index: join_requests_number
SELECT count(*) FROM join_requests WHERE room_id = ?1;

-- name: join_requests_count_each
-- index: none (the whole table in order of the primary key, once at start)
SELECT room_id, count(*) FROM join_requests GROUP BY room_id;
