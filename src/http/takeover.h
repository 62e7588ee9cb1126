/* takeover.h - taking a connection's socket out of CivetWeb's hands, after the 101 has been sent. How and why it is safe: see takeover.c. */
#ifndef HUBBUB_HTTP_TAKEOVER_H
#define HUBBUB_HTTP_TAKEOVER_H

#include "base/err.h"
#include "http/address.h"

struct mg_connection;

enum { TAKEOVER_MARK_BYTES = 16 };

/* Both ends of a TCP connection: no two open sockets of one kind have the same. */
struct takeover_ends {
    struct address local, peer;
    int local_port, peer_port;
};

/* What CivetWeb says of a connection. ERR_INVALID: it says nothing that makes sense. Its worker's thread. */
enum err takeover_ends_of(const struct mg_connection *conn, struct takeover_ends *out);

/* Where connections have been seen in passing: while looking for one of them, the others are noted, so that most are found at once. Zeroed at
 * first; shared by all workers. What is noted may have become wrong, and is never believed unseen. */
enum { TAKEOVER_NOTES = 1024 };

struct takeover_notes {
    _Atomic int fd[TAKEOVER_NOTES];
};

/* The descriptor below low_limit with these ends, or -1. The caller keeps it from being closed meanwhile. */
int takeover_find(const struct takeover_ends *ends, int low_limit, struct takeover_notes *notes);

/* Gives out a duplicate of fd (numbered low_limit or above), and puts in place of fd a dead end from which one WebSocket frame with the
 * mark can be read, and then the end of file. ERR_IO (errno): nothing has changed. */
enum err takeover_replace(int fd, int low_limit, const uint8_t mark[TAKEOVER_MARK_BYTES], int *live);

/* Whether a frame that CivetWeb read is the one with the mark. `bits` is its first byte. */
bool takeover_is_mark(const uint8_t mark[TAKEOVER_MARK_BYTES], int bits, const void *data, size_t len);

#endif
