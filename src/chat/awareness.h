/* awareness.h - what passes without being kept: who is here, who is away, who is typing. */
#ifndef HUBBUB_CHAT_AWARENESS_H
#define HUBBUB_CHAT_AWARENESS_H

#include "chat/session_internal.h"

/* Verbs, on the session's thread. */
enum err awareness_typing(struct session *s, struct room *r, const struct request *q, const char **why);
enum err awareness_presence(struct session *s, struct room *r, const struct request *q, const char **why);

/* To one who has just joined: who is in the room. */
void awareness_show(struct session *s, struct room *r);

/* About once a second, on one thread: to each room whose people have changed, who is there. */
void awareness_tick(struct chat *c);

#endif
