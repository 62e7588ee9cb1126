-- name: credentials_by_fold
-- index: users_name
SELECT id, password, totp_secret, totp_last FROM users
WHERE name_fold = ?1 AND kind <> 'visitor' AND password <> '';

-- name: credentials_by_id
-- index: rowid
SELECT id, password, totp_secret, totp_last FROM users WHERE id = ?1;

-- name: credentials_set_password
-- index: rowid
UPDATE users SET password = ?2 WHERE id = ?1;

-- name: credentials_set_totp
-- index: rowid
UPDATE users SET totp_secret = ?2, totp_last = ?3 WHERE id = ?1;

-- name: credentials_use_totp
-- index: rowid
UPDATE users SET totp_last = ?2 WHERE id = ?1 AND totp_last < ?2;

-- name: credentials_lower_totp
-- index: rowid
UPDATE users SET totp_last = ?3 WHERE id = ?1 AND totp_last > ?2;

-- name: recovery_codes_insert
-- index: none (the primary key finds a double one)
INSERT INTO recovery_codes (user_id, code_hash) VALUES (?1, ?2) ON CONFLICT DO NOTHING;

-- name: recovery_codes_delete_all
-- index: primary key
DELETE FROM recovery_codes WHERE user_id = ?1;

-- name: recovery_codes_use
-- index: primary key
DELETE FROM recovery_codes WHERE user_id = ?1 AND code_hash = ?2;

-- name: recovery_codes_count
-- index: primary key
SELECT count(*) FROM recovery_codes WHERE user_id = ?1;
