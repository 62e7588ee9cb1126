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

/* What is read back of an event of this kind. */
static struct event read_back(enum event_kind kind, struct span data, struct change_names *names)
{
    struct event e = {.kind = kind};
    change_read(data, &e, names);
    return e;
}

/* Each kind of change, with all that an event can hold: only its own is kept and comes back. */
static void each_kind_keeps_its_own(void **state)
{
    (void)state;
    static const char *const kept[] = {
        [EVENT_MESSAGE] = "{}",
        [EVENT_RENAMED] = "{\"name\":\"a\\\"b\\\\\\n\"}",
        [EVENT_ARCHIVED] = "{}",
        [EVENT_UNARCHIVED] = "{}",
        [EVENT_JOINED] = "{}",
        [EVENT_LEFT] = "{}",
        [EVENT_ADDED] = "{\"user\":{\"id\":7,\"name\":\"Anna\",\"display_name\":\"\\\"A\\\"\"}}",
        [EVENT_REMOVED] = "{\"user\":{\"id\":7,\"name\":\"Anna\",\"display_name\":\"\\\"A\\\"\"}}",
        [EVENT_DELETED] = "{}",
        [EVENT_CHANGED] = "{\"topic\":\"x\"}",
    };
    assert_int_equal(sizeof kept / sizeof *kept, EVENT_KIND_COUNT);
    for (int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
        const bool with_name = kind == EVENT_RENAMED, with_user = kind == EVENT_ADDED || kind == EVENT_REMOVED;
        const struct event e = {.kind = (enum event_kind)kind,
                                .name = span_of("a\"b\\\n"),
                                .user = {7, span_of("Anna"), span_of("\"A\"")},
                                .target = 5,
                                .data = span_of("{\"topic\":\"x\"}")};
        struct buf b = BUF_INIT;
        struct change_names names;
        change_write(&b, &e);
        assert_text(&b, kept[kind]);
        const struct event got = read_back(e.kind, buf_span(&b), &names);
        assert_true(span_equal(got.data, kind == EVENT_CHANGED ? buf_span(&b) : (struct span){NULL, 0}));
        buf_release(&b); /* names have been copied */
        assert_true(span_equal(got.name, with_name ? e.name : (struct span){NULL, 0}));
        assert_int_equal(got.user.id, with_user ? 7 : 0);
        assert_true(span_equal(got.user.name, with_user ? e.user.name : (struct span){NULL, 0}));
        assert_true(span_equal(got.user.display_name, with_user ? e.user.display_name : (struct span){NULL, 0}));
    }
}

static void without_a_name_nothing_is_kept(void **state)
{
    (void)state;
    struct buf b = BUF_INIT;
    change_write_name(&b, span_of(""));
    assert_text(&b, "{}");
    buf_clear(&b);
    change_write(&b, &(struct event){.kind = EVENT_ADDED, .user = {9, span_of("Cleo"), {NULL, 0}}});
    assert_text(&b, "{\"user\":{\"id\":9,\"name\":\"Cleo\"}}");
    buf_release(&b);
}

static void what_is_broken_is_left_out(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "{}", "{\"name\":7,\"user\":7}", "{\"user\":{\"id\":-1,\"name\":[]}}", "nonsense", "",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct change_names names;
        struct event e = read_back(EVENT_RENAMED, span_of(broken[i]), &names);
        assert_int_equal(e.name.len, 0);
        e = read_back(EVENT_REMOVED, span_of(broken[i]), &names);
        assert_int_equal(e.user.id, 0);
        assert_int_equal(e.user.name.len, 0);
        assert_int_equal(e.user.display_name.len, 0);
    }
}

static void a_name_that_does_not_fit_is_left_out(void **state)
{
    (void)state;
    for (size_t len = CHANGE_NAME_BYTES - 1; len <= CHANGE_NAME_BYTES; len++) {
        char name[CHANGE_NAME_BYTES];
        const size_t want = len < CHANGE_NAME_BYTES ? len : 0;
        struct buf b = BUF_INIT;
        struct change_names names;
        memset(name, 'a', sizeof name);
        change_write(&b, &(struct event){.kind = EVENT_ADDED, .user = {3, {name, len}, {NULL, 0}}});
        struct event e = read_back(EVENT_ADDED, buf_span(&b), &names);
        assert_int_equal(e.user.id, 3);
        assert_int_equal(e.user.name.len, want);
        buf_clear(&b);
        change_write_name(&b, (struct span){name, len});
        e = read_back(EVENT_RENAMED, buf_span(&b), &names);
        assert_int_equal(e.name.len, want);
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
        cmocka_unit_test(each_kind_keeps_its_own),
        cmocka_unit_test(without_a_name_nothing_is_kept),
        cmocka_unit_test(what_is_broken_is_left_out),
        cmocka_unit_test(a_name_that_does_not_fit_is_left_out),
        cmocka_unit_test(fields_are_written_as_the_protocol_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
