/* replay: the past that somebody is sent on joining leaves room for what happens meanwhile. */
#include "runtime.h"

enum { FRAMES = 20, BYTES = 8000, EVENTS = 60 };

/* Says EVENTS messages of about so many bytes in the lobby. */
static void fill_lobby(struct client *by, int body_bytes)
{
    for (int i = 0; i < EVENTS; i++)
        rt_send(by, LOBBY, rt_format("%0*d", body_bytes, i));
}

/* The numbers of the messages that a client has heard, which have to go up one by one; how many. */
static int assert_in_order(struct client *c)
{
    int n = 0;
    for (const char *at = rt_heard(c); (at = strstr(at, "\"body\":\"")); n++) {
        at += strlen("\"body\":\"");
        assert_int_equal(strtol(at, NULL, 10), n);
    }
    return n;
}

static void assert_half_is_left(int body_bytes)
{
    struct client *o = rt_connect(OWNER);
    fill_lobby(o, body_bytes);
    rt.chat->settings.outbox.frames = FRAMES;
    rt.chat->settings.outbox.bytes = BYTES;
    struct client *slow = rt_connect(rt_account("ben"));
    const struct outbox *queue = session_outbox(slow->session);
    slow->stalled = true;
    rt_say(slow, "{\"type\":\"join\",\"id\":\"j\",\"room\":1,\"after\":0}");
    assert_in_range(queue->len, 2, FRAMES / 2 + 1); /* with the answer */
    assert_in_range(queue->bytes, 1, BYTES / 2 + 1000);
    for (int i = 0; i < FRAMES / 2 - 2; i++) /* answers find room beside the replay */
        rt_say(slow, "{\"type\":\"ping\",\"id\":\"p%d\"}", i);
    rt_send(o, LOBBY, rt_format("%d", EVENTS));
    assert_false(slow->is_closed);
    slow->stalled = false;
    rt_run();
    assert_int_equal(assert_in_order(slow), EVENTS + 1);
    assert_heard(slow, rt_format("{\"type\":\"ack\",\"id\":\"p%d\"", FRAMES / 2 - 3));
}

static void a_replay_leaves_half_of_the_frames(void **state)
{
    (void)state;
    assert_half_is_left(2);
}

static void a_replay_leaves_half_of_the_bytes(void **state)
{
    (void)state;
    assert_half_is_left(900);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RUNTIME(a_replay_leaves_half_of_the_frames),
        WITH_RUNTIME(a_replay_leaves_half_of_the_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
