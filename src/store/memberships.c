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

/* The statement, bound to the membership that it is about. NULL as statement_use(). */
static sqlite3_stmt *use(struct store *s, enum statement id, int64_t room_id, int64_t user_id)
{
    sqlite3_stmt *st = statement_use(s, id);
    if (st) {
        sqlite3_bind_int64(st, 1, room_id);
        sqlite3_bind_int64(st, 2, user_id);
    }
    return st;
}

enum err memberships_get(struct store *s, int64_t room_id, int64_t user_id, struct membership_row *out)
{
    enum err e;
    struct membership_row row;
    sqlite3_stmt *st = use(s, STATEMENT_memberships_get, room_id, user_id);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 3, MEMBERSHIP_MENTIONS_MAX);
    if (!statement_row(s, st, &e))
        return e ? e : ERR_NOT_FOUND;
    if (!read_membership(st, &row))
        return statement_unknown_word(s, st);
    e = statement_keep(s, st, (struct span *const[]){&row.section}, 1);
    if (!e)
        *out = row;
    return e;
}

enum err memberships_each(struct store *s, void (*row)(void *ctx, const struct membership_row *), void *ctx)
{
    enum err e;
    struct membership_row membership;
    sqlite3_stmt *st = statement_use(s, STATEMENT_memberships_all);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, MEMBERSHIP_MENTIONS_MAX);
    while (statement_row(s, st, &e)) {
        if (!read_membership(st, &membership))
            return statement_unknown_word(s, st);
        row(ctx, &membership);
    }
    return e;
}

enum err memberships_insert(struct store *s, const struct membership_row *row)
{
    sqlite3_stmt *st = use(s, STATEMENT_memberships_insert, row->room_id, row->user_id);
    if (!st)
        return ERR_STORAGE;
    statement_bind_word(st, 3, &words_room_role, row->role);
    statement_bind_word(st, 4, &words_level, row->level);
    sqlite3_bind_int64(st, 5, row->joined_at);
    sqlite3_bind_int64(st, 6, row->joined_seq);
    sqlite3_bind_int64(st, 7, row->read_seq);
    sqlite3_bind_int64(st, 8, row->muted_until);
    sqlite3_bind_int(st, 9, row->hidden);
    sqlite3_bind_int(st, 10, row->favourite);
    statement_bind_text(st, 11, row->section);
    sqlite3_bind_int64(st, 12, row->position);
    return statement_change(s, st, ERR_ID_REUSED);
}

enum err memberships_set(struct store *s, const struct membership_row *row)
{
    sqlite3_stmt *st = use(s, STATEMENT_memberships_set, row->room_id, row->user_id);
    if (!st)
        return ERR_STORAGE;
    statement_bind_word(st, 3, &words_room_role, row->role);
    statement_bind_word(st, 4, &words_level, row->level);
    sqlite3_bind_int64(st, 5, row->muted_until);
    sqlite3_bind_int(st, 6, row->hidden);
    sqlite3_bind_int(st, 7, row->favourite);
    statement_bind_text(st, 8, row->section);
    sqlite3_bind_int64(st, 9, row->position);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err memberships_read_position(struct store *s, int64_t room_id, int64_t user_id, struct read_position *out)
{
    enum err e;
    sqlite3_stmt *st = use(s, STATEMENT_memberships_read_position, room_id, user_id);
    if (!st)
        return ERR_STORAGE;
    if (!statement_row(s, st, &e))
        return e ? e : ERR_NOT_FOUND;
    const struct read_position position = {
        .seq = sqlite3_column_int64(st, 0),
        .own_after = sqlite3_column_int64(st, 1),
        .number = sqlite3_column_int64(st, 2),
    };
    e = statement_end(s, st);
    if (!e)
        *out = position;
    return e;
}

enum err memberships_set_read(struct store *s, int64_t room_id, int64_t user_id, int64_t read_seq, int64_t own_after)
{
    sqlite3_stmt *st = use(s, STATEMENT_memberships_set_read, room_id, user_id);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 3, read_seq);
    sqlite3_bind_int64(st, 4, own_after);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err memberships_own_deleted(struct store *s, int64_t room_id, int64_t user_id, int64_t seq)
{
    sqlite3_stmt *st = use(s, STATEMENT_memberships_own_deleted, room_id, user_id);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 3, seq);
    return statement_run(s, st, ERR_STORAGE);
}

enum err memberships_delete(struct store *s, int64_t room_id, int64_t user_id)
{
    sqlite3_stmt *st = use(s, STATEMENT_memberships_delete, room_id, user_id);
    return st ? statement_change(s, st, ERR_NOT_FOUND) : ERR_STORAGE;
}

enum err memberships_count_role(struct store *s, int64_t room_id, enum room_role role, int64_t *n)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_memberships_count_role);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, room_id);
    statement_bind_word(st, 2, &words_room_role, role);
    return statement_i64(s, st, ERR_STORAGE, n);
}
