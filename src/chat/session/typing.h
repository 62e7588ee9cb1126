/* typing.h - who is typing, told to the others who have the room open: every SESSION_TYPING_EVERY_S at most by one
 * connection, and of people without an account so many at an address. On the session's thread. */
#ifndef HUBBUB_CHAT_SESSION_TYPING_H
#define HUBBUB_CHAT_SESSION_TYPING_H

#include "chat/session/session.h"

/* The verb `typing`. What is too much is not passed on, and is no error. ERR_NOT_FOUND, ERR_NOT_JOINED. */
enum err typing_tell(struct session *s, struct room *r, const struct request *q, const char **why);

#endif
