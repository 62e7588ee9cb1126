/* ws.h - the bytes of RFC 6455 as a client writes and reads them. No I/O, no state, any thread.
 *
 * The handshake always uses the sample key of section 4.2.2 and checks the known answer, so no SHA-1 is needed. */
#ifndef WS_H
#define WS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WS_TEXT = 1, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10, WS_CONTROL = 8 /* this opcode and above */ };

enum {
    WS_HEAD_MAX = 14,     /* room to leave in front of a payload for ws_frame */
    WS_ANSWER_MAX = 16384 /* a longer answer to the handshake is not one */
};

enum ws_result { WS_OK, WS_MORE /* not all bytes are there yet */, WS_BAD };

struct ws_head {
    unsigned opcode;
    size_t size;     /* bytes of the head itself */
    uint64_t length; /* bytes of payload behind it */
};

/* Reads the head of a server's frame. WS_BAD: masked, or a long control frame. */
enum ws_result ws_head(const uint8_t *bytes, size_t count, struct ws_head *out);

/* Makes payload[0..length) a client's frame: masks it in place with key and writes the head right in front of it, where
 * WS_HEAD_MAX bytes must be free. Returns the size of the head: the frame is payload - size .. payload + length. */
size_t ws_frame(uint8_t *payload, size_t length, unsigned opcode, uint32_t key);

/* Writes the request of the handshake; headers: whole lines with CRLF, or "". Returns its length, 0 when out is too small. */
size_t ws_request(char *out, size_t capacity, const char *host, int port, const char *path, const char *headers);

/* Reads the answer. WS_OK: *used is its length. WS_BAD: why is its first line, or what was wrong with it. */
enum ws_result ws_answer(const uint8_t *bytes, size_t count, size_t *used, char *why, size_t why_capacity);

#endif
