#include "store/connection.h"
#include "store/membership.h"

/* False: a role or level that this program does not know. */
static bool read_membership(sqlite3_stmt *st, struct membership_row *out)
{
    const int role = statement_word(st, 2, &words_room_role), level = statement_word(st, 3, &words_level);
    *out = (struct membership_row){
        .room_id = sqlite3_column_int64(st, 0),
        .user_id = sqlite3_column_int64(st, 1),
        .role = (enum room_role)role,
        .level = (enum level)level,
        .joined_at = sqlite3_column_int64(st, 4),
        .joined_seq = sqlite3_column_int64(st, 5),
        .read_seq = sqlite3_column_int64(st, 6),
        .muted_until = sqlite3_column_int64(st, 7),
        .hidden = sqlite3_column_int(st, 8) != 0,
        .favourite = sqlite3_column_int(st, 9) != 0,
        .section = statement_text(st, 10),
        .position = sqlite3_column_int64(st, 11),
        .own_after = sqlite3_column_int64(st, 12),
        .read_number = sqlite3_column_int64(st, 13),
        .mentions = sqlite3_column_int64(st, 14),
    };
    return role >= 0 && level >= 0;
}

enum err memberships_get(struct store *s, int64_t room_id, int64_t user_id, struct membership_row *out)
{
    struct membership_row row;
    struct rows r = statement_rows(s, STATEMENT_memberships_get,
                                   BIND(as_i64(room_id), as_i64(user_id), as_i64(MEMBERSHIP_MENTIONS_MAX)));
    if (!rows_first(&r, ERR_NOT_FOUND))
        return r.e;
    if (!read_membership(r.st, &row))
        return rows_unknown_word(&r);
    enum err e = rows_keep(&r, TEXTS(&row.section));
    if (!e)
        *out = row;
    return e;
}

enum err memberships_each(struct store *s, void (*row)(void *ctx, const struct membership_row *), void *ctx)
{
    struct membership_row membership;
    struct rows r = statement_rows(s, STATEMENT_memberships_all, BIND(as_i64(MEMBERSHIP_MENTIONS_MAX)));
    while (rows_next(&r)) {
        if (!read_membership(r.st, &membership))
            return rows_unknown_word(&r);
        row(ctx, &membership);
    }
    return r.e;
}

enum err memberships_insert(struct store *s, const struct membership_row *row)
{
    return statement_change(s, STATEMENT_memberships_insert,
                            BIND(as_i64(row->room_id), as_i64(row->user_id), as_word(&words_room_role, row->role),
                                 as_word(&words_level, row->level), as_i64(row->joined_at), as_i64(row->joined_seq),
                                 as_i64(row->read_seq), as_i64(row->muted_until), as_flag(row->hidden),
                                 as_flag(row->favourite), as_text(row->section), as_i64(row->position)),
                            ERR_ID_REUSED);
}

enum err memberships_set(struct store *s, const struct membership_row *row)
{
    return statement_change(s, STATEMENT_memberships_set,
                            BIND(as_i64(row->room_id), as_i64(row->user_id), as_word(&words_room_role, row->role),
                                 as_word(&words_level, row->level), as_i64(row->muted_until), as_flag(row->hidden),
                                 as_flag(row->favourite), as_text(row->section), as_i64(row->position)),
                            ERR_NOT_FOUND);
}

enum err memberships_read_position(struct store *s, int64_t room_id, int64_t user_id, struct read_position *out)
{
    struct rows r = statement_rows(s, STATEMENT_memberships_read_position, BIND(as_i64(room_id), as_i64(user_id)));
    if (!rows_first(&r, ERR_NOT_FOUND))
        return r.e;
    const struct read_position position = {
        .seq = sqlite3_column_int64(r.st, 0),
        .own_after = sqlite3_column_int64(r.st, 1),
        .number = sqlite3_column_int64(r.st, 2),
    };
    enum err e = rows_end(&r);
    if (!e)
        *out = position;
    return e;
}

enum err memberships_set_read(struct store *s, int64_t room_id, int64_t user_id, int64_t read_seq, int64_t own_after)
{
    return statement_change(s, STATEMENT_memberships_set_read,
                            BIND(as_i64(room_id), as_i64(user_id), as_i64(read_seq), as_i64(own_after)), ERR_NOT_FOUND);
}

enum err memberships_own_deleted(struct store *s, int64_t room_id, int64_t user_id, int64_t seq)
{
    return statement_run(s, STATEMENT_memberships_own_deleted, BIND(as_i64(room_id), as_i64(user_id), as_i64(seq)));
}

enum err memberships_delete(struct store *s, int64_t room_id, int64_t user_id)
{
    return statement_change(s, STATEMENT_memberships_delete, BIND(as_i64(room_id), as_i64(user_id)), ERR_NOT_FOUND);
}

enum err memberships_count_role(struct store *s, int64_t room_id, enum room_role role, int64_t *n)
{
    return statement_i64(s, STATEMENT_memberships_count_role, BIND(as_i64(room_id), as_word(&words_room_role, role)),
                         ERR_STORAGE, n);
}
