/* message.h - saying something in a room. */
#ifndef HUBBUB_CHAT_MESSAGE_H
#define HUBBUB_CHAT_MESSAGE_H

#include "chat/session_internal.h"

/* On the session's thread. OK: the answer comes when it is durable. Else nothing happened; *why may name the reason. */
enum err message_send(struct session *s, struct room *r, const struct request *q, const char **why);

#endif
