/* ws_frame.h - WebSocket frames (RFC 6455) as a server sees them: a strict parser for what clients send, and the few
 * bytes that go in front of what we send. No I/O, no clock, no threads of its own; extensions are never negotiated, so
 * the RSV bits are errors.
 *
 * The parser is embedded in its connection and belongs to the connection's thread. It takes what was read, in pieces of
 * any size, and reports one event per call. What lies whole in the caller's buffer is unmasked there and reported in
 * place; only the tail of an incomplete frame, or the fragments of an incomplete message, are copied to the heap. So an
 * idle connection holds no memory here. The heap buffer grows with what has come (at most twice as much, or 256 bytes),
 * never with what a header announces, and goes when the message is complete.
 *
 * Everything is judged at the first byte that allows it: a header byte by byte, the limit before the payload, UTF-8
 * inside an incomplete frame. The events do not depend on how the bytes were cut into pieces. */
#ifndef HUBBUB_PROTO_WS_FRAME_H
#define HUBBUB_PROTO_WS_FRAME_H

#include "base/span.h"
#include "base/utf8.h"

#include <stdint.h>

enum ws_opcode {
    WS_OP_CONTINUATION = 0x0,
    WS_OP_TEXT = 0x1,
    WS_OP_BINARY = 0x2,
    WS_OP_CLOSE = 0x8,
    WS_OP_PING = 0x9,
    WS_OP_PONG = 0xA
};

enum {
    WS_CONTROL_MAX = 125,    /* payload bytes of a control frame (RFC 6455, 5.5) */
    WS_HEADER_MAX = 10,      /* bytes of a header that we send: never masked */
    WS_FRAGMENTS_MAX = 1024, /* frames per message: empty fragments would otherwise never end */
    WS_CODE_NONE = 1005      /* a Close frame without a code; never sent (RFC 6455, 7.4.1) */
};

enum ws_result {
    WS_MORE,  /* all bytes were taken and nothing is to be reported */
    WS_TEXT,  /* a complete message, valid UTF-8: payload */
    WS_PING,  /* payload, to be sent back in a Pong */
    WS_PONG,  /* payload */
    WS_CLOSE, /* code (WS_CODE_NONE when there was none) and payload = the reason, both checked */
    WS_ERROR  /* code to close with and payload = the reason why (a constant of a few words); see below */
};

struct ws_event {
    struct span payload; /* in the caller's buffer or the parser's: valid until the next call with this parser */
    uint16_t code;
};

/* All fields are the parser's own. It may be moved by assignment: what it holds moves along. */
struct ws_parser {
    uint8_t *held;     /* bytes of the incomplete message, then those of an incomplete control frame; NULL while none */
    uint32_t held_len; /* of them in use, already unmasked and checked */
    uint32_t held_cap; /* of them allocated */
    uint32_t limit_bytes; /* a message may have */
    uint32_t message_len; /* announced by the frames of the current message so far */
    uint32_t frame_left;  /* payload bytes of the current frame that have not come */
    uint16_t fragments;   /* frames of the current message so far */
    uint8_t mask[4];      /* rotated, so that mask[0] is for the next payload byte */
    uint8_t head[14];     /* of the current frame, as far as it has come */
    uint8_t head_len;     /* 0 between frames */
    uint8_t in_payload;   /* the current header is complete */
    uint8_t in_message;   /* a fragmented message is open */
    uint8_t over;         /* after a Close or an error nothing is read any more */
    struct utf8 utf8;     /* of the current message; whole between messages */
};

/* limit_bytes: what one message (the sum of its fragments) may have, at most INT32_MAX. Allocates nothing, cannot
 * fail. */
void ws_parser_init(struct ws_parser *p, uint32_t limit_bytes);

/* Frees what is held, at any time. The parser may only be initialised again then. NULL does nothing. */
void ws_parser_clear(struct ws_parser *p);

/* Takes the next bytes and reports the first event among them. `data` is changed in place (unmasked). *consumed is set
 * to how many were taken: call again with the rest (len 0 too) until WS_MORE; only then is memory given back that the
 * last event used.
 *
 * WS_ERROR codes: 1002 framing, 1003 a binary message (told at its header; nothing here takes any), 1007 not UTF-8,
 * 1009 over the limit or too many fragments, 1011 no memory. After WS_CLOSE and WS_ERROR, which come once, all
 * further bytes are swallowed, as RFC 6455 asks. */
enum ws_result ws_parser_feed(struct ws_parser *p, uint8_t *data, size_t len, size_t *consumed, struct ws_event *event);

/* True when no frame and no message is incomplete. A caller puts a deadline on connections that stay otherwise. */
bool ws_parser_idle(const struct ws_parser *p);

/* Writes the header of an unfragmented, unmasked frame; returns its length. */
size_t ws_frame_header(uint8_t out[WS_HEADER_MAX], enum ws_opcode opcode, uint64_t payload_len);

/* Writes the payload of a Close frame; returns its length. The reason (valid UTF-8) is cut to what fits, between
 * characters. With WS_CODE_NONE the payload is empty. */
size_t ws_close_payload(uint8_t out[WS_CONTROL_MAX], uint16_t code, struct span reason);

/* True for codes that a Close frame may carry: those of RFC 6455 and the IANA registry, and 3000 to 4999. */
bool ws_close_code_valid(uint16_t code);

#endif
