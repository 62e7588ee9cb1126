-- name: lineage_get
-- index: rowid
SELECT epoch, run FROM lineage WHERE id = 1;

-- name: lineage_set
-- index: rowid
UPDATE lineage SET epoch = ?1, run = ?2 WHERE id = 1;
