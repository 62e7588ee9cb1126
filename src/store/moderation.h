/* moderation.h - rows about bans, blocks, reports and the audit. As in store.h and people.h: one thread at a time per
 * store, ERR_STORAGE from any function, borrowed text, writing inside a transaction by apply only. */
#ifndef HUBBUB_STORE_MODERATION_H
#define HUBBUB_STORE_MODERATION_H

#include "store/store.h"

struct ban_row {
    int64_t id; /* of this ban: a later one of anybody, or another one of the same, has a higher id */
    int64_t user_id, actor_id, at, until; /* until 0: for ever */
    struct span reason;
    bool hides;
    struct span user_name, actor_name;
};

enum err bans_get(struct store *s, int64_t user_id, struct ban_row *out); /* ERR_NOT_FOUND */
/* Replaces an earlier one. The id and the names of the row are not looked at. */
enum err bans_set(struct store *s, const struct ban_row *row);
enum err bans_delete(struct store *s, int64_t user_id); /* ERR_NOT_FOUND */
/* Newest first, with id < before_id (0: from the newest on). */
enum err bans_each(struct store *s, int64_t before_id, int64_t limit, void (*row)(void *ctx, const struct ban_row *),
                   void *ctx);

enum err blocks_insert(struct store *s, int64_t user_id, int64_t blocked_id, int64_t at); /* again: nothing new */
enum err blocks_delete(struct store *s, int64_t user_id, int64_t blocked_id);             /* not there: fine */
enum err blocks_has(struct store *s, int64_t user_id, int64_t blocked_id);                /* ERR_NOT_FOUND */
enum err blocks_each(struct store *s, int64_t user_id, void (*row)(void *ctx, int64_t blocked_id, struct span name),
                     void *ctx);

struct report_row {
    int64_t id, room_id, seq, reporter_id, at, handled_at, handled_by;
    struct span reason, outcome;
    /* reports_each only; the body is there although the author's messages may be hidden, not when it was deleted: */
    struct span reporter_name, author_name, body, room_name, handler_name;
    int64_t author_id;
};

/* ERR_ID_REUSED: reported by the same before. */
enum err reports_insert(struct store *s, const struct report_row *row, int64_t *id);
/* ERR_NOT_FOUND: no such report, or handled before. */
enum err reports_handle(struct store *s, int64_t id, int64_t by, int64_t at, struct span outcome);
/* Waiting ones, oldest first, with an id above `cursor`; or handled ones, newest first, with one below it (0: all). */
enum err reports_each(struct store *s, bool handled, int64_t cursor, int64_t limit,
                      void (*row)(void *ctx, const struct report_row *), void *ctx);
enum err reports_room(struct store *s, int64_t id, int64_t *room_id); /* ERR_NOT_FOUND */

struct audit_row {
    int64_t id, at, actor_id, user_id, room_id, seq;
    struct span verb, address, detail;            /* detail: a JSON object; empty when inserted: {} */
    struct span actor_name, user_name, room_name; /* audit_each only; empty: none. A deleted visitor has a name, too */
};

enum err audit_insert(struct store *s, const struct audit_row *row);

struct audit_filter { /* 0 or empty: any */
    int64_t before_id, actor_id, user_id, room_id;
    struct span verb;
    bool by_system; /* by the command line, whose id is 0; actor_id is 0 then */
};
enum err audit_each(struct store *s, const struct audit_filter *f, int64_t limit,
                    void (*row)(void *ctx, const struct audit_row *), void *ctx); /* newest first */

#endif
