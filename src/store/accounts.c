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
    struct account_row row;
    struct rows r = statement_rows(s, STATEMENT_accounts_by_id, BIND(as_i64(id)));
    if (!rows_first(&r, ERR_NOT_FOUND))
        return r.e;
    if (!read_account(r.st, &row))
        return rows_unknown_word(&r);
    enum err e =
        rows_keep(&r, TEXTS(&row.name, &row.fold, &row.display_name, &row.bio, &row.status_emoji, &row.status_text));
    if (!e)
        *out = row;
    return e;
}

enum err accounts_each(struct store *s, int64_t after_id, int64_t limit,
                       void (*row)(void *ctx, const struct account_row *), void *ctx)
{
    struct account_row account;
    if (limit <= 0) /* to SQLite a negative LIMIT is none */
        return OK;
    struct rows r = statement_rows(s, STATEMENT_accounts_each, BIND(as_i64(after_id), as_i64(limit)));
    while (rows_next(&r)) {
        if (!read_account(r.st, &account))
            return rows_unknown_word(&r);
        row(ctx, &account);
    }
    return r.e;
}

enum err accounts_count_role(struct store *s, enum role role, int64_t *n)
{
    return statement_i64(s, STATEMENT_accounts_count_role, BIND(as_word(&words_role, role)), ERR_STORAGE, n);
}

enum err accounts_promote(struct store *s, int64_t id, enum role role, struct span password)
{
    return statement_change(s, STATEMENT_accounts_promote,
                            BIND(as_i64(id), as_word(&words_role, role), as_text(password)), ERR_NOT_FOUND);
}

enum err accounts_set_role(struct store *s, int64_t id, enum role role)
{
    return statement_change(s, STATEMENT_accounts_set_role, BIND(as_i64(id), as_word(&words_role, role)),
                            ERR_NOT_FOUND);
}

enum err profiles_set(struct store *s, int64_t id, const struct profile_row *p)
{
    return statement_change(s, STATEMENT_accounts_set_profile,
                            BIND(as_i64(id), as_text(p->display_name), as_text(p->bio), as_text(p->status_emoji),
                                 as_text(p->status_text), as_i64(p->status_until)),
                            ERR_NOT_FOUND);
}

enum err accounts_forget_cookies(struct store *s, int64_t id)
{
    return statement_change(s, STATEMENT_accounts_forget_cookies, BIND(as_i64(id)), ERR_NOT_FOUND);
}
