/* presence.h - what passes without being kept: who is here, and who is away. */
#ifndef HUBBUB_CHAT_ANNOUNCE_PRESENCE_H
#define HUBBUB_CHAT_ANNOUNCE_PRESENCE_H

#include "chat/session/session.h"

/* The verb `presence`, on the session's thread. */
enum err presence_set(struct session *s, struct room *r, const struct request *q, const char **why);

/* To one who has just joined: who is in the room. */
void presence_show(struct session *s, struct room *r);

/* To an account that has just connected: who is online of those it has direct conversations with. */
void presence_greet(struct session *s);

/* The writer's thread: the user has become a member of the room, or is one no longer. */
void presence_member(struct chat *c, int64_t room_id, int64_t user_id);
/* The writer's thread: the user has blocked the other, who look offline to each other from then on; or did the reverse. */
void presence_block(struct chat *c, int64_t user_id, int64_t other_id, bool is_blocked);

/* Any thread: what `person` says to a viewer of a user's state: offline, when one of them has blocked the other. */
const char *presence_state(struct chat *c, int64_t viewer_id, int64_t user_id);

/* Tells a room (see hub_presence_changes(); ctx is the struct chat) who is there: each member without those whom a block
 * keeps apart from them. (presence_room.c) */
hub_presence_fn presence_of_room;

/* About once a second, on one thread: to each room whose people have changed, who is there; and to accounts, what has
 * changed of those they have direct conversations with. */
void presence_tick(struct chat *c);

#endif
