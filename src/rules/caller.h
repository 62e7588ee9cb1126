/* caller.h - who asks for something, whatever way they came in by. Plain data, copied freely. */
#ifndef HUBBUB_RULES_CALLER_H
#define HUBBUB_RULES_CALLER_H

#include "base/words.h"
#include "proto/command.h"
#include "store/store.h"

enum { CALLER_ADDRESS_BYTES = 48 };

struct origin;

struct caller {
    enum command_actor kind;
    int64_t user_id; /* 0: a visitor without a row, or the system */
    uint8_t key[COMMAND_KEY_BYTES];
    int64_t session_id;    /* of a signed-in browser; 0: none */
    int64_t token_id;      /* of a program with a token; 0: none */
    int64_t cookie_number; /* of a guest: of the cookie that they came by */
    int64_t known_ms;      /* of an account: when the look into the database that found it began, on the clock that only
                           goes forward; see ended.h */
    int64_t expires_ms;    /* of a token: when it ends by itself, on the wall's clock; 0: never */
    enum scope scope;      /* SCOPE_ADMIN but for tokens; what it is worth now says standing_scope() */
    struct origin *origin; /* of people without an account: what their address is limited to; borrowed. NULL: nothing */
    char address[CALLER_ADDRESS_BYTES]; /* where they are, as text; "": the command line, or not kept */
};

/* What kind of user an actor is, and the other way round. */
static inline enum user_kind caller_user_kind(enum command_actor actor)
{
    static const enum user_kind kinds[] = {[COMMAND_ACTOR_SYSTEM] = USER_SYSTEM,
                                           [COMMAND_ACTOR_VISITOR] = USER_VISITOR,
                                           [COMMAND_ACTOR_GUEST] = USER_GUEST,
                                           [COMMAND_ACTOR_ACCOUNT] = USER_ACCOUNT};
    return kinds[actor];
}

static inline enum command_actor caller_actor(enum user_kind kind)
{
    static const enum command_actor actors[] = {[USER_SYSTEM] = COMMAND_ACTOR_SYSTEM,
                                                [USER_VISITOR] = COMMAND_ACTOR_VISITOR,
                                                [USER_GUEST] = COMMAND_ACTOR_GUEST,
                                                [USER_ACCOUNT] = COMMAND_ACTOR_ACCOUNT};
    return actors[kind];
}

#endif
