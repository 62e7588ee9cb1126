/* The apply halves on a real database: what each command changes, what it refuses, and that a refusal or a rollback
 * leaves nothing. */
#include "chat/apply.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[64], path[128];
static struct store *store;
static struct apply *apply;

static int setup(void **state)
{
    struct store_error why;
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/hubbub-apply-XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    snprintf(path, sizeof path, "%s/hubbub.db", directory);
    struct store_options options = {.path = path};
    if (store_open(&options, &store, &why))
        return -1;
    return apply_open(store, &apply) ? -1 : 0;
}

static int teardown(void **state)
{
    static const char *const files[] = {"hubbub.db", "hubbub.db-wal", "hubbub.db-shm"};
    char file[192];
    (void)state;
    apply_close(apply);
    store_close(store);
    for (size_t i = 0; i < 3; i++) {
        snprintf(file, sizeof file, "%s/%s", directory, files[i]);
        unlink(file);
    }
    return rmdir(directory);
}

/* One command in a batch of its own. */
static struct outcome run(const struct command *c)
{
    struct outcome out;
    assert_int_equal(store_begin(store), OK);
    assert_int_equal(apply_command(apply, store, c, &out), OK);
    assert_int_equal(apply_before_commit(apply, store), OK);
    assert_int_equal(store_commit(store), OK);
    apply_after_commit(apply, true);
    frame_release(out.event);
    out.event = NULL;
    return out;
}

static int64_t guest(const char *name)
{
    struct command c = {.kind = COMMAND_GUEST_REGISTER,
                        .actor = COMMAND_ACTOR_GUEST,
                        .at_ms = 5,
                        .name = span_of(name),
                        .fold = span_of(name)};
    snprintf((char *)c.actor_key, sizeof c.actor_key, "%s", name);
    struct outcome out = run(&c);
    assert_int_equal(out.result, OK);
    return out.user_id;
}

static struct command message(int64_t author, const char *id, const char *body)
{
    return (struct command){.kind = COMMAND_MESSAGE_SEND,
                            .actor = COMMAND_ACTOR_GUEST,
                            .actor_id = author,
                            .at_ms = 1000,
                            .room_id = 1,
                            .actor_name = span_of("Anna"),
                            .client_id = span_of(id),
                            .body = span_of(body)};
}

static void count_event(void *ctx, const struct event_row *row)
{
    (void)row;
    ++*(int *)ctx;
}

static int events_of(int64_t room)
{
    int n = 0;
    assert_int_equal(events_after(store, room, 0, INT64_MAX, 1000, count_event, &n), OK);
    return n;
}

static void messages_take_the_next_number(void **state)
{
    (void)state;
    int64_t anna = guest("anna");
    for (int i = 1; i <= 3; i++) {
        char id[16];
        snprintf(id, sizeof id, "m%d", i);
        struct command c = message(anna, id, "hello");
        struct outcome out = run(&c);
        assert_int_equal(out.result, OK);
        assert_int_equal(out.seq, i);
        assert_false(out.duplicate);
    }
    assert_int_equal(events_of(1), 3);
}

static void the_same_id_gives_the_first_result(void **state)
{
    (void)state;
    int64_t anna = guest("anna"), ben = guest("ben");
    struct command c = message(anna, "x", "hello");
    assert_int_equal(run(&c).seq, 1);
    c.at_ms = 2000;
    struct outcome again = run(&c);
    assert_true(again.duplicate);
    assert_int_equal(again.seq, 1);
    assert_int_equal(again.at, 1000);
    struct command other_body = message(anna, "x", "something else");
    assert_int_equal(run(&other_body).result, ERR_ID_REUSED);
    struct command other_author = message(ben, "x", "hello");
    assert_int_equal(run(&other_author).seq, 2);
    assert_int_equal(events_of(1), 2);
}

static void twice_in_one_batch_is_once(void **state)
{
    (void)state;
    struct outcome first, second;
    struct command c = message(guest("anna"), "x", "hello");
    assert_int_equal(store_begin(store), OK);
    assert_int_equal(apply_command(apply, store, &c, &first), OK);
    assert_int_equal(apply_command(apply, store, &c, &second), OK);
    assert_int_equal(apply_before_commit(apply, store), OK);
    assert_int_equal(store_commit(store), OK);
    assert_true(second.duplicate);
    assert_int_equal(second.seq, first.seq);
    assert_null(second.event);
    frame_release(first.event);
}

static void a_visitor_gets_a_row_with_the_first_act(void **state)
{
    (void)state;
    struct user_row row;
    struct command c = message(0, "1", "hi");
    c.actor = COMMAND_ACTOR_VISITOR;
    c.actor_fold = span_of("anna");
    memset(c.actor_key, 7, sizeof c.actor_key);

    struct command refused = c;
    refused.reply_to = 99;
    assert_int_equal(run(&refused).result, ERR_NOT_FOUND);
    assert_int_equal(users_by_key(store, c.actor_key, &row), ERR_NOT_FOUND); /* refused: no row */

    struct outcome out = run(&c);
    assert_true(out.user_id > 0);
    c.client_id = span_of("2");
    assert_int_equal(run(&c).user_id, out.user_id); /* still without the id: found by the key */
}

static void refusals_leave_nothing(void **state)
{
    (void)state;
    int64_t anna = guest("anna");
    struct command c = message(anna, "1", "x");
    c.room_id = 99;
    assert_int_equal(run(&c).result, ERR_NOT_FOUND);
    c = message(anna, "1", "x");
    c.reply_to = 1;
    assert_int_equal(run(&c).result, ERR_NOT_FOUND);
    c = message(anna + 100, "1", "x");
    assert_int_equal(run(&c).result, ERR_UNAUTHORIZED);
    assert_int_equal(events_of(1), 0);
    c = message(anna, "1", "x");
    assert_int_equal(run(&c).seq, 1); /* the id was not used up */
}

static void an_archived_room_still_answers_what_it_took(void **state)
{
    (void)state;
    int64_t anna = guest("anna");
    struct command c = message(anna, "1", "x");
    struct command archive = {
        .kind = COMMAND_ROOM_ARCHIVE, .room_id = 1, .at_ms = 9, .flag = true, .actor_name = span_of("admin")};
    assert_int_equal(run(&c).seq, 1);
    assert_int_equal(run(&archive).seq, 2);
    assert_int_equal(run(&archive).result, ERR_ARCHIVED);
    assert_true(run(&c).duplicate);
    c.client_id = span_of("2");
    assert_int_equal(run(&c).result, ERR_ARCHIVED);
    archive.flag = false;
    assert_int_equal(run(&archive).seq, 3);
    assert_int_equal(run(&c).seq, 4);
}

static void names_are_taken_once(void **state)
{
    (void)state;
    struct command add = {.kind = COMMAND_ROOM_ADD, .at_ms = 9, .name = span_of("Garden"), .fold = span_of("garden")};
    struct outcome out = run(&add);
    assert_int_equal(out.room_id, 2);
    assert_int_equal(run(&add).result, ERR_NAME_TAKEN);
    struct command rename = {
        .kind = COMMAND_ROOM_RENAME, .room_id = 1, .at_ms = 9, .name = span_of("GARDEN"), .fold = span_of("garden")};
    assert_int_equal(run(&rename).result, ERR_NAME_TAKEN);
    rename.name = rename.fold = span_of("foyer");
    assert_int_equal(run(&rename).seq, 1);
    add.name = add.fold = span_of("lobby");
    assert_int_equal(run(&add).room_id, 3); /* free again */

    int64_t anna = guest("anna");
    struct command taken = {.kind = COMMAND_GUEST_REGISTER,
                            .actor = COMMAND_ACTOR_GUEST,
                            .actor_key = {1},
                            .name = span_of("ANNA"),
                            .fold = span_of("anna")};
    assert_int_equal(run(&taken).result, ERR_NAME_TAKEN);
    guest("ben");
    struct command renamed = {.kind = COMMAND_GUEST_RENAME,
                              .actor = COMMAND_ACTOR_GUEST,
                              .actor_id = anna,
                              .name = span_of("ben"),
                              .fold = span_of("ben")};
    assert_int_equal(run(&renamed).result, ERR_NAME_TAKEN);
    renamed.name = renamed.fold = span_of("anna-maria");
    assert_int_equal(run(&renamed).result, OK);
}

/* After a rollback the numbers go on from what is stored. */
static void a_rollback_takes_the_numbers_back(void **state)
{
    (void)state;
    struct outcome out;
    int64_t anna = guest("anna");
    struct command c = message(anna, "1", "x");
    assert_int_equal(run(&c).seq, 1);
    c.client_id = span_of("2");
    assert_int_equal(store_begin(store), OK);
    assert_int_equal(apply_command(apply, store, &c, &out), OK);
    assert_int_equal(out.seq, 2);
    frame_release(out.event);
    store_rollback(store);
    apply_after_commit(apply, false);
    c.client_id = span_of("3");
    assert_int_equal(run(&c).seq, 2);
    assert_int_equal(events_of(1), 2);
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(messages_take_the_next_number), WITH_STORE(the_same_id_gives_the_first_result),
        WITH_STORE(twice_in_one_batch_is_once),    WITH_STORE(a_visitor_gets_a_row_with_the_first_act),
        WITH_STORE(refusals_leave_nothing),        WITH_STORE(an_archived_room_still_answers_what_it_took),
        WITH_STORE(names_are_taken_once),          WITH_STORE(a_rollback_takes_the_numbers_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
