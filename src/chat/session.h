/* session.h - one client that is connected, whatever it came in by: who it is, the rooms it has open, what it may do
 * now.
 *
 *     transport --session_text()--> session --verbs--> log, readers, hub
 *     transport <--wake()/close()-- session <--frames-- hub
 *
 * A session belongs to one shard's thread and is touched by no other. It outlives its connection until the last of
 * its commands has come back, which then finds nobody to tell. */
#ifndef HUBBUB_CHAT_SESSION_H
#define HUBBUB_CHAT_SESSION_H

#include "chat/caller.h"
#include "chat/chat.h"

struct session;

enum { SESSION_UNANSWERED_MAX = 256 }; /* commands and reads of one connection under way */

/* How a session reaches its connection; called on the shard's thread. None may free the session. */
struct session_io {
    void (*wake)(void *conn);  /* the outbox has something to send */
    void (*flush)(void *conn); /* the outbox is full: send now what the socket takes */
    void (*ready)(void *conn); /* session_is_ready() says yes again; nothing may be handed in before this returns */
    void (*cut)(void *conn);   /* the socket takes nothing, and the memory is needed: end at once, forget the outbox */
    void (*close)(void *conn, enum err why, const char *reason); /* end the connection with err_ws_close(why), once */
};

/* Opens a session for a person (takes the reference to it, also on failure) and queues `welcome`. `caller` says what is
 * known of their way in, and is copied; its origin is borrowed until session_close(). NULL: a guest or visitor without
 * limits of their address. `io` is borrowed for the program's life,
 * `conn` until session_close(). On the shard's thread. ERR_MEMORY, ERR_SHUTTING_DOWN. A session or token that has ended
 * while the connection was on its way here (see ended.h), or a ban, ends the session at once: it is opened, and
 * io->close has been called. */
enum err session_open(struct chat *c, struct shard *shard, struct person *who, const struct caller *caller,
                      const struct session_io *io, void *conn, struct session **out);

/* Whether it takes another message now. No: SESSION_UNANSWERED_MAX of them wait for their answers, or as many reads of
 * the database are under way as one connection can have. Then the transport
 * stops reading, so that a client that pipelines waits and is refused nothing, and goes on at io->ready. */
bool session_is_ready(struct session *s);

/* One complete text message from the client, valid UTF-8, borrowed; while session_is_ready(). May call io->close. */
void session_text(struct session *s, struct span text);

/* By default a command is proposed as soon as it is understood. After session_gather(), once per shard before its
 * first session, commands wait for session_propose(), which proposes all of them together: called after a loop turn
 * has read what came, it makes one commit, and so one fan-out, of what would else be several. On the shard's thread. */
void session_gather(struct shard *shard);
void session_propose(struct shard *shard);

/* The connection is about to end by itself, and its Close is queued: nothing more is carried out or said. io->close is
 * not called. */
void session_hang_up(struct session *s);

/* What is to be sent: the transport gathers and consumes, the session pushes. */
struct outbox *session_outbox(struct session *s);

/* The outbox has become short again: goes on with the list of rooms and with replays, which waited for room. */
void session_drained(struct session *s);

/* The connection has ended: leaves all rooms; nothing is called on io any more. NULL does nothing. */
void session_close(struct session *s);

/* Says bye to every session of this shard, with a spread reconnect time. On the shard's thread. */
void session_bye_all(struct chat *c, struct shard *shard, const char *reason);

/* Ends every session of this shard; what is queued is still sent. On the shard's thread. */
void session_end_all(struct shard *shard, enum err why, const char *reason);

#endif
