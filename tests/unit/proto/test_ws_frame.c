/* ws_frame: what a client may send and what it may not, as tables. Each row goes through the parser whole, cut in
 * two at every place and in small steps. The tables follow the sections of the Autobahn test suite. */
#include "proto/ws_frame.h"
#include "unit.h"
#include "ws_script.h"

#include <stdio.h>

enum { LIMIT = 70000 };

struct frame {
    uint8_t first;
    const char *payload;
    size_t len;
};
#define F(first, payload)                                                                                              \
    {                                                                                                                  \
        first, payload, sizeof(payload) - 1                                                                            \
    }

struct row {
    struct frame frames[12]; /* up to the first without payload */
    const char *want, *why;
};

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct buf bytes = BUF_INIT;
        for (size_t k = 0; k < 12 && rows[i].frames[k].payload; k++)
            script_frame(&bytes, rows[i].frames[k].first, rows[i].frames[k].payload, rows[i].frames[k].len);
        script_check(buf_span(&bytes), LIMIT, rows[i].want, rows[i].why);
        buf_release(&bytes);
    }
}
#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))

#define S25  "0123456789abcdefghijklmno"
#define S125 S25 S25 S25 S25 S25

static void test_messages_and_pings(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{F(0x81, "")}, "text()", "empty message"},
        {{F(0x81, "Hello")}, "text(Hello)", "one message"},
        {{F(0x81, "a"), F(0x81, ""), F(0x81, "b")}, "text(a) text() text(b)", "several in a row"},
        {{F(0x81, S125)}, "text(" S125 ")", "longest with a length of one byte"},
        {{F(0x81, S125 "x")}, "text(" S125 "x)", "shortest with a length of three bytes"},
        {{F(0x89, "")}, "ping()", "ping without payload"},
        {{F(0x89, "Hello")}, "ping(Hello)", "ping with text"},
        {{F(0x89, "\x00\xFF\xFE\xFD")}, "ping(\\x00\\xFF\\xFE\\xFD)", "ping with bytes that are not text"},
        {{F(0x89, S125)}, "ping(" S125 ")", "ping of the largest size"},
        {{F(0x89, S125 "x")}, "error(1002,control frame too long)", "ping beyond it"},
        {{F(0x8A, "")}, "pong()", "pong nobody asked for"},
        {{F(0x8A, "Hi"), F(0x89, "x")}, "pong(Hi) ping(x)", "pong nobody asked for, then ping"},
        {{F(0x89, "0"), F(0x89, "1"), F(0x89, "2"), F(0x89, "3"), F(0x89, "4"), F(0x89, "5"), F(0x89, "6"),
          F(0x89, "7"), F(0x89, "8"), F(0x89, "9")},
         "ping(0) ping(1) ping(2) ping(3) ping(4) ping(5) ping(6) ping(7) ping(8) ping(9)",
         "ten pings"},
    };
    CHECK_ROWS(rows);
}

static void test_reserved_bits_and_opcodes(void **state)
{
    (void)state;
    for (unsigned first = 0; first <= 0xFF; first++) {
        const char *want = NULL;
        if (first & 0x70)
            want = "text(before) error(1002,reserved bit set)";
        else if ((first & 0xF) > 0xA || ((first & 0xF) > 2 && (first & 0xF) < 8))
            want = "text(before) error(1002,unknown opcode)";
        else if ((first & 0xF) == 0)
            want = "text(before) error(1002,continuation without a start)";
        else if ((first & 0xF) == 2)
            want = "text(before) error(1003,text only)";
        else if (first >= 8 && first < 0x80)
            want = "text(before) error(1002,fragmented control frame)";
        if (!want)
            continue;
        struct buf bytes = BUF_INIT;
        script_frame(&bytes, 0x81, "before", 6);
        script_frame(&bytes, (uint8_t)first, "x", 1);
        script_frame(&bytes, 0x89, "never read", 10);
        script_check(buf_span(&bytes), LIMIT, want, want);
        buf_release(&bytes);
    }
}

static void test_fragments(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{F(0x01, "Hel"), F(0x80, "lo")}, "text(Hello)", "two fragments"},
        {{F(0x01, "a"), F(0x00, "b"), F(0x00, "c"), F(0x80, "d")}, "text(abcd)", "four fragments"},
        {{F(0x01, ""), F(0x00, ""), F(0x80, "")}, "text()", "empty fragments"},
        {{F(0x01, ""), F(0x00, ""), F(0x80, "end")}, "text(end)", "all in the last one"},
        {{F(0x01, "begin"), F(0x00, ""), F(0x80, "")}, "text(begin)", "all in the first one"},
        {{F(0x01, "a"), F(0x80, "b"), F(0x01, "c"), F(0x80, "d"), F(0x81, "e")},
         "text(ab) text(cd) text(e)",
         "one message after the other"},
        {{F(0x01, "a"), F(0x89, "ping"), F(0x80, "b")}, "ping(ping) text(ab)", "ping between fragments"},
        {{F(0x01, ""), F(0x89, "ping"), F(0x80, "")}, "ping(ping) text()", "ping while nothing is held"},
        {{F(0x01, "a"), F(0x89, "1"), F(0x8A, "2"), F(0x00, "b"), F(0x89, ""), F(0x80, "c"), F(0x89, "3")},
         "ping(1) pong(2) ping() text(abc) ping(3)",
         "control frames between all fragments"},
        {{F(0x01, "a"),
          F(0x88, "\x03\xE8"
                  "bye"),
          F(0x80, "b")},
         "close(1000,bye)",
         "close between fragments"},
        {{F(0x09, "x"), F(0x80, "y")}, "error(1002,fragmented control frame)", "fragmented ping"},
        {{F(0x0A, "x"), F(0x80, "y")}, "error(1002,fragmented control frame)", "fragmented pong"},
        {{F(0x08, "\x03\xE8")}, "error(1002,fragmented control frame)", "fragmented close"},
        {{F(0x80, "x")}, "error(1002,continuation without a start)", "final continuation at the start"},
        {{F(0x00, "x")}, "error(1002,continuation without a start)", "continuation at the start"},
        {{F(0x81, "a"), F(0x80, "x")},
         "text(a) error(1002,continuation without a start)",
         "continuation of a complete message"},
        {{F(0x01, "a"), F(0x80, "b"), F(0x00, "x")},
         "text(ab) error(1002,continuation without a start)",
         "one too many"},
        {{F(0x01, "a"), F(0x81, "b")}, "error(1002,new message inside a message)", "text inside a message"},
        {{F(0x01, "a"), F(0x01, "b")}, "error(1002,new message inside a message)", "fragmented text inside a message"},
        {{F(0x01, "a"), F(0x82, "b")}, "error(1002,new message inside a message)", "binary inside a message"},
        {{F(0x01, "a"), F(0x89, "x"), F(0x81, "b")},
         "ping(x) error(1002,new message inside a message)",
         "ping does not end it"},
        {{F(0x02, "a"), F(0x80, "b")}, "error(1003,text only)", "fragmented binary"},
        {{F(0x82, "a")}, "error(1003,text only)", "binary"},
    };
    CHECK_ROWS(rows);
}

static void test_utf8(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {{F(0x81, "Hello-\xC2\xB5@\xC3\x9F\xC3\xB6")}, "text(Hello-\\xC2\\xB5@\\xC3\\x9F\\xC3\\xB6)", "in one frame"},
        {{F(0x01, "\xC2"), F(0x80, "\xB5")}, "text(\\xC2\\xB5)", "a character across fragments"},
        {{F(0x01, "\xF0\x9F"), F(0x00, ""), F(0x89, "\xFF"), F(0x00, "\x91"), F(0x80, "\x8D")},
         "ping(\\xFF) text(\\xF0\\x9F\\x91\\x8D)",
         "across fragments and a ping"},
        {{F(0x81, "\xF4\x8F\xBF\xBF\xEF\xBF\xBF")}, "text(\\xF4\\x8F\\xBF\\xBF\\xEF\\xBF\\xBF)", "last code points"},
        {{F(0x81, "a\0b")}, "text(a\\x00b)", "NUL is text"},
        {{F(0x81, "\xCE\xBA\xED\xA0\x80 edited")}, "error(1007,not UTF-8)", "surrogate"},
        {{F(0x81, "\xC0\x80")}, "error(1007,not UTF-8)", "overlong"},
        {{F(0x81, "\xF4\x90\x80\x80")}, "error(1007,not UTF-8)", "beyond U+10FFFF"},
        {{F(0x81, "\xCE")}, "error(1007,not UTF-8)", "ends inside a character"},
        {{F(0x01, "\xCE"), F(0x80, "")}, "error(1007,not UTF-8)", "last fragment ends inside a character"},
        {{F(0x01, "\xCE"), F(0x80, "x")}, "error(1007,not UTF-8)", "next fragment does not go on"},
        {{F(0x01, "ok"), F(0x00, "\xFF"), F(0x89, "x")}, "error(1007,not UTF-8)", "before the message ends"},
        {{F(0x81, "\xCE\xBA"), F(0x81, "\xBA")},
         "text(\\xCE\\xBA) error(1007,not UTF-8)",
         "messages are checked apart"},
        {{F(0x01, "\xCE"), F(0x89, "x"), F(0x88, "")}, "ping(x) close(1005)", "closed inside a character"},
    };
    CHECK_ROWS(rows);
}

static void test_close(void **state)
{
    (void)state;
#define S123 S25 S25 S25 S25 "0123456789abcdefghijklm"
    static const struct row rows[] = {
        {{F(0x88, "")}, "close(1005)", "no code"},
        {{F(0x88, "\x03\xE8")}, "close(1000)", "code alone"},
        {{F(0x88, "\x03\xE8Hello")}, "close(1000,Hello)", "code and reason"},
        {{F(0x88, "\x03\xE8" S123)}, "close(1000," S123 ")", "longest reason"},
        {{F(0x88, "\x03\xE8" S123 "x")}, "error(1002,control frame too long)", "too long a reason"},
        {{F(0x88, "\x03")}, "error(1002,incomplete close code)", "one byte"},
        {{F(0x88, "\x03\xE8\xCE\xBA\xED\xA0\x80")}, "error(1007,close reason is not UTF-8)", "reason with a surrogate"},
        {{F(0x88, "\x03\xE8\xCE")}, "error(1007,close reason is not UTF-8)", "reason cut inside a character"},
        {{F(0x88, "\x03\xE9"), F(0x89, "x")}, "close(1001)", "a ping after close is not read"},
        {{F(0x88, "\x03\xE8"), F(0x88, "\x03\xE8")}, "close(1000)", "nor is a second close"},
        {{F(0x88, "\x03\xE8"), F(0xF3, "x")}, "close(1000)", "nor is nonsense"},
        {{F(0x81, "last"), F(0x88, "\x0B\xB8")}, "text(last) close(3000)", "message, then close"},
    };
    CHECK_ROWS(rows);
    for (unsigned code = 0; code <= 0xFFFF; code++) {
        bool want = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
        if (ws_close_code_valid((uint16_t)code) != want)
            fail_msg("%u", code);
    }
    static const uint16_t codes[] = {0,    999,  1003, 1004, 1005, 1006, 1007, 1011, 1014,
                                     1015, 1016, 1100, 2000, 2999, 3000, 4999, 5000, 65535};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char want[64], payload[] = {(char)(codes[i] >> 8), (char)codes[i]};
        struct buf bytes = BUF_INIT;
        snprintf(want, sizeof want, ws_close_code_valid(codes[i]) ? "close(%u)" : "error(1002,invalid close code)",
                 codes[i]);
        script_frame(&bytes, 0x88, payload, sizeof payload);
        script_check(buf_span(&bytes), LIMIT, want, want);
        buf_release(&bytes);
    }
}

/* The verdict falls exactly with the last byte of each row, not one later. */
static void test_judged_as_early_as_possible(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *want, *why;
    } rows[] = {
#define B(s) s, sizeof(s) - 1
        {B("\xC1"), "error(1002,reserved bit set)", "RSV1"},
        {B("\xA1"), "error(1002,reserved bit set)", "RSV2"},
        {B("\x91"), "error(1002,reserved bit set)", "RSV3"},
        {B("\x83"), "error(1002,unknown opcode)", "opcode 3"},
        {B("\x8B"), "error(1002,unknown opcode)", "opcode 11"},
        {B("\x09"), "error(1002,fragmented control frame)", "ping without FIN"},
        {B("\x80"), "error(1002,continuation without a start)", "no message to go on with"},
        {B("\x01\x81\0\0\0\0x\x81"), "error(1002,new message inside a message)", "second start"},
        {B("\x81\x05"), "error(1002,unmasked frame)", "no mask bit"},
        {B("\x89\x00"), "error(1002,unmasked frame)", "no mask bit on a ping"},
        {B("\x82\x05"), "error(1002,unmasked frame)", "no mask bit comes before binary"},
        {B("\x89\xFE"), "error(1002,control frame too long)", "ping with a length of two bytes"},
        {B("\x88\xFF"), "error(1002,control frame too long)", "close with a length of eight bytes"},
        {B("\x82\xFF"), "error(1003,text only)", "binary, whatever its length"},
        {B("\x81\xFE\x00\x7D"), "error(1002,length not minimal)", "125 in two bytes"},
        {B("\x81\xFE\x00\x00"), "error(1002,length not minimal)", "0 in two bytes"},
        {B("\x81\xFF\0\0\0\0\0\0\xFF\xFF"), "error(1002,length not minimal)", "65535 in eight bytes"},
        {B("\x81\xFF\x80"), "error(1002,length has its top bit set)", "a negative length"},
        {B("\x81\xFF\0\0\0\0\0\x01\x11\x71"), "error(1009,message too big)", "limit + 1"},
        {B("\x81\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), "error(1009,message too big)", "the largest length"},
        {B("\x81\xFF\0\0\0\x01\0\0\0\x01"), "error(1009,message too big)", "2^32 + 1 is not 1"},
        {B("\x01\xFF\0\0\0\0\0\x01\x11\x71"), "error(1009,message too big)", "limit + 1 in a fragment"},
        {B("\x81\xFE\xFF\xFF\0\0\0\0\xFF"), "error(1007,not UTF-8)", "first payload byte of many"},
        {B("\x81\xFE\xFF\xFF\x01\x02\x03\x04\xCF\xB8\xEE\xA4"), "error(1007,not UTF-8)",
         "masked surrogate, second byte"},
        {B("\x01\x81\0\0\0\0\xCE\x80\x90\0\0\0\0\x40"), "error(1007,not UTF-8)", "in a fragment that is not whole"},
        {B("\x88\x81\0\0\0\0\x03"), "error(1002,incomplete close code)", "close with one byte"},
        {B("\x88\x82\0\0\0\0\x03\xE7"), "error(1002,invalid close code)", "999"},
#undef B
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct span bytes = {rows[i].bytes, rows[i].len};
        script_check(bytes, LIMIT, rows[i].want, rows[i].why);
        bytes.len--;
        script_check(bytes, LIMIT, "", rows[i].why);
    }
}

static void test_frame_header(void **state)
{
    (void)state;
    static const struct {
        enum ws_opcode opcode;
        uint64_t len;
        const char *want;
        size_t want_len;
    } rows[] = {
#define B(s) s, sizeof(s) - 1
        {WS_OP_TEXT, 0, B("\x81\x00")},
        {WS_OP_BINARY, 125, B("\x82\x7D")},
        {WS_OP_PING, 4, B("\x89\x04")},
        {WS_OP_PONG, 5, B("\x8A\x05")},
        {WS_OP_CLOSE, 2, B("\x88\x02")},
        {WS_OP_TEXT, 126, B("\x81\x7E\x00\x7E")},
        {WS_OP_TEXT, 0xFFFF, B("\x81\x7E\xFF\xFF")},
        {WS_OP_TEXT, 0x10000, B("\x81\x7F\0\0\0\0\0\x01\0\0")},
        {WS_OP_TEXT, UINT64_C(0x0123456789ABCDEF), B("\x81\x7F\x01\x23\x45\x67\x89\xAB\xCD\xEF")},
#undef B
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t out[WS_HEADER_MAX];
        assert_int_equal(ws_frame_header(out, rows[i].opcode, rows[i].len), rows[i].want_len);
        assert_memory_equal(out, rows[i].want, rows[i].want_len);
    }
}

static void test_close_payload(void **state)
{
    (void)state;
    uint8_t out[WS_CONTROL_MAX];
    assert_int_equal(ws_close_payload(out, 1013, span_of("too slow")), 10);
    assert_memory_equal(out, "\x03\xF5too slow", 10);
    assert_int_equal(ws_close_payload(out, 1000, (struct span){NULL, 0}), 2);
    assert_memory_equal(out, "\x03\xE8", 2);
    assert_int_equal(ws_close_payload(out, WS_CODE_NONE, span_of("unheard")), 0);
    assert_int_equal(ws_close_payload(out, 1000, span_of(S123)), 125);
    assert_int_equal(ws_close_payload(out, 1000, span_of(S123 "x")), 125);
    assert_int_equal(ws_close_payload(out, 1000, span_of("1" S25 S25 S25 S25 "0123456789abcdefghijk\xC3\xA4")), 124);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages_and_pings),
        cmocka_unit_test(test_reserved_bits_and_opcodes),
        cmocka_unit_test(test_fragments),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_close),
        cmocka_unit_test(test_judged_as_early_as_possible),
        cmocka_unit_test(test_frame_header),
        cmocka_unit_test(test_close_payload),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
