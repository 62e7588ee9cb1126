/* invite: who makes and revokes invitations, and which rooms they may lead to. */
#include "people.h"

static struct command create(int64_t by_id, const char *code)
{
    struct command c = by(by_id, COMMAND_INVITE_CREATE);
    fields_set_text(&c.f, F_CODE, span_of(code));
    return c;
}

static void admins_make_them(void **state)
{
    (void)state;
    const int64_t olga = owner(), moderator = account("anna", ROLE_MODERATOR);
    struct invite_row row;
    struct command c = create(olga, "code");
    fields_set(&c.f, F_MAX_USES, 3);
    fields_set(&c.f, F_EXPIRES, people.now_ms + hour_ms);
    run_ok(&c);
    assert_int_equal(invites_by_code(people.store, span_of("code"), &row), OK);
    assert_int_equal(row.id, people.out.id);
    assert_int_equal(row.created_by, olga);
    assert_int_equal(row.max_uses, 3);
    assert_int_equal(row.expires_at, people.now_ms + hour_ms);
    assert_string_equal(people_text("SELECT verb FROM audit ORDER BY id DESC"), "create_invite");
    assert_string_equal(people_text("SELECT detail ->> '$.max_uses' FROM audit ORDER BY id DESC"), "3");
    assert_int_equal(run(&c), ERR_ID_REUSED);
    c = create(moderator, "other");
    assert_int_equal(run(&c), ERR_FORBIDDEN);
    c = create(0, "from the command line");
    run_ok(&c);
}

static void what_is_over_is_not_made(void **state)
{
    (void)state;
    struct command c = create(owner(), "code");
    fields_set(&c.f, F_EXPIRES, people.now_ms);
    assert_int_equal(run(&c), ERR_INVALID);
    c = create(0, "");
    assert_int_equal(run(&c), ERR_INVALID);
}

static void rooms_are_such_as_one_may_add_to(void **state)
{
    (void)state;
    owner();
    const int64_t admin = account("anna", ROLE_ADMIN);
    const struct {
        int64_t room;
        enum err want;
        const char *why;
    } cases[] = {
        {LOBBY_ID, OK, "an open room"},
        {room("closed", ROOM_CLOSED), OK, "an admin adds from outside"},
        {room("news", ROOM_ANNOUNCEMENT), OK, "announcements"},
        {99, ERR_NOT_FOUND, "no such room"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char code[32];
        snprintf(code, sizeof code, "code-%zu", i);
        struct command c = create(admin, code);
        c.f.ids[0] = cases[i].room;
        c.f.id_count = 1;
        if (run(&c) != cases[i].want)
            fail_msg("%s: %s", cases[i].why, err_code(people.out.result));
    }
}

static void a_direct_conversation_stays_between_its_people(void **state)
{
    (void)state;
    const int64_t olga = owner(), anna = account("anna", ROLE_MEMBER);
    struct command direct = by(olga, COMMAND_DIRECT_OPEN);
    direct.f.ids[0] = anna;
    direct.f.id_count = 1;
    run_ok(&direct);
    struct command c = create(olga, "code");
    c.f.ids[0] = people.out.room_id;
    c.f.id_count = 1;
    assert_int_equal(run(&c), ERR_NOT_FOUND);
}

static void a_revoked_one_stays_so(void **state)
{
    (void)state;
    const int64_t olga = owner(), member = account("anna", ROLE_MEMBER);
    struct command c = create(olga, "code");
    run_ok(&c);
    const int64_t id = people.out.id;
    struct command revoke = by(member, COMMAND_INVITE_REVOKE);
    fields_set(&revoke.f, F_INVITE, id);
    assert_int_equal(run(&revoke), ERR_FORBIDDEN);
    revoke.actor_id = olga;
    run_ok(&revoke);
    assert_string_equal(people_text("SELECT verb FROM audit ORDER BY id DESC"), "revoke_invite");
    assert_int_equal(run(&revoke), ERR_NOT_FOUND);
    fields_set(&revoke.f, F_INVITE, id + 1);
    assert_int_equal(run(&revoke), ERR_NOT_FOUND);
}

static void labels_say_what_they_are_for(void **state)
{
    (void)state;
    const int64_t olga = owner(), member = account("anna", ROLE_MEMBER);
    struct command c = create(olga, "code");
    fields_set_text(&c.f, F_LABEL, span_of("class \"5b\""));
    run_ok(&c);
    struct command edit = by(member, COMMAND_INVITE_EDIT);
    fields_set(&edit.f, F_INVITE, people.out.id);
    fields_set_text(&edit.f, F_LABEL, span_of("the choir"));
    assert_string_equal(people_text("SELECT label FROM invites"), "class \"5b\"");
    assert_string_equal(people_text("SELECT detail ->> '$.label' FROM audit ORDER BY id DESC"), "class \"5b\"");
    assert_int_equal(run(&edit), ERR_FORBIDDEN);
    edit.actor_id = olga;
    run_ok(&edit);
    assert_string_equal(people_text("SELECT label FROM invites"), "the choir");
    assert_string_equal(people_text("SELECT verb || ' ' || detail FROM audit ORDER BY id DESC"),
                        "edit_invite {\"invite\":1,\"label\":\"the choir\"}");
    fields_set(&edit.f, F_INVITE, 99);
    assert_int_equal(run(&edit), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PEOPLE(admins_make_them),
        WITH_PEOPLE(what_is_over_is_not_made),
        WITH_PEOPLE(rooms_are_such_as_one_may_add_to),
        WITH_PEOPLE(a_direct_conversation_stays_between_its_people),
        WITH_PEOPLE(a_revoked_one_stays_so),
        WITH_PEOPLE(labels_say_what_they_are_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
