#include "proto/ws_frame.h"

#include <assert.h>
#include <stdlib.h>

/* A client's frame, as it comes (RFC 6455, 5.2):
 *
 *     byte 0    FIN(1) RSV(3) opcode(4)
 *     byte 1    MASK(1) length(7)         126: two more bytes of length follow; 127: eight more
 *     ...       4 bytes of mask           always, from a client
 *     ...       payload, XORed with the mask
 *
 * The parser walks through head bytes (each judged when it comes) and then payload pieces. `held` is laid out as
 *
 *     | the message so far            | an incomplete control frame |
 *     0                                                        held_len
 *
 * because a control frame may stand between the fragments of a message, but nothing stands inside a control frame.
 * Its bytes are simply dropped from the end again when it has been reported. */

enum {
    FIN = 0x80,
    RSV = 0x70,
    OPCODE = 0x0F,
    CONTROL = 0x08,
    MASK = 0x80,
    LENGTH = 0x7F,
    LENGTH_16 = 126,
    LENGTH_64 = 127
};

enum { HELD_MIN = 256 };

/* Hundreds of thousands of these may exist at once. */
_Static_assert(sizeof(struct ws_parser) <= 64, "a parser fits into a cache line");

void ws_parser_init(struct ws_parser *p, uint32_t limit_bytes)
{
    assert(limit_bytes <= INT32_MAX);
    *p = (struct ws_parser){.limit_bytes = limit_bytes};
}

static void drop_held(struct ws_parser *p)
{
    free(p->held);
    p->held = NULL;
    p->held_len = p->held_cap = 0;
}

void ws_parser_clear(struct ws_parser *p)
{
    if (p)
        drop_held(p);
}

bool ws_parser_idle(const struct ws_parser *p)
{
    return p->head_len == 0 && !p->in_message;
}

static enum ws_result fail(struct ws_parser *p, struct ws_event *event, uint16_t code, const char *reason)
{
    p->over = true;
    *event = (struct ws_event){span_of(reason), code};
    return WS_ERROR;
}

static bool is_control(const struct ws_parser *p)
{
    return p->head[0] & CONTROL;
}

/* Copies payload that must wait. Doubling keeps the copying linear; the bound is what a message and a control frame
 * may have. */
static bool hold(struct ws_parser *p, const uint8_t *bytes, size_t len)
{
    if (len == 0)
        return true;
    size_t need = p->held_len + len;
    if (need > p->held_cap) {
        size_t cap = (size_t)p->held_cap * 2;
        if (cap > (size_t)p->limit_bytes + WS_CONTROL_MAX)
            cap = (size_t)p->limit_bytes + WS_CONTROL_MAX;
        if (cap < HELD_MIN)
            cap = HELD_MIN;
        if (cap < need)
            cap = need;
        uint8_t *grown = realloc(p->held, cap);
        if (!grown)
            return false;
        p->held = grown;
        p->held_cap = (uint32_t)cap;
    }
    memcpy(p->held + p->held_len, bytes, len);
    p->held_len = (uint32_t)need;
    return true;
}

static void unmask(struct ws_parser *p, uint8_t *bytes, size_t len)
{
    uint8_t *mask = p->mask;
    uint64_t mask_word, word;
    memcpy(&mask_word, mask, 4);
    memcpy((uint8_t *)&mask_word + 4, mask, 4);
    size_t i = 0;
    for (; len - i >= 8; i += 8) {
        memcpy(&word, bytes + i, 8);
        word ^= mask_word;
        memcpy(bytes + i, &word, 8);
    }
    for (; i < len; i++)
        bytes[i] ^= mask[i % 4];
    uint8_t turned[4];
    for (size_t k = 0; k < 4; k++)
        turned[k] = mask[(len + k) % 4];
    memcpy(mask, turned, 4);
}

static enum ws_result judge_first_byte(struct ws_parser *p, struct ws_event *event)
{
    uint8_t first = p->head[0];
    if (first & RSV)
        return fail(p, event, 1002, "reserved bit set");
    switch (first & OPCODE) {
    case WS_OP_CONTINUATION:
        if (!p->in_message)
            return fail(p, event, 1002, "continuation without a start");
        break;
    case WS_OP_TEXT:
    case WS_OP_BINARY:
        if (p->in_message)
            return fail(p, event, 1002, "new message inside a message");
        break;
    case WS_OP_CLOSE:
    case WS_OP_PING:
    case WS_OP_PONG:
        if (!(first & FIN))
            return fail(p, event, 1002, "fragmented control frame");
        break;
    default:
        return fail(p, event, 1002, "unknown opcode");
    }
    return WS_MORE;
}

static enum ws_result judge_second_byte(struct ws_parser *p, struct ws_event *event)
{
    if (!(p->head[1] & MASK))
        return fail(p, event, 1002, "unmasked frame");
    if (is_control(p) && (p->head[1] & LENGTH) > WS_CONTROL_MAX)
        return fail(p, event, 1002, "control frame too long");
    if ((p->head[0] & OPCODE) == WS_OP_BINARY)
        return fail(p, event, 1003, "text only");
    return WS_MORE;
}

/* The length is complete: a data frame must fit into what is left of its message. */
static enum ws_result judge_length(struct ws_parser *p, struct ws_event *event, uint64_t length)
{
    if ((p->head_len == 4 && length < LENGTH_16) || (p->head_len == 10 && length <= UINT16_MAX))
        return fail(p, event, 1002, "length not minimal");
    if (!is_control(p)) {
        if ((p->head[0] & OPCODE) != WS_OP_CONTINUATION) {
            p->message_len = 0;
            p->fragments = 0;
        }
        if (length > p->limit_bytes - p->message_len)
            return fail(p, event, 1009, "message too big");
        if (p->fragments == WS_FRAGMENTS_MAX)
            return fail(p, event, 1009, "too many fragments");
        p->message_len += (uint32_t)length;
        p->fragments++;
        p->in_message = true;
    }
    p->frame_left = (uint32_t)length;
    return WS_MORE;
}

static enum ws_result take_head_byte(struct ws_parser *p, uint8_t byte, struct ws_event *event)
{
    p->head[p->head_len++] = byte;
    if (p->head_len == 1)
        return judge_first_byte(p, event);

    uint8_t short_length = p->head[1] & LENGTH;
    size_t extended = short_length == LENGTH_64 ? 8 : short_length == LENGTH_16 ? 2 : 0;
    enum ws_result r = WS_MORE;
    if (p->head_len == 2)
        r = judge_second_byte(p, event);
    else if (p->head_len == 3 && extended == 8 && byte & 0x80)
        r = fail(p, event, 1002, "length has its top bit set");
    if (r != WS_MORE)
        return r;

    if (p->head_len == 2 + extended) {
        uint64_t length = extended ? 0 : short_length;
        for (size_t i = 0; i < extended; i++)
            length = length << 8 | p->head[2 + i];
        r = judge_length(p, event, length);
    } else if (p->head_len == 2 + extended + 4) {
        memcpy(p->mask, p->head + 2 + extended, 4);
        p->in_payload = true;
    }
    return r;
}

bool ws_close_code_valid(uint16_t code)
{
    if (code >= 1000 && code <= 1014)
        return code != 1004 && code != 1005 && code != 1006;
    return code >= 3000 && code <= 4999;
}

static enum ws_result report_control(struct ws_parser *p, const uint8_t *payload, size_t len, struct ws_event *event)
{
    *event = (struct ws_event){{(const char *)payload, len}, 0};
    switch (p->head[0] & OPCODE) {
    case WS_OP_PING:
        return WS_PING;
    case WS_OP_PONG:
        return WS_PONG;
    default:
        break;
    }
    if (len == 1)
        return fail(p, event, 1002, "incomplete close code");
    event->code = WS_CODE_NONE;
    if (len >= 2) {
        event->code = (uint16_t)(payload[0] << 8 | payload[1]);
        event->payload = (struct span){(const char *)payload + 2, len - 2};
        if (!ws_close_code_valid(event->code))
            return fail(p, event, 1002, "invalid close code");
        if (!utf8_check(event->payload))
            return fail(p, event, 1007, "close reason is not UTF-8");
    }
    p->over = true;
    return WS_CLOSE;
}

static enum ws_result take_control(struct ws_parser *p, const uint8_t *bytes, size_t len, struct ws_event *event)
{
    size_t before = (size_t)(p->head[1] & LENGTH) - p->frame_left - len; /* what came in earlier pieces is held */
    if (p->frame_left == 0 && before == 0)
        return report_control(p, bytes, len, event);
    if (!hold(p, bytes, len))
        return fail(p, event, 1011, "no memory");
    if (p->frame_left > 0)
        return WS_MORE;
    p->held_len -= (uint32_t)(before + len);
    return report_control(p, p->held + p->held_len, before + len, event);
}

static enum ws_result take_text(struct ws_parser *p, const uint8_t *bytes, size_t len, struct ws_event *event)
{
    if (!utf8_feed(&p->utf8, bytes, len))
        return fail(p, event, 1007, "not UTF-8");
    bool complete = p->frame_left == 0 && p->head[0] & FIN;
    if (complete && !utf8_whole(&p->utf8))
        return fail(p, event, 1007, "not UTF-8");
    bool in_place = complete && p->held_len == 0;
    if (!in_place && !hold(p, bytes, len))
        return fail(p, event, 1011, "no memory");
    if (!complete)
        return WS_MORE;
    const uint8_t *message = in_place ? bytes : p->held;
    size_t message_len = in_place ? len : p->held_len;
    *event = (struct ws_event){{(const char *)message, message_len}, 0};
    p->held_len = 0; /* the next call frees it */
    p->in_message = false;
    return WS_TEXT;
}

static enum ws_result take_payload(struct ws_parser *p, uint8_t *bytes, size_t len, struct ws_event *event)
{
    unmask(p, bytes, len);
    p->frame_left -= (uint32_t)len;
    enum ws_result r = is_control(p) ? take_control(p, bytes, len, event) : take_text(p, bytes, len, event);
    if (p->frame_left == 0) {
        p->head_len = 0;
        p->in_payload = false;
    }
    return r;
}

enum ws_result ws_parser_feed(struct ws_parser *p, uint8_t *data, size_t len, size_t *consumed, struct ws_event *event)
{
    enum ws_result r = WS_MORE;
    size_t at = 0;
    if (p->over || p->held_len == 0)
        drop_held(p);
    while (r == WS_MORE && !p->over) {
        size_t n = len - at;
        if (!p->in_payload) {
            if (n == 0)
                break;
            r = take_head_byte(p, data[at++], event);
        } else {
            if (n > p->frame_left)
                n = p->frame_left;
            if (n == 0 && p->frame_left > 0)
                break;
            r = take_payload(p, data + at, n, event);
            at += n;
        }
    }
    *consumed = r == WS_MORE ? len : at;
    return r;
}

size_t ws_frame_header(uint8_t out[WS_HEADER_MAX], enum ws_opcode opcode, uint64_t payload_len)
{
    size_t extended = payload_len < LENGTH_16 ? 0 : payload_len <= UINT16_MAX ? 2 : 8;
    out[0] = (uint8_t)(FIN | opcode);
    out[1] = extended == 0 ? (uint8_t)payload_len : extended == 2 ? LENGTH_16 : LENGTH_64;
    for (size_t i = 0; i < extended; i++)
        out[2 + i] = (uint8_t)(payload_len >> 8 * (extended - 1 - i));
    return 2 + extended;
}

size_t ws_close_payload(uint8_t out[WS_CONTROL_MAX], uint16_t code, struct span reason)
{
    if (code == WS_CODE_NONE)
        return 0;
    out[0] = (uint8_t)(code >> 8);
    out[1] = (uint8_t)code;
    reason = utf8_cut(reason, WS_CONTROL_MAX - 2);
    if (reason.len > 0)
        memcpy(out + 2, reason.p, reason.len);
    return 2 + reason.len;
}
