-- What lists and counts need beside the rows of single nouns.
-- name: blocks_all
-- index: none (the whole table in order of the primary key, once at start)
SELECT user_id, blocked_id FROM blocks ORDER BY user_id, blocked_id;

-- name: reports_count_waiting
-- index: none (a partial index that holds nothing else)
SELECT count(*) FROM reports WHERE handled_at = 0;
