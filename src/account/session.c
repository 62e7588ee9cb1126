#include "account/account_internal.h"
#include "account/look_up.h"
#include "account/token.h"

enum { DAY_MS = 24 * 3600 * 1000 };

struct bearer {
    uint8_t hash[HASH_BYTES];
    int64_t now_ms;
    /* found: */
    int64_t id, user_id, seen_at; /* id: of the session or token */
    int64_t expires_at;           /* of a token; 0: never */
    enum scope scope;
    const char *why; /* why it is good for nothing, where more can be said than that */
};

static enum err read_user(struct store *s, struct bearer *b)
{
    struct account_row account;
    enum err e = accounts_by_id(s, b->user_id, &account);
    if (e || account.kind != USER_ACCOUNT)
        return e && e != ERR_NOT_FOUND ? e : ERR_UNAUTHORIZED;
    return ban_counts(&account, b->now_ms) ? ERR_BANNED : OK;
}

static enum err read_session(struct store *s, void *ctx)
{
    struct bearer *b = ctx;
    struct session_row row;
    enum err e = sessions_by_hash(s, (struct span){(const char *)b->hash, sizeof b->hash}, &row);
    if (e || row.expires_at <= b->now_ms)
        return e && e != ERR_NOT_FOUND ? e : ERR_UNAUTHORIZED;
    b->id = row.id;
    b->user_id = row.user_id;
    b->seen_at = row.seen_at;
    b->scope = SCOPE_ADMIN;
    return read_user(s, b);
}

static enum err read_token(struct store *s, void *ctx)
{
    struct bearer *b = ctx;
    struct token_row row;
    const struct span hash = {(const char *)b->hash, sizeof b->hash};
    enum err e = tokens_by_hash(s, hash, &row);
    if (e == ERR_NOT_FOUND && (e = tokens_is_revoked(s, hash)) == OK)
        b->why = "This access token was revoked.";
    else if (!e && row.expires_at && row.expires_at <= b->now_ms)
        b->why = "This access token has expired.";
    if (e == ERR_NOT_FOUND || b->why)
        return ERR_UNAUTHORIZED;
    if (e)
        return e;
    b->id = row.id;
    b->user_id = row.user_id;
    b->scope = row.scope;
    b->expires_at = row.expires_at;
    return read_user(s, b);
}

static enum err find(struct chat *c, const char *prefix, struct span token,
                     enum err (*read)(struct store *s, void *ctx), struct span address, struct bearer *b,
                     struct caller *out)
{
    const int64_t known_ms = env_mono_ms(c->env);
    b->now_ms = env_wall_ms(c->env);
    b->why = NULL;
    enum err e = token_hash(prefix, token, b->hash) ? look_up(c, read, b) : ERR_UNAUTHORIZED;
    if (e == ERR_UNAUTHORIZED)
        metric_add(&c->metrics->secrets_refused_total, 1);
    if (e)
        return e;
    account_fill_caller(out, b->user_id, address, known_ms);
    out->scope = b->scope;
    return OK;
}

bool account_is_due(int64_t seen_ms, int64_t now_ms, int64_t every_ms)
{
    return now_ms - seen_ms >= every_ms || now_ms < seen_ms; /* the clock was set back */
}

enum err account_seen(struct chat *c, const struct caller *who, int64_t now_ms)
{
    struct command command = {.kind = COMMAND_SESSION_TOUCH, .actor = COMMAND_ACTOR_ACCOUNT, .actor_id = who->user_id};
    fields_set(&command.f, F_SESSION, who->session_id);
    fields_set(&command.f, F_EXPIRES, now_ms + (int64_t)ACCOUNT_SESSION_DAYS * DAY_MS);
    fields_set_text(&command.f, F_ADDRESS, span_of(who->address));
    return submission_forget(c, &command);
}

enum err account_by_session(struct chat *c, struct span token, struct span address, struct caller *out)
{
    struct bearer b;
    enum err e = find(c, TOKEN_SESSION, token, read_session, address, &b, out);
    if (e)
        return e;
    out->session_id = b.id;
    if (account_is_due(b.seen_at, b.now_ms, ACCOUNT_RENEW_MS))
        (void)account_seen(c, out, b.now_ms);
    return OK;
}

enum err account_by_token(struct chat *c, struct span token, struct caller *out, const char **why)
{
    struct bearer b;
    enum err e = find(c, TOKEN_ACCESS, token, read_token, (struct span){NULL, 0}, &b, out);
    if (!e) {
        out->token_id = b.id;
        out->expires_ms = b.expires_at;
    }
    if (e == ERR_UNAUTHORIZED)
        *why = b.why ? b.why : "This access token is not valid.";
    return e;
}

enum err account_sign_out(struct chat *c, const struct caller *who)
{
    struct outcome outcome;
    struct command command = {.kind = COMMAND_SESSION_END, .actor = COMMAND_ACTOR_ACCOUNT, .actor_id = who->user_id};
    if (who->kind != COMMAND_ACTOR_ACCOUNT || !who->session_id)
        return ERR_UNAUTHORIZED;
    fields_set(&command.f, F_SESSION, who->session_id);
    fields_set_text(&command.f, F_ADDRESS, span_of(who->address));
    return submission_wait(c, &command, &outcome);
}
