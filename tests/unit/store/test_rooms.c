#include "fixture.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_lobby_is_there, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(rooms_come_in_order_of_their_ids, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_name_that_is_taken_is_refused, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(each_setter_sets_its_own, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_room_that_is_not_there_is_not_found, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
