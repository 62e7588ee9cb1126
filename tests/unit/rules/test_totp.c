/* totp: the vectors of RFC 6238, the window around now, secrets as text, and addresses for QR codes. */
#include "rules/totp.h"
#include "unit.h"

static const char rfc_secret[] = "12345678901234567890";

static struct span secret(void)
{
    return span_of(rfc_secret);
}

/* RFC 6238, appendix B, SHA-1: of its eight digits the last six. */
static const struct {
    int64_t now_s;
    const char *code;
} vectors[] = {
    {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
    {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
};

static void the_vectors_of_the_rfc(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
        assert_int_equal(totp_step(secret(), span_of(vectors[i].code), vectors[i].now_s), vectors[i].now_s / 30);
}

static void one_step_to_each_side(void **state)
{
    (void)state;
    static const struct {
        int64_t after_s; /* of the beginning of the code's step */
        bool want;
    } cases[] = {{-31, false}, {-30, true}, {-1, true}, {0, true}, {29, true}, {30, true}, {59, true}, {60, false}};
    const int64_t step = 1234567890 / 30;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t found = totp_step(secret(), span_of("005924"), step * 30 + cases[i].after_s);
        if (found != (cases[i].want ? step : -1))
            fail_msg("%lld s: %lld", (long long)cases[i].after_s, (long long)found);
    }
    assert_int_equal(totp_step(secret(), span_of("755224"), 0), 0); /* RFC 4226, appendix D: of step 0 */
    assert_int_equal(totp_step(secret(), span_of("287082"), 0), 1); /* there is no step before the first */
}

static void what_is_no_code(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool want;
    } cases[] = {
        {"005924", true},   {"005 924", true}, {" 005924\n", true},    {"00592", false},
        {"0059244", false}, {"00592a", false}, {"00592:", false},      {"00592/", false},
        {"", false},        {"-05924", false}, {"k7p2q-dx4vh", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(totp_is_code(span_of(cases[i].text)) == cases[i].want);
        assert_true((totp_step(secret(), span_of(cases[i].text), 1234567890) >= 0) == cases[i].want);
    }
    assert_int_equal(totp_step((struct span){NULL, 0}, span_of("005924"), 1234567890), -1); /* no second factor */
}

static void secrets_go_to_text_and_back(void **state)
{
    (void)state;
    char text[TOTP_SECRET_TEXT_BYTES];
    uint8_t bytes[TOTP_SECRET_BYTES];
    assert_true(totp_write_secret((const uint8_t *)rfc_secret, text));
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    static const struct {
        const char *text;
        bool want;
    } cases[] = {
        {"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", true},   {"gezd gnbv gy3t qojq gezd gnbv gy3t qojq", true},
        {"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", false},  {"GEZDGNBVGY3TQOJQ", false},
        {"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQA", false}, {"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(totp_read_secret(span_of(cases[i].text), bytes) == cases[i].want);
        if (cases[i].want)
            assert_memory_equal(bytes, rfc_secret, sizeof bytes);
    }
}

static void addresses_hold_any_name(void **state)
{
    (void)state;
    struct buf uri = BUF_INIT;
    totp_write_uri(&uri, span_of("GEZD"), span_of("Garden & Club: \xC3\xBC"), span_of("anna.b-1_~"));
    buf_add_char(&uri, 0);
    assert_string_equal(uri.p, "otpauth://totp/Garden%20%26%20Club%3A%20%C3%BC:anna.b-1_~?secret=GEZD"
                               "&issuer=Garden%20%26%20Club%3A%20%C3%BC");
    buf_clear(&uri);
    totp_write_uri(&uri, span_of("GEZD"), (struct span){"a\0b", 3}, span_of("anna"));
    buf_add_char(&uri, 0);
    assert_string_equal(uri.p, "otpauth://totp/a%00b:anna?secret=GEZD&issuer=a%00b");
    buf_release(&uri);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_the_rfc),  cmocka_unit_test(one_step_to_each_side),
        cmocka_unit_test(what_is_no_code),         cmocka_unit_test(secrets_go_to_text_and_back),
        cmocka_unit_test(addresses_hold_any_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
