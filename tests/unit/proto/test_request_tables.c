/* The tables behind the requests: which field of the record each name means, written out once more by hand; and whether
 * the sentences say what the rows allow. */
#include "proto/request_fields.h"
#include "unit.h"

#include <stdio.h>

/* ------------------------------------------------------------------ what each name means */

static const struct {
    const char *text;
    enum field_number number;
    int64_t value;
} numbers[] = {
    {"{\"type\":\"set_role\",\"user\":8,\"role\":\"moderator\"}", F_ROLE, ROLE_MODERATOR},
    {"{\"type\":\"set_role\",\"user\":8,\"role\":\"owner\"}", F_ROLE, ROLE_OWNER},
    {"{\"type\":\"set_room_role\",\"room\":1,\"user\":8,\"role\":\"moderator\"}", F_ROOM_ROLE, ROOM_ROLE_MODERATOR},
    {"{\"type\":\"create_room\",\"name\":\"x\",\"kind\":\"announcement\"}", F_KIND, ROOM_ANNOUNCEMENT},
    {"{\"type\":\"create_room\",\"name\":\"x\",\"history\":\"joined\"}", F_HISTORY, ROOM_HISTORY_JOINED},
    {"{\"type\":\"create_token\",\"name\":\"x\",\"scope\":\"admin\"}", F_SCOPE, SCOPE_ADMIN},
    {"{\"type\":\"set_membership\",\"room\":1,\"level\":\"nothing\"}", F_LEVEL, LEVEL_NOTHING},
    {"{\"type\":\"mute\",\"room\":1,\"user\":8,\"until_ms\":5}", F_UNTIL, 5},
    {"{\"type\":\"create_invite\",\"expires_ms\":5}", F_EXPIRES, 5},
    {"{\"type\":\"audit\",\"actor\":0}", F_ACTOR, 0},
    {"{\"type\":\"answer_request\",\"room\":1,\"user\":8,\"accept\":false}", F_ACCEPT, 0},
    {"{\"type\":\"people\",\"after\":12}", F_AFTER, 12},
    {"{\"type\":\"people\"}", F_LIMIT, 50},
    {"{\"type\":\"people\",\"limit\":200}", F_LIMIT, 200},
    {"{\"type\":\"read\",\"room\":1,\"seq\":43}", F_SEQ, 43},
    {"{\"type\":\"create_invite\",\"max_uses\":10}", F_MAX_USES, 10},
    {"{\"type\":\"revoke_invite\",\"invite\":3}", F_INVITE, 3},
    {"{\"type\":\"revoke_token\",\"token\":3}", F_TOKEN, 3},
    {"{\"type\":\"end_session\",\"session\":3}", F_SESSION, 3},
    {"{\"type\":\"handle_report\",\"report\":3}", F_REPORT, 3},
    {"{\"type\":\"edit_room\",\"room\":1,\"slow_s\":10}", F_SLOW_S, 10},
    {"{\"type\":\"edit_room\",\"room\":1,\"locked\":true}", F_LOCKED, 1},
    {"{\"type\":\"archive_room\",\"room\":1,\"archived\":true}", F_ARCHIVED, 1},
    {"{\"type\":\"ban\",\"user\":8,\"hide\":true}", F_HIDE, 1},
    {"{\"type\":\"set_membership\",\"room\":1,\"hidden\":true}", F_HIDDEN, 1},
    {"{\"type\":\"set_membership\",\"room\":1,\"favourite\":true}", F_FAVOURITE, 1},
    {"{\"type\":\"set_membership\",\"room\":1,\"position\":3}", F_POSITION, 3},
    {"{\"type\":\"set_membership\",\"room\":1,\"muted_until\":5}", F_MUTED_UNTIL, 5},
    {"{\"type\":\"set_profile\",\"status_until\":5}", F_STATUS_UNTIL, 5},
    {"{\"type\":\"set_place\",\"require_totp\":true}", F_REQUIRE_TOTP, 1},
    {"{\"type\":\"reports\",\"handled\":true}", F_HANDLED, 1},
    {"{\"type\":\"invites\",\"before\":9}", F_BEFORE, 9},
};

static void numbers_mean_what_they_say(void **state)
{
    (void)state;
    bool seen[F_NUMBERS] = {[F_USER] = true}; /* users are in the refs */
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct request q;
        const char *why = "";
        if (request_parse(span_of(numbers[i].text), &q, &why))
            fail_msg("%s: %s", numbers[i].text, why);
        if (!fields_has(&q.f, numbers[i].number) || q.f.n[numbers[i].number] != numbers[i].value)
            fail_msg("%s: %lld", numbers[i].text, (long long)q.f.n[numbers[i].number]);
        seen[numbers[i].number] = true;
        request_release(&q);
    }
    for (int i = 0; i <= F_ACTOR; i++)
        assert_true(seen[i]);
}

static const struct {
    const char *text;
    enum field_text field;
    const char *value;
} texts[] = {
    {"{\"type\":\"request_join\",\"room\":1,\"text\":\"t\"}", F_TEXT, "t"},
    {"{\"type\":\"report\",\"room\":1,\"seq\":2,\"reason\":\"r\"}", F_TEXT, "r"},
    {"{\"type\":\"ban\",\"user\":1,\"reason\":\"r\"}", F_TEXT, "r"},
    {"{\"type\":\"handle_report\",\"report\":1,\"outcome\":\"o\"}", F_TEXT, "o"},
    {"{\"type\":\"rename\",\"name\":\"\\u00e4\"}", F_NAME, "ä"},
    {"{\"type\":\"set_profile\",\"display_name\":\"\"}", F_DISPLAY_NAME, ""},
    {"{\"type\":\"set_profile\",\"avatar\":\"iVBORw==\"}", F_AVATAR, "iVBORw=="},
    {"{\"type\":\"audit\",\"verb\":\"ban\"}", F_VERB, "ban"},
    {"{\"type\":\"rooms\",\"query\":\"\"}", F_QUERY, ""},
    {"{\"type\":\"edit_room\",\"room\":1,\"topic\":\"t\"}", F_TOPIC, "t"},
    {"{\"type\":\"edit_room\",\"room\":1,\"description\":\"d\"}", F_DESCRIPTION, "d"},
    {"{\"type\":\"set_profile\",\"bio\":\"b\"}", F_BIO, "b"},
    {"{\"type\":\"set_profile\",\"status_emoji\":\"e\"}", F_STATUS_EMOJI, "e"},
    {"{\"type\":\"set_profile\",\"status_text\":\"s\"}", F_STATUS_TEXT, "s"},
    {"{\"type\":\"set_membership\",\"room\":1,\"section\":\"s\"}", F_SECTION, "s"},
};

static void texts_mean_what_they_say(void **state)
{
    (void)state;
    bool seen[F_TEXTS] = {false};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct request q;
        const char *why = "";
        if (request_parse(span_of(texts[i].text), &q, &why))
            fail_msg("%s: %s", texts[i].text, why);
        assert_true(fields_has_text(&q.f, texts[i].field));
        assert_true(span_equal(q.f.t[texts[i].field], span_of(texts[i].value)));
        seen[texts[i].field] = true;
        request_release(&q);
    }
    for (int i = 0; i <= F_VERB; i++)
        assert_true(seen[i]);
}

/* ------------------------------------------------------------------ the tables themselves */

typedef void field_fn(enum request_type type, const struct request_field *f, bool is_needed);

static void each_field(field_fn *check)
{
    for (int t = 0; t < REQUEST_TYPES; t++) {
        const struct request_shape *shape = request_shape((enum request_type)t);
        for (const uint8_t *i = shape->needs; *i; i++)
            check((enum request_type)t, request_field(*i), true);
        for (const uint8_t *i = shape->takes; *i; i++)
            check((enum request_type)t, request_field(*i), false);
    }
}

/* "90000" as people write it. */
static void write_number(int64_t n, char out[40])
{
    if (n >= 1000)
        snprintf(out, 40, "%lld,%03lld", (long long)(n / 1000), (long long)(n % 1000));
    else
        snprintf(out, 40, "%lld", (long long)n);
}

static void check_sentence(enum request_type type, const struct request_field *f, bool is_needed)
{
    char start[40], part[40];
    (void)type;
    (void)is_needed;
    snprintf(start, sizeof start, "\"%s\" must be ", f->name);
    assert_memory_equal(f->wrong, start, strlen(start));
    assert_int_equal(f->wrong[strlen(f->wrong) - 1], '.');
    for (int i = 0; f->words && i < f->words->count; i++) {
        snprintf(part, sizeof part, "\"%s\"", f->words->list[i]);
        bool is_named = strstr(f->wrong + strlen(start), part);
        if (is_named != (i >= f->min && i <= f->max))
            fail_msg("%s: %s", f->wrong, part);
    }
    bool is_text = f->kind == FIELD_TEXT || f->kind == FIELD_LINE || f->kind == FIELD_LINES;
    bool is_limited = (is_text && f->to != F_AVATAR) || f->kind == FIELD_REFS ||
                      ((f->kind == FIELD_NUMBER || f->kind == FIELD_OWN_NUMBER) && f->max < INT64_C(1) << 53);
    if (is_limited) {
        write_number(f->max, part);
        if (!strstr(f->wrong, part))
            fail_msg("%s: does not say %s", f->wrong, part);
    }
}

static void sentences_say_what_is_allowed(void **state)
{
    (void)state;
    each_field(check_sentence);
}

/* 64 KiB of a picture, in base64 with its padding. */
static void check_avatar(enum request_type type, const struct request_field *f, bool is_needed)
{
    (void)type;
    (void)is_needed;
    if (f->kind == FIELD_TEXT && f->to == F_AVATAR)
        assert_true(f->max >= (65536 + 2) / 3 * 4);
}

static void a_picture_of_64_kib_fits(void **state)
{
    (void)state;
    each_field(check_avatar);
}

static void names_lead_back_to_their_types(void **state)
{
    (void)state;
    for (int t = 0; t < REQUEST_TYPES; t++) {
        const char *name = request_name((enum request_type)t);
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name));
        assert_int_equal(request_type_named(span_of(name)), t);
    }
    static const char *const none[] = {"", "Send", "sen", "sends", "send ", "create-room"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(request_type_named(span_of(none[i])), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_mean_what_they_say),     cmocka_unit_test(texts_mean_what_they_say),
        cmocka_unit_test(sentences_say_what_is_allowed),  cmocka_unit_test(a_picture_of_64_kib_fits),
        cmocka_unit_test(names_lead_back_to_their_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
