/* Lists: what each asker gets, in which form, and how one goes on. */
#include "chat/query/query.h"
#include "runtime.h"
#include "store/moderation.h"

static const char *ask(struct client *c, const char *text)
{
    rt_forget(c);
    rt_say(c, "%s", text);
    return rt_heard(c);
}

static void assert_answer(struct client *c, const char *text, const char *want)
{
    const char *got = ask(c, text);
    if (strncmp(got, want, strlen(want)) != 0)
        fail_msg("%s\nwanted: %s\ngot:    %s", text, want, got);
}

/* ------------------------------------------------------------------ people */

static void people_by_part_of_a_name_and_by_page(void **state)
{
    (void)state;
    rt_account("anna"); /* 2 */
    rt_account("ben");
    rt_guest("Hanna");
    struct client *o = rt_connect(OWNER), *b = rt_connect(rt_id_of("ben"));
    rt_say(b, "{\"type\":\"set_profile\",\"display_name\":\"Ann Droid\",\"status_emoji\":\"x\"}");
    const char *const all =
        "{\"type\":\"people\",\"id\":\"p\",\"people\":[{\"id\":1,\"name\":\"olga\",\"role\":\"owner\"},"
        "{\"id\":2,\"name\":\"anna\",\"role\":\"member\"},{\"id\":3,\"name\":\"ben\","
        "\"display_name\":\"Ann Droid\",\"role\":\"member\",\"status_emoji\":\"x\"},"
        "{\"id\":4,\"name\":\"Hanna\",\"role\":\"guest\"}],\"more\":false}";
    assert_answer(b, "{\"type\":\"people\",\"id\":\"p\"}", all);
    assert_answer(b, "{\"type\":\"people\",\"id\":\"p\",\"limit\":1}",
                  "{\"type\":\"people\",\"id\":\"p\",\"people\":[{\"id\":1,\"name\":\"olga\",\"role\":\"owner\"}],"
                  "\"more\":true}");
    assert_answer(b, "{\"type\":\"people\",\"after\":3,\"limit\":1}",
                  "{\"type\":\"people\",\"people\":[{\"id\":4,\"name\":\"Hanna\",\"role\":\"guest\"}],\"more\":false}");
    assert_answer(b, "{\"type\":\"people\",\"query\":\"HANN\"}", "{\"type\":\"people\",\"people\":[{\"id\":4,");
    ask(b, "{\"type\":\"people\",\"query\":\"ann\"}"); /* in the name, or in what is shown */
    assert_heard(b, "{\"id\":2,");
    assert_heard(b, "{\"id\":3,");
    assert_heard(b, "{\"id\":4,");
    assert_not_heard(b, "olga");
    assert_answer(b, "{\"type\":\"people\",\"query\":\"zzz\"}", "{\"type\":\"people\",\"people\":[],\"more\":false}");
    rt_say(o, "{\"type\":\"ban\",\"user\":\"anna\"}");
    ask(b, "{\"type\":\"people\"}");
    assert_not_heard(b, "\"anna\"");
    ask(o, "{\"type\":\"people\"}");
    assert_heard(o, "{\"id\":2,\"name\":\"anna\",\"role\":\"member\",\"banned\":true}");
}

static void a_person_with_what_one_shares(void **state)
{
    (void)state;
    rt_account("anna");
    rt_account("ben");
    struct client *o = rt_connect(OWNER), *a = rt_connect(rt_id_of("anna")), *b = rt_connect(rt_id_of("ben"));
    int64_t cellar = rt_room(o, "cellar", "closed", "all"), attic = rt_room(o, "attic", "closed", "all");
    rt_say(o, "{\"type\":\"add_member\",\"room\":%lld,\"user\":\"anna\"}", (long long)cellar);
    rt_say(o, "{\"type\":\"add_member\",\"room\":%lld,\"user\":\"ben\"}", (long long)cellar);
    rt_say(o, "{\"type\":\"add_member\",\"room\":%lld,\"user\":\"ben\"}", (long long)attic);
    rt_say(b, "{\"type\":\"set_profile\",\"bio\":\"Bell\"}");
    assert_answer(a, "{\"type\":\"person\",\"id\":\"p\",\"user\":\"BEN\"}",
                  "{\"type\":\"person\",\"id\":\"p\",\"person\":{\"id\":3,\"name\":\"ben\",\"role\":\"member\",\"bio\":"
                  "\"Bell\",\"since\":1790000000000,\"state\":\"active\"},\"rooms\":[{\"id\":1,\"name\":\"lobby\"");
    assert_heard(a, "\"name\":\"cellar\"");
    assert_not_heard(a, "attic"); /* in which only Ben is */
    ask(a, "{\"type\":\"person\",\"user\":99}");
    assert_heard(a, "\"code\":\"not_found\"");
}

/* ------------------------------------------------------------------ rooms */

static void rooms_that_are_listed(void **state)
{
    (void)state;
    rt_account("anna");
    struct client *o = rt_connect(OWNER), *a = rt_connect(rt_id_of("anna"));
    rt_say(o, "{\"type\":\"create_room\",\"name\":\"garden\",\"topic\":\"T\",\"description\":\"Long\"}"); /* 2 */
    rt_room(o, "cellar", "closed", "all");
    rt_room(o, "news", "announcement", "all"); /* 4 */
    assert_answer(a, "{\"type\":\"rooms\",\"id\":\"r\",\"after\":1,\"limit\":1}",
                  "{\"type\":\"rooms\",\"id\":\"r\",\"rooms\":[{\"id\":2,\"name\":\"garden\",\"kind\":\"open\","
                  "\"last_seq\":1,\"archived\":false,\"topic\":\"T\",\"members\":1,\"description\":\"Long\"}],"
                  "\"more\":true}");
    ask(a, "{\"type\":\"rooms\"}");
    assert_heard(a, "\"name\":\"news\",\"kind\":\"announcement\"");
    assert_heard(a, "\"members\":2}"); /* of the lobby, of which one is a member: with role and all */
    assert_heard(a, "\"role\":\"member\"");
    assert_not_heard(a, "cellar");
    assert_answer(a, "{\"type\":\"rooms\",\"query\":\"ARD\"}", "{\"type\":\"rooms\",\"rooms\":[{\"id\":2,");
    ask(rt_visit("passer"), "{\"type\":\"rooms\"}");
    assert_heard(rt.clients[rt.client_count - 1], "\"code\":\"unauthorized\"");
}

/* Of closed rooms admins have to know that they are there, and no more than that when they are in none of them. */
static void closed_rooms_are_listed_for_admins(void **state)
{
    (void)state;
    int64_t ada = rt_account("ada"), anna = rt_account("anna"), ben = rt_account("ben");
    rt_set_role(ada, ROLE_ADMIN);
    rt_set_role(ben, ROLE_MODERATOR);
    struct client *o = rt_connect(OWNER), *d = rt_connect(ada), *a = rt_connect(anna), *b = rt_connect(ben);
    rt_say(a, "{\"type\":\"create_room\",\"name\":\"cellar\",\"kind\":\"closed\",\"history\":\"joined\","
              "\"topic\":\"Secret\",\"description\":\"Secret too\"}"); /* 2 */
    rt_say(a, "{\"type\":\"edit_room\",\"room\":2,\"slow_s\":5,\"locked\":true}");
    rt_say(a, "{\"type\":\"open_direct\",\"users\":[\"ben\"]}");
    static const char outside[] = "{\"type\":\"rooms\",\"rooms\":[{\"id\":2,\"name\":\"cellar\",\"kind\":\"closed\","
                                  "\"last_seq\":0,\"archived\":false,\"locked\":true,\"history\":\"joined\","
                                  "\"slow_s\":5,\"members\":1}],\"more\":false}";
    assert_answer(o, "{\"type\":\"rooms\",\"after\":1}", outside);
    assert_answer(d, "{\"type\":\"rooms\",\"query\":\"cell\"}", outside);
    rt_forget_all();
    ask(a, "{\"type\":\"rooms\",\"after\":1}"); /* a member, but no admin */
    ask(b, "{\"type\":\"rooms\",\"after\":1}"); /* a moderator of the place */
    assert_heard(a, "\"rooms\":[],\"more\":false}");
    assert_heard(b, "\"rooms\":[],\"more\":false}");
    rt_say(a, "{\"type\":\"add_member\",\"room\":2,\"user\":\"ada\"}");
    assert_answer(d, "{\"type\":\"rooms\",\"after\":1,\"limit\":1}",
                  "{\"type\":\"rooms\",\"rooms\":[{\"id\":2,\"name\":\"cellar\",\"kind\":\"closed\",\"last_seq\":3,"
                  "\"archived\":false,\"locked\":true,\"history\":\"joined\",\"slow_s\":5,\"topic\":\"Secret\","
                  "\"role\":\"member\",\"level\":\"all\",\"read_seq\":3,\"unread\":0,\"mentions\":0,\"members\":2,"
                  "\"description\":\"Secret too\"}],\"more\":false}");
}

static void members_of_a_room(void **state)
{
    (void)state;
    rt_account("anna");
    rt_account("ben");
    struct client *o = rt_connect(OWNER), *a = rt_connect(rt_id_of("anna")), *v = rt_visit("passer");
    rt_say(o, "{\"type\":\"edit_room\",\"room\":1,\"description\":\"Where all begin\"}");
    rt_say(o, "{\"type\":\"mute\",\"room\":1,\"user\":\"ben\",\"until_ms\":%lld}", (long long)rt.now_ms + 1000);
    assert_answer(a, "{\"type\":\"members\",\"id\":\"m\",\"room\":\"lobby\"}",
                  "{\"type\":\"members\",\"id\":\"m\",\"members\":[{\"id\":1,\"name\":\"olga\",\"role\":\"owner\","
                  "\"room_role\":\"moderator\"},{\"id\":2,\"name\":\"anna\",\"role\":\"member\",\"room_role\":"
                  "\"member\"},{\"id\":3,\"name\":\"ben\",\"role\":\"member\",\"room_role\":\"member\","
                  "\"muted_until\":1790000001000}],\"more\":false,\"count\":3,\"description\":\"Where all begin\"}");
    assert_answer(a, "{\"type\":\"members\",\"room\":1,\"after\":1,\"limit\":1}",
                  "{\"type\":\"members\",\"members\":[{\"id\":2,");
    assert_heard(a, "],\"more\":true,\"count\":3");
    int64_t cellar = rt_room(o, "cellar", "closed", "all");
    ask(a, rt_format("{\"type\":\"members\",\"room\":%lld}", (long long)cellar));
    assert_heard(a, "\"code\":\"not_found\"");
    ask(v, "{\"type\":\"members\",\"room\":1}");
    assert_not_heard(v, "olga");
    rt_set_role(rt_id_of("anna"), ROLE_ADMIN); /* who manages it, but does not look into it */
    ask(a, rt_format("{\"type\":\"members\",\"room\":%lld}", (long long)cellar));
    assert_heard(a, "\"code\":\"not_found\"");
}

static void requests_to_join(void **state)
{
    (void)state;
    rt_account("anna");
    rt_account("ben");
    struct client *o = rt_connect(OWNER), *a = rt_connect(rt_id_of("anna")), *b = rt_connect(rt_id_of("ben"));
    int64_t cellar = rt_room(b, "cellar", "closed", "all");
    rt_say(a, "{\"type\":\"request_join\",\"room\":\"cellar\",\"text\":\"Let me in\"}");
    const char *text = "{\"type\":\"requests\",\"id\":\"r\",\"room\":\"cellar\"}";
    const char *want =
        "{\"type\":\"requests\",\"id\":\"r\",\"requests\":[{\"id\":1,\"user\":{\"id\":2,\"name\":\"anna\"},\"text\":"
        "\"Let me in\",\"at\":1790000000000}],\"more\":false}";
    assert_answer(b, text, want);
    assert_answer(o, text, want); /* an owner manages it from outside */
    ask(a, text);
    assert_heard(a, "\"code\":\"not_found\"");
    rt_say(b, "{\"type\":\"answer_request\",\"room\":%lld,\"user\":2,\"accept\":true}", (long long)cellar);
    assert_answer(b, text, "{\"type\":\"requests\",\"id\":\"r\",\"requests\":[],\"more\":false}");
    ask(a, text); /* a member, but no moderator of it */
    assert_heard(a, "\"code\":\"forbidden\"");
}

/* ------------------------------------------------------------------ one's own */

static void sessions_tokens_blocks_and_invitations(void **state)
{
    (void)state;
    rt_account("anna");
    struct client *o = rt_connect(OWNER), *a = rt_connect(rt_id_of("anna"));
    for (char i = 1; i <= 2; i++) {
        char hash[32];
        memset(hash, i, sizeof hash);
        struct command c = {.kind = COMMAND_SESSION_START, .actor = COMMAND_ACTOR_ACCOUNT, .actor_id = OWNER};
        fields_set_text(&c.f, F_HASH, (struct span){hash, sizeof hash});
        fields_set_text(&c.f, F_DEVICE, span_of("A browser"));
        fields_set_text(&c.f, F_ADDRESS, span_of("192.0.2.9"));
        fields_set(&c.f, F_EXPIRES, i == 1 ? rt.now_ms + 1000 : rt.now_ms + 100000);
        rt_command(&c);
    }
    o->session->from.device->session_id = 2;
    assert_answer(o, "{\"type\":\"sessions\",\"id\":\"s\"}",
                  "{\"type\":\"sessions\",\"id\":\"s\",\"sessions\":[{\"id\":1,\"device\":\"A browser\",\"address\":"
                  "\"192.0.2.9\",\"since\":1790000000000,\"seen\":1790000000000,\"current\":false},{\"id\":2,");
    assert_heard(o, "\"current\":true}],\"more\":false}");
    rt.now_ms += 2000; /* the first is over */
    assert_answer(o, "{\"type\":\"sessions\"}", "{\"type\":\"sessions\",\"sessions\":[{\"id\":2,");
    assert_answer(a, "{\"type\":\"sessions\"}", "{\"type\":\"sessions\",\"sessions\":[],\"more\":false}");

    o->session->from.device->session_id = 0; /* as a proxy signs in, which needs no password */
    rt_say(o, "{\"type\":\"create_token\",\"name\":\"bot\",\"scope\":\"read\",\"expires_ms\":%lld}",
           (long long)rt.now_ms + 5);
    assert_answer(o, "{\"type\":\"tokens\"}",
                  "{\"type\":\"tokens\",\"tokens\":[{\"id\":1,\"name\":\"bot\",\"scope\":\"read\",\"since\":"
                  "1790000002000,\"expires_ms\":1790000002005}],\"more\":false}");
    rt_say(o, "{\"type\":\"block\",\"user\":\"anna\"}");
    assert_answer(o, "{\"type\":\"blocks\"}",
                  "{\"type\":\"blocks\",\"blocks\":[{\"id\":2,\"name\":\"anna\"}],\"more\":false}");

    rt_room(o, "cellar", "closed", "all");
    rt_say(o, "{\"type\":\"create_invite\",\"max_uses\":2,\"rooms\":[1,\"cellar\"]}");
    rt_say(o, "{\"type\":\"create_invite\"}");
    rt_say(o, "{\"type\":\"revoke_invite\",\"invite\":2}");
    ask(o, "{\"type\":\"invites\",\"id\":\"i\"}");
    assert_heard(o, "{\"type\":\"invites\",\"id\":\"i\",\"invites\":[{\"id\":2,\"code\":\"");
    assert_heard(o,
                 "\"by\":{\"id\":1,\"name\":\"olga\"},\"at\":1790000002000,\"expires_ms\":0,\"max_uses\":0,\"uses\":0,"
                 "\"revoked\":true,\"rooms\":[]},{\"id\":1,");
    assert_heard(o, "\"revoked\":false,\"rooms\":[{\"id\":1,\"name\":\"lobby\"},{\"id\":2,\"name\":\"cellar\"}]}],"
                    "\"more\":false}");
    assert_answer(o, "{\"type\":\"invites\",\"before\":2}", "{\"type\":\"invites\",\"invites\":[{\"id\":1,");
    assert_answer(o, "{\"type\":\"invites\",\"limit\":1}", "{\"type\":\"invites\",\"invites\":[{\"id\":2,");
    assert_heard(o, "],\"more\":true}");
    ask(a, "{\"type\":\"invites\"}");
    assert_heard(a, "\"code\":\"forbidden\"");
}

/* ------------------------------------------------------------------ looking after the place */

static void bans_and_the_audit(void **state)
{
    (void)state;
    rt_account("anna");
    rt_account("ben");
    struct client *o = rt_connect(OWNER), *b = rt_connect(rt_id_of("ben"));
    rt_say(o, "{\"type\":\"ban\",\"user\":\"anna\",\"reason\":\"spam\",\"hide\":true}");
    assert_answer(o, "{\"type\":\"bans\",\"id\":\"b\"}",
                  "{\"type\":\"bans\",\"id\":\"b\",\"bans\":[{\"id\":1,\"user\":{\"id\":2,\"name\":\"anna\"},\"by\":{"
                  "\"id\":1,\"name\":\"olga\"},\"at\":1790000000000,\"until_ms\":0,\"reason\":\"spam\",\"hide\":true}],"
                  "\"more\":false}");
    ask(o, "{\"type\":\"bans\",\"user\":\"anna\"}");
    assert_heard(o, "\"reason\":\"spam\",\"hide\":true}],\"more\":false}");
    assert_answer(o, "{\"type\":\"bans\",\"user\":3}", "{\"type\":\"bans\",\"bans\":[],\"more\":false}");
    assert_answer(o, "{\"type\":\"bans\",\"user\":\"nobody\"}", "{\"type\":\"bans\",\"bans\":[],\"more\":false}");
    rt_say(o, "{\"type\":\"rename_room\",\"room\":1,\"name\":\"hall\"}");
    assert_answer(o, "{\"type\":\"audit\",\"id\":\"a\",\"verb\":\"ban\"}",
                  "{\"type\":\"audit\",\"id\":\"a\",\"audit\":[{\"id\":");
    assert_heard(o, "\"at\":1790000000000,\"by\":{\"id\":1,\"name\":\"olga\"},\"verb\":\"ban\",\"user\":{\"id\":2,"
                    "\"name\":\"anna\"},\"address\":\"192.0.2.1\",\"detail\":{");
    assert_not_heard(o, "rename_room");
    ask(o, "{\"type\":\"audit\",\"room\":\"hall\"}");
    assert_heard(o, "\"verb\":\"rename_room\",\"room\":1,\"room_name\":\"hall\",\"seq\":");
    assert_not_heard(o, "\"verb\":\"ban\"");
    ask(o, "{\"type\":\"audit\",\"user\":\"anna\",\"limit\":1}");
    assert_heard(o, "\"verb\":\"ban\"");
    assert_heard(o, "\"more\":true}"); /* she has signed up as well */
    rt_set_role(rt_id_of("ben"), ROLE_MODERATOR);
    assert_answer(o, "{\"type\":\"audit\",\"actor\":0,\"verb\":\"set_role\"}",
                  "{\"type\":\"audit\",\"audit\":[{\"id\":");
    assert_heard(o, "\"by\":{\"id\":0,\"name\":\"admin\"}");
    assert_answer(o, "{\"type\":\"audit\",\"actor\":0,\"verb\":\"ban\"}",
                  "{\"type\":\"audit\",\"audit\":[],\"more\":false}");
    assert_answer(o, "{\"type\":\"audit\",\"user\":\"nobody\"}", "{\"type\":\"audit\",\"audit\":[],\"more\":false}");
    ask(b, "{\"type\":\"bans\"}");
    assert_heard(b, "spam"); /* moderators see who is banned */
    ask(b, "{\"type\":\"audit\"}");
    assert_heard(b, "\"code\":\"forbidden\""); /* and not what admins do */
}

static void reports_go_to_those_who_moderate(void **state)
{
    (void)state;
    rt_account("anna");
    rt_account("ben");
    struct client *o = rt_connect(OWNER), *a = rt_connect(rt_id_of("anna")), *b = rt_connect(rt_id_of("ben"));
    int64_t yard = rt_room(b, "yard", "open", "all");
    rt_say(a, "{\"type\":\"add_member\",\"room\":%lld}", (long long)yard);
    rt_send(o, LOBBY, "rude in the lobby");
    long long in_lobby = (long long)rt_last(LOBBY);
    rt_send(b, yard, "rude in the yard");
    long long in_yard = (long long)rt_last(yard);
    rt_say(a, "{\"type\":\"report\",\"room\":1,\"seq\":%lld,\"reason\":\"one\"}", in_lobby);
    rt_say(a, "{\"type\":\"report\",\"room\":%lld,\"seq\":%lld,\"reason\":\"two\"}", (long long)yard, in_yard);
    assert_answer(
        o, "{\"type\":\"reports\",\"id\":\"r\"}",
        rt_format("{\"type\":\"reports\",\"id\":\"r\",\"reports\":[{\"id\":1,\"room\":1,\"room_name\":\"lobby\","
                  "\"seq\":%lld,\"author\":{\"id\":1,\"name\":\"olga\"},\"body\":\"rude in the lobby\",\"by\":"
                  "{\"id\":2,\"name\":\"anna\"},\"reason\":\"one\",\"at\":1790000000000},{\"id\":2,",
                  in_lobby));
    assert_answer(b, "{\"type\":\"reports\"}", "{\"type\":\"reports\",\"reports\":[{\"id\":2,"); /* of his room */
    assert_not_heard(b, "lobby");
    ask(a, "{\"type\":\"reports\"}");
    assert_heard(a, "\"code\":\"forbidden\"");
    rt_say(b, "{\"type\":\"handle_report\",\"report\":2,\"outcome\":\"done\"}");
    assert_answer(o, "{\"type\":\"reports\",\"handled\":true}", "{\"type\":\"reports\",\"reports\":[{\"id\":2,");
    assert_heard(o, "\"handled_at\":1790000000000,\"handled_by\":{\"id\":3,\"name\":\"ben\"},\"outcome\":\"done\"}],"
                    "\"more\":false}");
}

static void settings_in_force(void **state)
{
    (void)state;
    struct client *o = rt_connect(OWNER), *a = rt_connect(rt_account("anna"));
    rt_say(o, "{\"type\":\"set_place\",\"name\":\"Garden Club\"}");
    assert_answer(o, "{\"type\":\"settings\",\"id\":\"s\"}",
                  "{\"type\":\"settings\",\"id\":\"s\",\"settings\":[],\"place\":{\"name\":\"Garden Club\","
                  "\"require_totp\":false}}");
    ask(a, "{\"type\":\"settings\"}");
    assert_heard(a, "\"code\":\"forbidden\"");
}

/* A page of long things has fewer of them, so that it fits into a connection's queue. */
static void a_page_fits_into_the_queue(void **state)
{
    (void)state;
    char text[2000];
    struct client *o = rt_connect(OWNER);
    rt.chat->settings.outbox.bytes = 64 * 1024;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    assert_int_equal(store_begin(rt.store), OK);
    for (int i = 0; i < 100; i++) {
        struct audit_row row = {.verb = span_of("ban"), .address = span_of(text)};
        assert_int_equal(audit_insert(rt.store, &row), OK);
    }
    assert_int_equal(store_commit(rt.store), OK);
    ask(o, "{\"type\":\"audit\",\"limit\":100}");
    assert_true(o->said.len < 64 * 1024 / 2 + sizeof text + 200);
    assert_heard(o, "\"more\":true}");
    assert_false(o->is_closed);
}

/* The same for HTTP, which waits; history too. */
static void callers_who_wait_get_the_same(void **state)
{
    (void)state;
    struct caller who;
    struct request q;
    const char *why = NULL;
    struct buf json = BUF_INIT;
    rt_send(rt_connect(OWNER), LOBBY, "hello");
    rt_start();
    rt_fill_caller(OWNER, &who);
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"{\"type\":\"blocks\",\"id\":\"b\"}", "{\"type\":\"blocks\",\"id\":\"b\",\"blocks\":[],\"more\":false}"},
        {"{\"type\":\"history\",\"id\":\"h\",\"room\":\"lobby\",\"limit\":1}",
         "{\"type\":\"history\",\"id\":\"h\",\"room\":1,\"events\":[{\"type\":\"message\","},
        {"{\"type\":\"history\",\"room\":\"nowhere\"}", NULL},
    };
    for (size_t i = 0; i < 3; i++) {
        buf_clear(&json);
        assert_int_equal(request_parse(span_of(cases[i].text), &q, &why), OK);
        enum err e = query_wait(rt.chat, &who, &q, &json, &why);
        request_release(&q);
        assert_int_equal(e, cases[i].want ? OK : ERR_NOT_FOUND);
        if (!e)
            assert_memory_equal(json.p, cases[i].want, strlen(cases[i].want));
    }
    buf_release(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(people_by_part_of_a_name_and_by_page),
        WITH_RUNTIME(a_person_with_what_one_shares),
        WITH_RUNTIME(rooms_that_are_listed),
        WITH_RUNTIME(closed_rooms_are_listed_for_admins),
        WITH_RUNTIME(members_of_a_room),
        WITH_RUNTIME(requests_to_join),
        WITH_RUNTIME(sessions_tokens_blocks_and_invitations),
        WITH_RUNTIME(bans_and_the_audit),
        WITH_RUNTIME(reports_go_to_those_who_moderate),
        WITH_RUNTIME(settings_in_force),
        WITH_RUNTIME(a_page_fits_into_the_queue),
        WITH_RUNTIME(callers_who_wait_get_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
