#include "chat/guest.h"

#include "base/secret.h"
#include "chat/apply_internal.h"
#include "chat/look_up.h"
#include "chat/rights.h"
#include "chat/submission.h"
#include "chat/user_name.h"

#include <stdio.h>

/* ------------------------------------------------------------------ the cookie */

enum { DAY_S = 24 * 3600 };

static enum err write_cookie(struct chat *c, struct guest *g)
{
    char name[NAME_BYTES * 2], mac[SECRET_MAC_TEXT_BYTES];
    if (!secret_base64(span_of(g->name), name, sizeof name))
        return ERR_INVALID;
    int len = snprintf(g->cookie, sizeof g->cookie, "v2.%lld.%s.%lld.%lld", (long long)g->id, name,
                       (long long)g->number, (long long)(env_wall_ms(c->env) / 1000));
    if (len < 0 || (size_t)len + 1 + SECRET_MAC_TEXT_BYTES > sizeof g->cookie)
        return ERR_INVALID;
    secret_mac(c->cookie_secret, (struct span){g->cookie, (size_t)len}, mac);
    g->cookie[len] = '.';
    memcpy(g->cookie + len + 1, mac, sizeof mac);
    return OK;
}

/* Splits off what stands before the next dot. */
static bool next_part(struct span *rest, struct span *part)
{
    const char *dot = memchr(rest->p, '.', rest->len);
    size_t len = dot ? (size_t)(dot - rest->p) : rest->len;
    *part = (struct span){rest->p, len};
    rest->p += len + (dot != NULL);
    rest->len -= len + (dot != NULL);
    return len > 0;
}

static bool next_number(struct span *rest, int64_t *number)
{
    struct span part;
    if (!next_part(rest, &part) || part.len > 18)
        return false;
    *number = 0;
    for (size_t i = 0; i < part.len; i++) {
        if (part.p[i] < '0' || part.p[i] > '9')
            return false;
        *number = *number * 10 + (part.p[i] - '0');
    }
    return true;
}

static bool read_cookie(struct span rest, struct guest *out, int64_t *issued_s)
{
    struct span version, name;
    size_t name_len;
    if (!next_part(&rest, &version) || !span_equal(version, span_of("v2")) || !next_number(&rest, &out->id) ||
        !next_part(&rest, &name) || !next_number(&rest, &out->number) || !next_number(&rest, issued_s) || rest.len)
        return false;
    if (!secret_unbase64(name, (uint8_t *)out->name, sizeof out->name - 1, &name_len))
        return false;
    out->name[name_len] = 0;
    return out->id > 0;
}

enum err guest_from_cookie(struct chat *c, struct span cookie, struct guest *out)
{
    const char *last_dot =
        cookie.len && cookie.len <= GUEST_COOKIE_MAX_BYTES ? memrchr(cookie.p, '.', cookie.len) : NULL;
    if (!last_dot)
        return ERR_UNAUTHORIZED;
    struct span text = {cookie.p, (size_t)(last_dot - cookie.p)};
    struct span mac = {last_dot + 1, cookie.len - text.len - 1};
    int64_t issued_s;
    if (!secret_mac_matches(c->cookie_secret, text, mac) || !read_cookie(text, out, &issued_s))
        return ERR_UNAUTHORIZED;
    if (issued_s + (int64_t)GUEST_COOKIE_DAYS * DAY_S <= env_wall_ms(c->env) / 1000)
        return ERR_UNAUTHORIZED;
    return write_cookie(c, out);
}

/* ------------------------------------------------------------------ submit */

static enum err take_name(struct chat *c, struct span typed, int64_t id, char name[NAME_BYTES],
                          char fold[NAME_KEY_BYTES], const char **why)
{
    if (!c->settings.allow_guests)
        return ERR_FORBIDDEN;
    enum err e = user_name_check(c->names, USER_GUEST, typed, name, fold, why);
    if (!e && hub_name_in_use(c->hub, span_of(fold), id))
        e = ERR_NAME_TAKEN;
    return e;
}

static enum err carry_out(struct chat *c, struct command *command)
{
    struct outcome outcome;
    enum err e = submission_wait(c, command, &outcome);
    if (!e)
        command->actor_id = outcome.user_id;
    return e;
}

enum err guest_register(struct chat *c, struct span typed, struct guest *out, const char **why)
{
    char name[NAME_BYTES], fold[NAME_KEY_BYTES];
    enum err e = take_name(c, typed, 0, name, fold, why);
    if (e)
        return e;
    struct command command = {
        .kind = COMMAND_GUEST_REGISTER, .actor = COMMAND_ACTOR_GUEST, .name = span_of(name), .fold = span_of(fold)};
    env_random(c->env, command.actor_key, sizeof command.actor_key);
    if ((e = carry_out(c, &command)))
        return e;
    out->id = command.actor_id;
    out->number = 0;
    memcpy(out->name, name, sizeof name);
    return write_cookie(c, out);
}

enum err guest_rename(struct chat *c, const struct guest *who, struct span typed, struct span address,
                      struct guest *out, const char **why)
{
    char name[NAME_BYTES], fold[NAME_KEY_BYTES];
    enum err e = take_name(c, typed, who->id, name, fold, why);
    if (e)
        return e;
    struct command command = {.kind = COMMAND_USER_RENAME,
                              .actor = COMMAND_ACTOR_GUEST,
                              .actor_id = who->id,
                              .actor_name = span_of(who->name),
                              .name = span_of(name),
                              .fold = span_of(fold)};
    fields_set_text(&command.f, F_ADDRESS, address);
    if ((e = carry_out(c, &command)))
        return e;
    out->id = who->id;
    out->number = who->number;
    memcpy(out->name, name, sizeof name);
    return write_cookie(c, out);
}

enum err guest_forget(struct chat *c, const struct guest *who, struct span address)
{
    struct command command = {.kind = COMMAND_GUEST_FORGET, .actor = COMMAND_ACTOR_GUEST, .actor_id = who->id};
    fields_set_text(&command.f, F_ADDRESS, address);
    return carry_out(c, &command);
}

/* ------------------------------------------------------------------ coming in */

struct found {
    int64_t id, number, now_ms; /* asked for by id; or 0: */
    struct span by_fold;
    char name[NAME_BYTES], fold[NAME_KEY_BYTES];
    uint8_t key[PERSON_KEY_BYTES];
};

/* The cookie may be older than a rename on another device, or forgotten there; and the guest may have become an account, which signs in,
 * or have been banned. */
static enum err read_guest(struct store *s, void *ctx)
{
    struct found *f = ctx;
    struct user_row row;
    struct account_row account;
    enum err e = accounts_by_id(s, f->id, &account);
    if (!e && account.kind != USER_GUEST)
        return ERR_UNAUTHORIZED;
    if (!e && account.is_banned && (!account.banned_until || account.banned_until > f->now_ms))
        return ERR_BANNED;
    if (!e && account.cookie_number != f->number)
        return ERR_UNAUTHORIZED;
    if (!e)
        e = users_by_id(s, f->id, &row);
    if (e || row.name.len >= sizeof f->name || row.fold.len >= sizeof f->fold)
        return e == ERR_NOT_FOUND ? ERR_UNAUTHORIZED : ERR_STORAGE;
    memcpy(f->name, row.name.p, row.name.len);
    memcpy(f->fold, row.fold.p, row.fold.len);
    memcpy(f->key, row.key, sizeof f->key);
    return OK;
}

static enum err read_fold(struct store *s, void *ctx)
{
    const struct found *f = ctx;
    struct user_row row;
    return users_by_fold(s, f->by_fold, &row);
}

enum err guest_enter(struct chat *c, const struct guest *who, struct person **out)
{
    struct found f = {.id = who->id, .number = who->number, .now_ms = env_wall_ms(c->env)};
    enum err e = c->settings.allow_guests ? look_up(c, read_guest, &f) : ERR_FORBIDDEN;
    if (e)
        return e;
    struct hub_entrant entrant = {
        .kind = PERSON_GUEST, .user_id = who->id, .name = span_of(f.name), .fold = span_of(f.fold)};
    memcpy(entrant.key, f.key, sizeof entrant.key);
    return hub_enter(c->hub, &entrant, out);
}

enum err guest_enter_visitor(struct chat *c, struct span typed, struct person **out, const char **why)
{
    char name[NAME_BYTES], fold[NAME_KEY_BYTES] = "";
    struct hub_entrant entrant = {.kind = PERSON_VISITOR, .made_up = typed.len == 0};
    if (!c->settings.allow_guests)
        return ERR_FORBIDDEN;
    env_random(c->env, entrant.key, sizeof entrant.key);
    if (entrant.made_up) {
        uint8_t random[8];
        env_random(c->env, random, sizeof random);
        name_make_up(random, name);
    } else {
        enum err e = user_name_check(c->names, USER_VISITOR, typed, name, fold, why);
        struct found f = {.by_fold = span_of(fold)};
        if (!e)
            e = look_up(c, read_fold, &f);
        if (e != ERR_NOT_FOUND)
            return e ? e : ERR_NAME_TAKEN;
    }
    entrant.name = span_of(name);
    entrant.fold = span_of(fold);
    return hub_enter(c->hub, &entrant, out);
}

/* ------------------------------------------------------------------ apply */

enum err guest_apply_register(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct user_row row = {.kind = USER_GUEST, .name = c->name, .fold = c->fold, .created_at = c->at_ms};
    (void)a;
    memcpy(row.key, c->actor_key, sizeof row.key);
    enum err e = users_insert(s, &row, &out->user_id);
    if (e)
        return e == ERR_NAME_TAKEN || e == ERR_ID_REUSED ? apply_refuse(out, e) : e;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_USER, .user = out->user_id, .change = NULL});
    return OK;
}

enum err guest_apply_forget(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    struct rights actor;
    enum err e = rights_actor(a, s, c, NULL, out, &actor);
    if (e || out->result)
        return e;
    if ((e = accounts_forget_cookies(s, actor.user_id)))
        return e == ERR_NOT_FOUND ? apply_refuse(out, ERR_UNAUTHORIZED) : e;
    out->at = c->at_ms;
    outcome_add(out, (struct effect){.kind = EFFECT_USER, .user = actor.user_id, .change = NULL});
    return OK;
}
