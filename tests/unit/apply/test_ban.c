/* moderation: roles, bans, and blocking for oneself: who over whom, what follows, and what stays as it was. */
#include "people.h"

static struct command set_role(int64_t actor, int64_t user, enum role wanted)
{
    struct command c = about(actor, COMMAND_SET_ROLE, user);
    fields_set(&c.f, F_ROLE, wanted);
    return c;
}

static enum role role_of(int64_t id)
{
    struct account_row row;
    assert_int_equal(accounts_by_id(people.store, id, &row), OK);
    return row.role;
}

/* ------------------------------------------------------------------ roles */

static void roles_are_given_downwards(void **state)
{
    (void)state;
    owner();
    const int64_t owner2 = account("otto", ROLE_OWNER), admin = account("anna", ROLE_ADMIN),
                  admin2 = account("axel", ROLE_ADMIN), moderator = account("mia", ROLE_MODERATOR),
                  member = account("ben", ROLE_MEMBER), visitor = guest("gus");
    const struct {
        int64_t actor, target;
        enum role wanted;
        enum err want;
        const char *why;
    } cases[] = {
        {admin, member, ROLE_MODERATOR, OK, "an admin gives what is below"},
        {admin, member, ROLE_ADMIN, ERR_FORBIDDEN, "an admin makes no admins"},
        {admin, member, ROLE_OWNER, ERR_FORBIDDEN, "nor owners"},
        {admin, admin2, ROLE_MEMBER, ERR_FORBIDDEN, "nor takes a role like one's own away"},
        {admin, owner2, ROLE_MEMBER, ERR_FORBIDDEN, "nor a higher one"},
        {admin, admin, ROLE_MEMBER, ERR_FORBIDDEN, "nor one's own"},
        {moderator, member, ROLE_MEMBER, ERR_FORBIDDEN, "moderators give none"},
        {owner2, member, ROLE_ADMIN, OK, "an owner makes admins"},
        {owner2, member, ROLE_OWNER, OK, "and owners"},
        {owner2, member, ROLE_GUEST, ERR_FORBIDDEN, "nobody becomes a guest"},
        {owner2, member, ROLE_SYSTEM, ERR_FORBIDDEN, "or more than an owner"},
        {owner2, member, ROLE_MEMBER, OK, "an owner outranks owners"},
        {owner2, visitor, ROLE_MEMBER, ERR_FORBIDDEN, "guests have to sign up"},
        {owner2, 999, ROLE_MEMBER, ERR_NOT_FOUND, "nobody"},
        {owner2, 0, ROLE_MEMBER, ERR_NOT_FOUND, "the system"},
        {0, admin2, ROLE_MODERATOR, OK, "the command line does all of it"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct command c = set_role(cases[i].actor, cases[i].target, cases[i].wanted);
        if (run(&c) != cases[i].want)
            fail_msg("%s: %s", cases[i].why, err_code(people.out.result));
        if (cases[i].want == OK) {
            assert_int_equal(role_of(cases[i].target), cases[i].wanted);
            assert_string_equal(effect_of(EFFECT_USER)->change, "changed");
        }
    }
    struct command again = set_role(0, admin2, ROLE_MODERATOR);
    run_ok(&again);
    assert_true(people.out.duplicate);
}

static void somebody_stays_owner(void **state)
{
    (void)state;
    const int64_t olga = owner(), anna = account("anna", ROLE_ADMIN);
    struct command c = set_role(olga, olga, ROLE_MEMBER);
    assert_int_equal(run(&c), ERR_FORBIDDEN);
    c = set_role(0, olga, ROLE_MEMBER);
    assert_int_equal(run(&c), ERR_FORBIDDEN);
    c = set_role(olga, anna, ROLE_OWNER);
    run_ok(&c);
    c = set_role(olga, olga, ROLE_ADMIN);
    run_ok(&c);
    assert_string_equal(people_text("SELECT detail FROM audit ORDER BY id DESC"),
                        "{\"from\":\"owner\",\"to\":\"admin\"}");
    c = set_role(olga, anna, ROLE_MEMBER); /* the new role counts at once */
    assert_int_equal(run(&c), ERR_FORBIDDEN);
}

/* ------------------------------------------------------------------ bans */

static struct command ban(int64_t actor, int64_t user, int64_t until, bool hide)
{
    struct command c = about(actor, COMMAND_BAN, user);
    fields_set(&c.f, F_UNTIL, until);
    fields_set(&c.f, F_HIDE, hide);
    fields_set_text(&c.f, F_TEXT, span_of("spam"));
    return c;
}

static void nobody_who_is_banned_becomes_owner(void **state)
{
    (void)state;
    const int64_t olga = owner(), anna = account("anna", ROLE_ADMIN);
    struct command c = ban(olga, anna, people.now_ms + hour_ms, false);
    run_ok(&c);
    c = set_role(olga, anna, ROLE_OWNER);
    assert_int_equal(run(&c), ERR_FORBIDDEN);
    c = set_role(0, anna, ROLE_OWNER); /* nor from the command line */
    assert_int_equal(run(&c), ERR_FORBIDDEN);
    c = set_role(olga, anna, ROLE_MODERATOR);
    run_ok(&c);
    people.now_ms += hour_ms; /* a ban that is over is none */
    c = set_role(olga, anna, ROLE_OWNER);
    run_ok(&c);
    c = set_role(olga, olga, ROLE_MEMBER);
    run_ok(&c);
}

static void start_session(int64_t user, int n)
{
    uint8_t hash[32];
    struct command c = by(user, COMMAND_SESSION_START);
    fields_set_text(&c.f, F_HASH, hash_of(hash, n));
    fields_set(&c.f, F_EXPIRES, people.now_ms + hour_ms);
    run_ok(&c);
}

static void a_ban_ends_everything(void **state)
{
    (void)state;
    const int64_t olga = owner(), moderator = account("mia", ROLE_MODERATOR), ben = account("ben", ROLE_MEMBER);
    start_session(ben, 1);
    start_session(olga, 2);
    struct command c = ban(moderator, ben, people.now_ms + hour_ms, true);
    run_ok(&c);
    assert_int_equal(people_query("SELECT count(*) FROM sessions"), 1);
    assert_string_equal(effect_of(EFFECT_USER)->change, "banned");
    assert_int_equal(effect_of(EFFECT_BANNED)->user, ben);
    assert_non_null(effect_of(EFFECT_HISTORY_HIDDEN));
    assert_true(effect_place(EFFECT_USER) < effect_place(EFFECT_BANNED)); /* or they would be back at once */
    assert_string_equal(people_text("SELECT detail FROM audit ORDER BY id DESC"),
                        "{\"until_ms\":1790003600000,\"reason\":\"spam\",\"hide\":true}");

    struct command create = by(ben, COMMAND_ROOM_CREATE);
    create.name = create.fold = span_of("shed");
    assert_int_equal(run(&create), ERR_BANNED);
    uint8_t hash[32];
    struct command start = by(ben, COMMAND_SESSION_START);
    fields_set_text(&start.f, F_HASH, hash_of(hash, 3));
    fields_set(&start.f, F_EXPIRES, people.now_ms + 2 * hour_ms);
    assert_int_equal(run(&start), ERR_BANNED);
    people.now_ms += hour_ms; /* it is over */
    run_ok(&start);
    run_ok(&create);
}

static void a_ban_can_be_changed_and_lifted(void **state)
{
    (void)state;
    const int64_t olga = owner(), ben = account("ben", ROLE_MEMBER);
    struct ban_row row;
    struct command c = ban(olga, ben, 0, false);
    run_ok(&c);
    assert_null(effect_of(EFFECT_HISTORY_HIDDEN));
    c = ban(olga, ben, people.now_ms + hour_ms, true);
    run_ok(&c);
    assert_non_null(effect_of(EFFECT_HISTORY_HIDDEN));
    c = ban(olga, ben, 0, true); /* hidden they are already */
    run_ok(&c);
    assert_null(effect_of(EFFECT_HISTORY_HIDDEN));
    c = ban(olga, ben, 0, false); /* and shown again by this */
    run_ok(&c);
    assert_non_null(effect_of(EFFECT_HISTORY_HIDDEN));
    assert_int_equal(bans_get(people.store, ben, &row), OK);
    assert_int_equal(row.until, 0);
    assert_false(row.hides);

    struct command unban = about(olga, COMMAND_UNBAN, ben);
    run_ok(&unban);
    assert_string_equal(effect_of(EFFECT_USER)->change, "unbanned");
    assert_null(effect_of(EFFECT_HISTORY_HIDDEN));
    assert_int_equal(bans_get(people.store, ben, &row), ERR_NOT_FOUND);
    assert_string_equal(people_text("SELECT verb FROM audit ORDER BY id DESC"), "unban");
    assert_int_equal(run(&unban), ERR_NOT_FOUND);
    c = ban(olga, ben, 0, true);
    run_ok(&c);
    run_ok(&unban);
    assert_non_null(effect_of(EFFECT_HISTORY_HIDDEN));
}

static void bans_go_downwards(void **state)
{
    (void)state;
    const int64_t olga = owner(), admin = account("anna", ROLE_ADMIN), moderator = account("mia", ROLE_MODERATOR),
                  moderator2 = account("max", ROLE_MODERATOR), ben = account("ben", ROLE_MEMBER), gus = guest("gus"),
                  otto = account("otto", ROLE_OWNER);
    const struct {
        int64_t actor, target, until;
        enum err want;
        const char *why;
    } cases[] = {
        {ben, gus, 0, ERR_FORBIDDEN, "members ban nobody"},
        {moderator, moderator2, 0, ERR_FORBIDDEN, "nor moderators one another"},
        {moderator, admin, 0, ERR_FORBIDDEN, "nor upwards"},
        {moderator, moderator, 0, ERR_FORBIDDEN, "nor oneself"},
        {olga, olga, 0, ERR_FORBIDDEN, "an owner neither"},
        {olga, otto, 0, ERR_FORBIDDEN, "nor one another: a place would be left without"},
        {olga, 0, 0, ERR_NOT_FOUND, "the system is not to be found"},
        {olga, ben, 1, ERR_INVALID, "over before it begins"},
        {moderator, gus, 0, OK, "a guest"},
        {moderator, ben, 0, OK, "a member"},
        {admin, moderator, 0, OK, "a moderator, by an admin"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct command c = ban(cases[i].actor, cases[i].target, cases[i].until, false);
        if (run(&c) != cases[i].want)
            fail_msg("%s: %s", cases[i].why, err_code(people.out.result));
    }
    struct command unban = about(moderator2, COMMAND_UNBAN, ben);
    run_ok(&unban);
    unban = about(ben, COMMAND_UNBAN, gus);
    assert_int_equal(run(&unban), ERR_FORBIDDEN);
}

/* ------------------------------------------------------------------ for oneself */

static void blocking_is_ones_own_affair(void **state)
{
    (void)state;
    const int64_t olga = owner(), ben = account("ben", ROLE_MEMBER);
    struct command block = about(ben, COMMAND_BLOCK, olga), unblock = about(ben, COMMAND_UNBLOCK, olga);
    run_ok(&block);
    assert_int_equal(effect_of(EFFECT_BLOCKS)->user, ben);
    assert_int_equal(effect_of(EFFECT_BLOCKS)->id, olga);
    assert_int_equal(blocks_has(people.store, ben, olga), OK);
    assert_int_equal(blocks_has(people.store, olga, ben), ERR_NOT_FOUND);
    run_ok(&block);
    assert_true(people.out.duplicate);
    assert_int_equal(people_query("SELECT count(*) FROM audit WHERE verb LIKE '%block%'"), 0);
    run_ok(&unblock);
    assert_int_equal(effect_of(EFFECT_BLOCKS)->user, ben);
    assert_int_equal(effect_of(EFFECT_BLOCKS)->id, olga);
    assert_int_equal(blocks_has(people.store, ben, olga), ERR_NOT_FOUND);
    run_ok(&unblock);
    assert_true(people.out.duplicate);
    block = about(ben, COMMAND_BLOCK, ben);
    assert_int_equal(run(&block), ERR_INVALID);
    block = about(ben, COMMAND_BLOCK, 999);
    assert_int_equal(run(&block), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PEOPLE(roles_are_given_downwards),          WITH_PEOPLE(somebody_stays_owner),
        WITH_PEOPLE(nobody_who_is_banned_becomes_owner), WITH_PEOPLE(a_ban_ends_everything),
        WITH_PEOPLE(a_ban_can_be_changed_and_lifted),    WITH_PEOPLE(bans_go_downwards),
        WITH_PEOPLE(blocking_is_ones_own_affair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
