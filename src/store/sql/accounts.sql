-- name: accounts_by_id
-- index: rowid
SELECT u.id, u.kind, u.role, u.name, u.name_fold, u.display_name, u.bio, u.status_emoji, u.status_text, u.status_until,
       max(u.avatar_version, 0), u.created_at, b.user_id IS NOT NULL, b.until, b.hides, u.password <> '',
       u.totp_secret IS NOT NULL, u.cookie_number
FROM users AS u LEFT JOIN bans AS b ON b.user_id = u.id
WHERE u.id = ?1;

-- name: accounts_each
-- index: users_kept, rowid
SELECT u.id, u.kind, u.role, u.name, u.name_fold, u.display_name, u.bio, u.status_emoji, u.status_text, u.status_until,
       max(u.avatar_version, 0), u.created_at, b.user_id IS NOT NULL, b.until, b.hides, u.password <> '',
       u.totp_secret IS NOT NULL, u.cookie_number
FROM users AS u INDEXED BY users_kept LEFT JOIN bans AS b ON b.user_id = u.id
WHERE u.id > ?1 AND u.kind <> 'visitor' ORDER BY u.id LIMIT ?2;

-- name: accounts_count_role
-- index: users_role
SELECT count(*) FROM users WHERE role = ?1 AND kind <> 'visitor';

-- name: accounts_promote
-- index: rowid
UPDATE users SET kind = 'account', role = ?2, password = ?3 WHERE id = ?1 AND kind IN ('guest', 'account');

-- name: accounts_set_role
-- index: rowid
UPDATE users SET role = ?2 WHERE id = ?1;

-- name: accounts_set_profile
-- index: rowid
UPDATE users SET display_name = ?2, bio = ?3, status_emoji = ?4, status_text = ?5, status_until = ?6 WHERE id = ?1;

-- name: accounts_forget_cookies
-- index: rowid
UPDATE users SET cookie_number = cookie_number + 1 WHERE id = ?1 AND kind = 'guest';
