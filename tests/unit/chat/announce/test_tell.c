/* What people are told beside the events of their rooms: how many reports and requests to join wait, whom they have
 * blocked, and what the place is called. */
#include "runtime.h"

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
    assert_int_equal(rt_times(o, "reports_waiting"), 1); /* as owner and as moderator of the lobby: once */
    assert_not_heard(b, "reports_waiting");
    rt_say(m, "{\"type\":\"handle_report\",\"report\":%lld,\"outcome\":\"spoke\"}",
           (long long)rt_number(b, "\"report\":"));
    assert_heard(o, "{\"type\":\"reports_waiting\",\"waiting\":0}");
}

/* Each hears of those that are theirs to handle, when there are others than before, and on coming in. */
static void moderators_of_a_room_hear_of_its_reports(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben"), moe = rt_account("moe");
    rt_set_role(moe, ROLE_MODERATOR);
    struct client *a = rt_connect(anna), *b = rt_connect(ben), *m = rt_connect(moe);
    long long yard = (long long)rt_room(a, "yard", "open", "all");
    assert_not_heard(m, "reports_waiting");
    rt_say(b, "{\"type\":\"add_member\",\"room\":%lld}", yard);
    rt_send(a, LOBBY, "one");
    rt_send(b, yard, "two");
    long long lobby_seq = (long long)rt_last(LOBBY), yard_seq = (long long)rt_last(yard);
    rt_forget_all();
    rt_say(b, "{\"type\":\"report\",\"room\":1,\"seq\":%lld}", lobby_seq);
    assert_heard(m, "{\"type\":\"reports_waiting\",\"waiting\":1}");
    rt_say(m, "{\"type\":\"report\",\"id\":\"r\",\"room\":%lld,\"seq\":%lld}", yard, yard_seq);
    long long report = (long long)rt_number(m, "\"report\":");
    assert_heard(m, "{\"type\":\"reports_waiting\",\"waiting\":2}");
    assert_heard(a, "{\"type\":\"reports_waiting\",\"waiting\":1}"); /* of the yard */
    assert_not_heard(b, "reports_waiting");
    assert_heard(rt_connect(anna), "\"reports_waiting\":1,\"rooms\":[");
    assert_heard(rt_connect(moe), "\"reports_waiting\":2,\"rooms\":[");
    assert_not_heard(rt_connect(ben), "reports_waiting");

    rt_forget_all();
    rt_say(a, "{\"type\":\"set_room_role\",\"room\":%lld,\"user\":\"ben\",\"role\":\"moderator\"}", yard);
    assert_heard(b, "{\"type\":\"reports_waiting\",\"waiting\":1}");
    assert_not_heard(m, "reports_waiting");
    rt_forget_all();
    rt_say(a, "{\"type\":\"remove_member\",\"room\":%lld}", yard);
    assert_heard(a, "{\"type\":\"reports_waiting\",\"waiting\":0}");
    assert_not_heard(b, "reports_waiting");
    rt_set_role(anna, ROLE_ADMIN);
    assert_heard(a, "{\"type\":\"reports_waiting\",\"waiting\":2}");
    rt_forget_all();
    rt_set_role(moe, ROLE_MEMBER);
    assert_heard(m, "{\"type\":\"reports_waiting\",\"waiting\":0}");
    rt_forget_all();
    rt_say(b, "{\"type\":\"handle_report\",\"report\":%lld}", report);
    assert_heard(b, "{\"type\":\"reports_waiting\",\"waiting\":0}");
    assert_heard(a, "{\"type\":\"reports_waiting\",\"waiting\":1}");
    assert_not_heard(m, "reports_waiting");
    rt_forget_all();
    rt_say(b, "{\"type\":\"set_membership\",\"room\":%lld,\"favourite\":true}", yard);
    rt_say(b, "{\"type\":\"remove_member\",\"room\":%lld}", yard);
    assert_not_heard(b, "reports_waiting"); /* the number is the same */
}

/* Those who may answer them, and nobody else: not the other members, not moderators of the place, not who asks. */
static void those_who_may_answer_hear_of_requests(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben"), cleo = rt_account("cleo"), moe = rt_account("moe");
    rt_set_role(moe, ROLE_MODERATOR);
    struct client *a = rt_connect(anna), *a2 = rt_connect(anna), *b = rt_connect(ben), *c = rt_connect(cleo);
    struct client *m = rt_connect(moe), *o = rt_connect(OWNER);
    long long cellar = (long long)rt_room(a, "cellar", "closed", "all");
    rt_say(a, "{\"type\":\"add_member\",\"room\":%lld,\"user\":\"ben\"}", cellar);
    rt_forget_all();
    rt_say(c, "{\"type\":\"request_join\",\"room\":\"cellar\"}");
    char one[128];
    snprintf(one, sizeof one, "{\"type\":\"requests_waiting\",\"room\":%lld,\"requests\":1}", cellar);
    assert_heard(a, one);
    assert_heard(a2, one);
    struct client *const others[] = {b, c, m, o};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_not_heard(others[i], "requests");
    assert_heard(rt_connect(anna), "\"mentions\":0,\"requests\":1}");
    assert_not_heard(rt_connect(ben), "requests");
    rt_say(o, "{\"type\":\"rooms\",\"id\":\"l\"}");
    assert_heard(o, "\"requests\":1,\"members\":2}"); /* an admin finds it there, from outside */
    rt_say(m, "{\"type\":\"rooms\",\"id\":\"l\"}");
    rt_say(b, "{\"type\":\"rooms\",\"id\":\"l\"}");
    assert_not_heard(m, "requests");
    assert_not_heard(b, "requests");

    rt_forget_all();
    rt_say(c, "{\"type\":\"request_join\",\"room\":\"cellar\",\"text\":\"please\"}");
    assert_not_heard(a, "requests"); /* it is the same number */
    rt_say(m, "{\"type\":\"request_join\",\"room\":\"cellar\"}");
    assert_heard(a, rt_format("\"room\":%lld,\"requests\":2}", cellar));
    rt_forget_all();
    rt_say(a, "{\"type\":\"answer_request\",\"room\":%lld,\"user\":\"cleo\",\"accept\":false}", cellar);
    assert_heard(a2, one);
    rt_forget_all();
    rt_say(b, "{\"type\":\"add_member\",\"room\":%lld,\"user\":\"moe\"}", cellar);
    assert_heard(a, rt_format("{\"type\":\"requests_waiting\",\"room\":%lld,\"requests\":0}", cellar));
    assert_not_heard(m, "requests");
}

static void set_ben(struct client *by, long long room, const char *role)
{
    rt_say(by, "{\"type\":\"set_room_role\",\"room\":%lld,\"user\":\"ben\",\"role\":\"%s\"}", room, role);
}

/* Somebody comes to answer them, or does not any more: as a moderator of the room, or by a role in the place. */
static void who_comes_to_answer_requests_hears_of_them(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben"), cleo = rt_account("cleo");
    struct client *a = rt_connect(anna), *b = rt_connect(ben), *c = rt_connect(cleo);
    long long cellar = (long long)rt_room(a, "cellar", "closed", "all");
    char one[128], none[128];
    snprintf(one, sizeof one, "{\"type\":\"requests_waiting\",\"room\":%lld,\"requests\":1}", cellar);
    snprintf(none, sizeof none, "{\"type\":\"requests_waiting\",\"room\":%lld,\"requests\":0}", cellar);
    rt_say(c, "{\"type\":\"request_join\",\"room\":\"cellar\"}");
    rt_set_role(ben, ROLE_ADMIN); /* no member: nothing is told of the room */
    rt_set_role(ben, ROLE_MEMBER);
    assert_not_heard(b, "requests");
    rt_say(a, "{\"type\":\"add_member\",\"room\":%lld,\"user\":\"ben\"}", cellar);
    assert_not_heard(b, "requests");

    rt_forget_all();
    rt_set_role(ben, ROLE_MODERATOR);
    assert_not_heard(b, "requests");
    rt_set_role(ben, ROLE_ADMIN);
    assert_heard(b, one);
    rt_forget_all();
    rt_set_role(ben, ROLE_MEMBER);
    assert_heard(b, none);
    rt_forget_all();
    set_ben(a, cellar, "moderator");
    assert_heard(b, "\"role\":\"moderator\",");
    assert_heard(b, "\"mentions\":0,\"requests\":1}}");
    assert_heard(b, one);
    rt_forget_all();
    set_ben(a, cellar, "member");
    assert_heard(b, "\"mentions\":0}}");
    assert_heard(b, none);
    assert_not_heard(a, "requests_waiting"); /* of what is different for somebody else */
    set_ben(a, cellar, "moderator");
    rt_forget_all();
    rt_say(a, "{\"type\":\"remove_member\",\"room\":%lld,\"user\":\"ben\"}", cellar);
    rt_say(c, "{\"type\":\"request_join\",\"room\":\"cellar\",\"text\":\"again\"}");
    rt_say(a, "{\"type\":\"answer_request\",\"room\":%lld,\"user\":\"cleo\",\"accept\":true}", cellar);
    assert_heard(a, none);
    assert_not_heard(b, "requests");
    assert_not_heard(c, "requests");
}

static void a_block_is_told_to_all_ones_devices(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben");
    struct client *one = rt_connect(anna), *two = rt_connect(anna), *b = rt_connect(ben);
    static const struct {
        const char *verb, *is;
    } steps[] = {{"block", "true"}, {"unblock", "false"}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        char told[64];
        snprintf(told, sizeof told, "{\"type\":\"block\",\"user\":%lld,\"blocked\":%s}", (long long)ben, steps[i].is);
        rt_forget_all();
        rt_say(one, "{\"type\":\"%s\",\"user\":\"ben\"}", steps[i].verb);
        assert_heard(one, told);
        assert_heard(two, told);
        assert_not_heard(b, "block");
        rt_forget_all();
        rt_say(one, "{\"type\":\"%s\",\"user\":\"ben\"}", steps[i].verb);
        assert_not_heard(two, "block"); /* it is so already */
    }
}

/* Of a direct conversation one is told when something was last said in it, and of no other room. */
static void a_direct_conversation_says_when_it_was_active(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben");
    struct client *a = rt_connect(anna), *b = rt_connect(ben);
    char told[64];
    rt_send(a, LOBBY, "hello all");
    assert_not_heard(rt_connect(anna), "active_ms");
    snprintf(told, sizeof told, "\"active_ms\":%lld,\"role\"", (long long)rt.now_ms);
    rt_say(a, "{\"type\":\"open_direct\",\"id\":\"d\",\"users\":[\"ben\"]}");
    int64_t direct = rt_number(a, "\"id\":\"d\",\"room\":");
    assert_heard(a, told); /* it is new */
    rt.now_ms += 5000;
    rt_forget_all();
    rt_send(a, direct, "hello Ben");
    snprintf(told, sizeof told, "\"active_ms\":%lld,\"role\"", (long long)rt.now_ms);
    assert_heard(b, told); /* it is there for them now */
    rt.now_ms += 5000;
    rt_say(b, "{\"type\":\"delete\",\"room\":%lld,\"seq\":1}", (long long)direct);
    assert_heard(rt_connect(ben), told);
    rt_send(b, direct, "and to you");
    snprintf(told, sizeof told, "\"active_ms\":%lld,\"role\"", (long long)rt.now_ms);
    assert_heard(rt_connect(anna), told);
    rt_close();
    rt_open();
    assert_heard(rt_connect(anna), told);
}

static void everybody_hears_what_the_place_is_called(void **state)
{
    (void)state;
    struct client *o = rt_connect(OWNER), *a = rt_connect(rt_account("anna")), *v = rt_visit("passer");
    static const char place[] = "{\"type\":\"place\",\"name\":\"Garden Club\"}";
    rt_forget_all();
    rt_say(o, "{\"type\":\"set_place\",\"name\":\"Garden Club\"}");
    assert_heard(o, place);
    assert_heard(a, place);
    assert_heard(v, place);
    rt_forget_all();
    rt_say(o, "{\"type\":\"set_place\",\"name\":\"Garden Club\",\"require_totp\":true}");
    rt_say(o, "{\"type\":\"set_place\",\"require_totp\":false}");
    assert_not_heard(a, "\"type\":\"place\"");
}

/* Who has no account hears of the people of rooms that they see, and of nobody else; and a visitor no more than is seen
 * beside messages. */
static void strangers_hear_of_people_they_see(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben"), gus = rt_guest("gus");
    struct client *o = rt_connect(OWNER), *a = rt_connect(anna), *b = rt_connect(ben), *g = rt_connect(gus),
                  *v = rt_visit("passer");
    rt_say(b, "{\"type\":\"remove_member\",\"room\":1}"); /* from then on in no open room */
    struct client *const people[] = {a, b};
    for (int i = 0; i < 2; i++) {
        bool is_seen = people[i] == a;
        rt_forget_all();
        rt_say(people[i], "{\"type\":\"set_profile\",\"display_name\":\"Someone\",\"status_text\":\"in a meeting\"}");
        rt_say(people[i], "{\"type\":\"rename\",\"name\":\"another%d\"}", i);
        assert_heard(o, "in a meeting");
        assert_int_equal(rt_has(g, "in a meeting"), is_seen);
        assert_int_equal(rt_has(v, "{\"type\":\"member\""), is_seen);
        assert_int_equal(rt_has(v, "Someone"), is_seen);
        assert_not_heard(v, "in a meeting");
        rt_forget_all();
        rt_say(o, "{\"type\":\"ban\",\"user\":%lld}", (long long)(is_seen ? anna : ben));
        assert_int_equal(rt_has(g, "\"banned\":true"), is_seen);
        assert_not_heard(v, "banned");
    }
    rt_say(o, "{\"type\":\"unban\",\"user\":%lld}", (long long)anna);
    rt_forget_all();
    rt_say(o, "{\"type\":\"ban\",\"user\":%lld,\"hide\":true}", (long long)anna);
    assert_heard(v, "\"hidden\":true"); /* what they have said is */
    rt_forget_all();
    rt_say(g, "{\"type\":\"rename\",\"name\":\"gustav\"}");
    assert_heard(v, "gustav");
}

static void nobody_adds_who_has_blocked_them(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben");
    struct client *a = rt_connect(anna), *b = rt_connect(ben), *o = rt_connect(OWNER);
    int64_t cellar = rt_room(b, "cellar", "closed", "all");
    rt_say(a, "{\"type\":\"block\",\"user\":\"ben\"}");
    rt_set_role(ben, ROLE_ADMIN); /* however much they may */
    rt_say(b, "{\"type\":\"add_member\",\"id\":\"x\",\"room\":%lld,\"user\":\"anna\"}", (long long)cellar);
    assert_heard(
        b, "{\"type\":\"error\",\"id\":\"x\",\"code\":\"forbidden\",\"message\":\"This person has blocked you.\"");
    rt_say(b, "{\"type\":\"add_member\",\"room\":%lld,\"user\":%d}", (long long)cellar, OWNER);
    rt_say(o, "{\"type\":\"add_member\",\"id\":\"y\",\"room\":%lld,\"user\":\"anna\"}", (long long)cellar);
    assert_heard(o, "{\"type\":\"ack\",\"id\":\"y\"");
}

/* A member makes so many rooms a day, and others who are no moderators add a person to so many. */
static void a_day_has_its_limits(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben");
    rt_account("cleo");
    struct client *a = rt_connect(anna), *b = rt_connect(ben), *o = rt_connect(OWNER);
    rt.chat->settings.rooms_per_day = 3;
    rt.chat->settings.directs_per_day = 1;
    rt.chat->settings.added_per_day = 2;
    int64_t rooms[3];
    for (int i = 0; i < 3; i++)
        rooms[i] = rt_room(a, rt_format("room %d", i), "closed", "all");
    static const char another[] = "{\"type\":\"create_room\",\"id\":\"x\",\"name\":\"another\"}",
                      refused[] = "{\"type\":\"error\",\"id\":\"x\",\"code\":\"forbidden\",\"message\":\"";
    rt_say(a, "%s", another);
    assert_heard(a, refused);
    rt_say(b, "{\"type\":\"create_room\",\"id\":\"y\",\"name\":\"another\"}");
    assert_heard(b, "{\"type\":\"ack\",\"id\":\"y\"");
    for (int i = 0; i < 3; i++) {
        rt_forget(a);
        rt_say(a, "{\"type\":\"add_member\",\"id\":\"x\",\"room\":%lld,\"user\":\"ben\"}", (long long)rooms[i]);
        assert_int_equal(rt_has(a, refused), i == 2);
    }
    rt_say(o, "{\"type\":\"add_member\",\"id\":\"z\",\"room\":%lld,\"user\":\"ben\"}", (long long)rooms[2]);
    assert_heard(o, "{\"type\":\"ack\",\"id\":\"z\"");
    rt_say(a, "{\"type\":\"open_direct\",\"users\":[\"ben\"]}");
    rt_forget(a);
    rt_say(a, "{\"type\":\"open_direct\",\"id\":\"x\",\"users\":[\"cleo\"]}");
    assert_heard(a, refused);
    rt.now_ms += INT64_C(8) * 3600 * 1000; /* a third of a day brings one back */
    rt_forget(a);
    rt_say(a, "%s", "{\"type\":\"create_room\",\"id\":\"x\",\"name\":\"one more\"}");
    assert_heard(a, "{\"type\":\"ack\",\"id\":\"x\"");
    rt_say(a, "%s", another);
    assert_heard(a, refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(moderators_hear_of_reports),
        WITH_RUNTIME(moderators_of_a_room_hear_of_its_reports),
        WITH_RUNTIME(those_who_may_answer_hear_of_requests),
        WITH_RUNTIME(who_comes_to_answer_requests_hears_of_them),
        WITH_RUNTIME(a_block_is_told_to_all_ones_devices),
        WITH_RUNTIME(a_direct_conversation_says_when_it_was_active),
        WITH_RUNTIME(strangers_hear_of_people_they_see),
        WITH_RUNTIME(nobody_adds_who_has_blocked_them),
        WITH_RUNTIME(a_day_has_its_limits),
        WITH_RUNTIME(everybody_hears_what_the_place_is_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
