#include "store/connection.h"

#include <string.h>

static const char *const kind_names[] = {
    [USER_SYSTEM] = "system",
    [USER_VISITOR] = "visitor",
    [USER_GUEST] = "guest",
    [USER_ACCOUNT] = "account",
};
const struct words user_kinds = {kind_names, sizeof kind_names / sizeof kind_names[0]};

/* What each may do until somebody says otherwise. */
static const enum role first_roles[] = {
    [USER_SYSTEM] = ROLE_SYSTEM,
    [USER_VISITOR] = ROLE_VISITOR,
    [USER_GUEST] = ROLE_GUEST,
    [USER_ACCOUNT] = ROLE_MEMBER,
};

static enum err look_up(struct store *s, sqlite3_stmt *st, struct user_row *out)
{
    enum err e;
    if (!statement_row(s, st, &e))
        return e ? e : ERR_NOT_FOUND;
    const int kind = statement_word(st, 1, &user_kinds);
    const struct span key = statement_blob(st, 4);
    struct user_row row = {
        .id = sqlite3_column_int64(st, 0),
        .kind = (enum user_kind)kind,
        .name = statement_text(st, 2),
        .fold = statement_text(st, 3),
        .created_at = sqlite3_column_int64(st, 5),
    };
    if (kind < 0)
        return statement_unknown_word(s, st);
    if (key.len == sizeof row.key)
        memcpy(row.key, key.p, sizeof row.key);
    e = statement_keep(s, st, (struct span *const[]){&row.name, &row.fold}, 2);
    if (!e)
        *out = row;
    return e;
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
    statement_bind_word(st, 1, &user_kinds, row->kind);
    statement_bind_text(st, 2, row->name);
    statement_bind_text(st, 3, row->fold);
    sqlite3_bind_blob(st, 4, row->key, USER_KEY_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(st, 5, row->created_at);
    statement_bind_word(st, 6, &words_role, first_roles[row->kind]);
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
