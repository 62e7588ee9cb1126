/* Sessions: what each is told and may ask, and how it ends. */
#include "chat/chat.h"
#include "directory/ended.h"
#include "runtime.h"
#include "store/people.h"

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
    assert_not_heard(a, "\"name\":\"yard\"");   /* not a member, as open as it is */
    assert_not_heard(a, "\"kind\":\"direct\""); /* which is hidden until something is said in it */
    snprintf(part, sizeof part,
             "\"name\":\"\",\"kind\":\"direct\",\"last_seq\":0,\"archived\":false,\"people\":[{\"id\":%lld,\"name\":"
             "\"anna\"},{\"id\":%lld,\"name\":\"ben\"}],\"active_ms\":%lld,\"role\":\"member\"",
             (long long)anna, (long long)ben, (long long)rt.now_ms);
    assert_heard(b, part); /* who opened it */

    struct client *v = rt_visit("passer");
    assert_heard(v, "\"user\":{\"id\":0,\"name\":\"passer\",\"role\":\"visitor\"}");
    assert_heard(v, "\"name\":\"yard\",\"kind\":\"open\",\"last_seq\":1,\"archived\":false}");
    assert_not_heard(v, "cellar");
    assert_int_equal(metric_get(&rt.metrics.welcome_us.count), 4);
    (void)yard;
}

/* As many rooms as somebody could be added to by others. */
static void make_rooms(int64_t member, int n)
{
    static const char topic[] = "A long topic that makes the list of rooms long. It goes on and on, up to here.";
    for (int i = 0; i < n; i++) {
        struct fields f = {0};
        char name[32], fold[NAME_KEY_BYTES];
        snprintf(name, sizeof name, "r%d", i);
        assert_int_equal(name_fold(rt.chat->names, span_of(name), fold), OK);
        struct command c = {.kind = COMMAND_ROOM_CREATE,
                            .actor = COMMAND_ACTOR_ACCOUNT,
                            .actor_id = member,
                            .name = span_of(name),
                            .fold = span_of(fold),
                            .f = f};
        fields_set(&c.f, F_KIND, i % 2 ? ROOM_OPEN : ROOM_CLOSED);
        fields_set_text(&c.f, F_TOPIC, span_of(topic));
        assert_int_equal(submission_forget(rt.chat, &c), OK);
    }
    rt_run();
}

/* However many rooms there are, and however slowly somebody reads: they get all of them, in frames that fit. */
static void rooms_come_in_pages_that_a_slow_reader_gets(void **state)
{
    (void)state;
    enum { ROOMS = 1500, PAGE_BYTES = 32768 };
    rt.chat->settings.welcome_page_bytes = PAGE_BYTES;
    int64_t anna = rt_account("anna");
    make_rooms(anna, ROOMS);
    struct caller caller;
    rt_fill_caller(anna, &caller);
    struct client *a = rt_connect_as(&caller);
    a->stalled = true;
    rt_run();
    assert_int_equal(session_outbox(a->session)->len, 1); /* the rest is made as the queue drains */
    assert_in_range(session_outbox(a->session)->bytes, 1, PAGE_BYTES + 8000);
    rt_send(rt_connect(OWNER), LOBBY, "hello");
    a->stalled = false;
    rt_run();
    assert_false(a->is_closed);
    assert_int_equal(rt_times(a, ",\"role\":\"m"), ROOMS + 2); /* the rooms, the lobby, and herself */
    assert_in_range(rt_times(a, "\n{\"type\":\"welcome_rooms\""), 8, 20);
    assert_int_equal(rt_times(a, "],\"more\":false"), 1);

    struct client *v = rt_visit("passer");
    assert_int_equal(rt_times(v, "\"kind\":\"open\""), ROOMS / 2 + 1);
    assert_int_equal(rt_times(v, "],\"more\":false"), 1);

    a = rt_connect_as(&caller);
    a->stalled = true; /* and ends in the middle: nothing is left of it */
    rt_run();
    rt_client_close(a);
    assert_int_equal(rt.chat->shards[0].greetings.count, 0);
}

/* What has happened to a room between two pages is told once, and in order. */
static void a_page_tells_what_is_so_when_it_is_made(void **state)
{
    (void)state;
    rt.chat->settings.welcome_page_bytes = 32768;
    int64_t anna = rt_account("anna");
    make_rooms(anna, 800);
    struct caller caller;
    rt_fill_caller(anna, &caller);
    struct client *other = rt_connect(anna), *a = rt_connect_as(&caller);
    a->stalled = true;
    rt_run();
    rt_say(other, "{\"type\":\"remove_member\",\"room\":\"r799\"}");
    rt_say(other, "{\"type\":\"rename_room\",\"room\":\"r798\",\"name\":\"attic\"}");
    a->stalled = false;
    rt_run();
    assert_heard(a, "{\"type\":\"membership\",\"change\":\"left\"");
    assert_int_equal(rt_times(a, "\"name\":\"r799\""), 1); /* as it was left */
    assert_int_equal(rt_times(a, "\"name\":\"r798\""), 0);
    assert_heard(a, "\"name\":\"attic\"");
    assert_int_equal(rt_times(a, "],\"more\":false"), 1);
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
    struct client *b = rt_connect(ben), *proxied = connect_session(ben, 0, 0);
    rt_say(proxied, "{\"type\":\"create_token\",\"id\":\"t\",\"name\":\"bot\",\"scope\":\"read\"}");
    int64_t token = rt_number(proxied, "\"token_id\":");
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

/* ------------------------------------------------------------------ tokens */

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

/* ------------------------------------------------------------------ deletions, names */

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
        WITH_RUNTIME(rooms_come_in_pages_that_a_slow_reader_gets),
        WITH_RUNTIME(a_page_tells_what_is_so_when_it_is_made),
        WITH_RUNTIME(an_ended_session_is_closed_and_cannot_come_in_late),
        WITH_RUNTIME(ending_the_others_keeps_one_and_the_tokens),
        WITH_RUNTIME(a_revoked_token_is_closed),
        WITH_RUNTIME(the_banned_go_and_stay_out),
        WITH_RUNTIME(a_guest_who_became_an_account_comes_in_as_one),
        WITH_RUNTIME(a_token_does_what_its_scope_allows),
        WITH_RUNTIME(a_person_is_the_same_on_all_devices),
        WITH_RUNTIME(what_is_deleted_is_not_replayed),
        WITH_RUNTIME(the_hidden_are_not_replayed),
        WITH_RUNTIME(display_names_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
