#include "store/connection.h"
#include "store/people.h"

#include <assert.h>

static enum err look_up(struct store *s, enum statement id, struct values v, struct credentials_row *out)
{
    struct rows r = statement_rows(s, id, v);
    if (!rows_first(&r, ERR_NOT_FOUND))
        return r.e;
    const struct span secret = statement_blob(r.st, 2);
    struct credentials_row row = {
        .user_id = sqlite3_column_int64(r.st, 0),
        .password = statement_text(r.st, 1),
        .totp_secret_len = secret.len,
        .totp_last = sqlite3_column_int64(r.st, 3),
    };
    if (secret.len > sizeof row.totp_secret) {
        enum err e = rows_end(&r);
        return e ? e : store_contradiction("credentials", "a longer secret than any that is made here");
    }
    if (secret.len)
        memcpy(row.totp_secret, secret.p, secret.len);
    enum err e = rows_keep(&r, TEXTS(&row.password));
    if (!e)
        *out = row;
    return e;
}

enum err credentials_by_fold(struct store *s, struct span fold, struct credentials_row *out)
{
    return look_up(s, STATEMENT_credentials_by_fold, BIND(as_text(fold)), out);
}

enum err credentials_by_id(struct store *s, int64_t user_id, struct credentials_row *out)
{
    return look_up(s, STATEMENT_credentials_by_id, BIND(as_i64(user_id)), out);
}

enum err accounts_set_password(struct store *s, int64_t id, struct span password)
{
    return statement_change(s, STATEMENT_credentials_set_password, BIND(as_i64(id), as_text(password)), ERR_NOT_FOUND);
}

enum err accounts_set_totp(struct store *s, int64_t id, struct span secret, int64_t last)
{
    assert(secret.len <= TOTP_SECRET_MAX);
    return statement_change(s, STATEMENT_credentials_set_totp, BIND(as_i64(id), as_blob(secret), as_i64(last)),
                            ERR_NOT_FOUND);
}

enum err accounts_use_totp(struct store *s, int64_t id, int64_t step)
{
    return statement_change(s, STATEMENT_credentials_use_totp, BIND(as_i64(id), as_i64(step)), ERR_FORBIDDEN);
}

enum err accounts_lower_totp(struct store *s, int64_t id, int64_t limit, int64_t last)
{
    return statement_change(s, STATEMENT_credentials_lower_totp, BIND(as_i64(id), as_i64(limit), as_i64(last)), OK);
}

/* ------------------------------------------------------------------ recovery codes */

static enum err insert_code(struct store *s, int64_t user_id, struct span hash)
{
    return statement_run(s, STATEMENT_recovery_codes_insert, BIND(as_i64(user_id), as_blob(hash)));
}

enum err recovery_codes_replace(struct store *s, int64_t user_id, struct span hashes)
{
    assert(hashes.len % SECRET_HASH_BYTES == 0);
    enum err e = statement_run(s, STATEMENT_recovery_codes_delete_all, BIND(as_i64(user_id)));
    for (size_t at = 0; !e && at < hashes.len; at += SECRET_HASH_BYTES)
        e = insert_code(s, user_id, (struct span){hashes.p + at, SECRET_HASH_BYTES});
    return e;
}

enum err recovery_codes_use(struct store *s, int64_t user_id, struct span hash)
{
    return statement_change(s, STATEMENT_recovery_codes_use, BIND(as_i64(user_id), as_blob(hash)), ERR_NOT_FOUND);
}

enum err recovery_codes_count(struct store *s, int64_t user_id, int64_t *n)
{
    return statement_i64(s, STATEMENT_recovery_codes_count, BIND(as_i64(user_id)), ERR_STORAGE, n);
}
