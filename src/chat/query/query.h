/* query.h - the questions that are answered from the database: lists of people, rooms, members, sessions, reports, and
 * so on; one row per question in a table (who may ask, who writes the answer), run on the reader threads. */
#ifndef HUBBUB_CHAT_QUERY_QUERY_H
#define HUBBUB_CHAT_QUERY_QUERY_H

#include "chat/core/core.h"
#include "proto/request.h"
#include "rules/caller.h"

struct session;

/* Looks whether the caller may ask, and appends the answer, one JSON object {"type":...,"id":...,...}, to `json`. On a
 * reader's thread, with its store. ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_UNAUTHORIZED, ERR_BANNED, ERR_INVALID with *why,
 * ERR_STORAGE, ERR_MEMORY. */
enum err query_answer(struct chat *c, struct store *s, const struct caller *who, const struct request *q,
                      struct buf *json, const char **why);

/* From HTTP: runs it on a reader thread and waits. Also for REQUEST_HISTORY. */
enum err query_wait(struct chat *c, const struct caller *who, const struct request *q, struct buf *json,
                    const char **why);

/* From a session: the answer comes later. Takes over what the request owns (q->json becomes NULL) when OK. */
enum err query_start(struct session *s, struct request *q, const char **why);

#endif
