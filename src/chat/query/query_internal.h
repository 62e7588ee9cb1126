/* query_internal.h - what the answers to questions share. Each is in the file of its noun. On a reader's thread. */
#ifndef HUBBUB_CHAT_QUERY_QUERY_INTERNAL_H
#define HUBBUB_CHAT_QUERY_QUERY_INTERNAL_H

#include "chat/query/query.h"
#include "directory/listing.h"
#include "proto/json.h"

/* A question while it is being answered. */
struct query {
    struct chat *chat;
    struct store *store;
    const struct caller *who;
    const struct request *q;
    struct buf *json;
    const char **why;
    int64_t room_id; /* of the room that is named; 0: none */
    int64_t now_ms;
    size_t limit_bytes;  /* what fits into a connection's queue: a longer page has fewer rows, and there are more */
    size_t limit, count; /* rows that were asked for, and are there */
    bool more;
    enum err failed; /* inside a row */
    struct listing listing;
};

/* Each appends its members to the object that has been begun: ,"people":[...],"more":false. */
typedef enum err answer_fn(struct query *x);

#define QUERY(type, name, ...) answer_fn query_##name;
#include "proto/verbs.def"

/* A list: its beginning, a comma where one is needed, its end. */
void query_begin(struct query *x, const char *name);
/* False: the list is full, there are more, and the row is left out. */
bool query_next(struct query *x);
/* How many rows to read: one more than is asked for, which shows that there are more. */
int64_t query_rows(const struct query *x);
void query_end(struct query *x); /* the bracket, and whether there are more */

/* The object behind `head`; the name where the directory does not know them. */
void query_add_user(struct query *x, const char *head, int64_t user_id, struct span name);

/* Opens again the object that has been written last, so that more can be said in it; it is to be closed with '}'. */
void query_reopen(struct query *x);

#endif
