#include "store/connection.h"
#include "store/people.h"

/* False: a scope that this program does not know. */
static bool read_token(sqlite3_stmt *st, struct token_row *out)
{
    const int scope = statement_word(st, 3, &words_scope);
    *out = (struct token_row){
        .id = sqlite3_column_int64(st, 0),
        .user_id = sqlite3_column_int64(st, 1),
        .name = statement_text(st, 2),
        .scope = (enum scope)scope,
        .hash = statement_blob(st, 4),
        .created_at = sqlite3_column_int64(st, 5),
        .expires_at = sqlite3_column_int64(st, 6),
    };
    return scope >= 0;
}

enum err tokens_insert(struct store *s, const struct token_row *row, int64_t *id)
{
    return statement_insert(s, STATEMENT_tokens_insert,
                            BIND(as_i64(row->user_id), as_text(row->name), as_word(&words_scope, row->scope),
                                 as_blob(row->hash), as_i64(row->created_at), as_i64(row->expires_at)),
                            ERR_ID_REUSED, id);
}

enum err tokens_by_hash(struct store *s, struct span hash, struct token_row *out)
{
    struct token_row row;
    struct rows r = statement_rows(s, STATEMENT_tokens_by_hash, BIND(as_blob(hash)));
    if (!rows_first(&r, ERR_NOT_FOUND))
        return r.e;
    if (!read_token(r.st, &row))
        return rows_unknown_word(&r);
    enum err e = rows_keep(&r, TEXTS(&row.name, &row.hash));
    if (!e)
        *out = row;
    return e;
}

/* Those of long ago go at the same time, so there are never more than were revoked within that time. */
static enum err forget_revoked(struct store *s, int64_t now_ms)
{
    static const int64_t kept_ms = INT64_C(86400000) * TOKEN_REVOKED_DAYS;
    return statement_run(s, STATEMENT_tokens_forget_revoked, BIND(as_i64(now_ms - kept_ms)));
}

enum err tokens_delete(struct store *s, int64_t user_id, int64_t id, int64_t now_ms)
{
    if (statement_run(s, STATEMENT_tokens_note_one, BIND(as_i64(user_id), as_i64(id), as_i64(now_ms))) ||
        forget_revoked(s, now_ms))
        return ERR_STORAGE;
    return statement_change(s, STATEMENT_tokens_delete, BIND(as_i64(user_id), as_i64(id)), ERR_NOT_FOUND);
}

enum err tokens_delete_user(struct store *s, int64_t user_id, int64_t now_ms)
{
    if (statement_run(s, STATEMENT_tokens_note_user, BIND(as_i64(user_id), as_i64(now_ms))) ||
        forget_revoked(s, now_ms))
        return ERR_STORAGE;
    return statement_run(s, STATEMENT_tokens_delete_user, BIND(as_i64(user_id)));
}

enum err tokens_is_revoked(struct store *s, struct span hash)
{
    return statement_has(s, STATEMENT_tokens_is_revoked, BIND(as_blob(hash)));
}

enum err tokens_each(struct store *s, int64_t user_id, void (*row)(void *ctx, const struct token_row *), void *ctx)
{
    struct token_row token;
    struct rows r = statement_rows(s, STATEMENT_tokens_each, BIND(as_i64(user_id)));
    while (rows_next(&r)) {
        if (!read_token(r.st, &token))
            return rows_unknown_word(&r);
        row(ctx, &token);
    }
    return r.e;
}

enum err tokens_count(struct store *s, int64_t user_id, int64_t *n)
{
    return statement_i64(s, STATEMENT_tokens_count, BIND(as_i64(user_id)), ERR_STORAGE, n);
}
