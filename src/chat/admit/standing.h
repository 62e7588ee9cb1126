/* standing.h - the submit half's look at who asks: what the role table says of a caller, going by the directory. It
 * says no early and to the point; the apply halves ask again, and they decide. Any thread. */
#ifndef HUBBUB_CHAT_ADMIT_STANDING_H
#define HUBBUB_CHAT_ADMIT_STANDING_H

#include "chat/core/core.h"
#include "proto/request.h"
#include "rules/caller.h"
#include "rules/role.h"

/* What the caller may do now, by the scope of their token or session: an admin without the second factor that the place
 * requires is held to what members may do until there is one, also on connections from before it was required. Whom a
 * proxy signs in has been asked for what the proxy asks for. */
enum scope standing_scope(struct chat *c, const struct caller *who);

/* Whether the caller may come as far as asking for this type at all: their scope, a ban, and that it needs
 * an account. ERR_FORBIDDEN with *why, ERR_BANNED, ERR_UNAUTHORIZED. */
enum err standing_admit(struct chat *c, const struct caller *who, enum request_type type, const char **why);

/* Whether the caller may manage closed rooms from outside by this type, as admins may. */
bool standing_manages(struct chat *c, const struct caller *who, enum request_type type);

/* The user that is named. ERR_NOT_FOUND; an id that is nobody's whom the directory keeps is taken for a visitor's. */
enum err standing_user(struct chat *c, const struct request_ref *ref, int64_t *user_id);

/* What the role table says of the caller in a room (0: none), about a user (0: nobody). ERR_FORBIDDEN, with *why where
 * it is not the role that is missing; ERR_NOT_MEMBER. */
enum err standing_check(struct chat *c, const struct caller *who, enum request_type type, int64_t room_id,
                        int64_t user_id, const char **why);

/* The caller's role in the place, as it counts now: see standing_scope(). */
enum role standing_role(struct chat *c, const struct caller *who);

/* Says so in the command, as the apply half cannot know how the actor came in. */
void standing_limit(struct chat *c, const struct caller *who, struct command *command);

/* How the caller came in, as directory_may_read() asks. */
enum user_kind standing_kind(const struct caller *who);

/* What is seen of a room, as directory_may_read(). */
enum err standing_may_read(struct chat *c, const struct caller *who, int64_t room_id, int64_t *floor_seq);

#endif
