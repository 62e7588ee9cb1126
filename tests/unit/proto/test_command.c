/* Commands: what is written is read, and nothing else is. */
#include "proto/change.h"
#include "proto/command.h"
#include "proto/json.h"
#include "unit.h"

#include <stdlib.h>

static struct command sample(void)
{
    struct command c = {.kind = COMMAND_MESSAGE_SEND,
                        .actor = COMMAND_ACTOR_GUEST,
                        .flag = true,
                        .at_ms = 1790000000123,
                        .actor_id = 7,
                        .room_id = INT64_MAX,
                        .reply_to = 3,
                        .actor_name = span_of("Anna"),
                        .actor_fold = span_of("anna"),
                        .name = span_of("n"),
                        .fold = span_of(""),
                        .client_id = span_of("id"),
                        .body = span_of("text with ä")};
    memset(c.actor_key, 0xab, sizeof c.actor_key);
    return c;
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    struct command in = sample(), out;
    command_write(&b, &in);
    assert_int_equal(command_read(buf_span(&b), &out), OK);
    assert_int_equal(out.kind, in.kind);
    assert_int_equal(out.actor, in.actor);
    assert_int_equal(out.flag, in.flag);
    assert_int_equal(out.at_ms, in.at_ms);
    assert_int_equal(out.actor_id, in.actor_id);
    assert_int_equal(out.room_id, in.room_id);
    assert_int_equal(out.reply_to, in.reply_to);
    assert_memory_equal(out.actor_key, in.actor_key, COMMAND_KEY_BYTES);
    assert_true(span_equal(out.actor_name, in.actor_name));
    assert_true(span_equal(out.actor_fold, in.actor_fold));
    assert_true(span_equal(out.name, in.name));
    assert_true(span_equal(out.fold, in.fold));
    assert_true(span_equal(out.client_id, in.client_id));
    assert_true(span_equal(out.body, in.body));
    buf_release(&b);
}

static void cut_short_or_too_long_is_corrupt(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    struct command in = sample(), out;
    command_write(&b, &in);
    for (size_t len = 0; len < b.len; len++) {
        char *exact = malloc(len + 1);
        assert_non_null(exact);
        memcpy(exact, b.p, len);
        assert_int_equal(command_read((struct span){exact, len}, &out), ERR_CORRUPT);
        free(exact);
    }
    buf_add_char(&b, 0);
    assert_int_equal(command_read(buf_span(&b), &out), ERR_CORRUPT);
    buf_release(&b);
}

/* Each byte of the head, changed: refused, or read as something that is in range. */
static void unknown_versions_and_kinds_are_told_apart(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    struct command in = sample(), out;
    command_write(&b, &in);
    const struct {
        size_t at;
        char value;
        enum err want;
    } cases[] = {{0, 2, ERR_UNKNOWN_TYPE}, {0, 0, ERR_UNKNOWN_TYPE},
                 {1, 0, ERR_UNKNOWN_TYPE}, {1, COMMAND_KIND_END, ERR_UNKNOWN_TYPE},
                 {2, 3, ERR_CORRUPT},      {3, 2, ERR_CORRUPT},
                 {1, COMMAND_ROOM_ADD, OK}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char was = b.p[cases[i].at];
        b.p[cases[i].at] = cases[i].value;
        assert_int_equal(command_read(buf_span(&b), &out), cases[i].want);
        b.p[cases[i].at] = was;
    }
    buf_release(&b);
}

static void changes_keep_their_name(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    char name[16];
    change_write(&b, span_of("a\"b\\\n"));
    change_name(buf_span(&b), name, sizeof name);
    assert_string_equal(name, "a\"b\\\n");
    change_name(span_of("{}"), name, sizeof name);
    assert_string_equal(name, "");
    change_name(span_of("{\"name\":\"0123456789abcdef\"}"), name, sizeof name);
    assert_string_equal(name, ""); /* one too long */
    change_name(span_of("nonsense"), name, sizeof name);
    assert_string_equal(name, "");
    buf_release(&b);
}

/* Whatever is in a string comes back through a parser. */
static void strings_survive_json(void **state)
{
    (void)state;
    for (int c = 1; c < 256; c++) {
        char text[8] = {'a', (char)c, 'b'};
        struct buf b = BUF_INIT;
        if (c >= 0x80) { /* a whole character */
            text[1] = (char)(0xc0 | (c >> 6));
            text[2] = (char)(0x80 | (c & 0x3f));
        }
        buf_add_str(&b, "{\"s\":");
        json_add_string(&b, span_of(text));
        buf_add_char(&b, '}');
        cJSON *object = json_parse_object(buf_span(&b));
        struct span got;
        assert_non_null(object);
        assert_true(json_string(object, "s", &got));
        assert_true(span_equal(got, span_of(text)));
        cJSON_Delete(object);
        buf_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(cut_short_or_too_long_is_corrupt),
        cmocka_unit_test(unknown_versions_and_kinds_are_told_apart),
        cmocka_unit_test(changes_keep_their_name),
        cmocka_unit_test(strings_survive_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
