/* chat.h - the rules of the chat, wired to what they stand on: hub, log, readers, settings.
 *
 * One struct chat for the program. A verb that changes something has two halves: one in submit/ (on the session's reactor,
 * or whichever thread asks: checks the request, builds the command, proposes it) and one in apply/ (on the writer's thread,
 * inside the transaction, deterministic: it alone decides). What follows from it is in announce/. Every way in (WebSocket,
 * HTTP, command line) comes through these. */
#ifndef HUBBUB_CHAT_CHAT_H
#define HUBBUB_CHAT_CHAT_H

#include "chat/core/core.h"

struct chat_options {
    struct chat_settings settings;
    const struct env *env;
    struct metrics *metrics;
    struct store *store;   /* the writer's; borrowed for the life of the chat */
    struct reader *reader; /* borrowed */
    struct writer_limits writer;
    int shards;
    const char *epoch; /* copied; NULL: the one that the database has */
    uint8_t cookie_secret[32];
};

/* Loads the rooms, opens the log, makes the hub. Starts no thread. Afterwards each shard is to be given its mailbox
 * with chat_attach(). */
enum err chat_open(const struct chat_options *options, struct chat **out);
/* When all sessions are closed and all threads have stopped. NULL does nothing. */
void chat_close(struct chat *c);

/* Main thread, before sessions are opened: tasks for shard i are posted here. */
void chat_attach(struct chat *c, int i, const struct mailbox *mailbox);

/* Starts the threads that hash passwords; what needs one is refused before (ERR_SHUTTING_DOWN). The simulation does
 * without. chat_close() ends them. ERR_MEMORY. */
enum err chat_start_passwords(struct chat *c);

/* Any thread: from now on commands and new sessions get ERR_SHUTTING_DOWN. */
void chat_drain(struct chat *c);

/* About once a second, on one thread (a reactor's): sends presence to the rooms where it has changed, and activity to
 * whoever has not opened them; has visitors swept. */
void chat_tick(struct chat *c);

#endif
