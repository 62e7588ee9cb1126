#include "fixture.h"
#include "store/membership.h"

struct list {
    char text[1024];
};

static void add(void *ctx, const struct room_row *r)
{
    struct list *l = ctx;
    size_t len = strlen(l->text);
    snprintf(l->text + len, sizeof l->text - len, "%lld %.*s/%.*s %lld %lld %lld\n", (long long)r->id, (int)r->name.len,
             r->name.p, (int)r->fold.len, r->fold.p, (long long)r->last_seq, (long long)r->created_at,
             (long long)r->archived_at);
}

static void assert_rooms(struct store *s, const char *wanted)
{
    struct list l = {""};
    assert_int_equal(rooms_each(s, add, &l), OK);
    assert_string_equal(l.text, wanted);
}

static void the_lobby_is_there(void **state)
{
    struct fixture *f = *state;
    assert_rooms(f->s, "1 lobby/lobby 0 0 0\n");
}

static void rooms_come_in_order_of_their_ids(void **state)
{
    struct fixture *f = *state;
    int64_t zoo = 0, attic = 0;
    assert_int_equal(rooms_insert(f->s, SPAN("Zoo"), SPAN("zoo"), 5, &zoo), OK);
    assert_int_equal(rooms_insert(f->s, SPAN("Attic"), SPAN("attic"), 6, &attic), OK);
    assert_int_equal(zoo, 2);
    assert_int_equal(attic, 3);
    assert_rooms(f->s, "1 lobby/lobby 0 0 0\n2 Zoo/zoo 0 5 0\n3 Attic/attic 0 6 0\n");
}

static void a_name_that_is_taken_is_refused(void **state)
{
    struct fixture *f = *state;
    int64_t id = -1;
    assert_int_equal(rooms_insert(f->s, SPAN("LOBBY"), SPAN("lobby"), 5, &id), ERR_NAME_TAKEN);
    assert_int_equal(id, -1);
    assert_int_equal(rooms_insert(f->s, SPAN("Zoo"), SPAN("zoo"), 5, &id), OK);
    assert_int_equal(rooms_set_name(f->s, id, SPAN("Lobby"), SPAN("lobby")), ERR_NAME_TAKEN);
    assert_rooms(f->s, "1 lobby/lobby 0 0 0\n2 Zoo/zoo 0 5 0\n");
}

static void each_setter_sets_its_own(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(rooms_set_last_seq(f->s, 1, 41), OK);
    assert_rooms(f->s, "1 lobby/lobby 41 0 0\n");
    assert_int_equal(rooms_set_name(f->s, 1, SPAN("Foyer"), SPAN("foyer")), OK);
    assert_rooms(f->s, "1 Foyer/foyer 41 0 0\n");
    assert_int_equal(rooms_set_archived_at(f->s, 1, 77), OK);
    assert_rooms(f->s, "1 Foyer/foyer 41 0 77\n");
    assert_int_equal(rooms_set_archived_at(f->s, 1, 0), OK);
    assert_rooms(f->s, "1 Foyer/foyer 41 0 0\n");
    fixture_reopen(f);
    assert_rooms(f->s, "1 Foyer/foyer 41 0 0\n");
}

static void a_room_that_is_not_there_is_not_found(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(rooms_set_last_seq(f->s, 9, 1), ERR_NOT_FOUND);
    assert_int_equal(rooms_set_name(f->s, 9, SPAN("x"), SPAN("x")), ERR_NOT_FOUND);
    assert_int_equal(rooms_set_archived_at(f->s, 9, 1), ERR_NOT_FOUND);
}

/* ------------------------------------------------------------------ with all columns */

static void the_lobby_is_open_to_all(void **state)
{
    struct fixture *f = *state;
    struct room_more_row got;
    assert_int_equal(rooms_more_by_id(f->s, 1, &got), OK);
    assert_int_equal(got.id, 1);
    assert_span(got.name, "lobby");
    assert_span(got.fold, "lobby");
    assert_int_equal(got.kind, ROOM_OPEN);
    assert_int_equal(got.history, ROOM_HISTORY_ALL);
    assert_span(got.topic, "");
    assert_span(got.description, "");
    assert_span(got.direct_key, "");
    assert_int_equal(got.slow_s, 0);
    assert_int_equal(got.locked_at, 0);
    assert_int_equal(got.created_by, 0);
    assert_int_equal(got.messages, 0);
    assert_int_equal(got.last_message_at, 0);
    assert_int_equal(rooms_more_by_id(f->s, 2, &got), ERR_NOT_FOUND);
}

static void a_room_comes_back_whole(void **state)
{
    struct fixture *f = *state;
    struct room_more_row got, row = {.name = SPAN("Garden"),
                                     .fold = SPAN("garden"),
                                     .created_at = 5,
                                     .kind = ROOM_CLOSED,
                                     .history = ROOM_HISTORY_JOINED,
                                     .topic = SPAN("what's 'green'"),
                                     .description = SPAN("**all** of it"),
                                     .created_by = fixture_user(f, USER_ACCOUNT, "anna"),
                                     .slow_s = 9,
                                     .locked_at = 9,
                                     .archived_at = 9};
    assert_int_equal(rooms_more_insert(f->s, &row, &row.id), OK);
    assert_int_equal(rooms_more_by_id(f->s, row.id, &got), OK);
    assert_span(got.name, "Garden");
    assert_span(got.fold, "garden");
    assert_int_equal(got.created_at, 5);
    assert_int_equal(got.created_by, row.created_by);
    assert_int_equal(got.kind, ROOM_CLOSED);
    assert_int_equal(got.history, ROOM_HISTORY_JOINED);
    assert_span(got.topic, "what's 'green'");
    assert_span(got.description, "**all** of it");
    assert_int_equal(got.slow_s, 0); /* a new room is neither slow nor locked nor archived */
    assert_int_equal(got.locked_at, 0);
    assert_int_equal(got.archived_at, 0);

    row = (struct room_more_row){.id = row.id, .kind = ROOM_ANNOUNCEMENT, .slow_s = 30, .locked_at = 77};
    assert_int_equal(rooms_more_set(f->s, &row), OK);
    assert_int_equal(rooms_more_by_id(f->s, row.id, &got), OK);
    assert_int_equal(got.kind, ROOM_ANNOUNCEMENT);
    assert_int_equal(got.history, ROOM_HISTORY_ALL);
    assert_span(got.topic, "");
    assert_span(got.description, "");
    assert_int_equal(got.slow_s, 30);
    assert_int_equal(got.locked_at, 77);
    assert_span(got.name, "Garden"); /* these have verbs of their own, or none */
    assert_int_equal(got.created_at, 5);
    row.id = 99;
    assert_int_equal(rooms_more_set(f->s, &row), ERR_NOT_FOUND);
}

/* Of the rooms that are not closed, archived or not, no two look alike; closed ones share names with all. */
static void closed_rooms_share_names(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum room_kind kind;
        enum err want;
    } made[] = {{ROOM_CLOSED, OK},
                {ROOM_OPEN, OK},
                {ROOM_CLOSED, OK},
                {ROOM_OPEN, ERR_NAME_TAKEN},
                {ROOM_ANNOUNCEMENT, ERR_NAME_TAKEN}};
    int64_t id;
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        struct room_more_row row = {.name = SPAN("Zoo"), .fold = SPAN("zoo"), .kind = made[i].kind};
        if (rooms_more_insert(f->s, &row, &id) != made[i].want)
            fail_msg("room %zu", i);
    }
    assert_int_equal(id, 4);
    assert_int_equal(rooms_set_archived_at(f->s, 3, 5), OK);
    struct room_more_row opened = {.id = 2, .kind = ROOM_ANNOUNCEMENT};
    assert_int_equal(rooms_more_set(f->s, &opened), ERR_NAME_TAKEN);
    assert_int_equal(rooms_set_name(f->s, 2, SPAN("Lobby"), SPAN("lobby")), OK); /* it is closed */
    assert_int_equal(rooms_set_name(f->s, 3, SPAN("Lobby"), SPAN("lobby")), ERR_NAME_TAKEN);
    assert_int_equal(rooms_set_name(f->s, 2, SPAN("Yard"), SPAN("yard")), OK);
    assert_int_equal(rooms_more_set(f->s, &opened), OK);
    opened.kind = ROOM_CLOSED;
    assert_int_equal(rooms_set_name(f->s, 4, SPAN("Yard"), SPAN("yard")), OK);
    assert_int_equal(rooms_more_set(f->s, &opened), OK);
}

static struct room_more_row direct(const char *name, const char *key)
{
    return (struct room_more_row){
        .name = span_of(name), .fold = span_of(name), .kind = ROOM_DIRECT, .direct_key = span_of(key)};
}

static void a_direct_conversation_is_found_again(void **state)
{
    struct fixture *f = *state;
    int64_t id, found = -1;
    static const struct {
        const char *name, *key;
        enum err want;
        const char *why;
    } cases[] = {
        {"#direct 3,7", "3,7", OK, "the first"},
        {"#direct 3,7", "3,7", ERR_NAME_TAKEN, "the same again"},
        {"another name", "3,7", ERR_NAME_TAKEN, "the same people"},
        {"#direct 3,71", "3,71", OK, "others"},
        {"lobby", "4,5", ERR_NAME_TAKEN, "the name is there"},
        {"x", "", OK, "no key: as many as one likes"},
        {"y", "", OK, "no key: as many as one likes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct room_more_row row = direct(cases[i].name, cases[i].key);
        if (rooms_more_insert(f->s, &row, &id) != cases[i].want)
            fail_msg("%s", cases[i].why);
    }
    assert_int_equal(rooms_by_direct_key(f->s, SPAN("3,7"), &found), OK);
    assert_int_equal(found, 2);
    assert_int_equal(rooms_by_direct_key(f->s, SPAN("3,71"), &found), OK);
    assert_int_equal(found, 3);
    assert_int_equal(rooms_by_direct_key(f->s, SPAN("3"), &found), ERR_NOT_FOUND);
    assert_int_equal(rooms_by_direct_key(f->s, SPAN(""), &found), ERR_NOT_FOUND);
}

static void add_more(void *ctx, const struct room_more_row *r)
{
    lines_add(ctx, "%d %.*s %s, %d messages, last at %d\n", (int)r->id, SPAN_ARGS(r->name),
              words_name(&words_room_kind, (int)r->kind), (int)r->messages, (int)r->last_message_at);
}

static void the_newest_message_says_how_many(void **state)
{
    struct fixture *f = *state;
    struct lines l = {""};
    struct room_more_row row = direct("#direct 3,7", "3,7"), got;
    assert_int_equal(rooms_more_insert(f->s, &row, &row.id), OK);
    const struct message_row messages[] = {
        {.room_id = 1, .seq = 2, .number = 1, .at = 50},
        {.room_id = 1, .seq = 9, .number = 3, .at = 60},
        {.room_id = 1, .seq = 5, .number = 2, .at = 70},
    };
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(messages_insert(f->s, &messages[i]), OK);
    assert_int_equal(rooms_more_each(f->s, add_more, &l), OK);
    assert_string_equal(l.text, "1 lobby open, 3 messages, last at 60\n"
                                "2 #direct 3,7 direct, 0 messages, last at 0\n");
    assert_int_equal(rooms_more_by_id(f->s, 1, &got), OK);
    assert_int_equal(got.messages, 3);
    assert_int_equal(got.last_message_at, 60);
}

static void words_that_are_not_known(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *spoil, *mend;
    } cases[] = {
        {"UPDATE rooms SET kind = 'secret'", "UPDATE rooms SET kind = 'open'"},
        {"UPDATE rooms SET history = 'some'", "UPDATE rooms SET history = 'all'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct room_more_row got;
        struct lines l = {""};
        outside_exec(f->path, cases[i].spoil);
        assert_int_equal(rooms_more_by_id(f->s, 1, &got), ERR_STORAGE);
        assert_int_equal(rooms_more_each(f->s, add_more, &l), ERR_STORAGE);
        outside_exec(f->path, cases[i].mend);
        assert_int_equal(rooms_more_by_id(f->s, 1, &got), OK);
    }
}

static void add_named(void *ctx, int64_t id, struct span name, struct span fold)
{
    lines_add(ctx, "%d %.*s/%.*s\n", (int)id, SPAN_ARGS(name), SPAN_ARGS(fold));
}

static void those_that_are_named(void **state)
{
    struct fixture *f = *state;
    struct lines l = {""};
    struct room_more_row row = direct("#direct 3,7", "3,7");
    int64_t id;
    assert_int_equal(rooms_more_insert(f->s, &row, &id), OK);
    assert_int_equal(rooms_insert(f->s, SPAN("Zoo"), SPAN("zoo"), 1, &id), OK);
    assert_int_equal(rooms_set_archived_at(f->s, id, 5), OK);
    assert_int_equal(rooms_named(f->s, add_named, &l), OK);
    assert_string_equal(l.text, "1 lobby/lobby\n3 Zoo/zoo\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_lobby_is_there, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(rooms_come_in_order_of_their_ids, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_name_that_is_taken_is_refused, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(each_setter_sets_its_own, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_room_that_is_not_there_is_not_found, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(the_lobby_is_open_to_all, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_room_comes_back_whole, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(closed_rooms_share_names, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_direct_conversation_is_found_again, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(the_newest_message_says_how_many, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(words_that_are_not_known, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(those_that_are_named, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
