/* README.md of src/proto against the code: each client example is understood, and the server examples are exactly
 * what the code writes. */
#include "proto/event.h"
#include "proto/request.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

enum { EXAMPLES_MAX = 64 };

static char readme[65536];
static struct span examples[EXAMPLES_MAX];

/* The bodies of the fenced blocks with this info string; how many. */
static int find_examples(const char *info)
{
    char fence[32];
    int n = 0;
    snprintf(fence, sizeof fence, "```json %s\n", info);
    for (char *at = readme; (at = strstr(at, fence));) {
        at += strlen(fence);
        char *end = strstr(at, "\n```");
        assert_non_null(end);
        assert_true(n < EXAMPLES_MAX);
        examples[n++] = (struct span){at, (size_t)(end - at)};
    }
    return n;
}

static int read_readme(void **state)
{
    (void)state;
    FILE *f = fopen(SOURCE_DIR "/src/proto/README.md", "r");
    if (!f)
        return -1;
    size_t n = fread(readme, 1, sizeof readme - 1, f);
    fclose(f);
    return n > 0 && n < sizeof readme - 1 ? 0 : -1;
}

static void client_examples_are_understood(void **state)
{
    (void)state;
    bool seen[REQUEST_PING + 1] = {false};
    int n = find_examples("client");
    assert_true(n > 8);
    for (int i = 0; i < n; i++) {
        struct request q;
        const char *why = "";
        enum err e = request_parse(examples[i], &q, &why);
        if (e)
            fail_msg("%.*s: %s %s", (int)examples[i].len, examples[i].p, err_code(e), why);
        seen[q.type] = true;
        request_release(&q);
    }
    for (int i = 0; i <= REQUEST_PING; i++)
        assert_true(seen[i]);
}

static const struct event_user anna = {7, {"Anna", 4}}, ben = {8, {"Ben", 3}}, admin = {0, {"admin", 5}};

static void write_welcome(struct buf *b)
{
    const struct event_welcome w = {.user = anna,
                                    .server_name = span_of("Hubbub"),
                                    .server_version = span_of("0.1.0"),
                                    .now = 1790000000000,
                                    .message_max_bytes = 16384,
                                    .history_on_join = 200,
                                    .history_page = 200};
    const struct event_room lobby = {1, 42, span_of("lobby"), false};
    event_welcome_begin(b, &w);
    event_welcome_room(b, &lobby, true);
    event_welcome_end(b, &w);
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
                                   .author = {7, {"Anna", 4}},
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

static void write_presence_count(struct buf *b)
{
    event_presence_begin(b, 1, 1204, false);
    event_presence_end(b, false);
}

static void write_room_created(struct buf *b)
{
    event_room_changed(b, "created", &(struct event_room){2, 0, span_of("garden"), false});
}

static void write_room_renamed(struct buf *b)
{
    event_room_changed(b, "renamed", &(struct event_room){2, 1, span_of("yard"), false});
}

static void write_member(struct buf *b)
{
    event_member_renamed(b, &(struct event_user){7, span_of("Anna B")});
}

static void write_bye(struct buf *b)
{
    event_bye(b, "restart", 1200);
}

static void (*const writers[])(struct buf *) = {
    write_welcome,  write_ack_join,         write_ack_send,     write_ack_again,    write_ack,
    write_error,    write_error_without_id, write_message,      write_reply,        write_renamed,
    write_archived, write_unarchived,       write_history,      write_reset,        write_typing,
    write_presence, write_presence_count,   write_room_created, write_room_renamed, write_member,
    write_bye,
};

static void server_examples_are_what_is_written(void **state)
{
    (void)state;
    int n = find_examples("server");
    assert_int_equal(n, sizeof writers / sizeof *writers);
    for (int i = 0; i < n; i++) {
        struct buf b = BUF_INIT;
        writers[i](&b);
        assert_false(b.failed);
        if (!span_equal(buf_span(&b), examples[i]))
            fail_msg("README:  %.*s\nwritten: %.*s", (int)examples[i].len, examples[i].p, (int)b.len, b.p);
        buf_release(&b);
    }
}

/* The table of error codes names each code that a client can get. */
static void error_codes_are_documented(void **state)
{
    (void)state;
    const enum err codes[] = {ERR_INVALID_JSON, ERR_INVALID, ERR_UNKNOWN_TYPE, ERR_NOT_FOUND,  ERR_NOT_JOINED,
                              ERR_ARCHIVED,     ERR_TOO_BIG, ERR_ID_REUSED,    ERR_NAME_TAKEN, ERR_RATE_LIMITED,
                              ERR_OVERLOADED,   ERR_STORAGE, ERR_SHUTTING_DOWN};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char row[64];
        snprintf(row, sizeof row, "| `%s` |", err_code(codes[i]));
        if (!strstr(readme, row))
            fail_msg("no row %s", row);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client_examples_are_understood),
        cmocka_unit_test(server_examples_are_what_is_written),
        cmocka_unit_test(error_codes_are_documented),
    };
    return cmocka_run_group_tests(tests, read_readme, NULL);
}
