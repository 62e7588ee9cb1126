/* api: the bodies of the HTTP API. */
#include "proto/api.h"
#include "proto/json.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#define T(s) s, sizeof s - 1

/* A guest's name: the smallest form, in every shape. */
static const struct {
    const char *body;
    size_t len;
    enum err want;
    const char *name;
} cases[] = {
    {T("{\"name\":\"Anna\"}"), OK, "Anna"},
    {T(" \t\r\n{ \"name\" : \"Anna\" } \n"), OK, "Anna"},
    {T("{\"more\":[1,{\"x\":null}],\"name\":\"Anna\"}"), OK, "Anna"},
    {T("{\"name\":\"\\u00e4\\ud83d\\ude00\\\"\\\\\"}"), OK, "\xc3\xa4\xf0\x9f\x98\x80\"\\"},
    {T("{\"name\":\"\\\\u0000\"}"), OK, "\\u0000"},
    {T("{\"name\":\"Anna\",\"password\":7}"), OK, "Anna"}, /* not one of its fields */
    {T("{\"name\":\"\"}"), ERR_INVALID, NULL},
    {T("{}"), ERR_INVALID, NULL},
    {T("{\"Name\":\"Anna\"}"), ERR_INVALID, NULL},
    {T("{\"name\":null}"), ERR_INVALID, NULL},
    {T("{\"name\":7}"), ERR_INVALID, NULL},
    {T("{\"name\":[\"Anna\"]}"), ERR_INVALID, NULL},
    {T("{\"x\":{\"name\":\"Anna\"}}"), ERR_INVALID, NULL},
    {T(""), ERR_INVALID_JSON, NULL},
    {T("null"), ERR_INVALID_JSON, NULL},
    {T("\"name\""), ERR_INVALID_JSON, NULL},
    {T("[\"name\"]"), ERR_INVALID_JSON, NULL},
    {T("{\"name\":\"Anna\""), ERR_INVALID_JSON, NULL},
    {T("{\"name\":\"Anna\"}x"), ERR_INVALID_JSON, NULL},
    {T("{\"name\":\"Anna\"}{}"), ERR_INVALID_JSON, NULL},
    {T("{\"name\":\"An\\u0000na\"}"), ERR_INVALID_JSON, NULL},
    {T("{\"name\":\"An\0na\"}"), ERR_INVALID_JSON, NULL},
    {T("{\"name\":\"\xff\"}"), ERR_INVALID_JSON, NULL},
    {T("{\"name\":\"\\ud83d\"}"), ERR_INVALID_JSON, NULL},
    {T("name=Anna"), ERR_INVALID_JSON, NULL},
};

static void shapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct api_form form;
        const char *why = NULL;
        enum err e = api_form_read(API_GUEST, (struct span){cases[i].body, cases[i].len}, &form, &why);
        if (e != cases[i].want)
            fail_msg("%s: %s", cases[i].body, err_code(e));
        assert_true(span_equal(form.name, span_of(cases[i].name)));
        assert_int_equal(form.password.len, 0);
        assert_int_equal(e == ERR_INVALID, why != NULL);
        api_form_release(&form);
    }
}

/* What each field may hold at most, in a call that takes it beside others that are good. */
static const struct {
    enum api_call call;
    const char *name, *others;
    size_t max;
    bool may_be_empty;
} lengths[] = {
    {API_SIGN_UP, "name", ",\"password\":\"x\"", 257, false},
    {API_SIGN_UP, "password", ",\"name\":\"x\"", 1024, false},
    {API_SIGN_UP, "display_name", ",\"name\":\"x\",\"password\":\"x\"", 257, true},
    {API_SIGN_UP, "invite", ",\"name\":\"x\",\"password\":\"x\"", 64, true},
    {API_SETUP, "place", ",\"name\":\"x\",\"password\":\"x\"", 257, true},
    {API_SIGN_IN, "code", ",\"name\":\"x\",\"password\":\"x\"", 64, true},
    {API_USE_RESET, "code", ",\"password\":\"x\"", 64, false},
    {API_SET_PASSWORD, "current", ",\"password\":\"x\"", 1024, false},
    {API_CONFIRM_TOTP, "secret", ",\"password\":\"x\",\"code\":\"x\"", 64, false},
};

static enum err read_length(size_t row, size_t len)
{
    struct buf body = BUF_INIT;
    struct api_form form;
    const char *why;
    char quoted[40];
    buf_printf(&body, "{\"%s\":\"", lengths[row].name);
    for (size_t i = 0; i < len; i++)
        buf_add_char(&body, 'a');
    buf_printf(&body, "\"%s}", lengths[row].others);
    enum err e = api_form_read(lengths[row].call, buf_span(&body), &form, &why);
    snprintf(quoted, sizeof quoted, "\"%s\" ", lengths[row].name);
    if (e)
        assert_memory_equal(why, quoted, strlen(quoted));
    api_form_release(&form);
    buf_release(&body);
    return e;
}

static void texts_have_their_lengths(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        assert_int_equal(read_length(i, 0), lengths[i].may_be_empty ? OK : ERR_INVALID);
        assert_int_equal(read_length(i, 1), OK);
        assert_int_equal(read_length(i, lengths[i].max), OK);
        assert_int_equal(read_length(i, lengths[i].max + 1), ERR_INVALID);
    }
}

static void each_text_has_its_place(void **state)
{
    (void)state;
    static const char body[] =
        "{\"name\":\"n\",\"password\":\"p\",\"display_name\":\"d\",\"place\":\"l\",\"code\":\"c\","
        "\"invite\":\"i\",\"secret\":\"s\",\"current\":\"u\"}";
    struct api_form form;
    const char *why;
    assert_int_equal(api_form_read(API_SETUP, span_of(body), &form, &why), OK);
    assert_true(span_equal(form.name, span_of("n")));
    assert_true(span_equal(form.password, span_of("p")));
    assert_true(span_equal(form.display_name, span_of("d")));
    assert_true(span_equal(form.place, span_of("l")));
    api_form_release(&form);
    assert_int_equal(api_form_read(API_SIGN_UP, span_of(body), &form, &why), OK);
    assert_true(span_equal(form.invite, span_of("i")));
    api_form_release(&form);
    assert_int_equal(api_form_read(API_CONFIRM_TOTP, span_of(body), &form, &why), OK);
    assert_true(span_equal(form.secret, span_of("s")));
    assert_true(span_equal(form.code, span_of("c")));
    api_form_release(&form);
    assert_int_equal(api_form_read(API_SET_PASSWORD, span_of(body), &form, &why), OK);
    assert_true(span_equal(form.current, span_of("u")));
    api_form_release(&form);
}

/* Far deeper than a small stack holds. */
static void deep_nesting_is_refused(void **state)
{
    (void)state;
    struct buf body = BUF_INIT;
    struct api_form form;
    const char *why;
    buf_add_str(&body, "{\"name\":\"Anna\",\"x\":");
    for (int i = 0; i < 100000; i++)
        buf_add_char(&body, '[');
    assert_int_equal(api_form_read(API_GUEST, buf_span(&body), &form, &why), ERR_INVALID_JSON);
    api_form_release(&form);
    buf_release(&body);
}

/* A body that is cut off anywhere is an error, not a crash. */
static void every_prefix_is_refused(void **state)
{
    (void)state;
    static const char whole[] = "{\"more\":[1,{\"x\":null}],\"name\":\"\\u00e4\\ud83d\\ude00\"}";
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        struct api_form form;
        const char *why;
        char *copy = malloc(len ? len : 1); /* so that a reader beyond the end is found */
        memcpy(copy, whole, len);
        assert_int_equal(api_form_read(API_GUEST, (struct span){copy, len}, &form, &why), ERR_INVALID_JSON);
        api_form_release(&form);
        free(copy);
    }
}

/* ------------------------------------------------------------------ what is written */

#define ANNA                                                                                                           \
    {                                                                                                                  \
        7, {"A\"\\\n\x01\xc3\xa4", 7},                                                                                 \
        {                                                                                                              \
            NULL, 0                                                                                                    \
        }                                                                                                              \
    }
#define ANNA_JSON "{\"id\":7,\"name\":\"A\\\"\\\\\\n\\u0001\xc3\xa4\""

static const struct event_user anna = ANNA;

static void write_user(struct buf *out)
{
    api_write_user(out, &(struct event_person){.user = anna, .role = ROLE_MEMBER, .with_role = true});
}

static void write_error(struct buf *out)
{
    api_write_error(out, span_of("name_taken"), span_of("Sorry, \"Anna\"."), 0, NULL, 0);
}

static void write_error_for_now(struct buf *out)
{
    api_write_error(out, span_of("rate_limited"), span_of("Later."), 1500, NULL, 0);
}

static void write_place(struct buf *out)
{
    api_write_place(out, &(struct api_place){.name = span_of("Garden \"Club\""),
                                             .version = span_of("0.1.0"),
                                             .signup = "invite",
                                             .is_set_up = true});
}

static void write_new_place(struct buf *out)
{
    api_write_place(out, &(struct api_place){.signup = "open", .takes_guests = true});
}

static void write_invite(struct buf *out)
{
    const struct span rooms[] = {span_of("garden"), span_of("\"yard\"")};
    api_write_invite(out, &anna, rooms, 2);
}

static void write_invite_to_nothing(struct buf *out)
{
    api_write_invite(out, &anna, NULL, 0);
}

static void write_no_invite(struct buf *out)
{
    api_write_no_invite(out, "expired");
}

static void write_me(struct buf *out)
{
    api_write_me(out, &(struct api_me){.user = {.user = anna, .role = ROLE_GUEST, .with_role = true},
                                       .session = 12,
                                       .scope = SCOPE_ADMIN,
                                       .has_totp = true});
}

static void write_me_by_token(struct buf *out)
{
    api_write_me(out, &(struct api_me){.user = {.user = anna}});
}

static void write_totp(struct buf *out)
{
    api_write_totp(out, span_of("JBSWY3DP"), span_of("otpauth://totp/a:b?secret=JBSWY3DP"));
}

static void write_codes(struct buf *out)
{
    api_write_recovery_codes(out, span_of("k7p2q-dx4vh\n22222-33333\n"));
}

static void write_no_codes(struct buf *out)
{
    api_write_recovery_codes(out, (struct span){NULL, 0});
}

static const struct {
    void (*write)(struct buf *out);
    const char *want;
} written[] = {
    {write_user, "{\"user\":" ANNA_JSON ",\"role\":\"member\"}}"},
    {write_error, "{\"error\":{\"code\":\"name_taken\",\"message\":\"Sorry, \\\"Anna\\\".\"}}"},
    {write_error_for_now, "{\"error\":{\"code\":\"rate_limited\",\"message\":\"Later.\",\"retry_after_ms\":1500}}"},
    {write_place, "{\"place\":{\"name\":\"Garden \\\"Club\\\"\",\"set_up\":true,\"signup\":\"invite\",\"guests\":false,"
                  "\"version\":\"0.1.0\"}}"},
    {write_new_place,
     "{\"place\":{\"name\":\"\",\"set_up\":false,\"signup\":\"open\",\"guests\":true,\"version\":\"\"}}"},
    {write_invite, "{\"invite\":{\"valid\":true,\"by\":" ANNA_JSON "},\"rooms\":[\"garden\",\"\\\"yard\\\"\"]}}"},
    {write_invite_to_nothing, "{\"invite\":{\"valid\":true,\"by\":" ANNA_JSON "},\"rooms\":[]}}"},
    {write_no_invite, "{\"invite\":{\"valid\":false,\"reason\":\"expired\"}}"},
    {write_me, "{\"user\":" ANNA_JSON ",\"role\":\"guest\"},\"session\":12,\"scope\":\"admin\",\"totp\":true}"},
    {write_me_by_token, "{\"user\":" ANNA_JSON "},\"session\":0,\"scope\":\"read\",\"totp\":false}"},
    {write_totp, "{\"secret\":\"JBSWY3DP\",\"uri\":\"otpauth://totp/a:b?secret=JBSWY3DP\"}"},
    {write_codes, "{\"recovery_codes\":[\"k7p2q-dx4vh\",\"22222-33333\"]}"},
    {write_no_codes, "{\"recovery_codes\":[]}"},
};

static void answers_are_written_as_documented(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        struct buf out = BUF_INIT;
        written[i].write(&out);
        assert_false(out.failed);
        if (!span_equal(buf_span(&out), span_of(written[i].want)))
            fail_msg("%.*s\nnot %s", (int)out.len, out.p, written[i].want);
        cJSON *object = json_parse_object(buf_span(&out));
        assert_non_null(object);
        cJSON_Delete(object);
        buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes),
        cmocka_unit_test(texts_have_their_lengths),
        cmocka_unit_test(each_text_has_its_place),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(answers_are_written_as_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
