/* judge.h - what may be answered to a request: carried out, or refused with which code.
 *
 * Nobody outside can tell when exactly the program looks at a request. It reads it on a shard, where it knows what the
 * ledger knows (unless the writer is just in between: then the ask is *blurred*, and any answer will do); what it lets
 * through goes into the log, and the ledger says what it has come to there; questions are answered later, by a reader.
 * So an ask gathers the answers that would have been right at some time: `may_be`, a bit for each enum err. */
#ifndef HUBBUB_SIMULATION_JUDGE_H
#define HUBBUB_SIMULATION_JUDGE_H

#include "client.h"

/* The program reads it: right before and right after. */
void judge_read(struct world *w, struct client *c, struct ask *a);

/* A command has been carried out. */
void judge_decided(struct world *w, const struct command *command, const struct verdict *v);

/* It has been answered so: fails the run when that was never right. Trouble of the program's own is looked at
 * before. */
void judge_answer(struct world *w, struct client *c, struct ask *a, enum err answer);

/* Whether it may have been right at some time to answer so. */
bool judge_allows(const struct ask *a, enum err answer);

/* Whether nothing but messages can have changed since the program has read it, so that the answer says what the place
 * is now. */
bool judge_is_exact(const struct world *w, const struct ask *a);

/* The caller's role in the place, as it counts: an admin who is held back counts as a member. */
enum role judge_role(const struct world *w, const struct client *c);

/* Which room is meant, as things are: that of the id, or the only one with the name that the caller sees, or manages by
 * this type. *room 0 with ERR_NOT_FOUND: none; with ERR_AMBIGUOUS: several. */
enum err judge_room(const struct world *w, const struct client *c, enum request_type type, const struct ask *a,
                    int64_t *room);

/* Whether the caller may do this at all, as the submit half of the program finds: in a room, about a user (0: none). */
enum err judge_standing(const struct world *w, const struct client *c, enum request_type type, int64_t room,
                        int64_t user);

#endif
