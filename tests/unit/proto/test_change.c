/* What is kept of a change: written, read back, and read into the event that was sent. */
#include "proto/change.h"
#include "unit.h"

#include <stdlib.h>

static void assert_text(const struct buf *b, const char *want)
{
    assert_false(b->failed);
    if (!span_equal(buf_span(b), span_of(want)))
        fail_msg("%.*s, not %s", (int)b->len, b->p, want);
}

static void names_come_back(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    char name[16];
    change_write(&b, span_of("a\"b\\\n"));
    change_name(buf_span(&b), name, sizeof name);
    assert_string_equal(name, "a\"b\\\n");
    buf_clear(&b);
    change_write(&b, span_of(""));
    assert_text(&b, "{}");
    static const char *const none[] = {"{}", "{\"name\":\"0123456789abcdef\"}" /* one too long */, "{\"name\":7}",
                                       "nonsense", ""};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        change_name(span_of(none[i]), name, sizeof name);
        assert_string_equal(name, "");
    }
    change_name(span_of("{\"name\":\"0123456789abcde\"}"), name, sizeof name);
    assert_string_equal(name, "0123456789abcde");
    buf_release(&b);
}

static void users_come_back(void **state)
{
    (void)state;
    static const struct {
        struct event_user user;
        const char *json;
    } cases[] = {
        {{9, {"Cleo", 4}, {NULL, 0}}, "{\"user\":{\"id\":9,\"name\":\"Cleo\"}}"},
        {{7, {"Anna", 4}, {"\"A\"", 3}}, "{\"user\":{\"id\":7,\"name\":\"Anna\",\"display_name\":\"\\\"A\\\"\"}}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = BUF_INIT;
        struct event_user user;
        struct change_names names;
        change_write_user(&b, &cases[i].user);
        assert_text(&b, cases[i].json);
        change_user(buf_span(&b), &user, &names);
        buf_release(&b); /* what was read has been copied */
        assert_int_equal(user.id, cases[i].user.id);
        assert_true(span_equal(user.name, cases[i].user.name));
        assert_true(span_equal(user.display_name, cases[i].user.display_name));
    }
}

static void a_broken_user_is_nobody(void **state)
{
    (void)state;
    static const char *const none[] = {"{}", "{\"user\":7}", "{\"user\":{\"id\":-1,\"name\":[]}}", "nonsense", ""};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct event_user user;
        struct change_names names;
        change_user(span_of(none[i]), &user, &names);
        assert_int_equal(user.id, 0);
        assert_int_equal(user.name.len, 0);
        assert_int_equal(user.display_name.len, 0);
    }
}

static void a_name_that_does_not_fit_is_left_out(void **state)
{
    (void)state;
    for (size_t len = CHANGE_NAME_BYTES - 1; len <= CHANGE_NAME_BYTES; len++) {
        char name[CHANGE_NAME_BYTES];
        struct buf b = BUF_INIT;
        struct event_user user;
        struct change_names names;
        memset(name, 'a', sizeof name);
        change_write_user(&b, &(struct event_user){3, {name, len}, {NULL, 0}});
        change_user(buf_span(&b), &user, &names);
        assert_int_equal(user.id, 3);
        assert_int_equal(user.name.len, len < CHANGE_NAME_BYTES ? len : 0);
        buf_release(&b);
    }
}

/* What is given, in the protocol's words, and nothing else: as data, and inside the event. */
static void fields_are_written_as_the_protocol_says(void **state)
{
    (void)state;
    struct fields none = {0}, all = {0}, one = {0};
    fields_set(&none, F_USER, 7); /* is none of those that are told */
    fields_set_text(&one, F_TOPIC, span_of(""));
    fields_set_text(&all, F_TOPIC, span_of("a\nb"));
    fields_set_text(&all, F_DESCRIPTION, span_of("More"));
    fields_set(&all, F_KIND, ROOM_ANNOUNCEMENT);
    fields_set(&all, F_HISTORY, ROOM_HISTORY_JOINED);
    fields_set(&all, F_SLOW_S, 0);
    fields_set(&all, F_LOCKED, 1);
    const struct {
        const struct fields *f;
        const char *data, *members;
    } cases[] = {
        {&none, "{}", ""},
        {&one, "{\"topic\":\"\"}", ",\"topic\":\"\""},
        {&all,
         "{\"topic\":\"a\\nb\",\"description\":\"More\",\"kind\":\"announcement\",\"history\":\"joined\",\"slow_s\":0,"
         "\"locked\":true}",
         ",\"topic\":\"a\\nb\",\"description\":\"More\",\"kind\":\"announcement\",\"history\":\"joined\",\"slow_s\":0,"
         "\"locked\":true"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf data = BUF_INIT, event = BUF_INIT, want = BUF_INIT;
        buf_add_str(&data, "before");
        change_write_fields(&data, cases[i].f);
        struct span written = {data.p + 6, data.len - 6};
        assert_true(span_equal(written, span_of(cases[i].data)));
        event_write(&event, &(struct event){.kind = EVENT_CHANGED, .room = 1, .seq = 2, .at = 3, .data = written});
        buf_printf(&want, "{\"type\":\"changed\",\"room\":1,\"seq\":2,\"actor\":{\"id\":0,\"name\":\"\"},\"at\":3%s}",
                   cases[i].members);
        buf_add_char(&want, 0);
        assert_text(&event, want.p);
        buf_release(&data);
        buf_release(&event);
        buf_release(&want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_come_back),
        cmocka_unit_test(users_come_back),
        cmocka_unit_test(a_broken_user_is_nobody),
        cmocka_unit_test(a_name_that_does_not_fit_is_left_out),
        cmocka_unit_test(fields_are_written_as_the_protocol_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
