-- name: users_by_key
-- index: users_key
SELECT id, kind, name, name_fold, key, created_at FROM users WHERE key = ?1;

-- name: users_by_id
-- index: rowid
SELECT id, kind, name, name_fold, key, created_at FROM users WHERE id = ?1;

-- The second condition is that of the partial index, word for word: without it the index cannot be used.
-- name: users_by_fold
-- index: users_name
SELECT id, kind, name, name_fold, key, created_at FROM users WHERE name_fold = ?1 AND kind <> 'visitor';

-- name: users_insert
-- index: none (users_key and users_name keep it unique)
INSERT INTO users (kind, name, name_fold, key, created_at, role) VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: users_set_name
-- index: rowid
UPDATE users SET name = ?2, name_fold = ?3 WHERE id = ?1;
