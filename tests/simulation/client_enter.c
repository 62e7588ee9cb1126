/* The ways in, each a turn of one of the program's workers, who may wait: what HTTP does before it hands a connection to
 * a shard. Passwords are left out. */
#include "account/account_internal.h"
#include "account/guest.h"
#include "account/token.h"
#include "base/hash.h"
#include "chat/core/submission.h"
#include "client.h"
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* From a few names, so that they are taken now and then; one that nobody else has after some tries. */
static void think_of_name(struct world *w, struct client *c)
{
    static const char *const names[] = {"Anna", "ANNA", "Bert", "Cléo", "Dörte", "Фёдор", "グレース", "x_1"};
    const char *name = names[dice_below(&w->dice, sizeof names / sizeof names[0])];
    if (++c->names < 4)
        snprintf(c->name, sizeof c->name, "%s", name);
    else
        snprintf(c->name, sizeof c->name, "%s %c%d", name, 'A' + c->number, c->names);
}

static bool may_fail(const struct world *w, enum err e)
{
    return (e == ERR_STORAGE && (w->server.faulted || w->faults.dead)) || e == ERR_OVERLOADED ||
           (e == ERR_SHUTTING_DOWN && (w->server.state != SERVER_UP || w->faults.dead));
}

static enum err check_error(struct world *w, const struct client *c, const char *what, enum err e, uint64_t allowed)
{
    if (e && !(allowed >> e & 1) && !may_fail(w, e))
        trace_fail(&w->trace, e == ERR_UNAUTHORIZED ? "I1" : "protocol", "%s: %s: %s", client_label(c), what,
                   err_code(e));
    return e;
}

#define ALLOW(e) (UINT64_C(1) << (e))

/* ------------------------------------------------------------------ what may come of it */

static bool is_banned(const struct world *w, int64_t user)
{
    return place_is_banned(&w->place, user, w->env.wall_ms(w->env.ctx));
}

bool client_is_kept_out(const struct world *w, const struct client *c)
{
    int64_t user = c->kind == CLIENT_ACCOUNT ? c->account->user : c->who.user_id;
    const struct place_user *u = c->kind == CLIENT_VISITOR ? NULL : place_user(&w->place, user);
    return user && u && u->is_banned && !u->banned_until;
}

/* What the place says of somebody's way in, before and after the program has looked: so what it says is one of the two,
 * unless more has changed meanwhile. */
struct doubt {
    uint64_t before;
    int64_t loud;
    bool settled;
};

static uint64_t ways_in(const struct world *w, int64_t user, enum thing t, int64_t id)
{
    const struct place_thing *thing = id ? place_thing(&w->place, t, id) : NULL;
    if (id && (!thing || thing->is_over || (thing->until && thing->until <= w->env.wall_ms(w->env.ctx))))
        return ALLOW(ERR_UNAUTHORIZED);
    return is_banned(w, user) ? ALLOW(ERR_BANNED) : ALLOW(OK);
}

static struct doubt begin_doubt(const struct world *w, uint64_t before)
{
    return (struct doubt){before, w->ledger.loud, ledger_is_settled(w)};
}

static void end_doubt(struct world *w, const struct client *c, const char *what, const struct doubt *d, uint64_t after,
                      enum err e)
{
    bool sure = d->settled && ledger_is_settled(w) && w->ledger.loud - d->loud <= 1;
    if (sure && !((d->before | after) & ALLOW(e)) && !(e && may_fail(w, e)))
        trace_fail(&w->trace, "rules", "%s: %s came to %s", client_label(c), what, err_code(e));
}

/* ------------------------------------------------------------------ guests and visitors */

/* As POST /api/v1/guest. Its answer can be lost on the way back: then there is a guest whom nobody will ever be. */
static enum err become_guest(struct world *w, struct client *c)
{
    struct guest guest;
    const char *why;
    think_of_name(w, c);
    world_say(w, "%s registers as %s", client_label(c), c->name);
    enum err e = guest_register(w->server.chat, span_of(c->name), &guest, &why);
    if (check_error(w, c, "register", e, ALLOW(ERR_NAME_TAKEN)) || w->faults.dead)
        return e ? e : ERR_IO;
    size_t person = model_person_add(&w->model, guest.id);
    world_say(w, "%s is user %" PRId64, client_label(c), guest.id);
    if (dice_one_in(&w->dice, 10))
        return ERR_IO;
    c->person = person;
    c->who.user_id = guest.id;
    memcpy(c->cookie, guest.cookie, sizeof guest.cookie);
    return OK;
}

static enum err enter_guest(struct world *w, struct client *c, struct person **who)
{
    struct guest guest;
    enum err e = *c->cookie ? OK : become_guest(w, c);
    if (e)
        return e;
    if ((e = guest_from_cookie(w->server.chat, span_of(c->cookie), &guest)))
        trace_fail(&w->trace, "protocol", "%s: the program does not know its own cookie", client_label(c));
    struct doubt d = begin_doubt(w, ways_in(w, guest.id, THING_SESSION, 0));
    e = guest_enter(w->server.chat, &guest, who);
    end_doubt(w, c, "a guest's cookie", &d, ways_in(w, guest.id, THING_SESSION, 0), e);
    c->who = (struct caller){.kind = COMMAND_ACTOR_GUEST, .user_id = guest.id, .scope = SCOPE_ADMIN};
    return check_error(w, c, "enter", e, ALLOW(ERR_BANNED));
}

static enum err enter_visitor(struct world *w, struct client *c, struct person **who)
{
    const char *why;
    bool named = dice_one_in(&w->dice, 2);
    *c->name = 0;
    if (named)
        think_of_name(w, c);
    c->who = (struct caller){.kind = COMMAND_ACTOR_VISITOR, .scope = SCOPE_ADMIN};
    return check_error(w, c, "enter", guest_enter_visitor(w->server.chat, span_of(c->name), who, &why),
                       named ? ALLOW(ERR_NAME_TAKEN) : 0);
}

/* As POST /api/v1/guest with a cookie. */
void client_rename(struct world *w, struct client *c)
{
    struct guest guest, renamed;
    const char *why;
    char old[MODEL_NAME_BYTES];
    c->busy = true;
    memcpy(old, c->name, sizeof old);
    think_of_name(w, c);
    world_say(w, "%s renames itself from %s to %s", client_label(c), old, c->name);
    if (guest_from_cookie(w->server.chat, span_of(c->cookie), &guest))
        trace_fail(&w->trace, "protocol", "%s: the program does not know its own cookie", client_label(c));
    enum err e = guest_rename(w->server.chat, &guest, span_of(c->name), span_of("192.0.2.7"), &renamed, &why);
    if (!check_error(w, c, "rename", e, ALLOW(ERR_NAME_TAKEN) | ALLOW(ERR_BANNED)))
        memcpy(c->cookie, renamed.cookie, sizeof renamed.cookie);
    else
        memcpy(c->name, old, sizeof old);
    c->busy = false;
}

/* ------------------------------------------------------------------ accounts */

/* An account's name is its own for ever, so if it is taken an earlier attempt was stored after all. */
static enum err find_account(struct world *w, struct account *a, const char *fold)
{
    int64_t user = place_user_by_fold(&w->place, fold);
    if (user <= 0)
        return ERR_IO;
    a->user = user;
    return OK;
}

/* As POST /api/v1/sign_up, without its password; with an invitation where there is one. */
static enum err sign_up(struct world *w, struct client *c)
{
    struct account *a = c->account;
    char fold[NAME_KEY_BYTES];
    struct outcome outcome = {.result = OK};
    const struct place_things *invites = &w->place.things[THING_INVITE];
    if (!w->place.is_set_up || w->place.slot_count > PLACE_SLOTS_MAX - 4 ||
        name_fold(w->server.chat->names, span_of(a->name), fold))
        return ERR_NOT_SET_UP;
    if (a == w->accounts) /* the owner, whom the command line makes */
        return find_account(w, a, fold);
    struct command command = {.kind = COMMAND_SIGN_UP,
                              .actor = COMMAND_ACTOR_VISITOR,
                              .actor_name = span_of(a->name),
                              .name = span_of(a->name),
                              .fold = span_of(fold)};
    env_random(&w->env, command.actor_key, sizeof command.actor_key);
    if (invites->count && dice_one_in(&w->dice, 2))
        fields_set_text(&command.f, F_CODE, span_of(invites->all[dice_below(&w->dice, invites->count)].code));
    world_say(w, "%s signs up as %s", client_label(c), a->name);
    enum err e = submission_wait(w->server.chat, &command, &outcome);
    if (e == ERR_NAME_TAKEN)
        return find_account(w, a, fold);
    if (check_error(w, c, "sign up", e, ALLOW(ERR_NOT_FOUND)) || w->faults.dead)
        return e ? e : ERR_IO;
    a->user = outcome.user_id;
    return OK;
}

/* A guest who becomes an account keeps the id and what was said. */
static void become_account(struct world *w, struct client *c)
{
    char fold[NAME_KEY_BYTES];
    struct outcome outcome = {.result = OK};
    struct account *a = &w->accounts[w->profile.accounts + w->converts];
    if (w->place.slot_count > PLACE_SLOTS_MAX - 4 || w->profile.accounts + w->converts == WORLD_ACCOUNTS_MAX ||
        name_fold(w->server.chat->names, span_of(a->name), fold))
        return;
    w->converts++;
    struct command command = {.kind = COMMAND_SIGN_UP,
                              .actor = COMMAND_ACTOR_GUEST,
                              .actor_id = c->who.user_id,
                              .actor_name = span_of(a->name),
                              .name = span_of(a->name),
                              .fold = span_of(fold)};
    env_random(&w->env, command.actor_key, sizeof command.actor_key);
    world_say(w, "%s becomes the account %s", client_label(c), a->name);
    enum err e = submission_wait(w->server.chat, &command, &outcome);
    check_error(w, c, "become an account", e,
                ALLOW(ERR_BANNED) | ALLOW(ERR_NOT_SET_UP) | ALLOW(ERR_NAME_TAKEN) | ALLOW(ERR_UNAUTHORIZED));
}

/* What is stored may come back only after a crash, so whether a guest is one still is looked at each time. */
static void notice_account(struct world *w, struct client *c)
{
    const struct place_user *u = c->kind == CLIENT_GUEST ? place_user(&w->place, c->who.user_id) : NULL;
    for (int i = w->profile.accounts; u && u->kind == USER_ACCOUNT && i < WORLD_ACCOUNTS_MAX; i++) {
        struct account *a = &w->accounts[i];
        if (!place_user_has_name(u, a->name))
            continue;
        c->kind = CLIENT_ACCOUNT;
        c->account = a;
        a->user = c->who.user_id;
        a->person = c->person;
        a->is_made = true;
        world_count(w, converts);
        return;
    }
}

static enum err sign_in(struct world *w, struct client *c)
{
    struct account_form form = {.device = span_of("a browser"), .address = span_of("192.0.2.7")};
    struct account_login login = {.token = ""};
    struct doubt d = begin_doubt(w, ways_in(w, c->account->user, THING_SESSION, 0));
    enum err e = account_start_session(w->server.chat, c->account->user, &form, NULL, NULL, &login);
    end_doubt(w, c, "signing in", &d, ways_in(w, c->account->user, THING_SESSION, 0), e);
    if (!e && !w->faults.dead) {
        snprintf(c->session, sizeof c->session, "%s", login.token);
        c->session_id = login.who.session_id;
    }
    return e ? e : w->faults.dead ? ERR_IO : OK;
}

static enum err look_up_session(struct world *w, struct client *c)
{
    struct doubt d = begin_doubt(w, ways_in(w, c->account->user, THING_SESSION, c->session_id));
    c->looked = w->place.moment;
    enum err e = account_by_session(w->server.chat, span_of(c->session), span_of("192.0.2.7"), &c->who);
    end_doubt(w, c, "a session", &d, ways_in(w, c->account->user, THING_SESSION, c->session_id), e);
    if (e == ERR_UNAUTHORIZED)
        *c->session = 0;
    return e;
}

static enum err look_up(struct world *w, struct client *c)
{
    struct chat *chat = w->server.chat;
    struct account *a = c->account;
    const char *why;
    size_t token = a->token_count && dice_one_in(&w->dice, 4) ? dice_below(&w->dice, a->token_count) : SIZE_MAX;
    if (token != SIZE_MAX) {
        struct doubt d = begin_doubt(w, ways_in(w, a->user, THING_TOKEN, a->tokens[token].id));
        enum err e = account_by_token(chat, span_of(a->tokens[token].text), &c->who, &why);
        end_doubt(w, c, "an access token", &d, ways_in(w, a->user, THING_TOKEN, a->tokens[token].id), e);
        return e;
    }
    if (dice_one_in(&w->dice, 10))
        return account_by_proxy(chat, span_of(place_user_name(place_user(&w->place, a->user))), span_of("192.0.2.8"),
                                &c->who, &why);
    enum err e = *c->session ? OK : sign_in(w, c);
    return e ? e : look_up_session(w, c);
}

static enum err enter_account(struct world *w, struct client *c, struct person **who)
{
    struct account *a = c->account;
    enum err e = a->user ? OK : sign_up(w, c);
    if (e)
        return e;
    if (!a->is_made) {
        a->is_made = true;
        a->person = model_person_add(&w->model, a->user);
    }
    c->person = a->person;
    /* Whoever signs in at the same time as others may find the account's name changed. */
    e = check_error(w, c, "look up", look_up(w, c),
                    ALLOW(ERR_UNAUTHORIZED) | ALLOW(ERR_BANNED) | ALLOW(ERR_NAME_TAKEN) | ALLOW(ERR_IO));
    if (!e && c->who.user_id != a->user)
        return ERR_IO; /* the proxy's user of that name, who is somebody else meanwhile */
    return e ? e : check_error(w, c, "enter", account_enter(w->server.chat, &c->who, who), 0);
}

/* ------------------------------------------------------------------ all of them */

/* What has let it in may have ended since it was looked at. */
static void note_ended(struct world *w, struct link *l, int64_t looked)
{
    const struct place_user *u = place_user(&w->place, l->who.user_id);
    for (size_t i = 0; i < w->ledger.ended_count; i++)
        if (w->ledger.ended[i].moment > looked && link_is_meant(l, &w->ledger.ended[i].ending) &&
            (l->who.kind == COMMAND_ACTOR_ACCOUNT || w->ledger.ended[i].ending.of == ENDING_GUEST))
            l->ended = w->ledger.ended[i].moment;
    if (l->who.user_id && u->is_banned && !u->banned_until)
        l->ended = w->place.moment;
}

static void begin_connection(struct world *w, struct client *c, struct person *who)
{
    if (c->kind == CLIENT_VISITOR)
        c->person = model_person_add(&w->model, 0);
    c->link = link_open(w, c);
    c->link->who = c->who;
    note_ended(w, c->link, c->looked);
    link_adopt(c->link, who);
    c->state = CLIENT_HERE;
    c->welcomed = c->has_more_rooms = c->has_babbled = false;
    c->act_us = w->now_us;
    c->stalled_until_us = 0;
    c->ids = 0;
    buf_clear(&c->heard);
    world_say(w, "%s connects: link %d on shard %d", client_label(c), c->link->number, c->link->shard);
}

void client_enter(struct world *w, struct client *c)
{
    static enum err (*const enters[])(struct world * w, struct client * c, struct person * *who) = {
        [CLIENT_VISITOR] = enter_visitor, [CLIENT_GUEST] = enter_guest, [CLIENT_ACCOUNT] = enter_account};
    struct person *who;
    c->busy = true;
    c->state = CLIENT_ENTERING;
    notice_account(w, c);
    if (c->kind == CLIENT_GUEST && c->who.user_id && dice_one_in(&w->dice, 12)) {
        become_account(w, c);
        notice_account(w, c);
    }
    c->looked = w->place.moment;
    enum err e = enters[c->kind](w, c, &who);
    if (!e && w->faults.dead) {
        hub_person_release(w->server.chat->hub, who);
        e = ERR_IO;
    }
    if (e) {
        c->state = CLIENT_AWAY;
        c->enter_us = w->now_us + dice_between(&w->dice, 1000, 200000);
    } else {
        begin_connection(w, c, who);
    }
    c->busy = false;
}
