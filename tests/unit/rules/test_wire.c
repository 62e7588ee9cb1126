/* What is read from the database, as it is sent. */
#include "rules/wire.h"
#include "unit.h"

#define TEXT(literal)                                                                                                  \
    {                                                                                                                  \
        (literal), sizeof(literal) - 1                                                                                 \
    }

static const struct {
    struct event_row row;
    const char *json;
} cases[] = {
    {{.room_id = 2,
      .seq = 4,
      .at = 9,
      .author_id = 7,
      .author_name = TEXT("anna"),
      .author_display = TEXT("Anna Berg"),
      .body = TEXT("\"hi\""),
      .client_id = TEXT("c1"),
      .reply_to = 3},
     "{\"type\":\"message\",\"room\":2,\"seq\":4,\"author\":{\"id\":7,\"name\":\"anna\",\"display_name\":\"Anna "
     "Berg\"},"
     "\"body\":\"\\\"hi\\\"\",\"at\":9,\"id\":\"c1\",\"reply_to\":3}"},
    {{.room_id = 2, .seq = 4, .at = 9, .author_id = 7, .author_name = TEXT("anna"), .is_deleted = true},
     "{\"type\":\"message\",\"room\":2,\"seq\":4,\"author\":{\"id\":7,\"name\":\"anna\"},\"body\":\"\",\"at\":9,"
     "\"deleted\":true}"},
    {{.room_id = 2, .seq = 4, .at = 9, .author_id = 7, .author_name = TEXT("anna"), .is_hidden = true},
     "{\"type\":\"message\",\"room\":2,\"seq\":4,\"author\":{\"id\":7,\"name\":\"anna\"},\"body\":\"\",\"at\":9,"
     "\"hidden\":true}"},
    {{.room_id = 2,
      .seq = 5,
      .at = 9,
      .author_id = 7,
      .author_name = TEXT("anna"),
      .kind = EVENT_RENAMED,
      .data = TEXT("{\"name\":\"yard\"}")},
     "{\"type\":\"renamed\",\"room\":2,\"seq\":5,\"actor\":{\"id\":7,\"name\":\"anna\"},\"at\":9,\"name\":\"yard\"}"},
    {{.room_id = 2, .seq = 5, .at = 9, .author_name = TEXT("admin"), .kind = EVENT_ARCHIVED, .data = TEXT("{}")},
     "{\"type\":\"archived\",\"room\":2,\"seq\":5,\"actor\":{\"id\":0,\"name\":\"admin\"},\"at\":9}"},
    {{.room_id = 2, .seq = 5, .at = 9, .author_name = TEXT("admin"), .kind = EVENT_UNARCHIVED, .data = TEXT("{}")},
     "{\"type\":\"unarchived\",\"room\":2,\"seq\":5,\"actor\":{\"id\":0,\"name\":\"admin\"},\"at\":9}"},
    {{.room_id = 2,
      .seq = 5,
      .at = 9,
      .author_id = 7,
      .author_name = TEXT("anna"),
      .kind = EVENT_JOINED,
      .data = TEXT("{}")},
     "{\"type\":\"joined\",\"room\":2,\"seq\":5,\"actor\":{\"id\":7,\"name\":\"anna\"},\"at\":9}"},
    {{.room_id = 2,
      .seq = 5,
      .at = 9,
      .author_id = 7,
      .author_name = TEXT("anna"),
      .kind = EVENT_LEFT,
      .data = TEXT("{}")},
     "{\"type\":\"left\",\"room\":2,\"seq\":5,\"actor\":{\"id\":7,\"name\":\"anna\"},\"at\":9}"},
    {{.room_id = 2,
      .seq = 5,
      .at = 9,
      .author_id = 7,
      .author_name = TEXT("anna"),
      .kind = EVENT_ADDED,
      .data = TEXT("{\"user\":{\"id\":8,\"name\":\"ben\",\"display_name\":\"Ben \\\"B\\\"\"}}")},
     "{\"type\":\"added\",\"room\":2,\"seq\":5,\"actor\":{\"id\":7,\"name\":\"anna\"},\"at\":9,"
     "\"user\":{\"id\":8,\"name\":\"ben\",\"display_name\":\"Ben \\\"B\\\"\"}}"},
    {{.room_id = 2,
      .seq = 5,
      .at = 9,
      .author_id = 7,
      .author_name = TEXT("anna"),
      .kind = EVENT_REMOVED,
      .data = TEXT("{\"user\":{\"id\":8,\"name\":\"ben\"}}")},
     "{\"type\":\"removed\",\"room\":2,\"seq\":5,\"actor\":{\"id\":7,\"name\":\"anna\"},\"at\":9,"
     "\"user\":{\"id\":8,\"name\":\"ben\"}}"},
    {{.room_id = 2,
      .seq = 5,
      .at = 9,
      .author_id = 7,
      .author_name = TEXT("anna"),
      .kind = EVENT_DELETED,
      .target_seq = 4,
      .data = TEXT("{}")},
     "{\"type\":\"deleted\",\"room\":2,\"seq\":5,\"actor\":{\"id\":7,\"name\":\"anna\"},\"at\":9,\"target\":4}"},
    {{.room_id = 2,
      .seq = 5,
      .at = 9,
      .author_id = 7,
      .author_name = TEXT("anna"),
      .kind = EVENT_CHANGED,
      .data = TEXT("{\"topic\":\"grass\",\"locked\":true}")},
     "{\"type\":\"changed\",\"room\":2,\"seq\":5,\"actor\":{\"id\":7,\"name\":\"anna\"},\"at\":9,\"topic\":\"grass\","
     "\"locked\":true}"},
};

static void rows_become_events(void **state)
{
    bool seen[EVENT_KIND_COUNT] = {false};
    struct buf b = BUF_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buf_clear(&b);
        wire_write_row(&b, &cases[i].row);
        if (!span_equal(buf_span(&b), span_of(cases[i].json)))
            fail_msg("%.*s\nrather than %s", (int)b.len, b.p, cases[i].json);
        seen[cases[i].row.kind] = true;
    }
    for (size_t i = 0; i < EVENT_KIND_COUNT; i++)
        assert_true(seen[i]);
    buf_release(&b);
}

/* A text frame (RFC 6455, 5.2) around the same text, with the number that it has in its room. */
static void frames_are_ready_to_send(void **state)
{
    struct buf b = BUF_INIT;
    (void)state;
    struct frame *f = wire_row_frame(&b, &cases[0].row);
    size_t len = strlen(cases[0].json);
    assert_non_null(f);
    assert_in_range(len, 126, 65535);
    assert_int_equal(f->len, 4 + len);
    assert_int_equal(f->bytes[0], 0x81);
    assert_int_equal(f->bytes[1], 126);
    assert_int_equal(f->bytes[2] << 8 | f->bytes[3], len);
    assert_memory_equal(f->bytes + 4, cases[0].json, len);
    assert_int_equal(f->first_seq, 4);
    assert_int_equal(frame_last_seq(f), 4);
    frame_release(f);
    b.failed = true;
    assert_null(wire_frame(&b, 0));
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_events),
        cmocka_unit_test(frames_are_ready_to_send),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
