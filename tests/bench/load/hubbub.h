/* hubbub.h - the server of a generator that speaks to Hubbub alone, and how its links get in there.
 *
 * A program has one as the first member of what its handler gets as ctx, and hubbub_request as the handler's request:
 * then all of its links connect to 127.0.0.1 as the same visitor or account. One thread. */
#ifndef HUBBUB_H
#define HUBBUB_H

#include "link.h"

#include <stdbool.h>

struct hubbub {
    int port;
    const char *cookie;
    struct sockaddr_in to;
    struct link_io io;
};

/* cookie: of a session, as NAME=VALUE, or NULL for a visitor; borrowed. Exits when the port is none. SIGPIPE is ignored
 * from here on. */
void hubbub_init(struct hubbub *, int port, const char *cookie, const struct link_handler *, size_t payload_max);
void hubbub_clear(struct hubbub *);

size_t hubbub_request(void *ctx, struct link *, char *out, size_t capacity);
void hubbub_connect(struct hubbub *, struct link *);

/* Waits for the link's handshake; exits when it takes longer than any that goes well. */
void hubbub_wait_open(struct hubbub *, const struct link *);

/* Whether a frame is the answer that something was refused; the first few are told on stderr. */
bool hubbub_refused(const uint8_t *bytes, size_t count);

#endif
