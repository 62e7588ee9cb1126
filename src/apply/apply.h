/* apply.h - the apply halves of all verbs: the only code that changes the database.
 *
 * Deterministic: the command and the database decide, nothing else, so that two nodes that apply the same commands
 * hold the same data. A refusal is a result like any other and leaves the database as it was; only a pace in the future is
 * set right by it. Runs on the writer's thread, inside its transaction. The rooms are cached here, and of users and memberships those that were asked for
 * last (rights.h); what the cache knows beyond the database (each room's last seq, and how far those who wrote have
 * read) is written once per batch, by apply_before_commit(). */
#ifndef HUBBUB_APPLY_APPLY_H
#define HUBBUB_APPLY_APPLY_H

#include "hub/frame.h"
#include "proto/command.h"
#include "store/store.h"

struct apply;

/* What has to happen outside of the database once a command is committed, in this order. Ids, not rows: what has
 * changed is read anew from the database, by the writer's thread, before anybody is told. */
enum effect_kind {
    EFFECT_EVENT,        /* room: its members get `frame`; number, at, user: of a message, else 0 */
    EFFECT_ROOM_CREATED, /* room */
    EFFECT_ROOM_CHANGED, /* room; `change` says what for the `room` frame: "renamed", "archived", ... */
    EFFECT_JOINED,       /* room, user: there is a membership now */
    EFFECT_LEFT,         /* room, user: there is none any more; whoever has the room open and may not read it without
                             one sees nothing after the room's last event before this */
    EFFECT_MEMBERSHIP,   /* room, user: it has changed */
    EFFECT_READ,         /* room, user: the read position has moved */
    EFFECT_USER,         /* user: `change` says what for the `member` frame: "renamed", "changed", "banned", ... */
    EFFECT_BLOCKS,       /* user, id: whether they have blocked whom */
    EFFECT_PLACE,
    EFFECT_SESSION_ENDED,  /* id: of a session */
    EFFECT_TOKEN_ENDED,    /* id: of a token */
    EFFECT_SESSIONS_ENDED, /* user: all of theirs but id (0: all); live connections of tokens end too when it is 0 */
    EFFECT_BANNED,         /* user: all live connections end, as banned */
    EFFECT_HISTORY_HIDDEN, /* user: what they have said is hidden now, or no longer: the rings are forgotten */
    EFFECT_MESSAGE_GONE,   /* room, seq, number, user: of a deleted message; `frame` takes its place in the ring */
    EFFECT_REPORTED,       /* room: another number of its reports waits */
    EFFECT_REQUESTED,      /* room: likewise of requests to join it */
    EFFECT_SWEPT, /* user: the row is gone, and messages of theirs have another author; the rings are forgotten */
};

struct effect {
    enum effect_kind kind;
    int64_t room, user, id, seq, number, at;
    const char *change;  /* constant */
    struct frame *frame; /* owned */
    int64_t *mentioned;  /* of a message, new or deleted: ids, 0 is everybody in the room; owned */
    size_t mentioned_count;
    bool has_read; /* of a message: by writing it the author has read up to it */
};

/* What a command did. Zeroed, then filled by apply_command(); ended by outcome_clear(). */
struct outcome {
    enum err result; /* OK or the refusal: then there are no effects */
    const char *why; /* of a refusal: a constant sentence for people; NULL: the error's own */
    int64_t room_id;
    int64_t seq, at;        /* of the event that it made, or that the first command with this client id made */
    int64_t user_id;        /* of the actor, or of the user that it made */
    int64_t id;             /* of the row that it made: an invitation, a token, a session, a report */
    int64_t retry_after_ms; /* with ERR_RATE_LIMITED (slow mode) and ERR_MUTED */
    bool duplicate;         /* nothing was changed: it had been carried out before, or it is so already */
    bool created;           /* open_direct: the room is new */
    struct effect first;    /* most commands have one effect at most: it needs no allocation */
    struct effect *more;    /* the others */
    size_t effect_count, more_cap;
};

/* Adds one (taking over what it owns) and returns where it is until the next one is added. Dies when memory is out. */
struct effect *outcome_add(struct outcome *o, struct effect e);
static inline struct effect *outcome_effect(struct outcome *o, size_t i)
{
    return i ? &o->more[i - 1] : &o->first;
}
void outcome_clear(struct outcome *o); /* releases frames and memory */

/* Reads the rooms. ERR_STORAGE, ERR_MEMORY. */
enum err apply_open(struct store *s, struct apply **out);
void apply_close(struct apply *a); /* NULL does nothing */

/* Carries one command out. OK (see out->result), or ERR_STORAGE: the batch has to be rolled back. */
enum err apply_command(struct apply *a, struct store *s, const struct command *c, struct outcome *out);

enum err apply_before_commit(struct apply *a, struct store *s);

/* After COMMIT, or after a rollback: then the cache is read again before the next command. */
void apply_after_commit(struct apply *a, bool stored);

#endif
