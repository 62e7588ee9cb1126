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
    sqlite3_stmt *st = statement_use(s, STATEMENT_invites_insert_room);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    sqlite3_bind_int64(st, 2, room_id);
    return statement_run(s, st, ERR_STORAGE);
}

enum err invites_insert(struct store *s, const struct invite_row *row, const int64_t *rooms, size_t n, int64_t *id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_invites_insert);
    if (!st)
        return ERR_STORAGE;
    statement_bind_text(st, 1, row->code);
    sqlite3_bind_int64(st, 2, row->created_by);
    sqlite3_bind_int64(st, 3, row->created_at);
    sqlite3_bind_int64(st, 4, row->expires_at);
    sqlite3_bind_int64(st, 5, row->max_uses);
    statement_bind_text(st, 6, row->label);
    enum err e = statement_run(s, st, ERR_ID_REUSED);
    if (e)
        return e;
    const int64_t made = sqlite3_last_insert_rowid(s->db);
    for (size_t i = 0; !e && i < n; i++)
        e = insert_room(s, made, rooms[i]);
    if (!e)
        *id = made;
    return e;
}

enum err invites_by_code(struct store *s, struct span code, struct invite_row *out)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_invites_by_code);
    if (!st)
        return ERR_STORAGE;
    statement_bind_text(st, 1, code);
    if (!statement_row(s, st, &e))
        return e ? e : ERR_NOT_FOUND;
    struct invite_row row = read_invite(st);
    e = statement_keep(s, st, (struct span *const[]){&row.code, &row.created_by_name, &row.label}, 3);
    if (!e)
        *out = row;
    return e;
}

enum err invites_use(struct store *s, int64_t id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_invites_use);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err invites_set_label(struct store *s, int64_t id, struct span label)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_invites_set_label);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    statement_bind_text(st, 2, label);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err invites_revoke(struct store *s, int64_t id, int64_t at)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_invites_revoke);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    sqlite3_bind_int64(st, 2, at);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err invites_each(struct store *s, int64_t before_id, int64_t limit,
                      void (*row)(void *ctx, const struct invite_row *), void *ctx)
{
    enum err e;
    if (limit <= 0)
        return OK;
    sqlite3_stmt *st = statement_use(s, STATEMENT_invites_each);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, before_id ? before_id : INT64_MAX);
    sqlite3_bind_int64(st, 2, limit);
    while (statement_row(s, st, &e)) {
        const struct invite_row invite = read_invite(st);
        row(ctx, &invite);
    }
    return e;
}

enum err invites_rooms(struct store *s, int64_t id, void (*room)(void *ctx, int64_t room_id), void *ctx)
{
    enum err e;
    sqlite3_stmt *st = statement_use(s, STATEMENT_invites_rooms);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    while (statement_row(s, st, &e))
        room(ctx, sqlite3_column_int64(st, 0));
    return e;
}
