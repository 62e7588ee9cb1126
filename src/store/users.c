#include "store/connection.h"

#include <string.h>

static const char *const kind_names[] = {
    [USER_SYSTEM] = "system",
    [USER_VISITOR] = "visitor",
    [USER_GUEST] = "guest",
};
enum { KINDS = sizeof kind_names / sizeof kind_names[0] };

static int kind_of(struct span name)
{
    int k = 0;
    while (k < KINDS && !span_equal(name, span_of(kind_names[k])))
        k++;
    return k;
}

/* Copies the row that is found, its texts into s->row, so that the statement need not stay open. */
static enum err look_up(struct store *s, sqlite3_stmt *st, struct user_row *out)
{
    enum err e;
    if (!statement_row(s, st, &e))
        return e ? e : ERR_NOT_FOUND;
    const int kind = kind_of(statement_text(st, 1));
    const struct span name = statement_text(st, 2), fold = statement_text(st, 3);
    const void *key = sqlite3_column_blob(st, 4);
    struct user_row row = {.id = sqlite3_column_int64(st, 0), .created_at = sqlite3_column_int64(st, 5)};
    buf_clear(&s->row);
    buf_add_span(&s->row, name);
    buf_add_span(&s->row, fold);
    if (key && sqlite3_column_bytes(st, 4) == sizeof row.key)
        memcpy(row.key, key, sizeof row.key);
    e = statement_end(s, st); /* knows as well whether a column could not be had for want of memory */
    if (e)
        return e;
    if (s->row.failed)
        return store_contradiction("users", "out of memory");
    if (kind == KINDS)
        return store_contradiction("users", "a kind of user that this program does not know");
    row.kind = (enum user_kind)kind;
    row.name = (struct span){s->row.p, name.len};
    row.fold = (struct span){s->row.p + name.len, fold.len};
    *out = row;
    return OK;
}

enum err users_by_key(struct store *s, const uint8_t key[USER_KEY_BYTES], struct user_row *out)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_users_by_key);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_blob(st, 1, key, USER_KEY_BYTES, SQLITE_STATIC);
    return look_up(s, st, out);
}

enum err users_by_id(struct store *s, int64_t id, struct user_row *out)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_users_by_id);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    return look_up(s, st, out);
}

enum err users_by_fold(struct store *s, struct span fold, struct user_row *out)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_users_by_fold);
    if (!st)
        return ERR_STORAGE;
    statement_bind_text(st, 1, fold);
    return look_up(s, st, out);
}

enum err users_insert(struct store *s, const struct user_row *row, int64_t *id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_users_insert);
    if (!st)
        return ERR_STORAGE;
    statement_bind_text(st, 1, span_of(kind_names[row->kind]));
    statement_bind_text(st, 2, row->name);
    statement_bind_text(st, 3, row->fold);
    sqlite3_bind_blob(st, 4, row->key, USER_KEY_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(st, 5, row->created_at);
    enum err e = statement_run(s, st, ERR_NAME_TAKEN);
    if (!e)
        *id = sqlite3_last_insert_rowid(s->db);
    if (e != ERR_NAME_TAKEN)
        return e;
    /* One of two unique indices refused. */
    struct user_row same;
    e = users_by_key(s, row->key, &same);
    if (!e)
        return ERR_ID_REUSED;
    return e == ERR_NOT_FOUND ? ERR_NAME_TAKEN : e;
}

enum err users_set_name(struct store *s, int64_t id, struct span name, struct span fold)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_users_set_name);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    statement_bind_text(st, 2, name);
    statement_bind_text(st, 3, fold);
    enum err e = statement_run(s, st, ERR_NAME_TAKEN);
    return e || sqlite3_changes(s->db) ? e : ERR_NOT_FOUND;
}
