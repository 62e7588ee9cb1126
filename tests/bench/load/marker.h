/* marker.h - what a sent body begins with, and how it is found again in whatever the server makes of it.
 *
 *     T<16 hex digits: ns>-<sender>-<number>
 *
 * ns is when the message was sent (or due), so latency, loss, doubling and reordering can be told without knowing the
 * server's format: the marker may stand anywhere in a payload, any number to a payload. No state, any thread. */
#ifndef MARKER_H
#define MARKER_H

#include <stddef.h>
#include <stdint.h>

enum { MARKER_MAX = 1 + 16 + 1 + 10 + 1 + 10 };

struct marker {
    uint64_t ns;
    uint32_t sender, number;
};

size_t marker_write(char *out, const struct marker *); /* at most MARKER_MAX bytes, not terminated; returns how many */

/* Finds the next marker at or after *at in bytes[0..count): fills out, moves *at behind it, and returns 1; 0: no more. */
int marker_next(const uint8_t *bytes, size_t count, size_t *at, struct marker *out);

#endif
