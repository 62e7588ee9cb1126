-- Which of the next ?2 users behind ?1 can be deleted: visitors of before ?3 whom nothing needs any more. The last column
-- counts the messages of those, which are all deleted; it is NULL for everybody else. Mutes count until ?4. What a visitor
-- can't have (a membership, say) is asked for as well, so that no delete ever fails; a test counts the tables.
-- name: visitors_each
-- index: rowid, primary key, messages_client_id, reports_once, bans_actor, blocks_blocked, silences_user, audit_actor, reports_reporter, memberships_user, join_requests_user, sessions_user, tokens_user, resets_user, resets_creator, invites_creator
SELECT u.id,
       CASE
           WHEN u.kind <> 'visitor' OR u.id < 0 OR u.created_at >= ?3 THEN NULL
           WHEN EXISTS (SELECT 1 FROM messages WHERE author_id = u.id AND deleted_at IS NULL) THEN NULL
           WHEN EXISTS (SELECT 1 FROM messages AS m CROSS JOIN reports AS r ON r.room_id = m.room_id AND r.seq = m.seq
                        WHERE m.author_id = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM bans WHERE user_id = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM bans WHERE actor_id = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM blocks WHERE blocked_id = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM blocks WHERE user_id = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM silences WHERE user_id = u.id AND until > ?4) THEN NULL
           WHEN EXISTS (SELECT 1 FROM audit WHERE actor_id = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM reports WHERE reporter_id = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM mentions WHERE user_id = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM memberships WHERE user_id = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM join_requests WHERE user_id = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM sessions WHERE user_id = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM tokens WHERE user_id = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM resets WHERE user_id = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM resets WHERE created_by = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM recovery_codes WHERE user_id = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM invites WHERE created_by = u.id) THEN NULL
           WHEN EXISTS (SELECT 1 FROM avatars WHERE user_id = u.id) THEN NULL
           ELSE (SELECT count(*) FROM messages WHERE author_id = u.id)
       END
FROM users AS u WHERE u.id > ?1 ORDER BY u.id LIMIT ?2;

-- name: visitors_give_messages
-- index: messages_client_id
UPDATE messages SET author_id = -1, client_id = NULL WHERE author_id = ?1;

-- name: visitors_give_changes
-- index: changes_actor
UPDATE changes SET actor_id = -1 WHERE actor_id = ?1;

-- name: visitors_delete_silences
-- index: silences_user
DELETE FROM silences WHERE user_id = ?1;

-- name: visitors_delete_paces
-- index: paces_user
DELETE FROM paces WHERE user_id = ?1;

-- Each index but the first finds rows that refer to the user: there are none.
-- name: visitors_delete
-- index: rowid, primary key, messages_client_id, changes_actor, sessions_user, tokens_user, resets_user, resets_creator, invites_creator, memberships_user, silences_user, paces_user, join_requests_user, bans_actor, blocks_blocked, reports_reporter, audit_actor
DELETE FROM users WHERE id = ?1 AND id > 0 AND kind = 'visitor';
