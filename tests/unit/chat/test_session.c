/* Sessions: what each is told and may ask, and that nobody hears anything of a room that is not for them, whatever
 * happens at the same time. */
#include "chat/ended.h"
#include "runtime.h"

static void add_member(struct client *by, int64_t room, const char *name)
{
    rt_say(by, "{\"type\":\"add_member\",\"room\":%lld,\"user\":\"%s\"}", (long long)room, name);
}

static void join(struct client *c, int64_t room)
{
    rt_say(c, "{\"type\":\"join\",\"id\":\"j\",\"room\":%lld}", (long long)room);
}

/* ------------------------------------------------------------------ welcome */

static void welcome_says_who_and_where_one_is(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben);
    rt_say(o, "{\"type\":\"set_place\",\"name\":\"Garden Club\"}");
    int64_t cellar = rt_room(o, "cellar", "closed", "all"), yard = rt_room(o, "yard", "open", "all");
    add_member(o, cellar, "anna");
    rt_send(o, cellar, "hello @anna");
    rt_say(b, "{\"type\":\"open_direct\",\"users\":[\"anna\"]}");
    struct client *a = rt_connect(anna);
    char part[256];
    assert_heard(a, "{\"type\":\"welcome\",\"protocol\":1,\"user\":{\"id\":");
    assert_heard(a, "\"name\":\"anna\",\"role\":\"member\"}");
    assert_heard(a, "\"server\":{\"name\":\"Garden Club\"");
    snprintf(part, sizeof part,
             "{\"id\":%lld,\"name\":\"cellar\",\"kind\":\"closed\",\"last_seq\":3,\"archived\":false,\"role\":"
             "\"member\",\"level\":\"all\",\"read_seq\":2,\"unread\":1,\"mentions\":1}",
             (long long)cellar);
    assert_heard(a, part);
    assert_heard(a, "\"name\":\"lobby\"");
    assert_not_heard(a, "\"name\":\"yard\""); /* not a member, as open as it is */
    snprintf(part, sizeof part,
             "\"name\":\"\",\"kind\":\"direct\",\"last_seq\":0,\"archived\":false,\"people\":[{\"id\":%lld,\"name\":"
             "\"anna\"},{\"id\":%lld,\"name\":\"ben\"}],\"role\":\"member\"",
             (long long)anna, (long long)ben);
    assert_heard(a, part);
    assert_heard(a, "\"hidden\":true"); /* until something is said in it */

    struct client *v = rt_visit("passer");
    assert_heard(v, "\"user\":{\"id\":0,\"name\":\"passer\",\"role\":\"visitor\"}");
    assert_heard(v, "\"name\":\"yard\",\"kind\":\"open\",\"last_seq\":1,\"archived\":false}");
    assert_not_heard(v, "cellar");
    (void)yard;
}

/* ------------------------------------------------------------------ what is not for one */

static void what_one_may_not_read_is_not_there(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben"), gus = rt_guest("Gus");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben), *g = rt_connect(gus), *v = rt_visit("passer");
    int64_t cellar = rt_room(o, "cellar", "closed", "all"), news = rt_room(o, "news", "announcement", "all");
    rt_send(o, cellar, "secret");
    struct client *all[] = {b, g, v};
    static const char *const asks[] = {
        "{\"type\":\"join\",\"id\":\"q\",\"room\":%s}",
        "{\"type\":\"history\",\"id\":\"q\",\"room\":%s}",
        "{\"type\":\"typing\",\"id\":\"q\",\"room\":%s}",
        "{\"type\":\"send\",\"id\":\"q\",\"room\":%s,\"body\":\"x\"}",
    };
    char named[2][32];
    snprintf(named[0], sizeof named[0], "%lld", (long long)cellar);
    snprintf(named[1], sizeof named[1], "\"cellar\"");
    rt_forget_all();
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < sizeof asks / sizeof asks[0]; j++)
            for (size_t k = 0; k < 2; k++) {
                char text[256];
                snprintf(text, sizeof text, "%s", asks[j]);
                char *at = strstr(text, "%s"), rest[128];
                snprintf(rest, sizeof rest, "%s", at + 2);
                snprintf(at, sizeof text - (size_t)(at - text), "%s%s", named[k], rest);
                rt_say(all[i], "%s", text);
                assert_heard(all[i], "\"code\":\"not_found\"");
                assert_not_heard(all[i], "secret");
                assert_not_heard(all[i], "ack");
                rt_forget(all[i]);
            }
    rt_say(g, "{\"type\":\"join\",\"id\":\"q\",\"room\":%lld}", (long long)news);
    assert_heard(g, "not_found");
    rt_say(b, "{\"type\":\"join\",\"id\":\"q\",\"room\":%lld}", (long long)news);
    assert_heard(b, "{\"type\":\"ack\",\"id\":\"q\"");
}

static void history_begins_where_one_joined(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben);
    int64_t attic = rt_room(o, "attic", "closed", "joined");
    for (int i = 0; i < 15; i++) /* seq 2 to 16: more than the ring holds */
        rt_send(o, attic, "before");
    add_member(o, attic, "ben"); /* 17 */
    rt_forget(b);
    join(b, attic);
    assert_heard(b, "\"last_seq\":17}");
    assert_not_heard(b, "before");
    for (int i = 0; i < 3; i++)
        rt_send(o, attic, "after");
    assert_heard(b, "\"seq\":18,");
    static const struct {
        const char *fields;
        int64_t first, last; /* 0: none */
        bool more;
        const char *why;
    } cases[] = {
        {"", 18, 20, false, "the newest"},
        {",\"limit\":2", 19, 20, true, "and more before"},
        {",\"before\":19", 18, 18, false, "up to the floor"},
        {",\"before\":18", 0, 0, false, "nothing is before it"},
        {",\"before\":5", 0, 0, false, "nor further back"},
        {",\"after\":0", 18, 20, false, "from the floor on"},
        {",\"after\":0,\"limit\":2", 18, 19, true, "and more behind"},
        {",\"after\":19", 20, 20, false, "what came last"},
        {",\"around\":5", 18, 20, false, "what is nearest"},
        {",\"around\":18,\"limit\":2", 18, 19, false, "the beginning"},
        {",\"around\":20,\"limit\":2", 19, 20, true, "the end"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char part[64];
        rt_forget(b);
        rt_say(b, "{\"type\":\"history\",\"id\":\"h\",\"room\":%lld%s}", (long long)attic, cases[i].fields);
        for (int64_t seq = 1; seq <= 20; seq++) {
            snprintf(part, sizeof part, "\"seq\":%lld,", (long long)seq);
            bool wanted = cases[i].first && seq >= cases[i].first && seq <= cases[i].last;
            if (rt_has(b, part) != wanted)
                fail_msg("%s: seq %lld\n%s", cases[i].why, (long long)seq, rt_heard(b));
        }
        snprintf(part, sizeof part, "\"more\":%s}", cases[i].more ? "true" : "false");
        if (!rt_has(b, part))
            fail_msg("%s: %s\n%s", cases[i].why, part, rt_heard(b));
    }
    /* Back again with what is from before: that is a gap. */
    rt_forget(b);
    rt_say(b, "{\"type\":\"join\",\"id\":\"j\",\"room\":%lld,\"after\":4}", (long long)attic);
    assert_heard(b, "{\"type\":\"reset\"");
    assert_heard(b, "\"last_seq\":20}");
    assert_not_heard(b, "\"seq\":");
}

/* ------------------------------------------------------------------ losing a room */

static void who_is_removed_sees_nothing_after_that(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben), *elsewhere = rt_connect(ben);
    int64_t cellar = rt_room(o, "cellar", "closed", "all");
    add_member(o, cellar, "ben"); /* 2 */
    join(b, cellar);
    rt_forget_all();
    /* All of it is one commit: the removal is in the middle. */
    rt_text(o, "{\"type\":\"send\",\"id\":\"a\",\"room\":%lld,\"body\":\"theirs\"}", (long long)cellar);
    rt_text(o, "{\"type\":\"remove_member\",\"room\":%lld,\"user\":\"ben\"}", (long long)cellar);
    rt_text(o, "{\"type\":\"send\",\"id\":\"b\",\"room\":%lld,\"body\":\"not theirs\"}", (long long)cellar);
    rt_text(o, "{\"type\":\"edit_room\",\"room\":%lld,\"topic\":\"nor this\"}", (long long)cellar);
    rt_run();
    assert_heard(b, "\"body\":\"theirs\"");
    assert_heard(b, "{\"type\":\"removed\"");
    assert_heard(b, "{\"type\":\"membership\",\"change\":\"left\",\"room\":{\"id\":");
    assert_heard(elsewhere, "{\"type\":\"membership\",\"change\":\"left\"");
    assert_not_heard(b, "not theirs");
    assert_not_heard(b, "nor this");
    assert_not_heard(elsewhere, "nor this");
    rt_say(b, "{\"type\":\"history\",\"id\":\"h\",\"room\":%lld}", (long long)cellar);
    rt_say(b, "{\"type\":\"leave\",\"id\":\"l\",\"room\":%lld}", (long long)cellar);
    assert_heard(b, "\"id\":\"h\",\"code\":\"not_found\"");
    assert_heard(b, "\"id\":\"l\",\"code\":\"not_joined\"");
    /* And again. */
    rt_forget(b);
    add_member(o, cellar, "ben");
    assert_heard(b, "{\"type\":\"membership\",\"change\":\"joined\"");
    assert_not_heard(b, "{\"type\":\"added\""); /* the room is not open on the connection */
    join(b, cellar);
    assert_heard(b, "not theirs"); /* whose members see all */
}

static void a_page_that_is_being_read_ends_where_it_was_asked_for(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben);
    int64_t cellar = rt_room(o, "cellar", "closed", "all");
    add_member(o, cellar, "ben");
    rt_send(o, cellar, "theirs");
    rt_forget(b);
    rt_text(b, "{\"type\":\"history\",\"id\":\"h\",\"room\":%lld}", (long long)cellar);
    rt_text(o, "{\"type\":\"remove_member\",\"room\":%lld,\"user\":\"ben\"}", (long long)cellar);
    rt_text(o, "{\"type\":\"send\",\"id\":\"b\",\"room\":%lld,\"body\":\"not theirs\"}", (long long)cellar);
    while (log_step(rt.chat->log) > 0)
        continue; /* the page is read when all of that is stored */
    rt_run();
    assert_heard(b, "\"body\":\"theirs\"");
    assert_not_heard(b, "not theirs");
    assert_not_heard(b, "{\"type\":\"removed\"");
}

static void a_replay_that_waits_ends_with_the_membership(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben);
    int64_t cellar = rt_room(o, "cellar", "closed", "all");
    add_member(o, cellar, "ben");
    for (int i = 0; i < 20; i++)
        rt_send(o, cellar, "theirs");
    rt_forget(b);
    rt_text(b, "{\"type\":\"join\",\"id\":\"j\",\"room\":%lld,\"after\":0}",
            (long long)cellar); /* waits for a reader */
    rt_text(o, "{\"type\":\"remove_member\",\"room\":%lld,\"user\":\"ben\"}", (long long)cellar);
    rt_text(o, "{\"type\":\"send\",\"id\":\"b\",\"room\":%lld,\"body\":\"not theirs\"}", (long long)cellar);
    while (log_step(rt.chat->log) > 0)
        continue;
    rt_run();
    assert_heard(b, "{\"type\":\"ack\",\"id\":\"j\"");
    assert_not_heard(b, "not theirs");
    assert_false(b->is_closed);
}

static void a_room_that_closes_is_closed_to_all_others(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben"), cleo = rt_account("cleo"), gus = rt_guest("Gus");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben), *c = rt_connect(cleo), *g = rt_connect(gus),
                  *v = rt_visit("passer"), *elsewhere = rt_visit("another");
    int64_t yard = rt_room(o, "yard", "open", "all");
    struct client *others[] = {c, g, v};
    rt_say(b, "{\"type\":\"add_member\",\"room\":%lld}", (long long)yard);
    join(b, yard);
    for (size_t i = 0; i < 3; i++)
        join(others[i], yard);
    rt_forget_all();
    rt_text(o, "{\"type\":\"send\",\"id\":\"a\",\"room\":%lld,\"body\":\"for all\"}", (long long)yard);
    rt_text(o, "{\"type\":\"edit_room\",\"room\":%lld,\"kind\":\"closed\"}", (long long)yard);
    rt_text(o, "{\"type\":\"send\",\"id\":\"b\",\"room\":%lld,\"body\":\"for members\"}", (long long)yard);
    rt_run();
    assert_heard(b, "for members");
    assert_heard(b, "{\"type\":\"room\",\"change\":\"changed\"");
    assert_not_heard(b, "\"change\":\"left\"");
    for (size_t i = 0; i < 3; i++) {
        assert_heard(others[i], "for all");
        assert_heard(others[i], "{\"type\":\"changed\"");
        assert_heard(others[i], "{\"type\":\"membership\",\"change\":\"left\"");
        assert_not_heard(others[i], "for members");
        assert_not_heard(others[i], "{\"type\":\"room\"");
    }
    assert_heard(elsewhere, "{\"type\":\"membership\",\"change\":\"left\"");
    /* What happens in there from now on is told to nobody else. */
    rt_forget_all();
    rt_say(o, "{\"type\":\"rename_room\",\"room\":%lld,\"name\":\"den\"}", (long long)yard);
    rt_say(o, "{\"type\":\"edit_room\",\"room\":%lld,\"topic\":\"dark\"}", (long long)yard);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(rt_heard(others[i]), "");
    assert_string_equal(rt_heard(elsewhere), "");
    /* And it opens again. */
    rt_say(o, "{\"type\":\"edit_room\",\"room\":%lld,\"kind\":\"open\"}", (long long)yard);
    assert_heard(elsewhere, "\"name\":\"den\",\"kind\":\"open\"");
    join(v, yard);
    assert_heard(v, "for members");
}

static void announcements_are_for_accounts(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben), *v = rt_visit("passer");
    int64_t yard = rt_room(o, "yard", "open", "all");
    join(b, yard);
    join(v, yard);
    rt_forget_all();
    rt_say(o, "{\"type\":\"edit_room\",\"room\":%lld,\"kind\":\"announcement\"}", (long long)yard);
    rt_send(o, yard, "news");
    assert_heard(b, "news");
    assert_heard(b, "{\"type\":\"room\",\"change\":\"changed\"");
    assert_not_heard(v, "news");
    assert_heard(v, "{\"type\":\"membership\",\"change\":\"left\"");
    rt_forget_all();
    int64_t other = rt_room(o, "board", "announcement", "all");
    assert_heard(b, "{\"type\":\"room\",\"change\":\"created\"");
    assert_string_equal(rt_heard(v), "");
    rt_say(o, "{\"type\":\"edit_room\",\"room\":%lld,\"kind\":\"closed\"}", (long long)other);
    assert_heard(b, "{\"type\":\"membership\",\"change\":\"left\"");
    assert_string_equal(rt_heard(v), ""); /* who never knew of it */
}

/* ------------------------------------------------------------------ being let out */

static void connect_again(int64_t user_id, int64_t known_ms, int64_t session_id, int64_t token_id, enum err want)
{
    struct caller caller;
    rt_fill_caller(user_id, &caller);
    caller.known_ms = known_ms;
    caller.session_id = session_id;
    caller.token_id = token_id;
    struct client *c = rt_connect_as(&caller);
    rt_run();
    assert_int_equal(c->is_closed, want != OK);
    if (want) {
        assert_int_equal(c->why, want);
        assert_string_equal(c->reason, want == ERR_BANNED ? "banned" : "session ended");
        assert_string_equal(rt_heard(c), "");
    } else {
        assert_heard(c, "{\"type\":\"welcome\"");
    }
}

static int64_t start_session(int64_t user_id, char hash_of)
{
    char hash[32];
    memset(hash, hash_of, sizeof hash);
    struct command c = {.kind = COMMAND_SESSION_START, .actor = COMMAND_ACTOR_ACCOUNT, .actor_id = user_id};
    fields_set_text(&c.f, F_HASH, (struct span){hash, sizeof hash});
    fields_set(&c.f, F_EXPIRES, rt.now_ms + 1000000000);
    rt_command(&c);
    struct session_row row;
    assert_int_equal(sessions_by_hash(rt.store, (struct span){hash, sizeof hash}, &row), OK);
    return row.id;
}

static void end_session(int64_t user_id, enum field_number which, int64_t id)
{
    struct command c = {.kind = COMMAND_SESSION_END, .actor = COMMAND_ACTOR_ACCOUNT, .actor_id = user_id};
    fields_set(&c.f, which, id);
    rt_command(&c);
}

static struct client *connect_session(int64_t user_id, int64_t session_id, int64_t token_id)
{
    struct caller caller;
    rt_fill_caller(user_id, &caller);
    caller.session_id = session_id;
    caller.token_id = token_id;
    struct client *c = rt_connect_as(&caller);
    rt_run();
    assert_false(c->is_closed);
    return c;
}

static void an_ended_session_is_closed_and_cannot_come_in_late(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    int64_t one = start_session(ben, 1), two = start_session(ben, 2);
    struct client *c1 = connect_session(ben, one, 0), *c2 = connect_session(ben, two, 0);
    int64_t looked_up = rt.now_ms;
    end_session(ben, F_SESSION, one);
    assert_true(c1->is_closed);
    assert_int_equal(c1->why, ERR_SESSION_ENDED);
    assert_string_equal(c1->reason, "session ended");
    assert_false(c2->is_closed);
    rt.now_ms += 1;
    connect_again(ben, looked_up, one, 0, ERR_SESSION_ENDED); /* it was on its way when the session ended */
    connect_again(ben, looked_up, two, 0, OK);
    /* Whoever was looked up so long ago that nobody remembers what has ended since. */
    rt.now_ms += ENDED_KEPT_MS + 1;
    connect_again(ben, looked_up, two, 0, ERR_SESSION_ENDED);
    connect_again(ben, rt.now_ms, two, 0, OK);
}

static void ending_the_others_keeps_one_and_the_tokens(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    int64_t one = start_session(ben, 1), two = start_session(ben, 2);
    struct client *c1 = connect_session(ben, one, 0), *c2 = connect_session(ben, two, 0),
                  *bot = connect_session(ben, 0, 7), *o = rt_connect(OWNER);
    int64_t looked_up = rt.now_ms;
    end_session(ben, F_KEEP, one);
    assert_false(c1->is_closed);
    assert_true(c2->is_closed);
    assert_false(bot->is_closed);
    rt.now_ms += 1;
    connect_again(ben, looked_up, two, 0, ERR_SESSION_ENDED);
    connect_again(ben, looked_up, one, 0, OK);
    connect_again(ben, looked_up, 0, 7, OK);
    connect_again(ben, rt.now_ms, start_session(ben, 3), 0, OK); /* signed in since */
    end_session(ben, F_KEEP, 0);
    assert_true(c1->is_closed);
    assert_true(bot->is_closed);
    assert_false(o->is_closed);
}

static void a_revoked_token_is_closed(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *b = rt_connect(ben);
    rt_say(b, "{\"type\":\"create_token\",\"id\":\"t\",\"name\":\"bot\",\"scope\":\"read\"}");
    int64_t token = rt_number(b, "\"token_id\":");
    struct client *bot = connect_session(ben, 0, token);
    rt_say(b, "{\"type\":\"revoke_token\",\"id\":\"r\",\"token\":%lld}", (long long)token);
    assert_true(bot->is_closed);
    assert_int_equal(bot->why, ERR_SESSION_ENDED);
    assert_false(b->is_closed);
    rt.now_ms += 1;
    connect_again(ben, rt.now_ms - 1, 0, token, ERR_SESSION_ENDED);
}

static void the_banned_go_and_stay_out(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben"), gus = rt_guest("Gus");
    struct client *o = rt_connect(OWNER), *b = rt_connect(ben), *bot = connect_session(ben, 0, 7), *g = rt_connect(gus),
                  *v = rt_visit("passer");
    join(b, LOBBY);
    rt_send(v, LOBBY, "hello");
    rt_forget_all();
    int64_t looked_up = rt.now_ms;
    rt_text(o, "{\"type\":\"ban\",\"user\":\"ben\"}");
    rt_text(o, "{\"type\":\"send\",\"id\":\"a\",\"room\":1,\"body\":\"at last\"}");
    rt_run();
    assert_true(b->is_closed);
    assert_int_equal(b->why, ERR_BANNED);
    assert_string_equal(b->reason, "banned");
    assert_true(bot->is_closed);
    assert_heard(g, "{\"type\":\"member\",\"change\":\"banned\",\"user\":{\"id\":");
    rt.now_ms += 1;
    connect_again(ben, looked_up, 1, 0, ERR_BANNED);
    connect_again(ben, rt.now_ms, 1, 0, ERR_BANNED);
    rt_say(o, "{\"type\":\"ban\",\"user\":\"Gus\"}");
    assert_true(g->is_closed);
    rt_say(o, "{\"type\":\"ban\",\"user\":%lld}", (long long)atomic_load(&v->session->who->user_id));
    assert_true(v->is_closed);
    assert_false(o->is_closed);
}

static void a_guest_who_became_an_account_comes_in_as_one(void **state)
{
    (void)state;
    int64_t gus = rt_guest("Gus");
    struct client *g = rt_connect(gus);
    struct hub_entrant entrant = {.kind = PERSON_GUEST, .user_id = gus, .name = span_of("Gus"), .fold = span_of("g")};
    struct command c = {.kind = COMMAND_SIGN_UP, .actor = COMMAND_ACTOR_GUEST, .actor_id = gus};
    c.name = c.fold = span_of("gus");
    fields_set_text(&c.f, F_PASSWORD, span_of("x"));
    rt_command(&c);
    assert_true(g->is_closed);
    assert_int_equal(g->why, ERR_SESSION_ENDED);
    struct client *late = rt_open_client(&entrant, NULL); /* with the guest's cookie, looked at before */
    rt_run();
    assert_int_equal(late->why, ERR_SESSION_ENDED);
    assert_string_equal(rt_heard(late), "");
    assert_heard(rt_connect(gus), "\"name\":\"gus\",\"role\":\"member\"}");
}

/* ------------------------------------------------------------------ tokens, roles, rates */

static void a_token_does_what_its_scope_allows(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct caller caller;
    rt_fill_caller(ben, &caller);
    caller.session_id = 0;
    caller.token_id = 7;
    caller.scope = SCOPE_READ;
    struct client *reader = rt_connect_as(&caller);
    caller.scope = SCOPE_WRITE;
    struct client *writer = rt_connect_as(&caller);
    static const char *const writes[] = {
        "{\"type\":\"send\",\"id\":\"q\",\"room\":1,\"body\":\"x\"}",
        "{\"type\":\"typing\",\"id\":\"q\",\"room\":1}",
        "{\"type\":\"read\",\"id\":\"q\",\"room\":1,\"seq\":1}",
        "{\"type\":\"create_room\",\"id\":\"q\",\"name\":\"den\"}",
    };
    join(reader, LOBBY);
    join(writer, LOBBY);
    assert_heard(reader, "{\"type\":\"ack\",\"id\":\"j\"");
    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++) {
        rt_forget_all();
        rt_say(reader, "%s", writes[i]);
        assert_heard(reader, "\"id\":\"q\",\"code\":\"forbidden\"");
        rt_say(writer, "%s", writes[i]);
        assert_heard(writer, "{\"type\":\"ack\",\"id\":\"q\"");
    }
    rt_forget_all();
    rt_say(writer, "{\"type\":\"create_token\",\"id\":\"q\",\"name\":\"more\",\"scope\":\"admin\"}");
    assert_heard(writer, "\"code\":\"forbidden\"");
}

static int sends_in_a_row(struct client *c)
{
    int n = 0;
    for (rt_forget(c); n < 1000; n++) {
        rt_send(c, LOBBY, "x");
        if (rt_has(c, "\"code\":\"rate_limited\""))
            break;
    }
    return n;
}

static void rates_go_with_the_role(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben"), gus = rt_guest("Gus");
    struct client *b = rt_connect(ben), *again = rt_connect(ben), *g = rt_connect(gus), *v = rt_visit("passer"),
                  *o = rt_connect(OWNER);
    rt.chat->settings.rate_messages_per_s = 1;
    rt.chat->settings.rate_burst = 10;
    rt.chat->settings.rate_guest_messages_per_s = 1;
    rt.chat->settings.rate_guest_burst = 3;
    rt_say(b, "{\"type\":\"read\",\"id\":\"r\",\"room\":1,\"seq\":1}"); /* is not counted */
    rt_say(b, "{\"type\":\"set_membership\",\"id\":\"m\",\"room\":1,\"favourite\":true}");
    assert_int_equal(sends_in_a_row(b), 9);
    assert_int_equal(sends_in_a_row(again), 0); /* the same person */
    assert_int_equal(sends_in_a_row(g), 3);
    assert_int_equal(sends_in_a_row(v), 3);
    assert_int_equal(sends_in_a_row(o), 40);
    rt.now_ms += 2000;
    assert_int_equal(sends_in_a_row(b), 2);
    rt.chat->settings.rate_messages_per_s = 0; /* off, for guests too */
    rt_forget(v);
    rt_send(v, LOBBY, "x");
    assert_heard(v, "{\"type\":\"ack\"");
}

static void many_requests_at_once_are_no_flood(void **state)
{
    (void)state;
    struct client *v = rt_visit("passer");
    rt.chat->settings.rate_messages_per_s = 1;
    rt.chat->settings.rate_burst = 1;
    for (int i = 0; i < SESSION_FLOOD_BURST; i++) {
        assert_false(v->is_closed);
        rt_say(v, "{\"type\":\"join\",\"id\":\"j\",\"room\":1}");
    }
    rt_say(v, "{\"type\":\"ping\"}");
    assert_true(v->is_closed);
    assert_int_equal(v->why, ERR_FLOOD);
}

/* ------------------------------------------------------------------ two devices */

static void a_person_is_the_same_on_all_devices(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *one = rt_connect(ben), *two = rt_connect(ben), *o = rt_connect(OWNER);
    rt_send(o, LOBBY, "hello");
    rt_forget_all();
    long long last = (long long)rt_last(LOBBY);
    rt_say(one, "{\"type\":\"read\",\"id\":\"r\",\"room\":1,\"seq\":%lld}", last);
    assert_heard(one, rt_format("{\"type\":\"read\",\"room\":1,\"seq\":%lld,\"unread\":0,\"mentions\":0}", last));
    assert_heard(two, rt_format("{\"type\":\"read\",\"room\":1,\"seq\":%lld,\"unread\":0,\"mentions\":0}", last));
    assert_not_heard(o, "\"type\":\"read\"");
    assert_heard(one, "{\"type\":\"ack\",\"id\":\"r\"");
    rt_say(two, "{\"type\":\"set_membership\",\"room\":1,\"level\":\"nothing\",\"section\":\"Home\"}");
    assert_heard(one, "{\"type\":\"membership\",\"change\":\"changed\",\"room\":{\"id\":1,\"name\":\"lobby\"");
    assert_heard(one, "\"level\":\"nothing\"");
    assert_heard(one, "\"section\":\"Home\"");
    assert_not_heard(o, "membership");
}

/* ------------------------------------------------------------------ reports, deletions, names */

static void moderators_hear_of_reports(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben"), moe = rt_account("moe");
    struct client *b = rt_connect(ben), *m = rt_connect(moe), *o = rt_connect(OWNER);
    rt_set_role(moe, ROLE_MODERATOR);
    rt_send(o, LOBBY, "rude");
    rt_forget_all();
    rt_say(b, "{\"type\":\"report\",\"id\":\"r\",\"room\":1,\"seq\":%lld,\"reason\":\"rude\"}",
           (long long)rt_last(LOBBY));
    assert_heard(b, "{\"type\":\"ack\",\"id\":\"r\"");
    assert_heard(m, "{\"type\":\"reports_waiting\",\"waiting\":1}");
    assert_heard(o, "{\"type\":\"reports_waiting\",\"waiting\":1}");
    assert_not_heard(b, "reports_waiting");
    rt_say(m, "{\"type\":\"handle_report\",\"report\":%lld,\"outcome\":\"spoke\"}",
           (long long)rt_number(b, "\"report\":"));
    assert_heard(o, "{\"type\":\"reports_waiting\",\"waiting\":0}");
}

static void what_is_deleted_is_not_replayed(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *b = rt_connect(ben), *v = rt_visit("passer");
    rt_send(b, LOBBY, "regretted");
    long long seq = (long long)rt_last(LOBBY);
    rt_say(b, "{\"type\":\"delete\",\"id\":\"d\",\"room\":1,\"seq\":%lld}", seq);
    join(v, LOBBY);
    assert_not_heard(v, "regretted");
    assert_heard(v, rt_format("\"seq\":%lld,", seq));
    assert_heard(v, "\"deleted\":true");
    assert_heard(v, "{\"type\":\"deleted\"");
}

static void the_hidden_are_not_replayed(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *b = rt_connect(ben), *o = rt_connect(OWNER), *v = rt_visit("passer");
    rt_send(b, LOBBY, "spam");
    join(v, LOBBY);
    assert_heard(v, "spam");
    rt_say(o, "{\"type\":\"ban\",\"user\":\"ben\",\"hide\":true}");
    rt_forget(v);
    join(v, LOBBY);
    assert_not_heard(v, "spam");
    assert_heard(v, "\"hidden\":true");
    rt_say(o, "{\"type\":\"unban\",\"user\":\"ben\"}");
    join(v, LOBBY);
    assert_heard(v, "spam");
}

static void display_names_are_told(void **state)
{
    (void)state;
    int64_t ben = rt_account("ben");
    struct client *b = rt_connect(ben), *v = rt_visit("passer");
    join(b, LOBBY);
    join(v, LOBBY);
    rt_say(b, "{\"type\":\"set_profile\",\"display_name\":\"Big Ben\"}");
    assert_heard(v, "{\"type\":\"member\",\"change\":\"changed\"");
    rt_forget(v);
    chat_tick(rt.chat);
    rt_run();
    assert_heard(v, "\"name\":\"ben\",\"display_name\":\"Big Ben\",\"state\":\"active\"}");
    rt_send(b, LOBBY, "bong");
    assert_heard(v, "\"author\":{\"id\":2,\"name\":\"ben\",\"display_name\":\"Big Ben\"},\"body\":\"bong\"");
    rt_say(b, "{\"type\":\"typing\",\"room\":1}");
    assert_heard(v,
                 "{\"type\":\"typing\",\"room\":1,\"user\":{\"id\":2,\"name\":\"ben\",\"display_name\":\"Big Ben\"}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(welcome_says_who_and_where_one_is),
        WITH_RUNTIME(what_one_may_not_read_is_not_there),
        WITH_RUNTIME(history_begins_where_one_joined),
        WITH_RUNTIME(who_is_removed_sees_nothing_after_that),
        WITH_RUNTIME(a_page_that_is_being_read_ends_where_it_was_asked_for),
        WITH_RUNTIME(a_replay_that_waits_ends_with_the_membership),
        WITH_RUNTIME(a_room_that_closes_is_closed_to_all_others),
        WITH_RUNTIME(announcements_are_for_accounts),
        WITH_RUNTIME(an_ended_session_is_closed_and_cannot_come_in_late),
        WITH_RUNTIME(ending_the_others_keeps_one_and_the_tokens),
        WITH_RUNTIME(a_revoked_token_is_closed),
        WITH_RUNTIME(the_banned_go_and_stay_out),
        WITH_RUNTIME(a_guest_who_became_an_account_comes_in_as_one),
        WITH_RUNTIME(a_token_does_what_its_scope_allows),
        WITH_RUNTIME(rates_go_with_the_role),
        WITH_RUNTIME(many_requests_at_once_are_no_flood),
        WITH_RUNTIME(a_person_is_the_same_on_all_devices),
        WITH_RUNTIME(moderators_hear_of_reports),
        WITH_RUNTIME(what_is_deleted_is_not_replayed),
        WITH_RUNTIME(the_hidden_are_not_replayed),
        WITH_RUNTIME(display_names_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
