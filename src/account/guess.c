#include "account/account_internal.h"
#include "account/look_up.h"
#include "base/hash.h"
#include "base/secret.h"
#include "rules/totp.h"

/* ------------------------------------------------------------------ what the database knows */

struct look {
    int64_t id, now_ms;
    struct span fold, address;
    struct account_known *out;
};

static void find_address(void *ctx, const struct session_row *row)
{
    const struct look *l = ctx;
    if (row->expires_at > l->now_ms && attempts_same_address(row->address, l->address))
        l->out->was_here = true;
}

static bool copy_text(struct span from, char *to, size_t size)
{
    if (from.len >= size)
        return false;
    if (from.len)
        memcpy(to, from.p, from.len);
    to[from.len] = 0;
    return true;
}

static enum err read_known(struct store *s, void *ctx)
{
    struct look *l = ctx;
    struct account_known *known = l->out;
    struct credentials_row credentials;
    struct account_row account;
    enum err e = l->id ? credentials_by_id(s, l->id, &credentials) : credentials_by_fold(s, l->fold, &credentials);
    if (e)
        return e;
    known->id = credentials.user_id;
    known->totp_secret_len = credentials.totp_secret_len;
    known->totp_last = credentials.totp_last;
    memcpy(known->totp_secret, credentials.totp_secret, sizeof known->totp_secret);
    secret_wipe(credentials.totp_secret, sizeof credentials.totp_secret);
    bool fits = copy_text(credentials.password, known->password, sizeof known->password);
    if ((e = accounts_by_id(s, known->id, &account)))
        return e;
    if (account.kind != USER_ACCOUNT)
        return ERR_NOT_FOUND;
    known->is_banned = ban_counts(&account, l->now_ms);
    fits &= copy_text(account.name, known->name, sizeof known->name);
    fits &= copy_text(account.fold, known->fold, sizeof known->fold);
    return fits ? sessions_each(s, known->id, find_address, l) : ERR_STORAGE;
}

enum err account_look(struct chat *c, int64_t id, struct span fold, struct span address, struct account_known *out)
{
    struct look l = {.id = id, .now_ms = env_wall_ms(c->env), .fold = fold, .address = address, .out = out};
    *out = (struct account_known){.id = 0};
    return look_up(c, read_known, &l);
}

void account_forget(struct account_known *known)
{
    secret_wipe(known, sizeof *known);
}

/* ------------------------------------------------------------------ the password */

/* A hash from before passwords had one form. If it cannot be renewed now, it is the next time. */
static void renew(struct chat *c, struct account_known *known, struct span address, struct span password)
{
    char hash[PASSWORD_HASH_BYTES];
    struct outcome outcome;
    struct command command = {.kind = COMMAND_PASSWORD_SET, .actor = COMMAND_ACTOR_ACCOUNT, .actor_id = known->id};
    if (password_hash(c->passwords, address, password, hash))
        return;
    fields_set_text(&command.f, F_PASSWORD, span_of(hash));
    fields_set_text(&command.f, F_PROVEN, span_of(known->password));
    fields_set_text(&command.f, F_ADDRESS, address);
    fields_set(&command.f, F_RENEWED, 1);
    if (!submission_wait(c, &command, &outcome))
        memcpy(known->password, hash, sizeof hash);
}

enum err account_guess(struct chat *c, struct account_known *known, struct span fold, struct span address,
                       struct span password, struct attempt *attempt, int64_t *retry_after_ms)
{
    const struct span hash = known ? span_of(known->password) : (struct span){NULL, 0};
    bool is_old;
    if (!c->passwords)
        return ERR_SHUTTING_DOWN;
    enum err e = attempts_begin(c->attempts, fold, address, known && known->was_here, attempt, retry_after_ms);
    if (e)
        return e;
    e = password_verify(c->passwords, address, password, hash, &is_old);
    if (!e && is_old)
        renew(c, known, address, password);
    if (e)
        attempts_end(c->attempts, attempt, e == ERR_WRONG_PASSWORD ? ATTEMPT_WRONG : ATTEMPT_UNSEEN);
    return e;
}

enum err account_guess_own(struct chat *c, const struct caller *who, struct span password, struct account_known *known,
                           int64_t *retry_after_ms)
{
    struct attempt attempt;
    const struct span address = span_of(who->address);
    *known = (struct account_known){.id = 0};
    if (who->kind != COMMAND_ACTOR_ACCOUNT || !who->user_id)
        return ERR_UNAUTHORIZED;
    if (who->token_id)
        return ERR_FORBIDDEN;
    enum err e = account_look(c, who->user_id, (struct span){NULL, 0}, address, known);
    if (e)
        return e == ERR_NOT_FOUND ? ERR_UNAUTHORIZED : e;
    e = account_guess(c, known, span_of(known->fold), address, password, &attempt, retry_after_ms);
    if (!e)
        attempts_end(c->attempts, &attempt, ATTEMPT_RIGHT);
    else if (e == ERR_WRONG_PASSWORD)
        metric_add(&c->metrics->logins_refused_total, 1);
    return e;
}

enum err account_prove(struct chat *c, const struct caller *who, struct span password, char proven[PASSWORD_HASH_BYTES],
                       int64_t *retry_after_ms)
{
    struct account_known known;
    enum err e = account_guess_own(c, who, password, &known, retry_after_ms);
    if (!e)
        memcpy(proven, known.password, sizeof known.password);
    account_forget(&known);
    return e;
}

/* ------------------------------------------------------------------ the second factor */

/* Without what is easily mistaken when read from paper (0 and o, 1 and i): 32 of them, 5 bits each. */
static const char code_alphabet[] = "23456789abcdefghjklmnpqrstuvwxyz";
enum { CODE_LETTERS = 10, CODE_HALF = CODE_LETTERS / 2 };

/* What counts of a recovery code: the letters, in lower case. */
static bool read_recovery(struct span typed, char letters[CODE_LETTERS])
{
    size_t n = 0;
    for (size_t i = 0; i < typed.len; i++) {
        const char c = typed.p[i] >= 'A' && typed.p[i] <= 'Z' ? (char)(typed.p[i] - 'A' + 'a') : typed.p[i];
        if (c == '-' || c == ' ')
            continue;
        if (n == CODE_LETTERS || !c || !strchr(code_alphabet, c))
            return false;
        letters[n++] = c;
    }
    return n == CODE_LETTERS;
}

enum err account_second_factor(const struct account_known *known, struct span code, int64_t now_s,
                               struct account_second *out)
{
    char letters[CODE_LETTERS];
    *out = (struct account_second){.step = 0};
    if (totp_is_code(code)) {
        const struct span secret = {(const char *)known->totp_secret, known->totp_secret_len};
        out->step = totp_step(secret, code, now_s);
        /* When the clock was set back, the last one can lie in the future: the command sees to that. */
        const bool is_ahead = known->totp_last > totp_latest_step(now_s);
        return out->step > known->totp_last || (is_ahead && out->step >= 0) ? OK : ERR_TOTP_REQUIRED;
    }
    if (!read_recovery(code, letters))
        return ERR_TOTP_REQUIRED;
    hash_sha256((struct span){letters, CODE_LETTERS}, out->hash);
    out->is_recovery = true;
    return OK;
}

void account_recovery_codes(const struct env *env, struct buf *codes, struct buf *hashes)
{
    uint8_t random[CODE_LETTERS], hash[HASH_BYTES];
    char letters[CODE_LETTERS];
    for (int i = 0; i < ACCOUNT_RECOVERY_CODES; i++) {
        env_random(env, random, sizeof random);
        for (int j = 0; j < CODE_LETTERS; j++)
            letters[j] = code_alphabet[random[j] % (sizeof code_alphabet - 1)];
        buf_add(codes, letters, CODE_HALF);
        buf_add_char(codes, '-');
        buf_add(codes, letters + CODE_HALF, CODE_HALF);
        buf_add_char(codes, '\n');
        hash_sha256((struct span){letters, CODE_LETTERS}, hash);
        buf_add(hashes, hash, sizeof hash);
    }
    secret_wipe(random, sizeof random);
    secret_wipe(letters, sizeof letters);
}
