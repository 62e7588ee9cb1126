/* profile: what people say about themselves, pictures, and other names. */
#include "people.h"
#include "rules/picture.h"

#define PNG  "\x89PNG\r\n\x1a\n...."
#define JPEG "\xff\xd8\xff\xe0...."
#define WEBP "RIFF\x08\0\0\0WEBPVP8 "

static struct span bytes_of(const char *p, size_t len)
{
    return (struct span){p, len};
}

static void a_picture_is_known_by_its_first_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *type, *why;
    } cases[] = {
        {PNG, sizeof PNG - 1, "image/png", "PNG"},
        {JPEG, sizeof JPEG - 1, "image/jpeg", "JPEG"},
        {WEBP, sizeof WEBP - 1, "image/webp", "WebP"},
        {"\x89PNG\r\n\x1a", 7, "", "a byte short of PNG"},
        {"RIFF\x08\0\0\0WEBX", 12, "", "another RIFF file"},
        {"RIFF\x08\0\0", 7, "", "a short RIFF file"},
        {"GIF89a", 6, "", "GIF"},
        {"<svg onload=alert(1)>", 21, "", "SVG, which may hold scripts"},
        {"\xff\xd8", 2, "", "two bytes"},
        {"", 0, "", "nothing"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct span type = picture_type(bytes_of(cases[i].bytes, cases[i].len));
        if (!span_equal(type, span_of(cases[i].type)))
            fail_msg("%s: %.*s", cases[i].why, (int)type.len, type.p);
    }
}

static void only_what_is_given_changes(void **state)
{
    (void)state;
    owner();
    struct account_row row;
    const int64_t anna = account("anna", ROLE_MEMBER);
    struct command c = by(anna, COMMAND_PROFILE_SET);
    fields_set_text(&c.f, F_DISPLAY_NAME, span_of("Anna Berg"));
    fields_set_text(&c.f, F_BIO, span_of("Gardener"));
    fields_set_text(&c.f, F_STATUS_EMOJI, span_of("x"));
    fields_set(&c.f, F_STATUS_UNTIL, 5);
    run_ok(&c);
    assert_int_equal(effect_of(EFFECT_USER)->user, anna);
    assert_string_equal(effect_of(EFFECT_USER)->change, "changed");

    c = by(anna, COMMAND_PROFILE_SET);
    fields_set_text(&c.f, F_STATUS_TEXT, span_of("outside"));
    fields_set_text(&c.f, F_BIO, span_of(""));
    run_ok(&c);
    assert_int_equal(accounts_by_id(people.store, anna, &row), OK);
    assert_true(span_equal(row.display_name, span_of("Anna Berg")));
    assert_int_equal(row.bio.len, 0);
    assert_true(span_equal(row.status_emoji, span_of("x")));
    assert_true(span_equal(row.status_text, span_of("outside")));
    assert_int_equal(row.status_until, 5);
    assert_int_equal(people_query("SELECT count(*) FROM audit WHERE verb = 'set_profile'"), 0);
}

static void a_picture_has_the_type_that_it_is(void **state)
{
    (void)state;
    owner();
    struct account_row row;
    struct span type, bytes;
    const int64_t anna = account("anna", ROLE_MEMBER);
    struct command c = by(anna, COMMAND_PROFILE_SET);
    fields_set_text(&c.f, F_AVATAR, bytes_of(PNG, sizeof PNG - 1));
    fields_set_text(&c.f, F_TYPE, span_of("image/jpeg"));
    assert_int_equal(run(&c), ERR_INVALID);
    fields_set_text(&c.f, F_TYPE, span_of("image/png"));
    run_ok(&c);
    assert_int_equal(accounts_by_id(people.store, anna, &row), OK);
    assert_int_equal(row.avatar_version, 1);
    assert_int_equal(avatars_get(people.store, anna, &type, &bytes), OK);
    assert_true(span_equal(type, span_of("image/png")));
    assert_true(span_equal(bytes, bytes_of(PNG, sizeof PNG - 1)));
    static const char huge[] = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x40\0\0\0\x40\0";
    fields_set_text(&c.f, F_AVATAR, bytes_of(huge, sizeof huge - 1));
    assert_int_equal(run(&c), ERR_INVALID);
    fields_set_text(&c.f, F_AVATAR, span_of("<svg/>"));
    fields_set_text(&c.f, F_TYPE, span_of("image/svg+xml"));
    assert_int_equal(run(&c), ERR_INVALID);
    fields_set_text(&c.f, F_TYPE, span_of(""));
    assert_int_equal(run(&c), ERR_INVALID);
    fields_set_text(&c.f, F_AVATAR, span_of(""));
    run_ok(&c);
    assert_int_equal(avatars_get(people.store, anna, &type, &bytes), ERR_NOT_FOUND);
}

static void sizes_have_limits(void **state)
{
    (void)state;
    static char text[PICTURE_MAX_BYTES + 1];
    static const struct {
        enum field_text field;
        size_t max;
    } cases[] = {
        {F_DISPLAY_NAME, 256}, {F_BIO, 2000}, {F_STATUS_EMOJI, 64}, {F_STATUS_TEXT, 400}, {F_AVATAR, PICTURE_MAX_BYTES},
    };
    owner();
    const int64_t anna = account("anna", ROLE_MEMBER);
    memset(text, 'a', sizeof text);
    memcpy(text, PNG, 8);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct command c = by(anna, COMMAND_PROFILE_SET);
        fields_set_text(&c.f, F_TYPE, span_of("image/png"));
        const char *bytes = cases[i].field == F_AVATAR ? text : text + 8;
        fields_set_text(&c.f, cases[i].field, bytes_of(bytes, cases[i].max + 1));
        assert_int_equal(run(&c), ERR_INVALID);
        fields_set_text(&c.f, cases[i].field, bytes_of(bytes, cases[i].max));
        run_ok(&c);
    }
}

static void guests_have_no_profile(void **state)
{
    (void)state;
    struct command c = by(guest("gus"), COMMAND_PROFILE_SET);
    c.actor = COMMAND_ACTOR_GUEST;
    fields_set_text(&c.f, F_BIO, span_of("me"));
    assert_int_equal(run(&c), ERR_FORBIDDEN);
}

static struct command rename_to(int64_t id, enum command_actor actor, const char *name)
{
    struct command c = by(id, COMMAND_USER_RENAME);
    c.actor = actor;
    c.name = c.fold = span_of(name);
    return c;
}

static void names_change(void **state)
{
    (void)state;
    owner();
    struct user_row row;
    const int64_t anna = account("anna", ROLE_MEMBER), gus = guest("gus");
    struct command c = rename_to(anna, COMMAND_ACTOR_ACCOUNT, "anna.berg");
    fields_set_text(&c.f, F_ADDRESS, span_of("192.0.2.7"));
    run_ok(&c);
    assert_int_equal(effect_of(EFFECT_USER)->user, anna);
    assert_string_equal(effect_of(EFFECT_USER)->change, "renamed");
    assert_string_equal(people_text("SELECT verb || ' ' || detail || ' ' || address FROM audit ORDER BY id DESC"),
                        "rename {\"from\":\"anna\",\"to\":\"anna.berg\"} 192.0.2.7");
    assert_int_equal(people_query("SELECT count(*) FROM audit WHERE actor_id <> user_id"), 0);
    const int64_t audited = people_query("SELECT count(*) FROM audit");
    assert_int_equal(users_by_fold(people.store, span_of("anna.berg"), &row), OK);
    assert_int_equal(row.id, anna);
    c = rename_to(gus, COMMAND_ACTOR_GUEST, "anna.berg");
    assert_int_equal(run(&c), ERR_NAME_TAKEN);
    assert_int_equal(people_query("SELECT count(*) FROM audit"), audited); /* nothing was done */
    c = rename_to(gus, COMMAND_ACTOR_GUEST, "gus the \"guest\"");
    run_ok(&c);
    assert_string_equal(
        people_text("SELECT detail ->> 'from' || ', ' || (detail ->> 'to') FROM audit ORDER BY id DESC"),
        "gus, gus the \"guest\"");
    c = rename_to(anna, COMMAND_ACTOR_ACCOUNT, "anna berg"); /* not where a mention has to end */
    assert_int_equal(run(&c), ERR_INVALID);
    c = rename_to(anna, COMMAND_ACTOR_GUEST, "ann"); /* by the cookie of the guest that she was */
    assert_int_equal(run(&c), ERR_UNAUTHORIZED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_is_known_by_its_first_bytes),
        WITH_PEOPLE(only_what_is_given_changes),
        WITH_PEOPLE(a_picture_has_the_type_that_it_is),
        WITH_PEOPLE(sizes_have_limits),
        WITH_PEOPLE(guests_have_no_profile),
        WITH_PEOPLE(names_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
