/* history.h - reading pages of a room's past, on the reader threads. */
#ifndef HUBBUB_CHAT_HISTORY_H
#define HUBBUB_CHAT_HISTORY_H

#include "chat/session_internal.h"

enum { HISTORY_PAGE_BYTES = 256 * 1024 }; /* a page of long messages has fewer of them */

/* On the session's thread. OK: the page comes when it has been read. */
enum err history_read(struct session *s, struct room *r, const struct request *q, const char **why);

#endif
