/* played_chat.h - what the HTTP layer stands on, played: guests, who is who, calls, and where live sockets go; accounts are in
 * played_accounts.h. For one test program: it defines these functions, and they win over those of the libraries.
 *
 * Anna (7) is a guest, whose cookie is "good"; Ben (9) is a moderator with the session "alive" (12), the access token "hubbub_good" (3,
 * scope write) and the password "right horse"; "gone" (10) was a guest once and has an account now. */
#ifndef HUBBUB_TESTS_PLAYED_CHAT_H
#define HUBBUB_TESTS_PLAYED_CHAT_H

#include "account/glance.h"
#include "account/guest.h"
#include "chat/admit/allowance.h"
#include "chat/admit/missing.h"
#include "chat/admit/standing.h"
#include "chat/query/query.h"
#include "chat/submit/call.h"
#include "directory/directory.h"
#include "directory/people.h"
#include "directory/rooms.h"
#include "http/server.h"
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ws {
    int unused;
};

enum { ADOPTED_MAX = 64, ANNA = 7, NEW_GUEST = 8, BEN = 9, WAS_GUEST = 10, BEN_SESSION = 12 };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t change;
    struct {
        struct ws *ws;
        int fd;
        struct person *who;
        struct caller caller; /* of an account; else zero */
        void *tag;
    } adopted[ADOPTED_MAX];
    int adopted_count, people; /* references out */
    char visitor[64];          /* the name that the last visitor asked for */
    bool no_owner;             /* the place is not set up */
    bool banned;               /* everybody is */
    bool too_fast;             /* the guest who takes another name */

    /* what was asked for last */
    struct caller caller;
    enum request_type type;
    char password[64], device[256], address[CALLER_ADDRESS_BYTES], invite[64];
    int64_t promoted; /* the guest who signed up */
    int sign_outs;
} played = {.lock = PTHREAD_MUTEX_INITIALIZER, .change = PTHREAD_COND_INITIALIZER};

static inline void play_copy(char *out, size_t size, struct span text)
{
    snprintf(out, size, "%.*s", (int)text.len, text.p ? text.p : "");
}

/* ------------------------------------------------------------------ live connections */

void ws_adopt(struct ws *w, int fd, struct person *who, const struct caller *caller, void *tag)
{
    pthread_mutex_lock(&played.lock);
    assert_true(played.adopted_count < ADOPTED_MAX);
    int i = played.adopted_count++;
    played.adopted[i].ws = w;
    played.adopted[i].fd = fd;
    played.adopted[i].who = who;
    played.adopted[i].caller = caller ? *caller : (struct caller){0};
    played.adopted[i].tag = tag;
    pthread_cond_signal(&played.change);
    pthread_mutex_unlock(&played.lock);
}

static inline enum err play_enter(struct person **out)
{
    *out = calloc(1, sizeof **out);
    pthread_mutex_lock(&played.lock);
    played.people++;
    pthread_mutex_unlock(&played.lock);
    return *out ? OK : ERR_MEMORY;
}

void hub_person_release(struct hub *h, struct person *p)
{
    (void)h;
    free(p);
    pthread_mutex_lock(&played.lock);
    played.people--;
    pthread_cond_signal(&played.change);
    pthread_mutex_unlock(&played.lock);
}

/* ------------------------------------------------------------------ who is who */

bool directory_is_set_up(struct directory *d)
{
    (void)d;
    return !played.no_owner;
}

void directory_place_name(struct directory *d, char out[DIRECTORY_NAME_BYTES])
{
    (void)d;
    strcpy(out, "Garden Club");
}

bool directory_user(struct directory *d, int64_t id, struct directory_user *out)
{
    static const struct directory_user users[] = {
        {.id = ANNA, .kind = USER_GUEST, .role = ROLE_GUEST, .name = "Anna"},
        {.id = NEW_GUEST, .kind = USER_GUEST, .role = ROLE_GUEST, .name = "New"},
        {.id = BEN,
         .kind = USER_ACCOUNT,
         .role = ROLE_MODERATOR,
         .name = "Ben",
         .display_name = "Ben B",
         .avatar_version = 2},
        {.id = WAS_GUEST, .kind = USER_ACCOUNT, .role = ROLE_MEMBER, .name = "Gone"},
    };
    (void)d;
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        if (users[i].id == id) {
            *out = users[i];
            return true;
        }
    }
    return false;
}

bool directory_is_banned(struct directory *d, int64_t user_id, int64_t now_ms, int64_t *until)
{
    (void)d;
    (void)user_id;
    assert_true(now_ms > 0);
    *until = 0;
    return played.banned;
}

bool directory_room(struct directory *d, int64_t room_id, int64_t user_id, struct directory_room *out, struct buf *name,
                    struct buf *topic)
{
    (void)d;
    (void)out;
    assert_int_equal(user_id, 0);
    assert_null(topic);
    if (room_id == 2)
        buf_add_str(name, "garden");
    else if (room_id == 3)
        buf_add_str(name, "yard");
    return room_id == 2 || room_id == 3;
}

/* ------------------------------------------------------------------ guests */

enum err guest_from_cookie(struct chat *c, struct span cookie, struct guest *out)
{
    (void)c;
    bool gone = span_equal(cookie, span_of("gone"));
    if (!gone && !span_equal(cookie, span_of("good")))
        return ERR_UNAUTHORIZED;
    *out = gone ? (struct guest){.id = WAS_GUEST, .name = "Gone", .cookie = "gone"}
                : (struct guest){.id = ANNA, .name = "Anna", .cookie = "good"};
    return OK;
}

enum err guest_register(struct chat *c, struct span name, struct guest *out, const char **why)
{
    (void)c;
    if (span_equal(name, span_of("taken")))
        return ERR_NAME_TAKEN;
    if (name.len >= sizeof out->name) {
        *why = "A name must have 1 to 32 characters.";
        return ERR_INVALID;
    }
    *out = (struct guest){.id = NEW_GUEST, .cookie = "fresh"};
    memcpy(out->name, name.p, name.len);
    return OK;
}

enum err guest_rename(struct chat *c, const struct guest *who, struct span name, struct span address, struct guest *out,
                      const char **why)
{
    play_copy(played.address, sizeof played.address, address);
    enum err e = guest_register(c, name, out, why);
    if (!e)
        out->id = who->id;
    return e;
}

enum err guest_forget(struct chat *c, const struct guest *who, struct span address)
{
    (void)c;
    assert_int_equal(who->id, ANNA);
    play_copy(played.address, sizeof played.address, address);
    return OK;
}

/* Renaming is counted as sending is; nobody here sends too fast but the one who is told so. */
enum err allowance_take(struct chat *c, const struct caller *who, struct person *visitor, size_t bytes,
                        int64_t *retry_after_ms, const char **why)
{
    (void)c;
    (void)visitor;
    (void)why;
    assert_int_equal(bytes, 0);
    assert_int_equal(who->user_id, ANNA);
    if (!played.too_fast)
        return OK;
    *retry_after_ms = 1500;
    return ERR_RATE_LIMITED;
}

enum err allowance_read(struct chat *c, const struct caller *who, enum request_type type, int64_t *retry_after_ms,
                        const char **why)
{
    (void)c;
    (void)type;
    (void)retry_after_ms;
    (void)why;
    assert_true(!who->origin == (who->kind == COMMAND_ACTOR_ACCOUNT));
    return OK;
}

void allowance_drawn(struct chat *c, struct origin *from, size_t bytes)
{
    (void)c;
    (void)from;
    (void)bytes;
}

enum err guest_enter(struct chat *c, const struct guest *who, struct person **out)
{
    (void)c;
    assert_int_equal(who->id, ANNA);
    return play_enter(out);
}

enum err guest_enter_visitor(struct chat *c, struct span name, struct person **out, const char **why)
{
    *why = NULL;
    if (span_equal(name, span_of("taken")))
        return ERR_NAME_TAKEN;
    if (!c->settings.allow_guests)
        return ERR_FORBIDDEN;
    play_copy(played.visitor, sizeof played.visitor, name);
    return play_enter(out);
}

/* ------------------------------------------------------------------ looks into the database */

const char *missing_words(struct chat *c, const struct caller *who, const struct request *q, enum err e,
                          char words[MISSING_BYTES])
{
    (void)c;
    (void)who;
    (void)q;
    if (e != ERR_NOT_FOUND)
        return NULL;
    strcpy(words, "There is no room \"nowhere\".");
    return words;
}

enum scope standing_scope(struct chat *c, const struct caller *who)
{
    (void)c;
    return who->scope;
}

enum err glance_totp(struct chat *c, int64_t user_id, bool *has_totp)
{
    (void)c;
    *has_totp = user_id == BEN;
    return OK;
}

enum err glance_avatar(struct chat *c, int64_t user_id, struct buf *type, struct buf *bytes)
{
    (void)c;
    assert_int_equal(user_id, BEN);
    buf_add_str(type, "image/png");
    buf_add_str(bytes, "\x89PNG");
    return OK;
}

enum err glance_invite(struct chat *c, struct span code, enum invite_state *state, int64_t *by, struct buf *room_ids)
{
    static const int64_t rooms[] = {2, 99, 3}; /* one of them is gone */
    (void)c;
    *state = span_equal(code, span_of("old")) ? INVITE_EXPIRED : INVITE_UNKNOWN;
    if (!span_equal(code, span_of("open sesame")) && !span_equal(code, span_of("shell")))
        return ERR_NOT_FOUND;
    *by = code.len == 5 ? 0 : BEN;
    buf_add(room_ids, rooms, sizeof rooms);
    return OK;
}

/* ------------------------------------------------------------------ requests of the protocol */

bool call_is_command(enum request_type type)
{
    return type >= REQUEST_CREATE_ROOM && type <= REQUEST_SET_PLACE;
}

enum err call_wait(struct chat *c, const struct caller *who, const struct request *q, struct buf *json,
                   const char **why, int64_t *retry_after_ms)
{
    (void)c;
    (void)why;
    played.caller = *who;
    played.type = q->type;
    if (span_equal(q->body, span_of("fast"))) {
        *retry_after_ms = 2001;
        return ERR_RATE_LIMITED;
    }
    if (span_equal(q->room.name, span_of("nowhere")))
        return ERR_NOT_FOUND;
    buf_printf(json, "{\"type\":\"ack\",\"id\":\"%.*s\"}", (int)q->id.len, q->id.p ? q->id.p : "");
    return OK;
}

enum err query_wait(struct chat *c, const struct caller *who, const struct request *q, struct buf *json,
                    const char **why)
{
    (void)c;
    (void)why;
    played.caller = *who;
    played.type = q->type;
    buf_add_str(json, "{\"type\":\"list\"}");
    return OK;
}

#endif
