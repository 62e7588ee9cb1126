#include "store/connection.h"
#include "store/people.h"

#include <assert.h>

static enum err look_up(struct store *s, sqlite3_stmt *st, struct credentials_row *out)
{
    enum err e;
    if (!statement_row(s, st, &e))
        return e ? e : ERR_NOT_FOUND;
    const struct span secret = statement_blob(st, 2);
    struct credentials_row row = {
        .user_id = sqlite3_column_int64(st, 0),
        .password = statement_text(st, 1),
        .totp_secret_len = secret.len,
        .totp_last = sqlite3_column_int64(st, 3),
    };
    if (secret.len > sizeof row.totp_secret) {
        e = statement_end(s, st);
        return e ? e : store_contradiction("credentials", "a longer secret than any that is made here");
    }
    if (secret.len)
        memcpy(row.totp_secret, secret.p, secret.len);
    e = statement_keep(s, st, (struct span *const[]){&row.password}, 1);
    if (!e)
        *out = row;
    return e;
}

enum err credentials_by_fold(struct store *s, struct span fold, struct credentials_row *out)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_credentials_by_fold);
    if (!st)
        return ERR_STORAGE;
    statement_bind_text(st, 1, fold);
    return look_up(s, st, out);
}

enum err credentials_by_id(struct store *s, int64_t user_id, struct credentials_row *out)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_credentials_by_id);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    return look_up(s, st, out);
}

enum err accounts_set_password(struct store *s, int64_t id, struct span password)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_credentials_set_password);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    statement_bind_text(st, 2, password);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err accounts_set_totp(struct store *s, int64_t id, struct span secret, int64_t last)
{
    assert(secret.len <= TOTP_SECRET_MAX);
    sqlite3_stmt *st = statement_use(s, STATEMENT_credentials_set_totp);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    statement_bind_blob(st, 2, secret);
    sqlite3_bind_int64(st, 3, last);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err accounts_use_totp(struct store *s, int64_t id, int64_t step)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_credentials_use_totp);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    sqlite3_bind_int64(st, 2, step);
    return statement_change(s, st, ERR_FORBIDDEN);
}

enum err accounts_lower_totp(struct store *s, int64_t id, int64_t limit, int64_t last)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_credentials_lower_totp);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, id);
    sqlite3_bind_int64(st, 2, limit);
    sqlite3_bind_int64(st, 3, last);
    return statement_change(s, st, OK);
}

/* ------------------------------------------------------------------ recovery codes */

static enum err insert_code(struct store *s, int64_t user_id, struct span hash)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_recovery_codes_insert);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    statement_bind_blob(st, 2, hash);
    return statement_run(s, st, ERR_STORAGE);
}

enum err recovery_codes_replace(struct store *s, int64_t user_id, struct span hashes)
{
    assert(hashes.len % SECRET_HASH_BYTES == 0);
    sqlite3_stmt *st = statement_use(s, STATEMENT_recovery_codes_delete_all);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    enum err e = statement_run(s, st, ERR_STORAGE);
    for (size_t at = 0; !e && at < hashes.len; at += SECRET_HASH_BYTES)
        e = insert_code(s, user_id, (struct span){hashes.p + at, SECRET_HASH_BYTES});
    return e;
}

enum err recovery_codes_use(struct store *s, int64_t user_id, struct span hash)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_recovery_codes_use);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    statement_bind_blob(st, 2, hash);
    return statement_change(s, st, ERR_NOT_FOUND);
}

enum err recovery_codes_count(struct store *s, int64_t user_id, int64_t *n)
{
    sqlite3_stmt *st = statement_use(s, STATEMENT_recovery_codes_count);
    if (!st)
        return ERR_STORAGE;
    sqlite3_bind_int64(st, 1, user_id);
    return statement_i64(s, st, ERR_STORAGE, n);
}
