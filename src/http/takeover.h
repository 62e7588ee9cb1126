/* takeover.h - taking a connection's socket out of CivetWeb's hands, after the 101 has been sent. How and why it is
 * safe: see takeover.c. */
#ifndef HUBBUB_HTTP_TAKEOVER_H
#define HUBBUB_HTTP_TAKEOVER_H

#include "base/err.h"
#include "http/address.h"

struct mg_connection;
struct mg_request_info;

enum { TAKEOVER_MARK_BYTES = 16 };

/* Both ends of a TCP connection: no two open sockets of one kind have the same. */
struct takeover_ends {
    struct address local, peer;
    int local_port, peer_port;
};

/* What CivetWeb says of a connection, whose request info is `r`. ERR_INVALID: it says nothing that makes sense. Its
 * worker's thread. */
enum err takeover_ends_of(const struct mg_connection *conn, const struct mg_request_info *r, struct takeover_ends *out);

enum { TAKEOVER_NOTES = 1024 };

/* Where to look. Shared by all workers; the notes are zeroed at first. */
struct takeover_range {
    _Atomic int
        first; /* most of CivetWeb's sockets are numbered from here on; found out while requests come in already */
    int limit; /* none is numbered so high; live sockets are */
    /* Where connections were seen while another one was looked for; never believed unseen. */
    _Atomic int notes[TAKEOVER_NOTES];
};

/* The descriptor with these ends, or -1. The caller keeps it from being closed meanwhile. */
int takeover_find(const struct takeover_ends *ends, struct takeover_range *range);

/* Gives out a duplicate of fd (numbered from limit on), and puts in place of fd a dead end from which one WebSocket
 * frame with the mark can be read, and then the end of file. ERR_IO (errno): nothing has changed. */
enum err takeover_replace(int fd, int limit, const uint8_t mark[TAKEOVER_MARK_BYTES], int *live);

/* Whether a frame that CivetWeb read is the one with the mark. `bits` is its first byte. */
bool takeover_is_mark(const uint8_t mark[TAKEOVER_MARK_BYTES], int bits, const void *data, size_t len);

#endif
