/* session_io.h - a session and its connection, as they see each other: what the transport is called for, and what it asks
 * while it sends and receives. How a session begins and ends is in session_life.h. On the shard's thread. */
#ifndef HUBBUB_CHAT_SESSION_SESSION_IO_H
#define HUBBUB_CHAT_SESSION_SESSION_IO_H

#include "base/err.h"

#include <stdbool.h>

struct outbox;
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

/* Whether it takes another message now. No: SESSION_UNANSWERED_MAX of them wait for their answers, or as many reads of
 * the database are under way as one connection can have. Then the transport
 * stops reading, so that a client that pipelines waits and is refused nothing, and goes on at io->ready. */
bool session_is_ready(struct session *s);

/* The connection is about to end by itself, and its Close is queued: nothing more is carried out or said. io->close is
 * not called. */
void session_hang_up(struct session *s);

/* What is to be sent: the transport gathers and consumes, the session pushes. */
struct outbox *session_outbox(struct session *s);

#endif
