/* apply.h - the apply halves of all verbs: the only code that changes the database.
 *
 * Deterministic: the command and the database decide, nothing else, so that two nodes that apply the same commands
 * hold the same data. A refusal is a result like any other and leaves the database as it was. Runs on the writer's
 * thread, inside its transaction. The rooms are cached here; what the cache knows beyond the database (each room's
 * last seq) is written once per batch, by apply_before_commit(). */
#ifndef HUBBUB_CHAT_APPLY_H
#define HUBBUB_CHAT_APPLY_H

#include "hub/frame.h"
#include "proto/command.h"
#include "store/store.h"

struct apply;

/* What a command did. */
struct outcome {
    enum err result; /* OK or the refusal */
    int64_t room_id;
    int64_t seq, at;     /* of the event that it made, or that the first command with this client id made */
    int64_t user_id;     /* of the actor, or of the user that it made */
    bool duplicate;      /* nothing was changed: it had been carried out before */
    struct frame *event; /* what the room's members get; the caller releases it. NULL: nothing */
};

/* Reads the rooms. ERR_STORAGE, ERR_MEMORY. */
enum err apply_open(struct store *s, struct apply **out);
void apply_close(struct apply *a); /* NULL does nothing */

/* Carries one command out. OK (see out->result), or ERR_STORAGE: the batch has to be rolled back. */
enum err apply_command(struct apply *a, struct store *s, const struct command *c, struct outcome *out);

enum err apply_before_commit(struct apply *a, struct store *s);

/* After COMMIT, or after a rollback: then the cache is read again before the next command. */
void apply_after_commit(struct apply *a, bool stored);

/* The rooms as they are after what has been applied; spans are borrowed during the call. */
void apply_rooms_each(struct apply *a, void (*each)(void *ctx, const struct room_row *), void *ctx);

#endif
