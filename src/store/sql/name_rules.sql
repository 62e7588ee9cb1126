-- name: name_rules_get
-- index: rowid
SELECT version FROM name_rules WHERE id = 1;

-- name: name_rules_set
-- index: rowid
UPDATE name_rules SET version = ?1 WHERE id = 1;

-- name: users_named
-- index: none (all users but visitors, once after the rules for names have changed)
SELECT id, name, name_fold FROM users WHERE kind <> 'visitor' ORDER BY id;

-- name: rooms_named
-- index: none (all rooms but direct conversations, once after the rules for names have changed)
SELECT id, name, name_fold FROM rooms WHERE kind <> 'direct' ORDER BY id;
