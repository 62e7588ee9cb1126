/* history.h - reading pages of a room's past, on the reader threads.
 *
 * What a page may hold is settled when it is asked for: nothing after the room's last event at that moment, nothing
 * that the asker's history does not reach back to. So whoever is removed while it is being read gets what was theirs
 * to see, and nothing of what came after. */
#ifndef HUBBUB_CHAT_QUERY_HISTORY_H
#define HUBBUB_CHAT_QUERY_HISTORY_H

#include "chat/session/session.h"

enum { HISTORY_PAGE_BYTES = 256 * 1024 }; /* a page of long messages has fewer of them */

/* Which events are asked for: up to `limit` of those between after and before, both exclusive. */
struct history_range {
    int64_t room, after, before, limit;
    int64_t floor_seq, last_seq; /* what there is for the asker: the events in (floor_seq, last_seq] */
    int64_t around;              /* -1: not asked for */
    bool newest_last;            /* take the last events of the range, rather than the first */
};

/* Any thread. ERR_NOT_FOUND: not for this caller. */
enum err history_plan(struct chat *c, const struct caller *who, struct room *r, const struct request *q,
                      struct history_range *out);

/* On a reader's thread: appends the answer, of at most limit_bytes (but at least one event). ERR_STORAGE,
 * ERR_MEMORY. */
enum err history_write(struct store *s, const struct history_range *range, struct span id, size_t limit_bytes,
                       struct buf *json);

/* What of an answer fits into a connection's queue with room to spare. */
size_t history_limit_bytes(const struct chat *c);

/* On the session's thread. OK: the page comes when it has been read. */
enum err history_read(struct session *s, struct room *r, const struct request *q, const char **why);

#endif
