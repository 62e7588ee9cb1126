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
    sqlite3_stmt *st = statement_use(s, STATEMENT_tokens_insert);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, row->user_id);
    statement_bind_text(st, 2, row->name);
    statement_bind_word(st, 3, &words_scope, row->scope);
    statement_bind_blob(st, 4, row->hash);
    sqlite3_bind_int64(st, 5, row->created_at);
    sqlite3_bind_int64(st, 6, row->expires_at);
    enum err e = statement_run(s, st, ERR_ID_REUSED);
    if (!e)
        *id = sqlite3_last_insert_rowid(s->db);
    return e;
}

enum err tokens_by_hash(struct store *s, struct span hash, struct token_row *out)
{
    enum err e;
    struct token_row row;
    sqlite3_stmt *st = statement_use(s, STATEMENT_tokens_by_hash);
    if (!st)
        return ERR_STORAGE;
    statement_bind_blob(st, 1, hash);
    if (!statement_row(s, st, &e))
        return e ? e : ERR_NOT_FOUND;
    if (!read_token(st, &row))
        return statement_unknown_word(s, st);
    e = statement_keep(s, st, (struct span *const[]){&row.name, &row.hash}, 2);
    if (!e)
        *out = row;
    return e;
}

/* Those of long ago go at the same time, so there are never more than were revoked within that time. */
static enum err forget_revoked(struct store *s, int64_t now_ms)
{
    static const int64_t kept_ms = INT64_C(86400000) * TOKEN_REVOKED_DAYS;
    sqlite3_stmt *st = statement_use(s, STATEMENT_tokens_forget_revoked);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, now_ms - kept_ms);
    return statement_run(s, st, ERR_STORAGE);
}

enum err tokens_delete(struct store *s, int64_t user_id, int64_t id, int64_t now_ms)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_tokens_note_one);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    sqlite3_bind_int64(st, 2, id);
    sqlite3_bind_int64(st, 3, now_ms);
    if (statement_run(s, st, ERR_STORAGE) || forget_revoked(s, now_ms) ||
        !(st = statement_use(s, STATEMENT_tokens_delete)))
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    sqlite3_bind_int64(st, 2, id);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err tokens_delete_user(struct store *s, int64_t user_id, int64_t now_ms)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_tokens_note_user);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    sqlite3_bind_int64(st, 2, now_ms);
    if (statement_run(s, st, ERR_STORAGE) || forget_revoked(s, now_ms) ||
        !(st = statement_use(s, STATEMENT_tokens_delete_user)))
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    return statement_run(s, st, ERR_STORAGE);
}

enum err tokens_is_revoked(struct store *s, struct span hash)
{
    int64_t one;
    sqlite3_stmt *st = statement_use(s, STATEMENT_tokens_is_revoked);
    if (!st)
        return ERR_STORAGE;
    statement_bind_blob(st, 1, hash);
    return statement_i64(s, st, ERR_NOT_FOUND, &one);
}

enum err tokens_each(struct store *s, int64_t user_id, void (*row)(void *ctx, const struct token_row *), void *ctx)
{
    enum err e;
    struct token_row token;
    sqlite3_stmt *st = statement_use(s, STATEMENT_tokens_each);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    while (statement_row(s, st, &e)) {
        if (!read_token(st, &token))
            return statement_unknown_word(s, st);
        row(ctx, &token);
    }
    return e;
}

enum err tokens_count(struct store *s, int64_t user_id, int64_t *n)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_tokens_count);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    return statement_i64(s, st, ERR_STORAGE, n);
}
