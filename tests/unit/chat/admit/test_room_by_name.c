/* Finding rooms for somebody by what they call them. */
#include "chat/admit/missing.h"
#include "chat/admit/room_by_name.h"
#include "directory/memberships.h"
#include "runtime.h"

static int64_t found(int64_t user_id, enum request_type type, const char *named, enum err want)
{
    struct caller who = {.kind = COMMAND_ACTOR_SYSTEM, .scope = SCOPE_ADMIN};
    struct directory_user user;
    struct room *r;
    const struct request_ref ref = {.name = span_of(named)};
    if (user_id)
        rt_fill_caller(user_id, &who);
    if (directory_user(rt.chat->directory, user_id, &user) && user.kind == USER_GUEST)
        who.kind = COMMAND_ACTOR_GUEST;
    enum err e = rooms_find(rt.chat, &who, type, &ref, &r);
    if (e != want || !r != (e != OK))
        fail_msg("\"%s\" for user %lld: %s", named, (long long)user_id, err_code(e));
    return r ? room_id(r) : 0;
}

static void by_id_or_any_writing_of_the_name(void **state)
{
    static const struct {
        const char *named;
        bool found;
    } cases[] = {
        {"2", true},     {"Garden", true}, {"garden", true}, {"GARDEN", true}, {" garden ", true},         {"9", false},
        {"yard", false}, {"", false},      {"02", true},     {"2x", false},    {"9999999999999999", false}};
    (void)state;
    struct client *o = rt_connect(OWNER);
    assert_int_equal(rt_room(o, "Garden", "open", "all"), 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(found(OWNER, REQUEST_SEND, cases[i].named, cases[i].found ? OK : ERR_NOT_FOUND),
                         cases[i].found ? 2 : 0);
    rt_say(o, "{\"type\":\"rename_room\",\"room\":2,\"name\":\"yard\"}");
    assert_int_equal(found(OWNER, REQUEST_SEND, "yard", OK), 2);
    found(OWNER, REQUEST_SEND, "garden", ERR_NOT_FOUND);
}

/* Of rooms that share a name the one that somebody sees is meant, and of several none. */
static void among_those_that_one_sees(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben"), cleo = rt_account("cleo"), gus = rt_guest("Gus");
    struct client *a = rt_connect(anna), *b = rt_connect(ben);
    int64_t of_anna = rt_room(a, "cellar", "closed", "all"), of_ben = rt_room(b, "CELLAR", "closed", "all");
    assert_int_equal(found(anna, REQUEST_SEND, "cellar", OK), of_anna);
    assert_int_equal(found(anna, REQUEST_SEND, "CELLAR", OK), of_anna);
    assert_int_equal(found(ben, REQUEST_SEND, "cellar", OK), of_ben);
    found(cleo, REQUEST_SEND, "cellar", ERR_NOT_FOUND);
    found(OWNER, REQUEST_SEND, "cellar", ERR_NOT_FOUND); /* who may manage both, and read none */
    found(OWNER, REQUEST_ARCHIVE_ROOM, "cellar", ERR_AMBIGUOUS);
    found(0, REQUEST_ARCHIVE_ROOM, "cellar", ERR_AMBIGUOUS);
    int64_t open = rt_room(rt_connect(cleo), "cellar", "open", "all");
    assert_int_equal(found(cleo, REQUEST_SEND, "Cellar", OK), open);
    assert_int_equal(found(gus, REQUEST_SEND, "Cellar", OK), open);
    assert_int_equal(found(OWNER, REQUEST_SEND, "cellar", OK), open);
    found(anna, REQUEST_SEND, "cellar", ERR_AMBIGUOUS); /* neither the writing nor the kind decides */
    found(ben, REQUEST_SEND, "CELLAR", ERR_AMBIGUOUS);
    rt_say(a, "{\"type\":\"remove_member\",\"room\":%lld}", (long long)of_anna);
    assert_int_equal(found(anna, REQUEST_SEND, "cellar", OK), open);
}

static void it_is_said_which_ones(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna");
    struct client *a = rt_connect(anna), *o = rt_connect(OWNER);
    int64_t closed = rt_room(a, "cellar", "closed", "all"), other = rt_room(o, "cellar", "closed", "all");
    rt_forget(a);
    rt_say(a, "{\"type\":\"send\",\"id\":\"1\",\"room\":\"cellar\",\"body\":\"x\"}");
    assert_heard(a, rt_format("{\"type\":\"ack\",\"id\":\"1\",\"room\":%lld,", (long long)closed));
    int64_t open = rt_room(a, "cellar", "open", "all");
    static const char *const asks[] = {"\"join\"",       "\"history\"",
                                       "\"members\"",    "\"send\",\"body\":\"x\"",
                                       "\"add_member\"", "\"archive_room\",\"archived\":true"};
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        rt_forget(a);
        rt_say(a, "{\"type\":%s,\"id\":\"q\",\"room\":\"Cellar\"}", asks[i]);
        assert_heard(
            a, rt_format("{\"type\":\"error\",\"id\":\"q\",\"code\":\"ambiguous\",\"message\":\"Several rooms are "
                         "called \\\"Cellar\\\". Use the id of the one you mean: %lld or %lld.\"}",
                         (long long)closed, (long long)open));
    }
    rt_forget(o);
    rt_say(o, "{\"type\":\"create_invite\",\"id\":\"q\",\"rooms\":[\"lobby\",\"cellar\"]}");
    assert_heard(o, rt_format("Use the id of the one you mean: %lld, %lld or %lld.\"}", (long long)closed,
                              (long long)other, (long long)open));
    for (int i = 0; i < 20; i++)
        rt_room(o, "cellar", "closed", "all");
    rt_say(o, "{\"type\":\"audit\",\"id\":\"q\",\"room\":\"cellar\"}");
    assert_heard(
        o, rt_format("\"code\":\"ambiguous\",\"message\":\"Several rooms are called \\\"cellar\\\". Use the id of "
                     "the one you mean: %lld, %lld, %lld, 5, 6, 7, 8 or 9.\"}",
                     (long long)closed, (long long)other, (long long)open));
}

/* Whoever asks by name asks all closed rooms of that name, and learns of none. */
static void all_of_a_name_are_asked(void **state)
{
    (void)state;
    int64_t anna = rt_account("anna"), ben = rt_account("ben"), cleo = rt_account("cleo");
    struct client *a = rt_connect(anna), *b = rt_connect(ben), *c = rt_connect(cleo);
    int64_t of_anna = rt_room(a, "cellar", "closed", "all"), of_ben = rt_room(b, "Cellar", "closed", "all"),
            of_cleo = rt_room(c, "cellar", "closed", "all"), gone = rt_room(b, "cellar", "closed", "all");
    rt_room(b, "cellar", "open", "all");
    rt_say(b, "{\"type\":\"archive_room\",\"room\":%lld,\"archived\":true}", (long long)gone);
    rt_forget(c);
    rt_say(c, "{\"type\":\"request_join\",\"id\":\"j\",\"room\":\"cellar\"}");
    assert_heard(c, "{\"type\":\"ack\",\"id\":\"j\"}\n");
    const int64_t asked[] = {of_anna, of_ben}, others[] = {of_cleo, gone};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(directory_requests_waiting(rt.chat->directory, asked[i]), 1);
        assert_int_equal(directory_requests_waiting(rt.chat->directory, others[i]), 0);
    }
    rt_say(a, "{\"type\":\"answer_request\",\"room\":%lld,\"user\":\"cleo\",\"accept\":true}", (long long)of_anna);
    assert_true(directory_is_member(rt.chat->directory, of_anna, cleo));
    assert_false(directory_is_member(rt.chat->directory, of_ben, cleo));
    assert_int_equal(directory_requests_waiting(rt.chat->directory, of_ben), 1);
    int64_t dora = rt_account("dora");
    rt_say(rt_connect(dora), "{\"type\":\"request_join\",\"room\":%lld}", (long long)of_ben);
    assert_int_equal(directory_requests_waiting(rt.chat->directory, of_anna), 0);
    assert_int_equal(directory_requests_waiting(rt.chat->directory, of_ben), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(by_id_or_any_writing_of_the_name),
        WITH_RUNTIME(among_those_that_one_sees),
        WITH_RUNTIME(it_is_said_which_ones),
        WITH_RUNTIME(all_of_a_name_are_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
