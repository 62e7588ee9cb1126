/* apply_internal.h - what the apply halves share; each verb's own is in the file of its noun. */
#ifndef HUBBUB_APPLY_APPLY_INTERNAL_H
#define HUBBUB_APPLY_APPLY_INTERNAL_H

#include "apply/apply.h"
#include "base/buf.h"
#include "base/keyed_uthash.h"
#include "base/words.h"
#include "proto/request.h"
#include "store/membership.h"
#include "store/people.h"

enum { LOBBY_ID = 1 }; /* the room that everybody begins in */

struct apply_room {
    int64_t id, last_seq, archived_at, created_at;
    int64_t messages; /* the number of the newest message */
    int64_t slow_s, locked_at;
    enum room_kind kind;
    enum room_history history;
    char *direct_key;  /* of a direct conversation: whom it is between, see direct_people() */
    bool maybe_hidden; /* some of them may have it hidden, and are to see it again with the next message */
    bool dirty;        /* last_seq is ahead of the database */
    UT_hash_handle hh;
};

/* How far a member who has written has read, see read_positions.c. */
struct writer_position;

enum { KNOWN_RIGHTS = 4096 };

struct apply {
    struct apply_room *rooms;
    bool stale;                              /* a batch was rolled back: read the rooms again */
    struct rights *known;                    /* KNOWN_RIGHTS of them, see rights.c */
    struct writer_position *positions;       /* by room and user */
    struct writer_position *moved_positions; /* of them, those that the database does not know yet */
    struct buf json;                         /* of the frame that is being made */
    struct buf data;  /* the JSON that goes into the database: of a change, of an entry of the audit */
    struct buf texts; /* of the account that a command is about, see rights_check() */
};

struct apply_room *apply_room(struct apply *a, int64_t id); /* NULL: none */
struct apply_room *apply_room_insert(struct apply *a, const struct room_more_row *row);

/* Whom a direct conversation is between, in ascending order; how many. Other rooms: nobody. */
enum { DIRECT_PEOPLE_MAX = 12 };
size_t direct_people(const struct apply_room *r, int64_t ids[DIRECT_PEOPLE_MAX]);

/* Somebody with a membership has written this message, which is in the database. *has_read: they have read up to it by
 * that, as there is nothing before it that they have not read. What a program writes (`by_program`) says nothing about
 * what its owner has read. (read_positions.c) */
enum err read_positions_wrote(struct apply *a, struct store *s, const struct message_row *row, bool by_program,
                              bool *has_read);
/* Writes down now how far people have read by writing, rather than at the end of the batch: for verbs that look at it, so
 * that what they find does not depend on how commands were put into batches. Of one member, it is forgotten too, as it is
 * about to change. */
enum err read_positions_settle(struct apply *a, struct store *s);
enum err read_positions_take_out(struct apply *a, struct store *s, int64_t room_id, int64_t user_id);
/* Nothing may be left to settle, unless the batch was rolled back: what people have read, or can read, is different now. */
void read_positions_forget(struct apply *a);
/* So that they don't become more and more. */
void read_positions_trim(struct apply *a);

/* The actor's user id; for a visitor's first durable act, makes the row when `make` is set (else ERR_NOT_FOUND); also
 * when there was a row that has been swept (see sweep.h). ERR_UNAUTHORIZED: no such user, or one of another kind: a
 * guest's cookie is worth nothing once the guest has become an account. ERR_STORAGE. */
enum err apply_actor(struct apply *a, struct store *s, const struct command *c, bool make, int64_t *id);

/* Refuses: sets the result and returns OK, so that a verb can `return apply_refuse(out, ERR_...)`. Nothing may have been
 * changed. `why`: a constant sentence for people. */
enum err apply_refuse(struct outcome *out, enum err result);
enum err apply_refuse_because(struct outcome *out, enum err result, const char *why);
enum err apply_refuse_until(struct outcome *out, enum err result, int64_t retry_after_ms);

/* It is so already: nothing is changed. Returns OK. */
enum err apply_duplicate(struct outcome *out);

/* What a change says beside its kind. */
struct apply_change {
    enum event_kind kind;
    int64_t target_seq;             /* of EVENT_DELETED */
    const struct account_row *user; /* of EVENT_ADDED and EVENT_REMOVED; of EVENT_JOINED, the actor as they are now */
    struct span name;               /* of EVENT_RENAMED */
    struct span data;               /* of EVENT_CHANGED: a JSON object; may be in a->data */
};

/* Writes a change as the room's next event, by the actor out->user_id, and adds its EFFECT_EVENT. ERR_STORAGE. */
enum err apply_change(struct apply *a, struct store *s, const struct command *c, struct apply_room *r,
                      const struct apply_change *change, struct outcome *out);

/* Writes what was done into the audit, by the actor out->user_id: the verb, on whom and where; `detail` a JSON object or
 * empty. ERR_STORAGE. */
enum err apply_audit(struct apply *a, struct store *s, const struct command *c, enum request_type verb,
                     const struct outcome *out, int64_t user_id, int64_t room_id, int64_t seq, struct span detail);

/* Makes somebody a member, with the event that says so (EVENT_JOINED when it is the actor out->user_id, else
 * EVENT_ADDED), and the effects; nothing when they are one. A request to join is answered by it. ERR_STORAGE. */
enum err apply_join(struct apply *a, struct store *s, const struct command *c, struct apply_room *r, int64_t user_id,
                    enum room_role role, struct outcome *out);

/* Whether somebody can be made a member of a room at all: an account that is not banned. False: refused. (members.c) */
bool members_may_belong(const struct account_row *user, int64_t at_ms, struct outcome *out);

/* The invitation that somebody signs up with. */
struct invite_found {
    int64_t id; /* 0: none */
    int64_t rooms[FIELD_IDS_MAX];
    size_t room_count;
};

/* The invitation whose code the command bears (without a code: none); it is refused unless it is valid. ERR_STORAGE.
 * (invite.c) */
enum err invite_find(struct store *s, const struct command *c, struct invite_found *out, struct outcome *outcome);
/* Somebody has signed up with it. ERR_STORAGE. */
enum err invite_use(struct store *s, const struct invite_found *found);

/* The verbs: each in the file of its noun. */
typedef enum err apply_fn(struct apply *a, struct store *s, const struct command *c, struct outcome *out);

#define COMMAND(kind, number, apply, ...) apply_fn apply;
#include "proto/verbs.def"

#endif
