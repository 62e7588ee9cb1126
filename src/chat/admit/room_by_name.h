/* room_by_name.h - the one way from what a request names to a room: an id, or a name as the caller sees it. */
#ifndef HUBBUB_CHAT_ADMIT_ROOM_BY_NAME_H
#define HUBBUB_CHAT_ADMIT_ROOM_BY_NAME_H

#include "chat/core/core.h"
#include "proto/request.h"
#include "rules/caller.h"

/* The room that a caller means. By an id (as a number, or as a name of digits only) any room: whether it is for them is
 * asked by the verb. By a name only one that they see, or may manage by a request of this type, if no other such room has
 * a name that looks like it: closed rooms may share names, and none of several comes first, as then somebody could make
 * one that does. ERR_NOT_FOUND: none, *r is NULL; ERR_AMBIGUOUS: several. Any thread. */
enum err rooms_find(struct chat *c, const struct caller *who, enum request_type type, const struct request_ref *ref,
                    struct room **r);
/* The same room's id, if the caller may read it, or manage it by a request of this type. */
enum err rooms_reach(struct chat *c, const struct caller *who, enum request_type type, const struct request_ref *ref,
                     int64_t *room_id);
/* All that they see or may manage with this name, by id, at most max: how many. Any thread. */
size_t rooms_find_all(struct chat *c, const struct caller *who, enum request_type type, struct span name, int64_t *ids,
                      size_t max);
/* The rooms that a request to join asks, whether the user sees them or not: the one with this id; or all closed ones of
 * this name that the user is not in, the oldest `max` of them. How many, which the user must not learn. Any thread. */
size_t rooms_to_ask(struct chat *c, int64_t user_id, const struct request_ref *ref, int64_t *ids, size_t max);

#endif
