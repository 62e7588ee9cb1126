-- name: place_get
-- index: rowid
SELECT name, set_up_at, require_totp FROM place WHERE id = 1;

-- name: place_set
-- index: rowid
UPDATE place SET name = ?1, set_up_at = ?2, require_totp = ?3 WHERE id = 1;
