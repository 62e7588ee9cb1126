/* words.h - the words that the database, the protocol and the command line share: kinds, roles, levels. Stored and sent
 * as text, so that a person can read both; ids in memory. Constant data: any thread. */
#ifndef HUBBUB_BASE_WORDS_H
#define HUBBUB_BASE_WORDS_H

#include "base/span.h"

#include <stdbool.h>

/* What somebody may do in the place as a whole; each may what those before may (see rules/role.h). */
enum role { ROLE_VISITOR, ROLE_GUEST, ROLE_MEMBER, ROLE_MODERATOR, ROLE_ADMIN, ROLE_OWNER, ROLE_SYSTEM, ROLE_COUNT };

/* What a member may do in one room. */
enum room_role { ROOM_ROLE_NONE, ROOM_ROLE_MEMBER, ROOM_ROLE_MODERATOR, ROOM_ROLE_COUNT };

enum room_kind { ROOM_OPEN, ROOM_CLOSED, ROOM_ANNOUNCEMENT, ROOM_DIRECT, ROOM_KIND_COUNT };

/* How much of the past a member of a closed room sees. */
enum room_history { ROOM_HISTORY_ALL, ROOM_HISTORY_JOINED, ROOM_HISTORY_COUNT };

/* What a member is notified of. */
enum level { LEVEL_ALL, LEVEL_MENTIONS, LEVEL_NOTHING, LEVEL_COUNT };

/* What a token may be used for; each holds those before it. A signed-in browser has the last. */
enum scope { SCOPE_READ, SCOPE_WRITE, SCOPE_ADMIN, SCOPE_COUNT };

/* A set of words: index i is the enumerator i. */
struct words {
    const char *const *list;
    int count;
};

extern const struct words words_role;         /* visitor, guest, member, moderator, admin, owner, system */
extern const struct words words_room_role;    /* none, member, moderator */
extern const struct words words_room_kind;    /* open, closed, announcement, direct */
extern const struct words words_room_history; /* all, joined */
extern const struct words words_level;        /* all, mentions, nothing */
extern const struct words words_scope;        /* read, write, admin */

/* The number of a word; -1: none of them. */
int words_find(const struct words *w, struct span word);

/* The word of a number that is in range. */
const char *words_name(const struct words *w, int i);

#endif
