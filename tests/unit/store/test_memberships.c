#include "fixture.h"
#include "store/membership.h"

static struct membership_row member(int64_t room_id, int64_t user_id)
{
    return (struct membership_row){.room_id = room_id, .user_id = user_id, .role = ROOM_ROLE_MEMBER};
}

/* Users 1 to 3 and a second room. */
static int setup(void **state)
{
    int64_t room;
    int e = fixture_setup(state);
    if (e)
        return e;
    struct fixture *f = *state;
    fixture_user(f, USER_ACCOUNT, "anna");
    fixture_user(f, USER_ACCOUNT, "ben");
    fixture_user(f, USER_ACCOUNT, "carl");
    return rooms_insert(f->s, SPAN("garden"), SPAN("garden"), 1, &room) || room != 2;
}

static void put_message(struct store *s, int64_t room_id, int64_t seq, int64_t number)
{
    const struct message_row m = {.room_id = room_id, .seq = seq, .number = number, .body = SPAN("x")};
    assert_int_equal(messages_insert(s, &m), OK);
}

static void a_membership_comes_back_whole(void **state)
{
    struct fixture *f = *state;
    struct membership_row got, row = {.room_id = 2,
                                      .user_id = 1,
                                      .role = ROOM_ROLE_MODERATOR,
                                      .level = LEVEL_MENTIONS,
                                      .joined_at = 5,
                                      .joined_seq = 6,
                                      .read_seq = 7,
                                      .muted_until = 8,
                                      .hidden = true,
                                      .favourite = true,
                                      .section = SPAN("Work \xf0\x9f\x94\xa7"),
                                      .position = 9};
    assert_int_equal(memberships_get(f->s, 2, 1, &got), ERR_NOT_FOUND);
    assert_int_equal(memberships_insert(f->s, &row), OK);
    assert_int_equal(memberships_insert(f->s, &row), ERR_ID_REUSED);
    assert_int_equal(memberships_get(f->s, 1, 1, &got), ERR_NOT_FOUND);
    assert_int_equal(memberships_get(f->s, 2, 1, &got), OK);
    assert_int_equal(got.room_id, 2);
    assert_int_equal(got.user_id, 1);
    assert_int_equal(got.role, ROOM_ROLE_MODERATOR);
    assert_int_equal(got.level, LEVEL_MENTIONS);
    assert_int_equal(got.joined_at, 5);
    assert_int_equal(got.joined_seq, 6);
    assert_int_equal(got.read_seq, 7);
    assert_int_equal(got.muted_until, 8);
    assert_true(got.hidden);
    assert_true(got.favourite);
    assert_span(got.section, "Work \xf0\x9f\x94\xa7");
    assert_int_equal(got.position, 9);

    row = (struct membership_row){.room_id = 2,
                                  .user_id = 1,
                                  .role = ROOM_ROLE_MEMBER,
                                  .level = LEVEL_NOTHING,
                                  .joined_at = 50,
                                  .joined_seq = 60,
                                  .read_seq = 70};
    assert_int_equal(memberships_set(f->s, &row), OK);
    assert_int_equal(memberships_get(f->s, 2, 1, &got), OK);
    assert_int_equal(got.role, ROOM_ROLE_MEMBER);
    assert_int_equal(got.level, LEVEL_NOTHING);
    assert_int_equal(got.joined_at, 5); /* these three have verbs of their own */
    assert_int_equal(got.joined_seq, 6);
    assert_int_equal(got.read_seq, 7);
    assert_int_equal(got.muted_until, 0);
    assert_false(got.hidden || got.favourite);
    assert_span(got.section, "");
    assert_int_equal(got.position, 0);
}

static void where_there_is_none(void **state)
{
    struct fixture *f = *state;
    struct membership_row row = member(1, 1), no_room = member(99, 1), nobody = member(1, 99);
    assert_int_equal(memberships_set(f->s, &row), ERR_NOT_FOUND);
    struct read_position at;
    assert_int_equal(memberships_set_read(f->s, 1, 1, 5, 0), ERR_NOT_FOUND);
    assert_int_equal(memberships_read_position(f->s, 1, 1, &at), ERR_NOT_FOUND);
    assert_int_equal(memberships_own_deleted(f->s, 1, 1, 5), OK);
    assert_int_equal(memberships_delete(f->s, 1, 1), ERR_NOT_FOUND);
    assert_int_equal(memberships_insert(f->s, &no_room), ERR_STORAGE);
    assert_int_equal(memberships_insert(f->s, &nobody), ERR_STORAGE);
    assert_int_equal(memberships_insert(f->s, &row), OK);
    assert_int_equal(memberships_delete(f->s, 1, 1), OK);
    assert_int_equal(memberships_delete(f->s, 1, 1), ERR_NOT_FOUND);
}

static void assert_position(struct store *s, int64_t seq, int64_t number, int64_t own_after)
{
    struct membership_row row;
    struct read_position at;
    assert_int_equal(memberships_read_position(s, 1, 1, &at), OK);
    assert_int_equal(at.seq, seq);
    assert_int_equal(at.number, number);
    assert_int_equal(at.own_after, own_after);
    assert_int_equal(memberships_get(s, 1, 1, &row), OK);
    assert_int_equal(row.read_seq, seq);
    assert_int_equal(row.read_number, number);
    assert_int_equal(row.own_after, own_after);
}

static void a_position_and_what_one_has_said_behind_it(void **state)
{
    struct fixture *f = *state;
    const struct membership_row row = member(1, 1);
    put_message(f->s, 1, 1, 1);
    put_message(f->s, 1, 4, 2);
    assert_int_equal(memberships_insert(f->s, &row), OK);
    assert_position(f->s, 0, 0, 0);
    assert_int_equal(memberships_set_read(f->s, 1, 1, 3, 2), OK);
    assert_position(f->s, 3, 1, 2);
    assert_int_equal(memberships_own_deleted(f->s, 1, 1, 3), OK); /* it had been read */
    assert_position(f->s, 3, 1, 2);
    assert_int_equal(memberships_own_deleted(f->s, 1, 1, 4), OK);
    assert_int_equal(memberships_own_deleted(f->s, 1, 2, 4), OK); /* no member's */
    assert_position(f->s, 3, 1, 1);
    assert_int_equal(memberships_set_read(f->s, 1, 1, 0, 0), OK);
    assert_position(f->s, 0, 0, 0);
}

/* By user 2: messages 1, 3 and 5, of which 3 is deleted; by user 3: message 2; by the system: 4. Room 2 must never count. */
static void what_others_and_oneself_have_said(void **state)
{
    struct fixture *f = *state;
    static const struct {
        int64_t seq, author_id;
    } said[] = {{1, 2}, {2, 3}, {3, 2}, {4, 0}, {5, 2}};
    static const struct {
        int64_t user_id, after, to, own;
        enum err to_read;
        const char *why;
    } cases[] = {{2, 0, 5, 2, OK, "all"},
                 {2, 1, 4, 0, OK, "a deleted one"},
                 {2, 2, 5, 1, OK, "from the middle on"},
                 {2, 4, 9, 1, ERR_NOT_FOUND, "the last is one's own"},
                 {3, 1, 5, 1, OK, "one"},
                 {3, 4, 5, 0, OK, "the last"},
                 {3, 5, 9, 0, ERR_NOT_FOUND, "nothing"},
                 {1, 0, 5, 0, OK, "nobody's"}};
    static const struct {
        const char *sql;
        enum err to_read[3]; /* by users 1, 2 and 3, after message 2 */
    } hidings[] = {
        {"DELETE FROM blocks", {OK, OK, OK}},
        {"INSERT INTO bans (user_id, actor_id, at, until, hides, reason) VALUES (0, 1, 1, 0, 1, '')",
         {OK, ERR_NOT_FOUND, OK}},
        {"INSERT INTO blocks (user_id, blocked_id, at) VALUES (3, 2, 1)", {OK, ERR_NOT_FOUND, ERR_NOT_FOUND}},
        {"UPDATE bans SET hides = 0", {OK, OK, OK}},
        {"UPDATE blocks SET user_id = 1", {OK, OK, OK}},
        {"UPDATE bans SET hides = 1", {ERR_NOT_FOUND, ERR_NOT_FOUND, OK}},
    };
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        for (int64_t room = 1; room <= 2; room++) {
            const struct message_row m = {.room_id = room,
                                          .seq = said[i].seq + (room - 1) * 10,
                                          .author_id = said[i].author_id,
                                          .body = SPAN("x")};
            assert_int_equal(messages_insert(f->s, &m), OK);
        }
    assert_int_equal(messages_delete(f->s, 1, 3, 7), OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t own;
        assert_int_equal(messages_count_own(f->s, 1, cases[i].user_id, cases[i].after, cases[i].to, &own), OK);
        enum err e = messages_any_to_read(f->s, 1, cases[i].user_id, cases[i].after);
        if (own != cases[i].own || e != cases[i].to_read)
            fail_msg("%s: %d, %s", cases[i].why, (int)own, err_code(e));
    }
    for (size_t i = 0; i < sizeof hidings / sizeof hidings[0]; i++) {
        outside_exec(f->path, hidings[i].sql);
        for (int64_t user = 1; user <= 3; user++)
            if (messages_any_to_read(f->s, 1, user, 2) != hidings[i].to_read[user - 1])
                fail_msg("%s: user %d", hidings[i].sql, (int)user);
    }
}

/* Room 1: a message 1, two changes, messages 4 and 5, a change, message 7. Room 2 must never count. */
static void what_has_been_read_is_told_in_numbers(void **state)
{
    struct fixture *f = *state;
    struct membership_row row = member(1, 1), other = member(2, 1);
    static const int64_t anna = 1, ben = 2, everybody = 0, both[] = {0, 1, 2};
    static const struct {
        int64_t read_seq, number, mentions;
        const char *why;
    } cases[] = {{0, 0, 4, "nothing yet"},        {1, 1, 3, "the first message"},    {3, 1, 3, "changes behind it"},
                 {4, 2, 2, "the second message"}, {6, 3, 1, "a change behind that"}, {7, 4, 0, "all of it"},
                 {99, 4, 0, "more than there is"}};
    put_message(f->s, 1, 1, 1);
    put_message(f->s, 1, 4, 2);
    put_message(f->s, 1, 5, 3);
    put_message(f->s, 1, 7, 4);
    put_message(f->s, 2, 1, 1);
    assert_int_equal(mentions_insert(f->s, 1, 1, &anna, 1), OK);
    assert_int_equal(mentions_insert(f->s, 1, 4, &everybody, 1), OK);
    assert_int_equal(mentions_insert(f->s, 1, 5, both, 3), OK); /* counts once */
    assert_int_equal(mentions_insert(f->s, 1, 7, &anna, 1), OK);
    assert_int_equal(mentions_insert(f->s, 1, 7, &ben, 1), OK);
    assert_int_equal(mentions_insert(f->s, 2, 1, &anna, 1), OK);
    assert_int_equal(memberships_insert(f->s, &row), OK);
    assert_int_equal(memberships_insert(f->s, &other), OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct membership_row got;
        assert_int_equal(memberships_set_read(f->s, 1, 1, cases[i].read_seq, 0), OK);
        assert_int_equal(memberships_get(f->s, 1, 1, &got), OK);
        if (got.read_number != cases[i].number || got.mentions != cases[i].mentions)
            fail_msg("%s: %d, %d", cases[i].why, (int)got.read_number, (int)got.mentions);
    }
}

static void mentions_are_counted_up_to_a_limit(void **state)
{
    struct fixture *f = *state;
    struct membership_row got, row = member(1, 1);
    const int64_t users[] = {0, 1};
    assert_int_equal(memberships_insert(f->s, &row), OK);
    assert_int_equal(store_begin(f->s), OK);
    for (int64_t seq = 1; seq <= MEMBERSHIP_MENTIONS_MAX + 5; seq++) {
        put_message(f->s, 1, seq, seq);
        assert_int_equal(mentions_insert(f->s, 1, seq, users, seq % 3 ? 1 : 2), OK);
    }
    assert_int_equal(store_commit(f->s), OK);
    static const struct {
        int64_t read_seq, want;
    } cases[] = {{0, MEMBERSHIP_MENTIONS_MAX}, {4, MEMBERSHIP_MENTIONS_MAX}, {6, MEMBERSHIP_MENTIONS_MAX - 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(memberships_set_read(f->s, 1, 1, cases[i].read_seq, 0), OK);
        assert_int_equal(memberships_get(f->s, 1, 1, &got), OK);
        assert_int_equal(got.mentions, cases[i].want);
    }
}

static void add(void *ctx, const struct membership_row *r)
{
    lines_add(ctx, "%d/%d %s %s read %d=%d mentions %d '%.*s'\n", (int)r->room_id, (int)r->user_id,
              words_name(&words_room_role, (int)r->role), words_name(&words_level, (int)r->level), (int)r->read_seq,
              (int)r->read_number, (int)r->mentions, SPAN_ARGS(r->section));
}

static void all_of_them(void **state)
{
    struct fixture *f = *state;
    struct lines l = {""};
    struct membership_row rows[] = {member(2, 3), member(1, 2), member(2, 1), member(1, 3)};
    static const int64_t everybody = 0;
    rows[0].role = ROOM_ROLE_MODERATOR;
    rows[1].section = SPAN("Work");
    rows[2].read_seq = 3;
    rows[3].level = LEVEL_NOTHING;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(memberships_insert(f->s, &rows[i]), OK);
    put_message(f->s, 2, 2, 1);
    put_message(f->s, 2, 4, 2);
    assert_int_equal(mentions_insert(f->s, 2, 2, &everybody, 1), OK);
    assert_int_equal(memberships_each(f->s, add, &l), OK);
    assert_string_equal(l.text, "1/2 member all read 0=0 mentions 0 'Work'\n"
                                "1/3 member nothing read 0=0 mentions 0 ''\n"
                                "2/1 member all read 3=1 mentions 0 ''\n"
                                "2/3 moderator all read 0=0 mentions 1 ''\n");
}

static void roles_are_counted_by_room(void **state)
{
    struct fixture *f = *state;
    struct membership_row rows[] = {member(1, 1), member(1, 2), member(1, 3), member(2, 1)};
    rows[0].role = rows[3].role = ROOM_ROLE_MODERATOR;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(memberships_insert(f->s, &rows[i]), OK);
    static const struct {
        int64_t room;
        enum room_role role;
        int64_t want;
    } cases[] = {{1, ROOM_ROLE_MODERATOR, 1}, {1, ROOM_ROLE_MEMBER, 2}, {2, ROOM_ROLE_MEMBER, 0}, {9, 1, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t n = -1;
        assert_int_equal(memberships_count_role(f->s, cases[i].room, cases[i].role, &n), OK);
        assert_int_equal(n, cases[i].want);
    }
}

static void words_that_are_not_known(void **state)
{
    struct fixture *f = *state;
    struct membership_row got, row = member(1, 1);
    assert_int_equal(memberships_insert(f->s, &row), OK);
    static const struct {
        const char *spoil, *mend;
    } cases[] = {
        {"UPDATE memberships SET role = 'king'", "UPDATE memberships SET role = 'member'"},
        {"UPDATE memberships SET level = 'some'", "UPDATE memberships SET level = 'all'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lines l = {""};
        outside_exec(f->path, cases[i].spoil);
        assert_int_equal(memberships_get(f->s, 1, 1, &got), ERR_STORAGE);
        assert_int_equal(memberships_each(f->s, add, &l), ERR_STORAGE);
        outside_exec(f->path, cases[i].mend);
        assert_int_equal(memberships_get(f->s, 1, 1, &got), OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_membership_comes_back_whole, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(where_there_is_none, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_position_and_what_one_has_said_behind_it, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(what_others_and_oneself_have_said, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(what_has_been_read_is_told_in_numbers, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(mentions_are_counted_up_to_a_limit, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(all_of_them, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(roles_are_counted_by_room, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(words_that_are_not_known, setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
