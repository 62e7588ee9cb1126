/* ws_frame: what the parser holds and for how long, its limits, and what happens when there is no memory. Includes
 * the source to stand in for realloc. */
#include <stdlib.h>

static int reallocs;      /* since the test set it to 0 */
static int reallocs_left; /* before one fails; below 0: none does */

static void *watched_realloc(void *p, size_t size)
{
    reallocs++;
    if (reallocs_left == 0)
        return NULL;
    if (reallocs_left > 0)
        reallocs_left--;
    return realloc(p, size);
}

#define realloc watched_realloc
#include "proto/ws_frame.c"
#undef realloc

#include "unit.h"
#include "ws_script.h"

enum { LIMIT = 70000 };

static int reset(void **state)
{
    (void)state;
    reallocs = 0;
    reallocs_left = -1;
    return 0;
}

static enum ws_result feed(struct ws_parser *p, struct buf *bytes, size_t *at, struct ws_event *event)
{
    size_t consumed;
    enum ws_result r = ws_parser_feed(p, (uint8_t *)bytes->p + *at, bytes->len - *at, &consumed, event);
    *at += consumed;
    return r;
}

static void test_whole_frames_are_reported_in_place(void **state)
{
    (void)state;
    struct buf bytes = BUF_INIT;
    struct ws_parser p;
    struct ws_event event;
    size_t at = 0;
    ws_parser_init(&p, LIMIT);
    script_frame(&bytes, 0x81, "Hello", 5);
    script_frame(&bytes, 0x89, "ping", 4);
    script_frame(&bytes, 0x01, "", 0);
    script_frame(&bytes, 0x80, "all in the last fragment", 24);
    assert_int_equal(feed(&p, &bytes, &at, &event), WS_TEXT);
    assert_ptr_equal(event.payload.p, bytes.p + 6);
    assert_int_equal(feed(&p, &bytes, &at, &event), WS_PING);
    assert_ptr_equal(event.payload.p, bytes.p + 11 + 6);
    assert_int_equal(feed(&p, &bytes, &at, &event), WS_TEXT);
    assert_ptr_equal(event.payload.p, bytes.p + bytes.len - 24);
    assert_int_equal(feed(&p, &bytes, &at, &event), WS_MORE);
    assert_int_equal(reallocs, 0);
    buf_release(&bytes);
}

static void test_a_header_apart_from_its_payload_costs_nothing(void **state)
{
    (void)state;
    for (size_t cut = 1; cut <= 8; cut++) {
        struct buf bytes = BUF_INIT, log = BUF_INIT;
        struct ws_parser p;
        char text[200];
        memset(text, 'x', sizeof text);
        ws_parser_init(&p, LIMIT);
        script_frame(&bytes, 0x81, text, sizeof text);
        script_feed(&p, bytes.p, cut, &log);
        assert_false(ws_parser_idle(&p));
        script_feed(&p, bytes.p + cut, bytes.len - cut, &log);
        assert_true(ws_parser_idle(&p));
        assert_int_equal(log.len, strlen("text()") + sizeof text);
        assert_int_equal(reallocs, 0);
        buf_release(&bytes);
        buf_release(&log);
    }
}

static void test_memory_follows_what_has_come(void **state)
{
    (void)state;
    struct buf bytes = BUF_INIT, log = BUF_INIT;
    struct ws_parser p;
    char *text = calloc(1, LIMIT);
    assert_non_null(text);
    memset(text, 'x', LIMIT);
    ws_parser_init(&p, LIMIT);
    script_frame(&bytes, 0x81, text, LIMIT);
    for (size_t at = 0; at < bytes.len; at++) {
        script_feed(&p, bytes.p + at, 1, &log);
        if (at < 14)
            assert_null(p.held);
        else if (at + 1 < bytes.len)
            assert_true(p.held_cap <= HELD_MIN || p.held_cap <= 2 * (at - 13));
        assert_true(p.held_cap <= LIMIT + WS_CONTROL_MAX);
    }
    assert_int_equal(log.len, strlen("text()") + LIMIT);
    assert_true(reallocs <= 10); /* 256 bytes doubled until 70,000 */
    assert_null(p.held);
    buf_release(&bytes);
    buf_release(&log);
    free(text);
}

static void test_held_until_the_call_after_the_event(void **state)
{
    (void)state;
    struct buf bytes = BUF_INIT;
    struct ws_parser p;
    struct ws_event event;
    size_t at = 0;
    ws_parser_init(&p, LIMIT);
    script_frame(&bytes, 0x01, "Hel", 3);
    script_frame(&bytes, 0x80, "lo", 2);
    assert_int_equal(feed(&p, &bytes, &at, &event), WS_TEXT);
    assert_true(span_equal(event.payload, span_of("Hello")));
    assert_ptr_equal(event.payload.p, p.held);
    assert_int_equal(feed(&p, &bytes, &at, &event), WS_MORE);
    assert_null(p.held);
    buf_release(&bytes);
}

static void test_limit(void **state)
{
    (void)state;
    static const struct {
        size_t first, second, ping, third;
        const char *want, *why;
    } rows[] = {
        {9, 0, 0, 1, "text(xxxxxxxxxx)", "exactly the limit"},
        {9, 0, 0, 2, "error(1009,message too big)", "one more in the last fragment"},
        {11, 0, 0, 0, "error(1009,message too big)", "one more in the first fragment"},
        {10, 1, 0, 0, "error(1009,message too big)", "one more in the middle"},
        {10, 0, 5, 0, "ping(xxxxx) text(xxxxxxxxxx)", "pings do not count"},
        {0, 0, 125, 10, NULL, "a ping may be larger than the limit"},
    };
    char text[126];
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf bytes = BUF_INIT, want = BUF_INIT;
        script_frame(&bytes, 0x01, text, rows[i].first);
        script_frame(&bytes, 0x00, text, rows[i].second);
        if (rows[i].ping)
            script_frame(&bytes, 0x89, text, rows[i].ping);
        script_frame(&bytes, 0x80, text, rows[i].third);
        if (rows[i].want)
            buf_add_str(&want, rows[i].want);
        else
            buf_printf(&want, "ping(%.125s) text(%.10s)", text, text);
        if (want.p[0] != 'e') { /* the next message has the whole limit again */
            script_frame(&bytes, 0x81, text, 10);
            buf_add_str(&want, " text(xxxxxxxxxx)");
        }
        buf_add_char(&want, 0);
        script_check(buf_span(&bytes), 10, want.p, rows[i].why);
        buf_release(&bytes);
        buf_release(&want);
    }
}

static void test_fragments_have_an_end(void **state)
{
    (void)state;
    for (size_t more = 0; more <= 1; more++) {
        struct buf bytes = BUF_INIT;
        script_frame(&bytes, 0x01, "", 0);
        for (size_t i = 0; i < WS_FRAGMENTS_MAX - 2 + more; i++)
            script_frame(&bytes, 0x00, "", 0);
        script_frame(&bytes, 0x80, "", 0);
        script_frame(&bytes, 0x01, "", 0); /* the next message has as many again */
        script_frame(&bytes, 0x80, "", 0);
        for (size_t step = 1; step <= bytes.len; step += bytes.len - 1) {
            struct buf log = script_run(buf_span(&bytes), LIMIT, step, step);
            assert_string_equal(log.p, more ? "error(1009,too many fragments)" : "text() text()");
            buf_release(&log);
        }
        assert_int_equal(reallocs, 0);
        buf_release(&bytes);
    }
}

static void test_no_memory(void **state)
{
    (void)state;
    static const struct {
        uint8_t first;
        size_t len, announced;
        const char *why;
    } rows[] = {
        {0x81, 10, 20, "tail of a message"},
        {0x01, 10, 10, "whole fragment"},
        {0x89, 10, 20, "tail of a ping"},
    };
    char text[20];
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf bytes = BUF_INIT, log = BUF_INIT;
        struct ws_parser p;
        ws_parser_init(&p, LIMIT);
        script_frame(&bytes, rows[i].first, text, rows[i].announced);
        bytes.len -= rows[i].announced - rows[i].len;
        reallocs_left = 0;
        script_feed(&p, bytes.p, bytes.len, &log);
        reallocs_left = -1;
        script_feed(&p, "\x81\x80\0\0\0\0", 6, &log);
        buf_add_char(&log, 0);
        assert_string_equal(log.p, "error(1011,no memory)");
        assert_null(p.held);
        buf_release(&bytes);
        buf_release(&log);
    }
}

static void test_no_memory_to_grow(void **state)
{
    (void)state;
    struct buf bytes = BUF_INIT, log = BUF_INIT;
    struct ws_parser p;
    char text[HELD_MIN + 1];
    memset(text, 'x', sizeof text);
    ws_parser_init(&p, LIMIT);
    reallocs_left = 1;
    script_frame(&bytes, 0x01, text, sizeof text - 1);
    script_feed(&p, bytes.p, bytes.len, &log);
    assert_int_equal(p.held_len, HELD_MIN);
    script_feed(&p, "\x00\x81\0\0\0\0x", 7, &log);
    buf_add_char(&log, 0);
    assert_string_equal(log.p, "error(1011,no memory)");
    assert_null(p.held);
    buf_release(&bytes);
    buf_release(&log);
}

static void test_clear_in_the_middle(void **state)
{
    (void)state;
    struct buf bytes = BUF_INIT, log = BUF_INIT;
    struct ws_parser p;
    ws_parser_init(&p, LIMIT);
    script_frame(&bytes, 0x01, "held", 4);
    script_frame(&bytes, 0x89, "and more", 8);
    script_feed(&p, bytes.p, bytes.len - 3, &log);
    assert_int_equal(p.held_len, 4 + 5);
    ws_parser_clear(&p);
    assert_null(p.held);
    ws_parser_clear(NULL);
    buf_release(&bytes);
    buf_release(&log);
}

/* Large messages with characters of all lengths, in fragments and pieces of many sizes, come out as they went in. */
static void test_large_messages(void **state)
{
    (void)state;
    static const char *const letters[] = {"a", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x91\x8D"};
    uint32_t seed = 1;
    for (int round = 0; round < 60; round++) {
        struct buf text = BUF_INIT, bytes = BUF_INIT, want = BUF_INIT;
        size_t len = (size_t)round * 300;
        while (text.len < len) {
            seed = seed * 1664525 + 1013904223;
            buf_add_str(&text, letters[seed >> 30]);
        }
        size_t fragment = (size_t)round * 97 + 200;
        for (size_t at = 0; at == 0 || at < text.len; at += fragment) {
            bool last = text.len - at <= fragment;
            script_frame(&bytes, (uint8_t)((at == 0 ? 1 : 0) | (last ? 0x80 : 0)), text.p ? text.p + at : "",
                         last ? text.len - at : fragment);
        }
        buf_add_str(&want, "text(");
        script_log_payload(&want, buf_span(&text));
        buf_add(&want, ")", 2);
        for (size_t step = 1; step < 20000; step = step * 3 + 1) {
            struct buf got = script_run(buf_span(&bytes), LIMIT, step, step);
            assert_string_equal(got.p, want.p);
            buf_release(&got);
        }
        buf_release(&text);
        buf_release(&bytes);
        buf_release(&want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_whole_frames_are_reported_in_place, reset),
        cmocka_unit_test_setup(test_a_header_apart_from_its_payload_costs_nothing, reset),
        cmocka_unit_test_setup(test_memory_follows_what_has_come, reset),
        cmocka_unit_test_setup(test_held_until_the_call_after_the_event, reset),
        cmocka_unit_test_setup(test_limit, reset),
        cmocka_unit_test_setup(test_fragments_have_an_end, reset),
        cmocka_unit_test_setup(test_no_memory, reset),
        cmocka_unit_test_setup(test_no_memory_to_grow, reset),
        cmocka_unit_test_setup(test_clear_in_the_middle, reset),
        cmocka_unit_test_setup(test_large_messages, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
