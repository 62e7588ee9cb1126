/* What is known about the actor of a command: the whole cast in every kind of room. */
#include "apply/apply_internal.h"
#include "apply/rights.h"
#include "apply_world.h"
#include "rules/ban.h"

static struct rights rights_in(struct world *w, int64_t user, int64_t room)
{
    struct rights g;
    assert_int_equal(rights_of(w->apply, w->f.s, user, room ? apply_room(w->apply, room) : NULL, 20000, &g), OK);
    return g;
}

/* n: not to be seen, r: to be read, m: member, M: moderator of it; one letter for each room, from the lobby on. */
static void everybody_everywhere(void **state)
{
    static const char *const want[CAST] = {
        [SYSTEM] = "rrnrn", [OLGA] = "rrnrn", [ADA] = "rrnrn", [MOE] = "rrnrn", [ANNA] = "rMMMm", [BEN] = "mmmmm",
        [CLEO] = "rrnrn",   [DORA] = "rmnrn", [EVE] = "rrnrn", [GUS] = "mmnnn", [VERA] = "mmnnn",
    };
    struct world *w = *state;
    for (int64_t user = 0; user < CAST; user++) {
        for (int64_t room = LOBBY; room <= DIRECT; room++) {
            struct rights g = rights_in(w, user, room);
            const struct apply_room *r = apply_room(w->apply, room);
            char c = want[user][room - 1];
            bool is_guest = user == GUS || user == VERA;
            if (rights_may_read(&g, r) != (c != 'n') || (g.room_role != ROOM_ROLE_NONE) != (c == 'm' || c == 'M') ||
                (g.room_role == ROOM_ROLE_MODERATOR) != (c == 'M'))
                fail_msg("%s in room %d", cast[user].name, (int)room);
            assert_int_equal(g.is_member, (c == 'm' || c == 'M') && !is_guest);
            assert_int_equal(g.role, cast[user].role);
            assert_int_equal(g.kind, cast[user].kind);
            assert_int_equal(g.is_banned, user == EVE);
            assert_int_equal(rights_moderates(&g), c == 'M' || cast[user].role >= ROLE_MODERATOR);
        }
        assert_int_equal(rights_in(w, user, 0).room_role, ROOM_ROLE_NONE);
    }
}

static void the_past_begins_when_one_joins(void **state)
{
    static const struct {
        enum room_kind kind;
        enum room_history history;
        bool is_member;
        int64_t seq;
        bool sees;
    } cases[] = {
        {ROOM_CLOSED, ROOM_HISTORY_JOINED, true, 5, false}, {ROOM_CLOSED, ROOM_HISTORY_JOINED, true, 6, true},
        {ROOM_CLOSED, ROOM_HISTORY_ALL, true, 1, true},     {ROOM_CLOSED, ROOM_HISTORY_ALL, false, 9, false},
        {ROOM_OPEN, ROOM_HISTORY_JOINED, true, 1, true},    {ROOM_OPEN, ROOM_HISTORY_JOINED, false, 1, true},
        {ROOM_DIRECT, ROOM_HISTORY_ALL, true, 1, true},     {ROOM_DIRECT, ROOM_HISTORY_ALL, false, 1, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct apply_room r = {.kind = cases[i].kind, .history = cases[i].history};
        struct rights g = {.kind = USER_ACCOUNT, .is_member = cases[i].is_member, .joined_seq = 5};
        if (rights_may_see(&g, &r, cases[i].seq) != cases[i].sees)
            fail_msg("case %zu", i);
    }
}

/* What was found is kept until it is to be forgotten, and kept apart by room. */
static void what_is_known_is_kept(void **state)
{
    struct world *w = *state;
    assert_false(rights_in(w, CLEO, YARD).is_member);
    outside_exec(w->f.path,
                 "INSERT INTO memberships (room_id, user_id, role, joined_at, joined_seq, read_seq, level) VALUES "
                 "(2, 6, 'moderator', 1, 3, 3, 'all');"
                 "INSERT INTO silences (room_id, user_id, until) VALUES (2, 6, 99)");
    assert_false(rights_in(w, CLEO, YARD).is_member);
    rights_forget(w->apply);
    struct rights g = rights_in(w, CLEO, YARD);
    assert_true(g.is_member);
    assert_int_equal(g.room_role, ROOM_ROLE_MODERATOR);
    assert_int_equal(g.silenced_until, 99);
    assert_int_equal(g.joined_seq, 3);
    assert_int_equal(rights_in(w, CLEO, NEWS).room_role, ROOM_ROLE_NONE);
    assert_int_equal(rights_in(w, CLEO, NEWS).silenced_until, 0);
}

/* More people than are kept: everybody is themselves all the same. */
static void many_people_do_not_mix(void **state)
{
    enum { MANY = 3 * KNOWN_RIGHTS };
    struct world *w = *state;
    outside_exec(w->f.path, "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 12400) "
                            "INSERT INTO users (id, kind, name, name_fold, key, created_at, role) "
                            "SELECT i, 'account', 'u' || i, 'u' || i, CAST(printf('%016d', i) AS BLOB), 1, "
                            "CASE i % 3 WHEN 0 THEN 'member' WHEN 1 THEN 'moderator' ELSE 'admin' END FROM n");
    for (int round = 0; round < 2; round++) {
        for (int64_t id = 100; id < 100 + MANY; id++) {
            struct rights g = rights_in(w, id, id % 2 ? YARD : 0);
            assert_int_equal(g.user_id, id);
            assert_int_equal(g.room_id, id % 2 ? YARD : 0);
            assert_int_equal(g.role, ROLE_MEMBER + id % 3);
        }
    }
}

static void nobody_is_nobody(void **state)
{
    struct rights g;
    struct world *w = *state;
    assert_int_equal(rights_of(w->apply, w->f.s, 99, NULL, 1, &g), ERR_UNAUTHORIZED);
    assert_int_equal(rights_of(w->apply, w->f.s, 99, apply_room(w->apply, YARD), 1, &g), ERR_UNAUTHORIZED);
}

/* The whole of a target's row stays where it is, however much is asked for afterwards. */
static void a_target_stays(void **state)
{
    struct world *w = *state;
    struct rights actor;
    struct account_row target, other;
    struct apply_room *r;
    struct outcome out = {.result = OK};
    struct command c = {.kind = COMMAND_MEMBER_REMOVE,
                        .actor = COMMAND_ACTOR_ACCOUNT,
                        .actor_id = ADA,
                        .room_id = YARD,
                        .at_ms = 20000};
    fields_set(&c.f, F_USER, ANNA);
    assert_int_equal(rights_check(w->apply, w->f.s, &c, REQUEST_REMOVE_MEMBER, &out, &actor, &r, &target), OK);
    assert_int_equal(out.result, OK);
    assert_int_equal(out.user_id, ADA);
    assert_int_equal(r->id, YARD);
    for (int64_t id = 1; id < CAST; id++)
        assert_int_equal(accounts_by_id(w->f.s, id, &other), OK);
    assert_int_equal(target.id, ANNA);
    assert_span(target.name, "anna");
    assert_span(target.fold, "anna");
    assert_span(target.display_name, "Anna Berg");
    fields_set(&c.f, F_USER, 0);
    out = (struct outcome){.result = OK};
    assert_int_equal(rights_check(w->apply, w->f.s, &c, REQUEST_REMOVE_MEMBER, &out, &actor, &r, &target), OK);
    assert_int_equal(out.result, ERR_NOT_FOUND); /* nothing is done to the command line */
}

static void bans_end(void **state)
{
    static const struct {
        bool is_banned;
        int64_t until, at_ms;
        bool want;
    } cases[] = {
        {false, 0, 5, false}, {true, 0, 5, true}, {true, 6, 5, true}, {true, 5, 5, false}, {true, 4, 5, false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct account_row row = {.is_banned = cases[i].is_banned, .banned_until = cases[i].until};
        assert_int_equal(ban_counts(&row, cases[i].at_ms), cases[i].want);
    }
}

int main(void)
{
#define LOOK(test) cmocka_unit_test_setup_teardown(test, world_setup, world_leave)
    const struct CMUnitTest tests[] = {
        LOOK(everybody_everywhere),  cmocka_unit_test(the_past_begins_when_one_joins),
        LOOK(what_is_known_is_kept), LOOK(many_people_do_not_mix),
        LOOK(nobody_is_nobody),      LOOK(a_target_stays),
        cmocka_unit_test(bans_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
