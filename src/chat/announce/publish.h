/* publish.h - what has to happen outside of the database once a batch is committed: its effects (apply.h), carried out
 * in their order.
 *
 *     publish_take()   each outcome of the batch: the directory learns what has changed, events go to the hub, who has
 *                      lost a room is expelled, what has ended is noted
 *     publish_flush()  once: numbers and names as they are after the whole batch; then the hub sends
 *     publish_tell()   each outcome again: frames about rooms, people and memberships; connections that end; with the
 *                      first of them, what is told once: what the place is called, how many reports and requests wait
 *
 * So the directory knows of a change before anybody sees it, members get an event before they are told what follows
 * from it, and all of it is on its way before the answers are. A message is one effect, which publish_take() deals
 * with; what comes after that is left out for a batch of messages only.
 *
 * What cannot be read after the commit (a disk that fails just then) stays in the directory as it was, is reported, and
 * is read again after every further commit until it can be. What takes a right away needs no reading, so that it cannot
 * fail. On the writer's thread. */
#ifndef HUBBUB_CHAT_ANNOUNCE_PUBLISH_H
#define HUBBUB_CHAT_ANNOUNCE_PUBLISH_H

#include "apply/apply.h"
#include "chat/core/core.h"

struct publisher;

/* NULL: no memory. */
struct publisher *publisher_new(struct chat *c);
void publisher_free(struct publisher *p); /* NULL does nothing */

/* Where the writer reads each command while it is being applied. */
struct command *publisher_command(struct publisher *p);

void publish_take(struct publisher *p, struct store *s, struct outcome *o);
/* True: there is something to tell. */
bool publish_flush(struct publisher *p, struct store *s);
void publish_tell(struct publisher *p, struct outcome *o);

#endif
