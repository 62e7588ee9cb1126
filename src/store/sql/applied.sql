-- name: applied_get
-- index: rowid
SELECT epoch, number, hash FROM applied WHERE id = 1;

-- name: applied_set
-- index: rowid
UPDATE applied SET epoch = ?1, number = ?2, hash = ?3 WHERE id = 1;
