/* What the examples of README.md do not show: fields that come and go with what there is to say. */
#include "proto/event.h"
#include "proto/json.h"
#include "unit.h"

#include <stdio.h>

static void assert_written(struct buf *b, const char *want)
{
    assert_false(b->failed);
    if (!span_equal(buf_span(b), span_of(want)))
        fail_msg("%.*s\nnot %s", (int)b->len, b->p, want);
    cJSON *object = json_parse_object(buf_span(b));
    assert_non_null(object);
    cJSON_Delete(object);
    buf_release(b);
}

#define NOBODY "\"author\":{\"id\":0,\"name\":\"\"},\"body\":\"\""

static void messages_that_are_gone_say_so(void **state)
{
    (void)state;
    static const struct {
        struct event e;
        const char *want;
    } cases[] = {
        {{.kind = EVENT_MESSAGE, .room = 1, .seq = 2, .at = 3, .is_deleted = true},
         "{\"type\":\"message\",\"room\":1,\"seq\":2," NOBODY ",\"at\":3,\"deleted\":true}"},
        {{.kind = EVENT_MESSAGE, .room = 1, .seq = 2, .at = 3, .is_hidden = true, .reply_to = 1},
         "{\"type\":\"message\",\"room\":1,\"seq\":2," NOBODY ",\"at\":3,\"reply_to\":1,\"hidden\":true}"},
        {{.kind = EVENT_MESSAGE, .room = 1, .seq = 2, .at = 3, .is_deleted = true, .is_hidden = true},
         "{\"type\":\"message\",\"room\":1,\"seq\":2," NOBODY ",\"at\":3,\"deleted\":true,\"hidden\":true}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = BUF_INIT;
        event_write(&b, &cases[i].e);
        assert_written(&b, cases[i].want);
    }
}

static void rooms_leave_out_what_is_not_so(void **state)
{
    (void)state;
    static const struct {
        struct event_room r;
        const char *want;
    } cases[] = {
        {{.id = 1, .archived = true, .kind = ROOM_ANNOUNCEMENT},
         "{\"id\":1,\"name\":\"\",\"kind\":\"announcement\",\"last_seq\":0,\"archived\":true}"},
        {{.id = 1, .locked = true, .history = ROOM_HISTORY_JOINED, .slow_s = 10, .kind = ROOM_CLOSED},
         "{\"id\":1,\"name\":\"\",\"kind\":\"closed\",\"last_seq\":0,\"archived\":false,\"locked\":true,"
         "\"history\":\"joined\",\"slow_s\":10}"},
        {{.id = 1, .muted_until = 5, .position = 3, .favourite = true, .section = {"Home", 4}},
         "{\"id\":1,\"name\":\"\",\"kind\":\"open\",\"last_seq\":0,\"archived\":false}"},
        {{.id = 1,
          .is_member = true,
          .role = ROOM_ROLE_MEMBER,
          .level = LEVEL_NOTHING,
          .muted_until = 5,
          .position = 3,
          .hidden = true,
          .favourite = true,
          .section = {"Home", 4}},
         "{\"id\":1,\"name\":\"\",\"kind\":\"open\",\"last_seq\":0,\"archived\":false,\"role\":\"member\","
         "\"level\":\"nothing\",\"read_seq\":0,\"unread\":0,\"mentions\":0,\"muted_until\":5,\"hidden\":true,"
         "\"favourite\":true,\"section\":\"Home\",\"position\":3}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = BUF_INIT;
        event_add_room(&b, &cases[i].r);
        assert_written(&b, cases[i].want);
    }
}

static void people_leave_out_what_is_not_so(void **state)
{
    (void)state;
    static const struct {
        struct event_person p;
        const char *want;
    } cases[] = {
        {{.user = {7, {"Anna", 4}, {NULL, 0}}, .role = ROLE_OWNER}, "{\"id\":7,\"name\":\"Anna\"}"},
        {{.user = {7, {"Anna", 4}, {"A", 1}}, .with_role = true},
         "{\"id\":7,\"name\":\"Anna\",\"display_name\":\"A\",\"role\":\"visitor\"}"},
        {{.user = {7, {"Anna", 4}, {NULL, 0}}, .role = ROLE_OWNER, .with_role = true, .status_until = 9},
         "{\"id\":7,\"name\":\"Anna\",\"role\":\"owner\",\"status_until\":9}"},
        {{.user = {7, {"Anna", 4}, {NULL, 0}}, .banned = true}, "{\"id\":7,\"name\":\"Anna\",\"banned\":true}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = BUF_INIT;
        event_add_person(&b, &cases[i].p);
        assert_written(&b, cases[i].want);
    }
}

static void every_word_can_be_said(void **state)
{
    (void)state;
    for (int role = 0; role < ROLE_COUNT; role++) {
        struct buf b = BUF_INIT;
        char want[64];
        event_add_person(&b, &(struct event_person){.role = (enum role)role, .with_role = true});
        snprintf(want, sizeof want, "{\"id\":0,\"name\":\"\",\"role\":\"%s\"}", words_role.list[role]);
        assert_written(&b, want);
    }
    for (int kind = 0; kind < ROOM_KIND_COUNT; kind++) {
        struct buf b = BUF_INIT;
        char want[96];
        event_add_room(&b, &(struct event_room){.kind = (enum room_kind)kind});
        snprintf(want, sizeof want, "{\"id\":0,\"name\":\"\",\"kind\":\"%s\",\"last_seq\":0,\"archived\":false}",
                 words_room_kind.list[kind]);
        assert_written(&b, want);
    }
}

static void a_display_name_is_shown_beside_the_user_name(void **state)
{
    (void)state;
    const struct event_user anna = {7, span_of("Anna"), span_of("A. Berg")};
    struct buf b = BUF_INIT;
    event_typing(&b, 1, &anna);
    assert_written(
        &b, "{\"type\":\"typing\",\"room\":1,\"user\":{\"id\":7,\"name\":\"Anna\",\"display_name\":\"A. Berg\"}}");
    event_presence_begin(&b, 1, 1, true);
    event_presence_person(&b, &anna, false, true);
    event_presence_end(&b, true);
    assert_written(&b, "{\"type\":\"presence\",\"room\":1,\"count\":1,\"people\":[{\"id\":7,\"name\":\"Anna\","
                       "\"display_name\":\"A. Berg\",\"state\":\"away\"}]}");
}

static void an_ack_says_what_there_is(void **state)
{
    (void)state;
    static const struct {
        struct event_ack a;
        const char *want;
    } cases[] = {
        {{.room = 3}, "{\"type\":\"ack\",\"room\":3}"},
        {{.id = {"1", 1}, .has_last_seq = true}, "{\"type\":\"ack\",\"id\":\"1\",\"last_seq\":0}"},
        {{.id = {"1", 1}, .duplicate = true, .extra = {",\"code\":\"x\"", 11}},
         "{\"type\":\"ack\",\"id\":\"1\",\"duplicate\":true,\"code\":\"x\"}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = BUF_INIT;
        event_ack(&b, &cases[i].a);
        assert_written(&b, cases[i].want);
    }
}

static void a_welcome_may_be_empty(void **state)
{
    (void)state;
    const struct event_welcome w = {.server_name = span_of("\""), .epoch = span_of("e")};
    struct buf b = BUF_INIT;
    event_welcome_begin(&b, &w);
    event_welcome_end(&b, &w, false);
    assert_written(
        &b, "{\"type\":\"welcome\",\"protocol\":1,\"user\":{\"id\":0,\"name\":\"\"},\"server\":{\"name\":\"\\\"\","
            "\"version\":\"\",\"now\":0},\"epoch\":\"e\",\"blocked\":[],\"rooms\":[],\"more\":false,\"limits\":{"
            "\"message_max_bytes\":0,"
            "\"history_on_join\":0,\"history_page\":0}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_that_are_gone_say_so),
        cmocka_unit_test(rooms_leave_out_what_is_not_so),
        cmocka_unit_test(people_leave_out_what_is_not_so),
        cmocka_unit_test(every_word_can_be_said),
        cmocka_unit_test(a_display_name_is_shown_beside_the_user_name),
        cmocka_unit_test(an_ack_says_what_there_is),
        cmocka_unit_test(a_welcome_may_be_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
