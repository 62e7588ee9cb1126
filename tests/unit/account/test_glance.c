/* glance: what HTTP and the command line look up beside the protocol's questions. */
#include "account/glance.h"
#include "account_live.h"
#include "store/people.h"

static const int64_t day_ms = INT64_C(86400000);

static void test_invite(void **unused)
{
    (void)unused;
    enum invite_state state;
    struct account_login olga, ben;
    struct account_form form = form_of("ben", good_password);
    struct buf rooms = BUF_INIT;
    const char *why = NULL;
    int64_t by = -1;
    set_up(&olga);
    assert_int_equal(glance_invite(live.chat, span_of("none"), &state, &by, &rooms), ERR_NOT_FOUND);
    assert_int_equal(state, INVITE_UNKNOWN);

    invite("once", olga.who.user_id, 1);
    assert_int_equal(glance_invite(live.chat, span_of("once"), &state, &by, &rooms), OK);
    assert_int_equal(by, olga.who.user_id);
    assert_int_equal(rooms.len, 0);
    form.invite = span_of("once");
    assert_int_equal(account_sign_up(live.chat, &form, 0, &ben, &why), OK);
    assert_int_equal(glance_invite(live.chat, span_of("once"), &state, &by, &rooms), ERR_NOT_FOUND);
    assert_int_equal(state, INVITE_USED_UP);

    struct command c = live_command(0, COMMAND_INVITE_CREATE);
    fields_set_text(&c.f, F_CODE, span_of("for a day"));
    fields_set(&c.f, F_EXPIRES, live_start_ms + day_ms);
    c.f.ids[c.f.id_count++] = 1;
    int64_t id = live_run(&c).id;
    assert_int_equal(glance_invite(live.chat, span_of("for a day"), &state, &by, &rooms), OK);
    assert_int_equal(by, 0);
    assert_int_equal(rooms.len, sizeof(int64_t));
    assert_int_equal(*(int64_t *)(void *)rooms.p, 1);
    pass_ms(day_ms - 1);
    assert_int_equal(glance_invite(live.chat, span_of("for a day"), &state, &by, &rooms), OK);
    pass_ms(1);
    assert_int_equal(glance_invite(live.chat, span_of("for a day"), &state, &by, &rooms), ERR_NOT_FOUND);
    assert_int_equal(state, INVITE_EXPIRED);

    invite("revoked", 0, 0);
    c = live_command(0, COMMAND_INVITE_REVOKE);
    fields_set(&c.f, F_INVITE, id + 1);
    live_run(&c);
    assert_int_equal(glance_invite(live.chat, span_of("revoked"), &state, &by, &rooms), ERR_NOT_FOUND);
    assert_int_equal(state, INVITE_REVOKED);
    buf_release(&rooms);
}

static void add_code(void *ctx, const struct invite_row *row)
{
    buf_add_span(ctx, row->code);
    buf_add_char(ctx, ' ');
}

static void test_invites(void **state)
{
    (void)state;
    struct account_login olga;
    struct buf codes = BUF_INIT;
    set_up(&olga);
    invite("a", 0, 0);
    invite("b", 0, 0);
    invite("c", 0, 0);
    assert_int_equal(glance_invites(live.chat, 0, 2, add_code, &codes), OK);
    assert_true(span_equal(buf_span(&codes), span_of("c b ")));
    assert_int_equal(glance_invites(live.chat, 2, 2, add_code, &codes), OK);
    assert_true(span_equal(buf_span(&codes), span_of("c b a ")));
    buf_release(&codes);
}

static void test_person(void **state)
{
    (void)state;
    static const char secret[] = "0123456789abcdefghij", picture[] = "\x89PNG\r\n\x1a\n and more";
    struct account_login olga;
    struct buf type = BUF_INIT, bytes = BUF_INIT;
    bool has = true;
    set_up(&olga);
    const int64_t id = olga.who.user_id;
    assert_int_equal(glance_totp(live.chat, id, &has), OK);
    assert_false(has);
    assert_int_equal(glance_totp(live.chat, 99, &has), ERR_NOT_FOUND);
    struct command c = live_command(id, COMMAND_TOTP_SET);
    fields_set_text(&c.f, F_SECRET, (struct span){secret, 20});
    live_run(&c);
    assert_int_equal(glance_totp(live.chat, id, &has), OK);
    assert_true(has);

    assert_int_equal(glance_avatar(live.chat, id, &type, &bytes), ERR_NOT_FOUND);
    c = live_command(id, COMMAND_PROFILE_SET);
    fields_set_text(&c.f, F_AVATAR, span_of(picture));
    fields_set_text(&c.f, F_TYPE, span_of("image/png"));
    live_run(&c);
    assert_int_equal(glance_avatar(live.chat, id, &type, &bytes), OK);
    assert_true(span_equal(buf_span(&type), span_of("image/png")));
    assert_true(span_equal(buf_span(&bytes), span_of(picture)));
    buf_release(&type);
    buf_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_LIVE(test_invite), WITH_LIVE(test_invites), WITH_LIVE(test_person)};
    return secret_init() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
