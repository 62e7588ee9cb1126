/* The examples of README.md in src/proto: what the client says is understood, field by field, and what the server says
 * is exactly what the code writes. */
#include "proto/event.h"
#include "proto/request_fields.h"
#include "readme.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ from the client */

static bool has_field(const uint8_t *list, const char *name)
{
    while (*list && strcmp(request_field(*list)->name, name) != 0)
        list++;
    return *list;
}

static void check_example(struct span example, struct request *q)
{
    const char *why = "";
    enum err e = request_parse(example, q, &why);
    if (e)
        fail_msg("%.*s: %s %s", (int)example.len, example.p, err_code(e), why);
    const struct request_shape *shape = request_shape(q->type);
    for (const cJSON *item = ((const cJSON *)q->json)->child; item; item = item->next) {
        const char *name = item->string;
        if (strcmp(name, "type") != 0 && strcmp(name, "id") != 0 && !has_field(shape->needs, name) &&
            !has_field(shape->takes, name))
            fail_msg("%.*s: \"%s\" would be ignored", (int)example.len, example.p, name);
    }
}

static void client_examples_are_understood(void **state)
{
    (void)state;
    static struct span examples[EXAMPLES_MAX];
    bool seen[REQUEST_TYPES] = {false};
    size_t n = find_examples("client", examples);
    for (size_t i = 0; i < n; i++) {
        struct request q;
        check_example(examples[i], &q);
        seen[q.type] = true;
        request_release(&q);
    }
    for (int i = 0; i < REQUEST_TYPES; i++)
        if (!seen[i])
            fail_msg("no example of %s", request_name((enum request_type)i));
}

/* ------------------------------------------------------------------ from the server */

static const struct event_user anna = {7, {"Anna", 4}, {NULL, 0}}, ben = {8, {"Ben", 3}, {NULL, 0}},
                               cleo = {9, {"Cleo", 4}, {NULL, 0}}, admin = {0, {"admin", 5}, {NULL, 0}},
                               anna_berg = {7, {"Anna", 4}, {"Anna Berg", 9}};

static void write_welcome(struct buf *b)
{
    const int64_t blocked[] = {12};
    const struct event_user people[] = {anna_berg, ben};
    const struct event_welcome w = {.user = {.user = anna_berg, .role = ROLE_MEMBER, .with_role = true, .avatar = 2},
                                    .blocked = blocked,
                                    .blocked_count = 1,
                                    .reports_waiting = 2,
                                    .server_name = span_of("Garden Club"),
                                    .server_version = span_of("0.1.0"),
                                    .epoch = span_of("5d41402abc4b2a76"),
                                    .now = 1790000000000,
                                    .message_max_bytes = 16384,
                                    .history_on_join = 200,
                                    .history_page = 200};
    const struct event_room lobby = {.id = 1,
                                     .name = span_of("lobby"),
                                     .last_seq = 42,
                                     .topic = span_of("Everything"),
                                     .is_member = true,
                                     .role = ROOM_ROLE_MEMBER,
                                     .read_seq = 40,
                                     .unread = 2,
                                     .mentions = 1,
                                     .favourite = true};
    const struct event_room direct = {.id = 5,
                                      .kind = ROOM_DIRECT,
                                      .last_seq = 3,
                                      .people = people,
                                      .people_count = 2,
                                      .active_ms = 1790000000456,
                                      .is_member = true,
                                      .role = ROOM_ROLE_MEMBER,
                                      .read_seq = 3};
    event_welcome_begin(b, &w);
    event_welcome_room(b, &lobby, true);
    event_welcome_room(b, &direct, false);
    event_welcome_end(b, &w, true);
}

static void write_welcome_rooms(struct buf *b)
{
    const struct event_room garden = {
        .id = 12, .name = span_of("garden"), .last_seq = 4, .is_member = true, .role = ROOM_ROLE_MEMBER, .read_seq = 4};
    event_welcome_rooms_begin(b);
    event_welcome_room(b, &garden, true);
    event_welcome_rooms_end(b, false);
}

static void write_ack_join(struct buf *b)
{
    event_ack(b, &(struct event_ack){.id = span_of("1"), .room = 1, .has_last_seq = true, .last_seq = 42});
}

static void write_ack_send(struct buf *b)
{
    event_ack(b, &(struct event_ack){.id = span_of("5f0c9a"), .room = 1, .seq = 43, .at = 1790000000123});
}

static void write_ack_again(struct buf *b)
{
    event_ack(
        b, &(struct event_ack){.id = span_of("5f0c9a"), .room = 1, .seq = 43, .at = 1790000000123, .duplicate = true});
}

static void write_ack(struct buf *b)
{
    event_ack(b, &(struct event_ack){.id = span_of("9")});
}

static void write_error(struct buf *b)
{
    event_error(b, span_of("5f0c9c"), ERR_RATE_LIMITED, NULL, 180);
}

static void write_error_without_id(struct buf *b)
{
    event_error(b, (struct span){NULL, 0}, ERR_INVALID_JSON, NULL, 0);
}

static const struct event hello = {.kind = EVENT_MESSAGE,
                                   .room = 1,
                                   .seq = 43,
                                   .at = 1790000000123,
                                   .author = {7, {"Anna", 4}, {NULL, 0}},
                                   .body = {"Hello **all**", 13},
                                   .client_id = {"5f0c9a", 6}};

static void write_message(struct buf *b)
{
    event_write(b, &hello);
}

static void write_reply(struct buf *b)
{
    event_write(b, &(struct event){.kind = EVENT_MESSAGE,
                                   .room = 1,
                                   .seq = 44,
                                   .at = 1790000000456,
                                   .author = ben,
                                   .body = span_of("Hello to you"),
                                   .client_id = span_of("5f0c9b"),
                                   .reply_to = 42});
}

static void write_renamed(struct buf *b)
{
    event_write(b, &(struct event){.kind = EVENT_RENAMED,
                                   .room = 1,
                                   .seq = 45,
                                   .at = 1790000000789,
                                   .author = admin,
                                   .name = span_of("foyer")});
}

static void write_archived(struct buf *b)
{
    event_write(b, &(struct event){.kind = EVENT_ARCHIVED, .room = 1, .seq = 46, .at = 1790000000999, .author = admin});
}

static void write_unarchived(struct buf *b)
{
    event_write(b,
                &(struct event){.kind = EVENT_UNARCHIVED, .room = 1, .seq = 47, .at = 1790000001999, .author = admin});
}

static void write_joined(struct buf *b)
{
    event_write(b, &(struct event){.kind = EVENT_JOINED, .room = 1, .seq = 48, .at = 1790000002000, .author = cleo});
}

static void write_left(struct buf *b)
{
    event_write(b, &(struct event){.kind = EVENT_LEFT, .room = 1, .seq = 49, .at = 1790000003000, .author = cleo});
}

static void write_added(struct buf *b)
{
    event_write(b,
                &(struct event){
                    .kind = EVENT_ADDED, .room = 1, .seq = 50, .at = 1790000004000, .author = anna_berg, .user = cleo});
}

static void write_removed(struct buf *b)
{
    event_write(b, &(struct event){
                       .kind = EVENT_REMOVED, .room = 1, .seq = 51, .at = 1790000005000, .author = anna, .user = cleo});
}

static void write_deleted(struct buf *b)
{
    event_write(b, &(struct event){
                       .kind = EVENT_DELETED, .room = 1, .seq = 52, .at = 1790000006000, .author = anna, .target = 43});
}

static void write_changed(struct buf *b)
{
    event_write(b, &(struct event){.kind = EVENT_CHANGED,
                                   .room = 1,
                                   .seq = 53,
                                   .at = 1790000007000,
                                   .author = anna,
                                   .data = span_of("{\"topic\":\"What grew\",\"locked\":true}")});
}

static void write_history(struct buf *b)
{
    event_history_begin(b, span_of("6"), 1);
    event_write(b, &hello);
    event_history_end(b, true);
}

static void write_reset(struct buf *b)
{
    event_reset(b, 1, 9000);
}

static void write_typing(struct buf *b)
{
    event_typing(b, 1, &ben);
}

static void write_presence(struct buf *b)
{
    event_presence_begin(b, 1, 2, true);
    event_presence_person(b, &anna, true, true);
    event_presence_person(b, &ben, false, false);
    event_presence_end(b, true);
}

static void write_online(struct buf *b)
{
    event_online_begin(b);
    event_online_person(b, 8, "active", true);
    event_online_person(b, 9, "offline", false);
    event_online_end(b);
}

static void write_presence_count(struct buf *b)
{
    event_presence_begin(b, 1, 1204, false);
    event_presence_end(b, false);
}

static void write_activity(struct buf *b)
{
    event_activity(b, 5, 9, 4, 1);
}

static void write_read(struct buf *b)
{
    event_read(b, 5, 9, 0, 0);
}

static void write_room_created(struct buf *b)
{
    event_room_changed(b, "created", &(struct event_room){.id = 2, .name = span_of("garden")});
}

static void write_room_renamed(struct buf *b)
{
    event_room_changed(
        b, "renamed",
        &(struct event_room){.id = 2, .last_seq = 1, .name = span_of("yard"), .topic = span_of("What grows")});
}

static void write_membership_joined(struct buf *b)
{
    event_membership(b, "joined",
                     &(struct event_room){.id = 2,
                                          .name = span_of("garden"),
                                          .kind = ROOM_CLOSED,
                                          .last_seq = 4,
                                          .is_member = true,
                                          .role = ROOM_ROLE_MODERATOR,
                                          .read_seq = 4,
                                          .requests = 1});
}

static void write_membership_left(struct buf *b)
{
    event_membership(b, "left",
                     &(struct event_room){.id = 2, .name = span_of("garden"), .kind = ROOM_CLOSED, .last_seq = 9});
}

static void write_member_renamed(struct buf *b)
{
    event_member(
        b, "renamed",
        &(struct event_person){.user = {7, span_of("Anna B"), {NULL, 0}}, .role = ROLE_GUEST, .with_role = true});
}

static void write_member_changed(struct buf *b)
{
    event_member(b, "changed",
                 &(struct event_person){.user = anna_berg,
                                        .role = ROLE_MEMBER,
                                        .with_role = true,
                                        .avatar = 2,
                                        .status_emoji = span_of("🌱"),
                                        .status_text = span_of("outside"),
                                        .status_until = 1790003600000});
}

static void write_member_banned(struct buf *b)
{
    event_member(
        b, "banned",
        &(struct event_person){.user = ben, .role = ROLE_MEMBER, .with_role = true, .banned = true, .hidden = true});
}

static void write_reports_waiting(struct buf *b)
{
    event_reports_waiting(b, 2);
}

static void write_requests_waiting(struct buf *b)
{
    event_requests_waiting(b, 2, 3);
}

static void write_block(struct buf *b)
{
    event_block(b, 8, true);
}

static void write_place(struct buf *b)
{
    event_place(b, span_of("Garden Club"));
}

static void write_bye(struct buf *b)
{
    event_bye(b, "restart", 1200);
}

/* In the order of the page. */
static void (*const writers[])(struct buf *) = {
    write_welcome,
    write_welcome_rooms,
    write_ack_join,
    write_ack_send,
    write_ack_again,
    write_ack,
    write_error,
    write_error_without_id,
    write_message,
    write_reply,
    write_renamed,
    write_archived,
    write_unarchived,
    write_joined,
    write_left,
    write_added,
    write_removed,
    write_deleted,
    write_changed,
    write_history,
    write_reset,
    write_typing,
    write_presence,
    write_presence_count,
    write_online,
    write_activity,
    write_read,
    write_room_created,
    write_room_renamed,
    write_membership_joined,
    write_membership_left,
    write_member_renamed,
    write_member_changed,
    write_member_banned,
    write_reports_waiting,
    write_requests_waiting,
    write_block,
    write_place,
    write_bye,
};

static void server_examples_are_what_is_written(void **state)
{
    (void)state;
    static struct span examples[EXAMPLES_MAX];
    size_t n = find_examples("server", examples);
    assert_int_equal(n, sizeof writers / sizeof *writers);
    for (size_t i = 0; i < n; i++) {
        struct buf b = BUF_INIT;
        writers[i](&b);
        assert_false(b.failed);
        if (!span_equal(buf_span(&b), examples[i]))
            fail_msg("README:  %.*s\nwritten: %.*s", (int)examples[i].len, examples[i].p, (int)b.len, b.p);
        buf_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client_examples_are_understood),
        cmocka_unit_test(server_examples_are_what_is_written),
    };
    return cmocka_run_group_tests(tests, read_readme, NULL);
}
