#include "account/guest.h"

#include "account/look_up.h"
#include "chat/core/submission.h"
#include "rules/ban.h"
#include "rules/user_name.h"

static int64_t now_s(const struct chat *c)
{
    return env_wall_ms(c->env) / 1000;
}

enum err guest_from_cookie(struct chat *c, struct span cookie, struct guest *out)
{
    enum err e = guest_cookie_read(c->cookie_secret, now_s(c), cookie, out);
    return e ? e : guest_cookie_write(c->cookie_secret, now_s(c), out);
}

/* ------------------------------------------------------------------ making and changing */

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
    return guest_cookie_write(c->cookie_secret, now_s(c), out);
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
    return guest_cookie_write(c->cookie_secret, now_s(c), out);
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
    if (!e && ban_counts(&account, f->now_ms))
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
