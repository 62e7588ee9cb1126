/* session_life.h - one client that is connected, whatever it came in by: who it is, the rooms it has open, what it may do
 * now.
 *
 *     transport --session_text()--> session --verbs--> log, readers, hub
 *     transport <--wake()/close()-- session <--frames-- hub
 *
 * A session belongs to one shard's thread and is touched by no other. It outlives its connection until the last of
 * its commands has come back, which then finds nobody to tell. */
#ifndef HUBBUB_CHAT_SESSION_LIFE_H
#define HUBBUB_CHAT_SESSION_LIFE_H

#include "chat/core/core.h"
#include "chat/session/session_io.h"
#include "rules/caller.h"

/* Opens a session for a person (takes the reference to it, also on failure) and queues `welcome`. `caller` says what is
 * known of their way in, and is copied; its origin is borrowed until session_close(). NULL: a guest or visitor without
 * limits of their address. `io` is borrowed for the program's life,
 * `conn` until session_close(). On the shard's thread. ERR_MEMORY, ERR_SHUTTING_DOWN. A session or token that has ended
 * while the connection was on its way here (see ended.h), or a ban, ends the session at once: it is opened, and
 * io->close has been called. */
enum err session_open(struct chat *c, struct shard *shard, struct person *who, const struct caller *caller,
                      const struct session_io *io, void *conn, struct session **out);

/* One complete text message from the client, valid UTF-8, borrowed; while session_is_ready(). May call io->close. */
void session_text(struct session *s, struct span text);

/* The outbox has become short again: goes on with the list of rooms and with replays, which waited for room. */
void session_drained(struct session *s);

/* The connection has ended: leaves all rooms; nothing is called on io any more. NULL does nothing. */
void session_close(struct session *s);

/* Says bye to every session of this shard, with a spread reconnect time. On the shard's thread. */
void session_bye_all(struct chat *c, struct shard *shard, const char *reason);

/* Ends every session of this shard; what is queued is still sent. On the shard's thread. */
void session_end_all(struct shard *shard, enum err why, const char *reason);

#endif
