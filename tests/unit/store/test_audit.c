#include "fixture.h"
#include "store/moderation.h"

static void add(void *ctx, const struct audit_row *r)
{
    lines_add(ctx, "%d at %d: %.*s (%d) %.*s %.*s (%d) in %.*s (%d) %d from %.*s %.*s\n", (int)r->id, (int)r->at,
              SPAN_ARGS(r->actor_name), (int)r->actor_id, SPAN_ARGS(r->verb), SPAN_ARGS(r->user_name), (int)r->user_id,
              SPAN_ARGS(r->room_name), (int)r->room_id, (int)r->seq, SPAN_ARGS(r->address), SPAN_ARGS(r->detail));
}

static void add_id(void *ctx, const struct audit_row *r)
{
    lines_add(ctx, "%d ", (int)r->id);
}

static const struct audit_filter any;

static void an_entry_comes_back_whole(void **state)
{
    struct fixture *f = *state;
    const int64_t anna = fixture_user(f, USER_ACCOUNT, "anna"), ben = fixture_user(f, USER_ACCOUNT, "ben");
    const struct audit_row rows[] = {
        {.at = 5, .actor_id = 0, .verb = SPAN("set_place")},
        {.at = 6,
         .actor_id = anna,
         .user_id = ben,
         .room_id = 1,
         .seq = 7,
         .verb = SPAN("ban"),
         .address = SPAN("192.0.2.7"),
         .detail = SPAN("{\"reason\":\"it's \\\"spam\\\"\"}")},
        {.at = 7, .actor_id = anna, .user_id = 999, .room_id = 99, .verb = SPAN("mute")},
    };
    struct lines l = {""};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(audit_insert(f->s, &rows[i]), OK);
    assert_int_equal(audit_each(f->s, &any, 10, add, &l), OK);
    assert_string_equal(
        l.text, "3 at 7: anna (1) mute deleted guest (999) in  (99) 0 from  {}\n"
                "2 at 6: anna (1) ban ben (2) in lobby (1) 7 from 192.0.2.7 {\"reason\":\"it's \\\"spam\\\"\"}\n"
                "1 at 5: admin (0) set_place  (0) in  (0) 0 from  {}\n");
    assert_int_equal(audit_insert(f->s, &(struct audit_row){.actor_id = 999, .verb = SPAN("x")}), ERR_STORAGE);
}

/* Entry i (from 1) is by user 1 + i % 2, about user 1 + i % 3, in room i % 5 and of verb i % 4. What a filter should
 * find is found here by looking at each. */
enum { ENTRIES = 240 };
static const char *const verbs[] = {"ban", "mute", "set_role", "ban_not"};

static void wanted_ids(const struct audit_filter *q, int64_t limit, struct lines *l)
{
    for (int64_t i = ENTRIES; i > 0 && limit > 0; i--) {
        if ((q->before_id && i >= q->before_id) || (q->actor_id && q->actor_id != 1 + i % 2) ||
            (q->user_id && q->user_id != 1 + i % 3) || (q->room_id && q->room_id != i % 5) ||
            (q->verb.len && !span_equal(q->verb, span_of(verbs[i % 4]))))
            continue;
        lines_add(l, "%d ", (int)i);
        limit--;
    }
}

static void all_filters_and_their_combinations(void **state)
{
    struct fixture *f = *state;
    fixture_user(f, USER_ACCOUNT, "anna");
    fixture_user(f, USER_ACCOUNT, "ben");
    fixture_user(f, USER_ACCOUNT, "carl");
    assert_int_equal(store_begin(f->s), OK);
    for (int64_t i = 1; i <= ENTRIES; i++) {
        const struct audit_row row = {
            .at = i, .actor_id = 1 + i % 2, .user_id = 1 + i % 3, .room_id = i % 5, .verb = span_of(verbs[i % 4])};
        assert_int_equal(audit_insert(f->s, &row), OK);
    }
    assert_int_equal(store_commit(f->s), OK);
    static const int64_t befores[] = {0, 1, 100, ENTRIES + 1, INT64_MAX}, limits[] = {0, 1, 7, 50};
    int found = 0, combinations = 0;
    for (int64_t actor = 0; actor <= 3; actor++)
        for (int64_t user = 0; user <= 3; user++)
            for (int64_t room = 0; room <= 5; room += 2)
                for (size_t verb = 0; verb <= 4; verb++)
                    for (size_t k = 0; k < 20; k++) {
                        struct lines got = {""}, wanted = {""};
                        const struct audit_filter q = {.before_id = befores[k % 5],
                                                       .actor_id = actor,
                                                       .user_id = user,
                                                       .room_id = room,
                                                       .verb = span_of(verb < 4 ? verbs[verb] : "")};
                        wanted_ids(&q, limits[k / 5], &wanted);
                        assert_int_equal(audit_each(f->s, &q, limits[k / 5], add_id, &got), OK);
                        assert_string_equal(got.text, wanted.text);
                        found += wanted.text[0] != 0;
                        combinations++;
                    }
    assert_in_range(found, combinations / 4, combinations); /* else there was little to find */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_entry_comes_back_whole, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(all_filters_and_their_combinations, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
