/* message.h - saying something in a room. */
#ifndef HUBBUB_CHAT_SUBMIT_MESSAGE_H
#define HUBBUB_CHAT_SUBMIT_MESSAGE_H

#include "chat/session/session.h"

/* In both, NULL is a room that is not there: it is refused like one that is not for the sender, by the apply half, so
 * that neither the answer nor the time it takes tells one from the other.
 *
 * On the session's thread. OK: the answer comes when it is durable. Else nothing happened; *why may name the reason. */
enum err message_send(struct session *s, struct room *r, const struct request *q, const char **why);

/* The same checks for a caller who waits: fills the command but for its actor and time. It borrows from the request and
 * from `folds`, which is emptied first and holds whom the message mentions. Any thread. Whether the sender may write
 * there is left to the apply half: it answers a send that comes again first, whatever has changed since. ERR_INVALID
 * with *why, ERR_TOO_BIG, ERR_MEMORY. */
enum err message_prepare(struct chat *chat, struct room *r, const struct request *q, struct command *c,
                         struct buf *folds, const char **why);

#endif
