#include "store/connection.h"
#include "store/store.h"

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

static enum err look_up(struct store *s, enum statement id, struct values v, struct user_row *out)
{
    struct rows r = statement_rows(s, id, v);
    if (!rows_first(&r, ERR_NOT_FOUND))
        return r.e;
    const int kind = statement_word(r.st, 1, &user_kinds);
    const struct span key = statement_blob(r.st, 4);
    struct user_row row = {
        .id = sqlite3_column_int64(r.st, 0),
        .kind = (enum user_kind)kind,
        .name = statement_text(r.st, 2),
        .fold = statement_text(r.st, 3),
        .created_at = sqlite3_column_int64(r.st, 5),
    };
    if (kind < 0)
        return rows_unknown_word(&r);
    if (key.len == sizeof row.key)
        memcpy(row.key, key.p, sizeof row.key);
    enum err e = rows_keep(&r, TEXTS(&row.name, &row.fold));
    if (!e)
        *out = row;
    return e;
}

enum err users_by_key(struct store *s, const uint8_t key[USER_KEY_BYTES], struct user_row *out)
{
    return look_up(s, STATEMENT_users_by_key, BIND(as_bytes(key, USER_KEY_BYTES)), out);
}

enum err users_by_id(struct store *s, int64_t id, struct user_row *out)
{
    return look_up(s, STATEMENT_users_by_id, BIND(as_i64(id)), out);
}

enum err users_by_fold(struct store *s, struct span fold, struct user_row *out)
{
    return look_up(s, STATEMENT_users_by_fold, BIND(as_text(fold)), out);
}

enum err users_insert(struct store *s, const struct user_row *row, int64_t *id)
{
    enum err e = statement_insert(s, STATEMENT_users_insert,
                                  BIND(as_word(&user_kinds, row->kind), as_text(row->name), as_text(row->fold),
                                       as_bytes(row->key, USER_KEY_BYTES), as_i64(row->created_at),
                                       as_word(&words_role, first_roles[row->kind])),
                                  ERR_NAME_TAKEN, id);
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
    return statement_update(s, STATEMENT_users_set_name, BIND(as_i64(id), as_text(name), as_text(fold)), ERR_NAME_TAKEN,
                            ERR_NOT_FOUND);
}
