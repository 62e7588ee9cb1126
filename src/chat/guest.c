#include "chat/guest.h"

#include "base/secret.h"
#include "chat/apply_internal.h"
#include "chat/submission.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* ------------------------------------------------------------------ the cookie */

static enum err write_cookie(struct chat *c, struct guest *g)
{
    char name[NAME_BYTES * 2], mac[SECRET_MAC_TEXT_BYTES];
    if (!secret_base64(span_of(g->name), name, sizeof name))
        return ERR_INVALID;
    int len = snprintf(g->cookie, sizeof g->cookie, "v1.%lld.%s.%lld", (long long)g->id, name,
                       (long long)(env_wall_ms(c->env) / 1000));
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

static bool read_cookie(struct span rest, struct guest *out)
{
    struct span version, id, name;
    size_t name_len;
    if (!next_part(&rest, &version) || !span_equal(version, span_of("v1")) || !next_part(&rest, &id) ||
        !next_part(&rest, &name))
        return false;
    if (id.len > 18 || !secret_unbase64(name, (uint8_t *)out->name, sizeof out->name - 1, &name_len))
        return false;
    out->name[name_len] = 0;
    out->id = 0;
    for (size_t i = 0; i < id.len; i++) {
        if (id.p[i] < '0' || id.p[i] > '9')
            return false;
        out->id = out->id * 10 + (id.p[i] - '0');
    }
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
    if (!secret_mac_matches(c->cookie_secret, text, mac) || !read_cookie(text, out))
        return ERR_UNAUTHORIZED;
    return write_cookie(c, out);
}

/* ------------------------------------------------------------------ submit */

/* The rules for a name that somebody chooses. */
static enum err check_name(struct chat *c, struct span typed, char name[NAME_BYTES], char fold[NAME_KEY_BYTES],
                           const char **why)
{
    enum err e = name_check_user(c->names, typed, name, why);
    if (!e && name_is_made_up(c->names, span_of(name))) {
        *why = "Names that begin with guest- are kept for visitors without a name.";
        e = ERR_INVALID;
    }
    return e ? e : name_fold(c->names, span_of(name), fold);
}

enum err guest_register(struct chat *c, struct span typed, struct guest *out, const char **why)
{
    char name[NAME_BYTES], fold[NAME_KEY_BYTES];
    struct outcome outcome;
    if (!c->settings.allow_guests)
        return ERR_FORBIDDEN;
    enum err e = check_name(c, typed, name, fold, why);
    if (e)
        return e;
    if (hub_name_in_use(c->hub, span_of(fold), 0))
        return ERR_NAME_TAKEN;
    struct command command = {
        .kind = COMMAND_GUEST_REGISTER, .actor = COMMAND_ACTOR_GUEST, .name = span_of(name), .fold = span_of(fold)};
    env_random(c->env, command.actor_key, sizeof command.actor_key);
    if ((e = submission_wait(c, &command, &outcome)))
        return e;
    out->id = outcome.user_id;
    memcpy(out->name, name, sizeof name);
    return write_cookie(c, out);
}

enum err guest_rename(struct chat *c, const struct guest *who, struct span typed, struct guest *out, const char **why)
{
    char name[NAME_BYTES], fold[NAME_KEY_BYTES];
    struct outcome outcome;
    enum err e = check_name(c, typed, name, fold, why);
    if (e)
        return e;
    if (hub_name_in_use(c->hub, span_of(fold), who->id))
        return ERR_NAME_TAKEN;
    struct command command = {.kind = COMMAND_GUEST_RENAME,
                              .actor = COMMAND_ACTOR_GUEST,
                              .actor_id = who->id,
                              .actor_name = span_of(who->name),
                              .name = span_of(name),
                              .fold = span_of(fold)};
    if ((e = submission_wait(c, &command, &outcome)))
        return e;
    out->id = who->id;
    memcpy(out->name, name, sizeof name);
    return write_cookie(c, out);
}

/* ------------------------------------------------------------------ coming in */

/* A look into the database for somebody who waits. */
struct lookup {
    struct reader_job job;
    pthread_mutex_t lock;
    pthread_cond_t done_cond;
    bool done;
    int64_t id;                                      /* asked for by id; or 0: */
    struct span fold;                                /* by fold */
    char name[NAME_BYTES], key_fold[NAME_KEY_BYTES]; /* found */
    uint8_t key[PERSON_KEY_BYTES];
    enum err result;
};

static void run_lookup(struct reader_job *job, struct store *s)
{
    struct lookup *l = (struct lookup *)job;
    struct user_row row;
    enum err e = ERR_SHUTTING_DOWN;
    if (s)
        e = l->id ? users_by_id(s, l->id, &row) : users_by_fold(s, l->fold, &row);
    pthread_mutex_lock(&l->lock);
    if (!e && row.name.len < sizeof l->name && row.fold.len < sizeof l->key_fold) {
        memcpy(l->name, row.name.p, row.name.len);
        memcpy(l->key_fold, row.fold.p, row.fold.len);
        memcpy(l->key, row.key, sizeof l->key);
    }
    l->result = e;
    l->done = true;
    pthread_cond_signal(&l->done_cond);
    pthread_mutex_unlock(&l->lock);
}

static enum err look_up(struct chat *c, struct lookup *l)
{
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->done_cond, NULL);
    l->job.run = run_lookup;
    enum err e = reader_submit(c->reader, &l->job);
    if (e)
        return e;
    pthread_mutex_lock(&l->lock);
    while (!l->done)
        pthread_cond_wait(&l->done_cond, &l->lock);
    pthread_mutex_unlock(&l->lock);
    return l->result;
}

enum err guest_enter(struct chat *c, const struct guest *who, struct person **out)
{
    struct lookup l = {.id = who->id};
    enum err e = look_up(c, &l); /* the cookie may be older than a rename on another device */
    if (e)
        return e == ERR_NOT_FOUND ? ERR_UNAUTHORIZED : e;
    struct hub_entrant entrant = {
        .kind = PERSON_GUEST, .user_id = who->id, .name = span_of(l.name), .fold = span_of(l.key_fold)};
    memcpy(entrant.key, l.key, sizeof entrant.key);
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
        enum err e = check_name(c, typed, name, fold, why);
        if (e)
            return e;
        struct lookup l = {.fold = span_of(fold)};
        e = look_up(c, &l);
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
    if (e == ERR_NAME_TAKEN) {
        out->result = e;
        return OK;
    }
    out->at = c->at_ms;
    return e;
}

enum err guest_apply_rename(struct apply *a, struct store *s, const struct command *c, struct outcome *out)
{
    enum err e = apply_actor(a, s, c, false, &out->user_id);
    if (!e)
        e = users_set_name(s, out->user_id, c->name, c->fold);
    if (e == ERR_NAME_TAKEN || e == ERR_UNAUTHORIZED) {
        out->result = e;
        return OK;
    }
    out->at = c->at_ms;
    return e;
}
