#include "store/connection.h"
#include "store/people.h"

static struct invite_row read_invite(sqlite3_stmt *st)
{
    return (struct invite_row){
        .id = sqlite3_column_int64(st, 0),
        .code = statement_text(st, 1),
        .created_by = sqlite3_column_int64(st, 2),
        .created_at = sqlite3_column_int64(st, 3),
        .expires_at = sqlite3_column_int64(st, 4),
        .max_uses = sqlite3_column_int64(st, 5),
        .uses = sqlite3_column_int64(st, 6),
        .revoked_at = sqlite3_column_int64(st, 7),
        .created_by_name = statement_text(st, 8),
        .label = statement_text(st, 9),
    };
}

static enum err insert_room(struct store *s, int64_t id, int64_t room_id)
{
    return statement_run(s, STATEMENT_invites_insert_room, BIND(as_i64(id), as_i64(room_id)));
}

enum err invites_insert(struct store *s, const struct invite_row *row, const int64_t *rooms, size_t n, int64_t *id)
{
    int64_t made;
    enum err e = statement_insert(s, STATEMENT_invites_insert,
                                  BIND(as_text(row->code), as_i64(row->created_by), as_i64(row->created_at),
                                       as_i64(row->expires_at), as_i64(row->max_uses), as_text(row->label)),
                                  ERR_ID_REUSED, &made);
    for (size_t i = 0; !e && i < n; i++)
        e = insert_room(s, made, rooms[i]);
    if (!e)
        *id = made;
    return e;
}

enum err invites_by_code(struct store *s, struct span code, struct invite_row *out)
{
    struct rows r = statement_rows(s, STATEMENT_invites_by_code, BIND(as_text(code)));
    if (!rows_first(&r, ERR_NOT_FOUND))
        return r.e;
    struct invite_row row = read_invite(r.st);
    enum err e = rows_keep(&r, TEXTS(&row.code, &row.created_by_name, &row.label));
    if (!e)
        *out = row;
    return e;
}

enum err invites_use(struct store *s, int64_t id)
{
    return statement_change(s, STATEMENT_invites_use, BIND(as_i64(id)), ERR_NOT_FOUND);
}

enum err invites_set_label(struct store *s, int64_t id, struct span label)
{
    return statement_change(s, STATEMENT_invites_set_label, BIND(as_i64(id), as_text(label)), ERR_NOT_FOUND);
}

enum err invites_revoke(struct store *s, int64_t id, int64_t at)
{
    return statement_change(s, STATEMENT_invites_revoke, BIND(as_i64(id), as_i64(at)), ERR_NOT_FOUND);
}

enum err invites_each(struct store *s, int64_t before_id, int64_t limit,
                      void (*row)(void *ctx, const struct invite_row *), void *ctx)
{
    if (limit <= 0)
        return OK;
    struct rows r =
        statement_rows(s, STATEMENT_invites_each, BIND(as_i64(before_id ? before_id : INT64_MAX), as_i64(limit)));
    while (rows_next(&r)) {
        const struct invite_row invite = read_invite(r.st);
        row(ctx, &invite);
    }
    return r.e;
}

enum err invites_rooms(struct store *s, int64_t id, void (*room)(void *ctx, int64_t room_id), void *ctx)
{
    struct rows r = statement_rows(s, STATEMENT_invites_rooms, BIND(as_i64(id)));
    while (rows_next(&r))
        room(ctx, sqlite3_column_int64(r.st, 0));
    return r.e;
}
