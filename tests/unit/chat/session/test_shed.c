/* When all outbound queues together hold too much, the largest of those that do not read go. */
#include "chat/session/shed.h"
#include "runtime.h"

enum { BODY_BYTES = 16000, BUDGET_BYTES = 4 << 20 };

static struct client *stall(const char *name, int pages)
{
    struct client *c = rt_visit(name);
    c->stalled = true;
    for (int i = 0; i < pages; i++)
        rt_say(c, "{\"type\":\"history\",\"id\":\"h\",\"room\":1,\"limit\":10}");
    return c;
}

static void fill_lobby(void)
{
    static char body[BODY_BYTES + 1];
    memset(body, 'x', BODY_BYTES);
    struct client *o = rt_connect(OWNER);
    for (int i = 0; i < 10; i++) {
        struct buf text = BUF_INIT;
        buf_add_str(&text, "{\"type\":\"send\",\"id\":\"");
        buf_add_char(&text, (char)('a' + i));
        buf_add_str(&text, "\",\"room\":1,\"body\":\"");
        buf_add_str(&text, body);
        buf_add_str(&text, "\"}");
        session_text(o->session, (struct span){text.p, text.len});
        buf_release(&text);
        rt_run();
    }
}

static void the_largest_go_and_those_who_read_stay(void **state)
{
    (void)state;
    struct client *small[5], *large[30];
    char name[32];
    rt.chat->settings.outbox.memory_bytes = BUDGET_BYTES;
    fill_lobby();
    struct client *reader = rt_visit("reader");
    for (int i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "small%d", i);
        small[i] = stall(name, 0);
    }
    for (int i = 0; i < 30; i++) {
        snprintf(name, sizeof name, "large%d", i);
        large[i] = stall(name, 4);
        assert_true(metric_get(&rt.metrics.outbound_memory_bytes) <= BUDGET_BYTES);
        rt_say(reader, "{\"type\":\"history\",\"id\":\"h\",\"room\":1,\"limit\":10}");
        assert_false(reader->is_closed);
    }
    int gone = 0;
    for (int i = 0; i < 30; i++)
        gone += large[i]->is_closed;
    assert_in_range(gone, 20, 29); /* each holds some 640 KB */
    for (int i = 0; i < 5; i++)
        assert_false(small[i]->is_closed);
}

static void what_all_share_costs_once(void **state)
{
    (void)state;
    struct client *stalled[40];
    char name[32];
    rt.chat->settings.outbox.memory_bytes = BUDGET_BYTES;
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "member%d", i);
        stalled[i] = rt_visit(name);
        rt_say(stalled[i], "{\"type\":\"join\",\"id\":\"j\",\"room\":1}");
        stalled[i]->stalled = true;
    }
    fill_lobby(); /* 160 KB for each of them, 6.4 MB in all */
    for (int i = 0; i < 40; i++)
        assert_false(stalled[i]->is_closed);
    assert_in_range(metric_get(&rt.metrics.outbound_memory_bytes), 10 * BODY_BYTES, 20 * BODY_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(the_largest_go_and_those_who_read_stay),
        WITH_RUNTIME(what_all_share_costs_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
