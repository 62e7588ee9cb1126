/* ws_script.h - for tests of the frame parser: frames as a client masks them, and a run of the parser written down
 * as one line, such as "text(Hello) ping() close(1000,bye)" or "error(1002,unmasked frame)". */
#ifndef HUBBUB_TESTS_WS_SCRIPT_H
#define HUBBUB_TESTS_WS_SCRIPT_H

#include "base/buf.h"
#include "proto/ws_frame.h"
#include "unit.h"

#include <stdlib.h>

/* Adds one masked frame; `first` is FIN, RSV and opcode. The mask differs from frame to frame. */
static inline void script_frame(struct buf *out, uint8_t first, const void *payload, size_t len)
{
    uint8_t head[WS_HEADER_MAX];
    size_t head_len = ws_frame_header(head, WS_OP_TEXT, len);
    uint8_t turn = (uint8_t)(out->len * 37 + 11);
    uint8_t mask[4] = {turn, (uint8_t)(turn ^ 0xA5), (uint8_t)(turn + 0x61), 0};
    head[0] = first;
    head[1] |= 0x80;
    buf_add(out, head, head_len);
    buf_add(out, mask, sizeof mask);
    for (size_t i = 0; i < len; i++)
        buf_add_char(out, (char)(((const uint8_t *)payload)[i] ^ mask[i % 4]));
}

static inline void script_log_payload(struct buf *log, struct span payload)
{
    for (size_t i = 0; i < payload.len; i++) {
        uint8_t c = (uint8_t)payload.p[i];
        if (c >= ' ' && c < 0x7F)
            buf_add_char(log, (char)c);
        else
            buf_printf(log, "\\x%02X", c);
    }
}

static inline void script_log(struct buf *log, enum ws_result r, const struct ws_event *event)
{
    static const char *const names[] = {"more", "text", "ping", "pong", "close", "error"};
    buf_printf(log, "%s%s(", log->len ? " " : "", names[r]);
    if (r == WS_CLOSE || r == WS_ERROR)
        buf_printf(log, event->payload.len ? "%u," : "%u", event->code);
    script_log_payload(log, event->payload);
    buf_add_char(log, ')');
}

/* Feeds one piece to the end, from a copy of exactly its size so that a sanitizer sees a step too far. */
static inline void script_feed(struct ws_parser *p, const char *bytes, size_t len, struct buf *log)
{
    uint8_t *piece = malloc(len + 1);
    assert_non_null(piece);
    uint8_t *end = piece + 1 + len, *at = piece + 1; /* odd addresses, to make unaligned access usual */
    if (len > 0)
        memcpy(at, bytes, len);
    enum ws_result r;
    do {
        struct ws_event event;
        size_t consumed;
        r = ws_parser_feed(p, at, (size_t)(end - at), &consumed, &event);
        assert_true(consumed <= (size_t)(end - at));
        at += consumed;
        if (r != WS_MORE)
            script_log(log, r, &event);
    } while (r != WS_MORE);
    assert_ptr_equal(at, end);
    free(piece);
    if (ws_parser_idle(p))
        assert_null(p->held);
}

/* Runs the bytes through a new parser: the first piece has first_len bytes, the others step_len. The log is the
 * caller's to release. */
static inline struct buf script_run(struct span bytes, uint32_t limit_bytes, size_t first_len, size_t step_len)
{
    struct buf log = BUF_INIT;
    struct ws_parser p;
    ws_parser_init(&p, limit_bytes);
    for (size_t at = 0, n = first_len; at < bytes.len; at += n, n = step_len) {
        if (n > bytes.len - at)
            n = bytes.len - at;
        script_feed(&p, bytes.p + at, n, &log);
    }
    buf_add_char(&log, 0);
    ws_parser_clear(&p);
    assert_false(log.failed);
    return log;
}

/* The bytes give `want` however they are cut: whole, in two at every place, in steps of 1 to 9 bytes. */
static inline void script_check(struct span bytes, uint32_t limit_bytes, const char *want, const char *why)
{
    for (size_t i = 0; i <= bytes.len + 9; i++) {
        size_t first = i <= bytes.len ? i : 0;
        size_t step = i <= bytes.len ? bytes.len : i - bytes.len;
        struct buf got = script_run(bytes, limit_bytes, first, step);
        if (strcmp(got.p, want) != 0)
            fail_msg("%s (cut at %zu, then every %zu): got %s, not %s", why, first, step, got.p, want);
        buf_release(&got);
    }
}

#endif
