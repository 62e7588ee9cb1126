/* sweep: who is looked at, and that nobody who is connected loses their row. */
#include "chat/chat.h"
#include "chat/submit/sweep.h"
#include "query.h"
#include "runtime.h"

static const int64_t day_ms = SWEEP_KEPT_MS;

static int64_t count(const char *where)
{
    char sql[256];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", where);
    return query_number(rt.path, sql);
}

static int64_t visitors(void)
{
    return count("users WHERE kind = 'visitor' AND id > 0");
}

/* The next look. */
static void look(void)
{
    chat_tick(rt.chat);
    rt_run();
    rt.now_ms += SWEEP_EVERY_MS;
    chat_tick(rt.chat);
    rt_run();
}

/* A visitor who has said something, which has been deleted. */
static struct client *silent_visitor(const char *name)
{
    struct client *v = rt_visit(name);
    rt_send(v, LOBBY, "x");
    rt_say(v, "{\"type\":\"delete\",\"id\":\"d\",\"room\":1,\"seq\":%lld}", (long long)rt_last(LOBBY));
    return v;
}

static void who_has_left_is_swept_after_a_day(void **state)
{
    (void)state;
    struct client *gone = silent_visitor("gone"), *here = silent_visitor("here"), *said = rt_visit("said");
    rt_send(said, LOBBY, "worth keeping");
    rt_client_close(gone);
    rt_client_close(said);
    rt_run();
    look();
    assert_int_equal(visitors(), 3);
    rt.now_ms += day_ms;
    look();
    assert_int_equal(visitors(), 2);
    assert_int_equal(count("users WHERE name = 'gone'"), 0);
    assert_int_equal(count("messages WHERE author_id = -1"), 1);
    rt_client_close(here);
    rt_run();
    look();
    assert_int_equal(visitors(), 1);
    look();
    assert_int_equal(count("users WHERE name = 'said'"), 1);
}

static void chosen_names_count_as_connected_too(void **state)
{
    (void)state;
    struct hub_entrant entrant = {.kind = PERSON_VISITOR, .key = {7}, .name = span_of("vera"), .fold = span_of("vera")};
    struct client *v = rt_open_client(&entrant, NULL);
    rt_run();
    rt_send(v, LOBBY, "x");
    rt_say(v, "{\"type\":\"delete\",\"id\":\"d\",\"room\":1,\"seq\":%lld}", (long long)rt_last(LOBBY));
    rt.now_ms += day_ms + 1;
    look();
    assert_int_equal(visitors(), 1);
    rt_client_close(v);
    rt_run();
    look();
    assert_int_equal(visitors(), 0);
}

static void many_take_several_looks(void **state)
{
    (void)state;
    enum { MANY = FIELD_IDS_MAX + 3 };
    for (int i = 0; i < MANY; i++) {
        char name[16];
        snprintf(name, sizeof name, "v%d", i);
        rt_client_close(silent_visitor(name));
        rt_run();
        rt.now_ms += 10000; /* within what one address may do */
    }
    rt.now_ms += day_ms;
    look();
    assert_int_equal(visitors(), MANY - FIELD_IDS_MAX);
    look();
    assert_int_equal(visitors(), 0);
    struct client *o = rt_connect(OWNER);
    rt_forget(o);
    rt_say(o, "{\"type\":\"history\",\"id\":\"h\",\"room\":1,\"limit\":200}");
    assert_heard(o, "\"author\":{\"id\":-1,\"name\":\"deleted guest\"}");
    assert_heard(o, "\"actor\":{\"id\":-1,\"name\":\"deleted guest\"}");
    assert_not_heard(o, "\"v1\"");
}

/* As another node might: its sweep knows nothing of this one's connections. */
static void whose_row_is_gone_goes_on_with_a_new_one(void **state)
{
    (void)state;
    struct client *v = silent_visitor("vera"), *o = rt_connect(OWNER);
    const int64_t first = query_number(rt.path, "SELECT id FROM users WHERE name = 'vera'");
    struct command sweep = {.kind = COMMAND_SWEEP_VISITORS, .actor = COMMAND_ACTOR_SYSTEM};
    fields_set(&sweep.f, F_UNTIL, INT64_MAX);
    sweep.f.ids[sweep.f.id_count++] = first;
    rt_command(&sweep);
    assert_int_equal(visitors(), 0);
    rt_forget_all();
    rt_send(v, LOBBY, "again");
    rt_send(v, LOBBY, "and again");
    assert_heard(v, "\"ack\"");
    assert_not_heard(v, "\"error\"");
    const int64_t second = query_number(rt.path, "SELECT id FROM users WHERE name = 'vera'");
    assert_true(second > first);
    assert_int_equal(atomic_load(&v->session->who->user_id), second);
    assert_int_equal(count("messages AS m JOIN users AS u ON u.id = m.author_id WHERE u.name = 'vera'"), 2);
    assert_int_equal(visitors(), 1);
    (void)o;
}

/* What is kept in memory for who joins says the same as the database. */
static void the_rings_forget_them(void **state)
{
    (void)state;
    struct client *o = rt_connect(OWNER);
    rt_say(o, "{\"type\":\"join\",\"id\":\"j\",\"room\":1}");
    rt_client_close(silent_visitor("vera"));
    rt_run();
    rt.now_ms += day_ms + 1;
    look();
    assert_int_equal(visitors(), 0);
    struct client *v = rt_visit("late");
    rt_say(v, "{\"type\":\"join\",\"id\":\"j\",\"room\":1}");
    assert_heard(v, "\"author\":{\"id\":-1,\"name\":\"deleted guest\"}");
    assert_not_heard(v, "vera");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(who_has_left_is_swept_after_a_day),
        WITH_RUNTIME(chosen_names_count_as_connected_too),
        WITH_RUNTIME(many_take_several_looks),
        WITH_RUNTIME(whose_row_is_gone_goes_on_with_a_new_one),
        WITH_RUNTIME(the_rings_forget_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
