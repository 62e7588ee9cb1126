/* From a request to a command: what is found, refused early, checked and made up; and what the answers say. */
#include "account/token.h"
#include "chat/submit/call.h"
#include "directory/memberships.h"
#include "rules/picture.h"
#include "runtime.h"
#include "store/people.h"

static struct caller caller_of(int64_t user_id)
{
    struct caller c;
    rt_fill_caller(user_id, &c);
    struct directory_user u;
    if (directory_user(rt.chat->directory, user_id, &u) && u.kind == USER_GUEST)
        c = (struct caller){.kind = COMMAND_ACTOR_GUEST, .user_id = user_id, .scope = SCOPE_ADMIN};
    return c;
}

/* Asks as HTTP does. The answer's text is valid until the next question. */
static const char *ask(const struct caller *who, const char *text, enum err *e)
{
    static char answer[4096];
    struct request q;
    struct buf json = BUF_INIT;
    const char *why = NULL;
    int64_t retry_ms = 0;
    *e = request_parse(span_of(text), &q, &why);
    if (*e)
        fail_msg("%s: %s", text, why);
    *e = call_wait(rt.chat, who, &q, &json, &why, &retry_ms);
    snprintf(answer, sizeof answer, "%.*s", (int)json.len, json.len ? json.p : "");
    if (*e)
        snprintf(answer, sizeof answer, "%s %s", err_code(*e), why ? why : "");
    buf_release(&json);
    request_release(&q);
    return answer;
}

static void assert_answer(const struct caller *who, const char *text, const char *want)
{
    enum err e;
    const char *got = ask(who, text, &e);
    if (strncmp(got, want, strlen(want)) != 0)
        fail_msg("%s\nwanted: %s\ngot:    %s", text, want, got);
}

static void verbs_are_refused_early_and_to_the_point(void **state)
{
    (void)state;
    rt_start();
    int64_t ben = rt_account("ben"), gus = rt_guest("Gus"), eve = rt_account("eve");
    struct caller o = caller_of(OWNER), b = caller_of(ben), g = caller_of(gus), e = caller_of(eve), bot = b;
    bot.token_id = 7;
    bot.session_id = 0;
    bot.scope = SCOPE_READ;
    struct caller admin_bot = o;
    admin_bot.token_id = 8;
    admin_bot.session_id = 0;
    assert_answer(&o, "{\"type\":\"create_room\",\"id\":\"1\",\"name\":\"cellar\",\"kind\":\"closed\"}",
                  "{\"type\":\"ack\",\"id\":\"1\",\"room\":2,");
    assert_answer(&o, "{\"type\":\"ban\",\"user\":\"eve\"}", "{\"type\":\"ack\"");
    const struct {
        const struct caller *who;
        const char *text, *want;
    } cases[] = {
        {&b, "{\"type\":\"rename_room\",\"room\":1,\"name\":\"x\"}", "forbidden"},
        {&b, "{\"type\":\"set_role\",\"user\":\"olga\",\"role\":\"member\"}", "forbidden"},
        {&b, "{\"type\":\"ban\",\"user\":\"olga\"}", "forbidden"},
        {&b, "{\"type\":\"edit_room\",\"room\":2,\"topic\":\"x\"}", "not_found"},
        {&b, "{\"type\":\"add_member\",\"room\":2}", "not_found"},
        {&b, "{\"type\":\"add_member\",\"room\":\"nowhere\"}", "not_found"},
        {&b, "{\"type\":\"block\",\"user\":\"nobody\"}", "not_found"},
        {&b, "{\"type\":\"block\",\"user\":999}", "not_found"},
        {&b, "{\"type\":\"open_direct\",\"users\":[\"olga\",\"nobody\"]}", "not_found"},
        {&b, "{\"type\":\"create_room\",\"name\":\"a/b\"}", "invalid "},
        {&b, "{\"type\":\"create_room\",\"name\":\"LOBBY\"}", "name_taken"},
        {&b, "{\"type\":\"rename\",\"name\":\"two words\"}", "invalid "},
        {&b, "{\"type\":\"rename\",\"name\":\"0LGA\"}", "name_taken"},
        {&b, "{\"type\":\"create_token\",\"name\":\"  \",\"scope\":\"read\"}", "invalid Give the token a name"},
        {&b, "{\"type\":\"create_token\",\"name\":\"bot\",\"scope\":\"read\"}", "invalid Confirm your password"},
        {&o, "{\"type\":\"create_reset\",\"user\":\"ben\"}", "invalid Confirm your password"},
        {&b, "{\"type\":\"create_reset\",\"user\":\"olga\"}", "forbidden"},
        {&admin_bot, "{\"type\":\"create_token\",\"name\":\"x\",\"scope\":\"read\"}", "forbidden Access tokens can't"},
        {&admin_bot, "{\"type\":\"create_reset\",\"user\":\"olga\"}", "forbidden Access tokens can't"},
        {&admin_bot, "{\"type\":\"revoke_token\",\"token\":1}", "forbidden Access tokens can't"},
        {&admin_bot, "{\"type\":\"end_other_sessions\"}", "forbidden Access tokens can't"},
        {&admin_bot, "{\"type\":\"set_role\",\"user\":\"ben\",\"role\":\"admin\"}", "forbidden Access tokens can't"},
        {&admin_bot, "{\"type\":\"create_invite\"}", "{\"type\":\"ack\""},
        {&b, "{\"type\":\"set_profile\",\"display_name\":\"\\u200b\"}", "invalid "},
        {&b, "{\"type\":\"set_profile\",\"avatar\":\"!!!!\"}", "invalid The picture must be in base64"},
        {&b, "{\"type\":\"set_profile\",\"avatar\":\"QUJDRA==\"}", "invalid A picture must be a PNG"},
        {&b, "{\"type\":\"send\",\"id\":\"m\",\"room\":2,\"body\":\"x\"}", "not_found"},
        {&b, "{\"type\":\"send\",\"id\":\"m\",\"room\":1,\"body\":\"  \"}",
         "invalid A message needs some visible text"},
        {&b, "{\"type\":\"handle_report\",\"report\":1}", "forbidden"},
        {&g, "{\"type\":\"create_room\",\"name\":\"den\"}", "unauthorized"},
        {&g, "{\"type\":\"block\",\"user\":\"ben\"}", "unauthorized"},
        {&g, "{\"type\":\"delete\",\"room\":1,\"seq\":99}", "not_found"},
        {&e, "{\"type\":\"create_room\",\"name\":\"den\"}", "banned"},
        {&e, "{\"type\":\"send\",\"id\":\"m\",\"room\":1,\"body\":\"x\"}", "banned"},
        {&bot, "{\"type\":\"create_room\",\"name\":\"den\"}",
         "forbidden This token's scope doesn't allow that: it needs \"write\""},
        {&bot, "{\"type\":\"send\",\"id\":\"m\",\"room\":1,\"body\":\"x\"}", "forbidden This token's scope"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_answer(cases[i].who, cases[i].text, cases[i].want);
}

static void what_one_asks_for_is_done_and_answered(void **state)
{
    (void)state;
    rt_start();
    int64_t ben = rt_account("ben"), gus = rt_guest("Gus");
    struct caller o = caller_of(OWNER), b = caller_of(ben), g = caller_of(gus);
    const struct {
        const struct caller *who;
        const char *text, *want;
    } cases[] = {
        {&b, "{\"type\":\"create_room\",\"id\":\"1\",\"name\":\"  den \",\"topic\":\" T \"}",
         "{\"type\":\"ack\",\"id\":\"1\",\"room\":2,\"seq\":1,\"at\":1790000000000}"},
        {&b, "{\"type\":\"rename_room\",\"id\":\"2\",\"room\":\"den\",\"name\":\"study\"}",
         "{\"type\":\"ack\",\"id\":\"2\",\"room\":2,\"seq\":2,"},
        {&b, "{\"type\":\"rename_room\",\"room\":2,\"name\":\"study\"}",
         "{\"type\":\"ack\",\"room\":2,\"duplicate\":true}"},
        {&o, "{\"type\":\"add_member\",\"room\":\"study\"}", "{\"type\":\"ack\",\"room\":2,\"seq\":3,"},
        {&b, "{\"type\":\"set_room_role\",\"room\":2,\"user\":\"OLGA\",\"role\":\"moderator\"}", "{\"type\":\"ack\""},
        {&b, "{\"type\":\"open_direct\",\"id\":\"d\",\"users\":[\"olga\"]}",
         "{\"type\":\"ack\",\"id\":\"d\",\"room\":3,"},
        {&b, "{\"type\":\"open_direct\",\"id\":\"d\",\"users\":[1]}",
         "{\"type\":\"ack\",\"id\":\"d\",\"room\":3,\"duplicate\":true}"},
        {&b, "{\"type\":\"send\",\"id\":\"m\",\"room\":\"lobby\",\"body\":\"hi\"}",
         "{\"type\":\"ack\",\"id\":\"m\",\"room\":1,\"seq\":2,\"at\":"},
        {&b, "{\"type\":\"send\",\"id\":\"m\",\"room\":\"lobby\",\"body\":\"hi\"}",
         "{\"type\":\"ack\",\"id\":\"m\",\"room\":1,\"seq\":2,\"at\":1790000000000,\"duplicate\":true}"},
        {&g, "{\"type\":\"send\",\"id\":\"m\",\"room\":1,\"body\":\"hi\"}",
         "{\"type\":\"ack\",\"id\":\"m\",\"room\":1,\"seq\":3,"},
        {&g, "{\"type\":\"report\",\"id\":\"r\",\"room\":1,\"seq\":2,\"reason\":\"rude\"}",
         "{\"type\":\"ack\",\"id\":\"r\",\"room\":1,"},
        {&o, "{\"type\":\"handle_report\",\"report\":1,\"outcome\":\"spoke\"}", "{\"type\":\"ack\""},
        {&rt_system, "{\"type\":\"create_room\",\"id\":\"s\",\"name\":\"vault\",\"kind\":\"closed\"}",
         "{\"type\":\"ack\",\"id\":\"s\",\"room\":4,"},
        {&rt_system, "{\"type\":\"set_role\",\"user\":\"ben\",\"role\":\"admin\"}", "{\"type\":\"ack\""},
        /* An admin manages what is closed to them. */
        {&b, "{\"type\":\"add_member\",\"room\":\"vault\",\"user\":\"olga\"}", "{\"type\":\"ack\",\"room\":4,"},
        {&b, "{\"type\":\"add_member\",\"room\":\"vault\"}", "{\"type\":\"ack\",\"room\":4,"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_answer(cases[i].who, cases[i].text, cases[i].want);
    struct directory_room room;
    struct buf topic = BUF_INIT;
    assert_true(directory_room(rt.chat->directory, 2, ben, &room, NULL, &topic));
    assert_int_equal(topic.len, 1); /* trimmed */
    buf_release(&topic);
}

static void asking_to_join_tells_nothing(void **state)
{
    (void)state;
    enum err e;
    rt_start();
    int64_t ben = rt_account("ben");
    struct caller o = caller_of(OWNER), b = caller_of(ben);
    ask(&o, "{\"type\":\"create_room\",\"name\":\"cellar\",\"kind\":\"closed\"}", &e);
    static const char *const rooms[] = {"\"cellar\"", "2", "\"nowhere\"", "99", "\"lobby\""};
    for (size_t i = 0; i < 5; i++) {
        char text[128];
        snprintf(text, sizeof text, "{\"type\":\"request_join\",\"id\":\"j\",\"room\":%s}", rooms[i]);
        const char *answer = ask(&b, text, &e);
        assert_int_equal(e, OK);
        assert_string_equal(answer, "{\"type\":\"ack\",\"id\":\"j\"}");
    }
    assert_answer(&o, "{\"type\":\"answer_request\",\"room\":2,\"user\":\"ben\",\"accept\":true}",
                  "{\"type\":\"ack\",\"room\":2,");
    assert_true(directory_is_member(rt.chat->directory, 2, ben));
}

/* Copies the text after `before` up to the next quote. */
static void cut(const char *answer, const char *before, char out[TOKEN_BYTES])
{
    const char *at = strstr(answer, before);
    if (!at)
        fail_msg("no %s in %s", before, answer);
    at += strlen(before);
    snprintf(out, TOKEN_BYTES, "%.*s", (int)strcspn(at, "\""), at);
}

static void codes_are_made_once_and_kept_as_hashes(void **state)
{
    (void)state;
    enum err e;
    char code[TOKEN_BYTES];
    uint8_t hash[HASH_BYTES];
    struct token_row token;
    struct invite_row invite;
    struct reset_row reset;
    rt_start();
    rt_account("ben");
    rt_store_session(OWNER);
    struct caller o = caller_of(OWNER);
    o.session_id = 0; /* a proxy has signed them in: no password is asked for */
    ask(&o, "{\"type\":\"create_room\",\"name\":\"cellar\",\"kind\":\"closed\"}", &e);

    cut(ask(&o, "{\"type\":\"create_token\",\"id\":\"t\",\"name\":\" bot \",\"scope\":\"write\"}", &e),
        ",\"token_id\":1,\"token\":\"", code);
    assert_true(token_hash(TOKEN_ACCESS, span_of(code), hash));
    struct span hashed = {(const char *)hash, sizeof hash};
    assert_int_equal(tokens_by_hash(rt.store, hashed, &token), OK);
    assert_int_equal(token.scope, SCOPE_WRITE);
    assert_true(span_equal(token.name, span_of("bot")));

    cut(ask(&o, "{\"type\":\"create_invite\",\"max_uses\":3,\"rooms\":[\"cellar\"]}", &e), ",\"invite\":1,\"code\":\"",
        code);
    assert_int_equal(invites_by_code(rt.store, span_of(code), &invite), OK);
    assert_int_equal(invite.max_uses, 3);

    cut(ask(&o, "{\"type\":\"create_reset\",\"user\":\"ben\"}", &e), ",\"code\":\"", code);
    assert_true(token_hash(TOKEN_CODE, span_of(code), hash));
    assert_int_equal(resets_by_hash(rt.store, hashed, &reset), OK);
    assert_int_equal(reset.expires_at, rt.now_ms + 24 * 3600 * 1000);
}

static void pictures_are_decoded(void **state)
{
    struct buf bytes = BUF_INIT;
    struct span type;
    const char *why;
    (void)state;
    static const struct {
        const char *base64, *bytes;
        size_t len;
        const char *type; /* NULL: refused */
    } cases[] = {
        {"iVBORw0KGgo=", "\x89PNG\r\n\x1a\n", 8, "image/png"},
        {"/9j/AA==", "\xff\xd8\xff\0", 4, "image/jpeg"},
        {"/9j/", "\xff\xd8\xff", 3, "image/jpeg"},
        {"UklGRgAAAABXRUJQ", "RIFF\0\0\0\0WEBP", 12, "image/webp"},
        {"UklGRgAAAABXRUJ", NULL, 0, NULL},
        {"iVBORw0KGgo", NULL, 0, NULL},      /* no padding */
        {"iVBORw0KG=o=", NULL, 0, NULL},     /* padding inside */
        {"iVBORw0K Ggo", NULL, 0, NULL},     /* a space */
        {"iVBORw0K-_o=", NULL, 0, NULL},     /* of base64url */
        {"PHN2Zz48L3N2Zz4=", NULL, 0, NULL}, /* <svg></svg> */
        {"====", NULL, 0, NULL},
        {"", NULL, 0, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        buf_clear(&bytes);
        enum err e = picture_decode(span_of(cases[i].base64), &bytes, &type, &why);
        if (e != (cases[i].type ? OK : ERR_INVALID))
            fail_msg("%s: %s", cases[i].base64, err_code(e));
        if (!cases[i].type)
            continue;
        assert_int_equal(bytes.len, cases[i].len);
        assert_memory_equal(bytes.p, cases[i].bytes, bytes.len);
        assert_true(span_equal(type, span_of(cases[i].type)));
    }
    buf_release(&bytes);
}

static void a_picture_is_stored_with_its_type(void **state)
{
    (void)state;
    enum err e;
    struct span type, bytes;
    struct directory_user u;
    rt_start();
    struct caller o = caller_of(OWNER);
    ask(&o, "{\"type\":\"set_profile\",\"avatar\":\"iVBORw0KGgo=\"}", &e);
    assert_int_equal(e, OK);
    assert_int_equal(avatars_get(rt.store, OWNER, &type, &bytes), OK);
    assert_true(span_equal(type, span_of("image/png")));
    assert_int_equal(bytes.len, 8);
    assert_true(directory_user(rt.chat->directory, OWNER, &u));
    assert_true(u.avatar_version > 0);
    ask(&o, "{\"type\":\"set_profile\",\"avatar\":\"\"}", &e);
    assert_int_equal(e, OK);
    assert_true(directory_user(rt.chat->directory, OWNER, &u));
    assert_int_equal(u.avatar_version, 0);
}

static void calls_are_held_to_the_rate(void **state)
{
    (void)state;
    rt_start();
    int64_t ben = rt_account("ben");
    struct caller b = caller_of(ben);
    rt.chat->settings.rate_messages_per_s = 1;
    rt.chat->settings.rate_burst = 2;
    assert_answer(&b, "{\"type\":\"set_membership\",\"room\":1,\"position\":1}", "{\"type\":\"ack\"");
    assert_answer(&b, "{\"type\":\"send\",\"id\":\"m\",\"room\":1,\"body\":\"x\"}", "{\"type\":\"ack\"");
    assert_answer(&b, "{\"type\":\"set_membership\",\"room\":1,\"position\":2}", "rate_limited");
    assert_answer(&b, "{\"type\":\"send\",\"id\":\"n\",\"room\":1,\"body\":\"x\"}", "rate_limited");
    assert_answer(&b, "{\"type\":\"read\",\"room\":1,\"seq\":1}", "{\"type\":\"ack\"");
}

/* On a connection the answers are the same. */
static void sessions_get_the_same_answers(void **state)
{
    (void)state;
    struct client *o = rt_connect(OWNER);
    rt_forget(o);
    rt_say(o, "{\"type\":\"create_invite\",\"id\":\"t\"}");
    assert_heard(o, "{\"type\":\"ack\",\"id\":\"t\",");
    assert_heard(o, ",\"invite\":1,\"code\":\"");
    /* The password is looked at where one can wait for that. */
    rt_say(o, "{\"type\":\"create_token\",\"id\":\"c\",\"name\":\"bot\",\"scope\":\"read\",\"current\":\"x\"}");
    assert_heard(o, "{\"type\":\"error\",\"id\":\"c\",\"code\":\"forbidden\",\"message\":\"That needs your password");
    rt_say(o, "{\"type\":\"request_join\",\"id\":\"j\",\"room\":\"nowhere\"}");
    assert_heard(o, "{\"type\":\"ack\",\"id\":\"j\"}\n");
    rt_forget(o);
    rt_say(o, "{\"type\":\"request_join\",\"room\":\"nowhere\"}");
    rt_say(o, "{\"type\":\"set_membership\",\"room\":1,\"position\":1}");
    assert_not_heard(o, "ack"); /* nobody asked for one */
    rt_say(o, "{\"type\":\"rename_room\",\"room\":99,\"name\":\"x\"}");
    assert_heard(o, "{\"type\":\"error\",\"code\":\"not_found\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(verbs_are_refused_early_and_to_the_point),
        WITH_RUNTIME(what_one_asks_for_is_done_and_answered),
        WITH_RUNTIME(asking_to_join_tells_nothing),
        WITH_RUNTIME(codes_are_made_once_and_kept_as_hashes),
        cmocka_unit_test(pictures_are_decoded),
        WITH_RUNTIME(a_picture_is_stored_with_its_type),
        WITH_RUNTIME(calls_are_held_to_the_rate),
        WITH_RUNTIME(sessions_get_the_same_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
