/* Fuzzes the WebSocket frame parser: the same bytes, cut in different ways, must give the same events; and nothing may
 * be reported or held that the header forbids.
 *
 * Input: byte 0 chooses the limit, byte 1 seeds the cuts, the rest is what the client sends. */
#include "base/buf.h"
#include "proto/ws_frame.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint32_t limits[] = {0, 1, 125, 126, 1000, 20480, 70000, INT32_MAX};
enum { EVERY_CUT_MAX = 96 }; /* bytes of input up to which each single cut is tried */

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_event(const struct ws_parser *p, enum ws_result r, const struct ws_event *event)
{
    switch (r) {
    case WS_TEXT:
        must(event->payload.len <= p->limit_bytes && utf8_check(event->payload));
        break;
    case WS_PING:
    case WS_PONG:
        must(event->payload.len <= WS_CONTROL_MAX);
        break;
    case WS_CLOSE:
        must(event->code == WS_CODE_NONE ? event->payload.len == 0 : ws_close_code_valid(event->code));
        must(event->payload.len <= WS_CONTROL_MAX - 2 && utf8_check(event->payload));
        break;
    case WS_ERROR:
        must(event->code == 1002 || event->code == 1003 || event->code == 1007 || event->code == 1009);
        break;
    default:
        abort();
    }
}

static void feed_piece(struct ws_parser *p, const uint8_t *bytes, size_t len, size_t *received, struct buf *log)
{
    uint8_t *piece = malloc(len ? len : 1), *at = piece;
    must(piece);
    memcpy(piece, bytes, len);
    *received += len;
    for (size_t left = len;;) {
        struct ws_event event;
        size_t consumed;
        bool was_over = p->over;
        enum ws_result r = ws_parser_feed(p, at, left, &consumed, &event);
        must(consumed <= left);
        at += consumed;
        left -= consumed;
        if (r == WS_MORE) {
            must(left == 0);
            break;
        }
        must(!was_over);
        check_event(p, r, &event);
        buf_printf(log, "%d,%u,%zu,", (int)r, r >= WS_CLOSE ? event.code : 0U, event.payload.len);
        buf_add_span(log, event.payload);
    }
    free(piece);
    must(!ws_parser_idle(p) || !p->held);
    must(p->held_cap <= 256 || p->held_cap <= 2 * *received);
}

/* First a piece of first_len bytes, then pieces of 1 to max_len bytes as the seed has it. */
static struct buf run(const uint8_t *data, size_t size, uint32_t limit, size_t first_len, size_t max_len, uint32_t seed)
{
    struct buf log = BUF_INIT;
    struct ws_parser p;
    size_t received = 0;
    ws_parser_init(&p, limit);
    for (size_t at = 0, n = first_len; at < size; at += n, n = 1 + (seed >> 8) % max_len) {
        if (n > size - at)
            n = size - at;
        seed = seed * 1664525 + 1013904223;
        feed_piece(&p, data + at, n, &received, &log);
    }
    ws_parser_clear(&p);
    must(!log.failed);
    return log;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    uint32_t limit = limits[data[0] % (sizeof limits / sizeof *limits)], seed = data[1];
    data += 2;
    size -= 2;
    struct buf whole = run(data, size, limit, size, 1, 0);
    for (size_t i = 0; i < 4 + (size <= EVERY_CUT_MAX ? size : 0); i++) {
        static const size_t max_lens[] = {1, 3, 17, 4096};
        struct buf cut =
            i < 4 ? run(data, size, limit, 1, max_lens[i], seed + 1) : run(data, size, limit, i - 4, size + 1, 0);
        must(span_equal(buf_span(&whole), buf_span(&cut)));
        buf_release(&cut);
    }
    buf_release(&whole);
    return 0;
}
