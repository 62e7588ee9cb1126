#include "store/connection.h"
#include "store/people.h"

/* False: a kind or role that this program does not know. */
static bool read_account(sqlite3_stmt *st, struct account_row *out)
{
    const int kind = statement_word(st, 1, &user_kinds), role = statement_word(st, 2, &words_role);
    *out = (struct account_row){
        .id = sqlite3_column_int64(st, 0),
        .kind = (enum user_kind)kind,
        .role = (enum role)role,
        .name = statement_text(st, 3),
        .fold = statement_text(st, 4),
        .display_name = statement_text(st, 5),
        .bio = statement_text(st, 6),
        .status_emoji = statement_text(st, 7),
        .status_text = statement_text(st, 8),
        .status_until = sqlite3_column_int64(st, 9),
        .avatar_version = sqlite3_column_int64(st, 10),
        .created_at = sqlite3_column_int64(st, 11),
        .is_banned = sqlite3_column_int(st, 12) != 0,
        .banned_until = sqlite3_column_int64(st, 13),
        .ban_hides = sqlite3_column_int(st, 14) != 0,
        .has_password = sqlite3_column_int(st, 15) != 0,
        .has_totp = sqlite3_column_int(st, 16) != 0,
        .cookie_number = sqlite3_column_int64(st, 17),
    };
    return kind >= 0 && role >= 0;
}

enum err accounts_by_id(struct store *s, int64_t id, struct account_row *out)
{
    enum err e;
    struct account_row row;
    sqlite3_stmt *st = statement_use(s, STATEMENT_accounts_by_id);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    if (!statement_row(s, st, &e))
        return e ? e : ERR_NOT_FOUND;
    if (!read_account(st, &row))
        return statement_unknown_word(s, st);
    struct span *const texts[] = {&row.name, &row.fold,         &row.display_name,
                                  &row.bio,  &row.status_emoji, &row.status_text};
    e = statement_keep(s, st, texts, sizeof texts / sizeof texts[0]);
    if (!e)
        *out = row;
    return e;
}

enum err accounts_each(struct store *s, int64_t after_id, int64_t limit,
                       void (*row)(void *ctx, const struct account_row *), void *ctx)
{
    enum err e;
    struct account_row account;
    if (limit <= 0) /* to SQLite a negative LIMIT is none */
        return OK;
    sqlite3_stmt *st = statement_use(s, STATEMENT_accounts_each);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, after_id);
    sqlite3_bind_int64(st, 2, limit);
    while (statement_row(s, st, &e)) {
        if (!read_account(st, &account))
            return statement_unknown_word(s, st);
        row(ctx, &account);
    }
    return e;
}

enum err accounts_count_role(struct store *s, enum role role, int64_t *n)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_accounts_count_role);
    if (!st)
        return ERR_STORAGE;
    statement_bind_word(st, 1, &words_role, role);
    return statement_i64(s, st, ERR_STORAGE, n);
}

enum err accounts_promote(struct store *s, int64_t id, enum role role, struct span password)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_accounts_promote);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    statement_bind_word(st, 2, &words_role, role);
    statement_bind_text(st, 3, password);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err accounts_set_role(struct store *s, int64_t id, enum role role)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_accounts_set_role);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    statement_bind_word(st, 2, &words_role, role);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err profiles_set(struct store *s, int64_t id, const struct profile_row *p)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_accounts_set_profile);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    statement_bind_text(st, 2, p->display_name);
    statement_bind_text(st, 3, p->bio);
    statement_bind_text(st, 4, p->status_emoji);
    statement_bind_text(st, 5, p->status_text);
    sqlite3_bind_int64(st, 6, p->status_until);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err accounts_forget_cookies(struct store *s, int64_t id)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_accounts_forget_cookies);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    return statement_change(s, st, ERR_NOT_FOUND);
}
