/* Commands: what is written is read, and nothing else is. */
#include "proto/command.h"
#include "unit.h"

#include <stdlib.h>

enum { HEAD_BYTES = 4 + 8 + 8 + COMMAND_KEY_BYTES + 8 + 8, TEXTS = 7, FIELDS_AT = HEAD_BYTES + 4 * TEXTS };

static const char binary[] = "\0\xff\n"; /* texts are bytes */

/* Every member and every field has a value of its own. */
static struct command full(enum command_kind kind)
{
    static char texts[F_TEXTS][8];
    struct command c = {.kind = kind,
                        .actor = COMMAND_ACTOR_ACCOUNT,
                        .at_ms = 1790000000123,
                        .actor_id = 7,
                        .room_id = INT64_MAX,
                        .reply_to = INT64_MIN,
                        .actor_name = span_of("anna"),
                        .actor_display = span_of("Anna Berg"),
                        .actor_fold = span_of("aппа"),
                        .name = span_of("n"),
                        .fold = span_of(""),
                        .client_id = span_of("id"),
                        .body = {binary, sizeof binary}};
    memset(c.actor_key, 0xab, sizeof c.actor_key);
    for (int i = 0; i < F_NUMBERS; i++)
        fields_set(&c.f, (enum field_number)i, i % 3 ? INT64_C(0x0102030405060708) * i : 0);
    for (int i = 0; i < F_TEXTS; i++) {
        memset(texts[i], 'a' + i, sizeof texts[i]);
        fields_set_text(&c.f, (enum field_text)i, (struct span){texts[i], (size_t)i % sizeof texts[i]});
    }
    c.f.id_count = FIELD_IDS_MAX;
    for (int i = 0; i < FIELD_IDS_MAX; i++)
        c.f.ids[i] = -i;
    return c;
}

static void assert_same(const struct command *a, const struct command *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->actor, b->actor);
    assert_int_equal(a->at_ms, b->at_ms);
    assert_int_equal(a->actor_id, b->actor_id);
    assert_int_equal(a->room_id, b->room_id);
    assert_int_equal(a->reply_to, b->reply_to);
    assert_memory_equal(a->actor_key, b->actor_key, COMMAND_KEY_BYTES);
    assert_true(span_equal(a->actor_name, b->actor_name));
    assert_true(span_equal(a->actor_display, b->actor_display));
    assert_true(span_equal(a->actor_fold, b->actor_fold));
    assert_true(span_equal(a->name, b->name));
    assert_true(span_equal(a->fold, b->fold));
    assert_true(span_equal(a->client_id, b->client_id));
    assert_true(span_equal(a->body, b->body));
    assert_int_equal(a->f.numbers_given, b->f.numbers_given);
    assert_int_equal(a->f.texts_given, b->f.texts_given);
    assert_int_equal(a->f.id_count, b->f.id_count);
    assert_memory_equal(a->f.n, b->f.n, sizeof a->f.n);
    assert_memory_equal(a->f.ids, b->f.ids, sizeof a->f.ids);
    for (int i = 0; i < F_TEXTS; i++)
        assert_true(span_equal(a->f.t[i], b->f.t[i]));
}

/* In memory of exactly that length, so that a reader beyond the end is found. What was read must write the same bytes
 * again: there is one way to write a command. */
static enum err read_exactly(const char *bytes, size_t len, struct command *out)
{
    char *exact = malloc(len ? len : 1);
    assert_non_null(exact);
    memcpy(exact, bytes, len);
    enum err e = command_read((struct span){exact, len}, out);
    if (!e) {
        struct buf again = BUF_INIT;
        command_write(&again, out);
        assert_int_equal(again.len, len);
        assert_memory_equal(again.p, exact, len);
        buf_release(&again);
    }
    free(exact);
    return e;
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    for (int kind = COMMAND_MESSAGE_SEND; kind < COMMAND_KIND_END; kind++) {
        struct command in = full((enum command_kind)kind), out;
        struct buf b = BUF_INIT;
        command_write(&b, &in);
        assert_int_equal(command_read(buf_span(&b), &out), OK);
        assert_same(&in, &out);
        buf_release(&b);
    }
}

static void each_field_comes_alone_too(void **state)
{
    (void)state;
    const struct command all = full(COMMAND_BAN);
    for (int i = 0; i < F_NUMBERS + F_TEXTS + FIELD_IDS_MAX + 1; i++) {
        struct command in = {.kind = COMMAND_BAN}, out;
        struct buf b = BUF_INIT;
        size_t len = 0;
        if (i < F_NUMBERS) {
            fields_set(&in.f, (enum field_number)i, all.f.n[i]);
            len = 9;
        } else if (i < F_NUMBERS + F_TEXTS) {
            fields_set_text(&in.f, (enum field_text)(i - F_NUMBERS), all.f.t[i - F_NUMBERS]);
            len = 5 + all.f.t[i - F_NUMBERS].len;
        } else {
            in.f.id_count = (uint8_t)(i - F_NUMBERS - F_TEXTS);
            memcpy(in.f.ids, all.f.ids, in.f.id_count * sizeof in.f.ids[0]);
            len = in.f.id_count ? 2 + 8 * (size_t)in.f.id_count : 0;
        }
        buf_add_str(&b, "before");
        command_write(&b, &in);
        assert_int_equal(b.len, strlen("before") + FIELDS_AT + len);
        assert_int_equal(command_read((struct span){b.p + 6, b.len - 6}, &out), OK);
        assert_same(&in, &out);
        buf_release(&b);
    }
}

/* The end of each field is where a command with fewer of them ends; any other end is refused. */
static void every_cut_is_corrupt_or_another_command(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    struct command in = full(COMMAND_MESSAGE_SEND), out;
    int whole = 0;
    command_write(&b, &in);
    for (size_t len = 0; len < b.len; len++) {
        enum err e = read_exactly(b.p, len, &out);
        assert_true(e == OK || e == ERR_CORRUPT);
        whole += e == OK;
    }
    assert_int_equal(whole, F_NUMBERS + F_TEXTS + 1);
    buf_add_char(&b, 0);
    assert_int_equal(read_exactly(b.p, b.len, &out), ERR_CORRUPT);
    buf_release(&b);
}

static void every_changed_byte_is_refused_or_says_something_else(void **state)
{
    (void)state;
    static const unsigned char flips[] = {0x01, 0x02, 0x10, 0x7f, 0x80, 0xff};
    struct buf b = BUF_INIT;
    struct command in = full(COMMAND_SIGN_UP), out;
    command_write(&b, &in);
    for (size_t at = 0; at < b.len; at++) {
        for (size_t i = 0; i < sizeof flips; i++) {
            b.p[at] = (char)(b.p[at] ^ flips[i]);
            read_exactly(b.p, b.len, &out);
            b.p[at] = (char)(b.p[at] ^ flips[i]);
        }
    }
    assert_int_equal(read_exactly(b.p, b.len, &out), OK);
    buf_release(&b);
}

static void unknown_versions_and_kinds_are_told_apart(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    struct command in = full(COMMAND_MESSAGE_SEND), out;
    command_write(&b, &in);
    const struct {
        size_t at;
        int value;
        enum err want;
    } cases[] = {{0, COMMAND_VERSION - 1, ERR_UNKNOWN_TYPE},
                 {0, COMMAND_VERSION + 1, ERR_UNKNOWN_TYPE},
                 {0, 0, ERR_UNKNOWN_TYPE},
                 {1, 0, ERR_UNKNOWN_TYPE},
                 {1, COMMAND_KIND_END, ERR_UNKNOWN_TYPE},
                 {1, 255, ERR_UNKNOWN_TYPE},
                 {1, COMMAND_SIGN_UP, OK},
                 {2, COMMAND_ACTOR_SYSTEM, OK},
                 {2, COMMAND_ACTOR_ACCOUNT + 1, ERR_CORRUPT},
                 {2, 255, ERR_CORRUPT},
                 {3, 1, ERR_CORRUPT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char was = b.p[cases[i].at];
        b.p[cases[i].at] = (char)cases[i].value;
        assert_int_equal(read_exactly(b.p, b.len, &out), cases[i].want);
        b.p[cases[i].at] = was;
    }
    buf_release(&b);
}

/* What comes behind the fixed part, as bytes. A zero of eight bytes is written as NUMBER. */
#define NUMBER       "\0\0\0\0\0\0\0\0"
#define FIELD(bytes) bytes, sizeof bytes - 1
static const struct {
    const char *bytes;
    size_t len;
    enum err want;
    const char *why;
} tails[] = {
    {FIELD(""), OK, "no fields"},
    {FIELD("\x00" NUMBER), OK, "a number"},
    {FIELD("\x00" NUMBER "\x01" NUMBER), OK, "two numbers in order"},
    {FIELD("\x01" NUMBER "\x00" NUMBER), ERR_CORRUPT, "two numbers the wrong way round"},
    {FIELD("\x01" NUMBER "\x01" NUMBER), ERR_CORRUPT, "the same number twice"},
    {FIELD("\x7f" NUMBER), ERR_CORRUPT, "an unknown number"},
    {FIELD("\x80\x01\0\0\0x"), OK, "a text"},
    {FIELD("\x80\0\0\0\0"), OK, "an empty text that is given"},
    {FIELD("\x80\x01\0\0\0x\x80\x01\0\0\0x"), ERR_CORRUPT, "the same text twice"},
    {FIELD("\x81\x01\0\0\0x\x80\x01\0\0\0x"), ERR_CORRUPT, "two texts the wrong way round"},
    {FIELD("\x80\x01\0\0\0x\x00" NUMBER), ERR_CORRUPT, "a text before a number"},
    {FIELD("\x80\xff\xff\xff\xffx"), ERR_CORRUPT, "a text longer than all there is"},
    {FIELD("\xfe\x01\0\0\0x"), ERR_CORRUPT, "an unknown text"},
    {FIELD("\xff\x01" NUMBER), OK, "one id"},
    {FIELD("\xff\x00"), ERR_CORRUPT, "no ids, but said so"},
    {FIELD("\xff\x02" NUMBER), ERR_CORRUPT, "fewer ids than said"},
    {FIELD("\xff\x01" NUMBER "\xff\x01" NUMBER), ERR_CORRUPT, "ids twice"},
    {FIELD("\xff\x01" NUMBER "\x00" NUMBER), ERR_CORRUPT, "ids before a number"},
    {FIELD("\xff\x01" NUMBER NUMBER), ERR_CORRUPT, "more ids than said"},
    {FIELD("\xff\x14" NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER
               NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER),
     OK, "as many ids as there may be"},
    {FIELD("\xff\x15" NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER
               NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER),
     ERR_CORRUPT, "one id too many"},
};

static void fields_come_once_and_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        struct command c = {.kind = COMMAND_READ}, out;
        struct buf b = BUF_INIT;
        command_write(&b, &c);
        buf_add(&b, tails[i].bytes, tails[i].len);
        enum err e = read_exactly(b.p, b.len, &out);
        if (e != tails[i].want)
            fail_msg("%s: %s", tails[i].why, err_code(e));
        buf_release(&b);
    }
}

/* The tags next to the known ones, whatever their number. */
static void only_known_fields_are_read(void **state)
{
    (void)state;
    for (int tag = 0; tag < 256; tag++) {
        struct command c = {.kind = COMMAND_READ}, out;
        struct buf b = BUF_INIT;
        command_write(&b, &c);
        buf_add_char(&b, (char)tag);
        if (tag < 0x80)
            buf_add(&b, FIELD(NUMBER));
        else
            buf_add(&b, FIELD("\x01\0\0\0\0"));
        bool known = tag < F_NUMBERS || (tag >= 0x80 && tag < 0x80 + F_TEXTS);
        assert_int_equal(read_exactly(b.p, b.len, &out), known ? OK : ERR_CORRUPT);
        buf_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(each_field_comes_alone_too),
        cmocka_unit_test(every_cut_is_corrupt_or_another_command),
        cmocka_unit_test(every_changed_byte_is_refused_or_says_something_else),
        cmocka_unit_test(unknown_versions_and_kinds_are_told_apart),
        cmocka_unit_test(fields_come_once_and_in_order),
        cmocka_unit_test(only_known_fields_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
