/* The HTTP layer under clients that take their time, and at its own start and stop. */
#include "http/for_tests.h"
#include "http_stage.h"

#include <time.h>

/* ------------------------------------------------------------------ hard times */

/* Four workers, so that few clients are enough to hold most of them. */
static int set_up_few(void **state)
{
    (void)state;
    static const char *const few[] = OPTIONS("4");
    struct http_settings settings = usual;
    settings.civetweb = few;
    return set_up_with(&settings);
}

static int64_t now_ms(void)
{
    return env_mono_ms(env_system());
}

static void wait_crowded(bool crowded)
{
    for (int64_t until = now_ms() + 20000; guard_is_crowded(server->guard) != crowded;) {
        struct timespec pause = {.tv_nsec = 1000000};
        assert_true(now_ms() < until);
        nanosleep(&pause, NULL);
    }
}

/* Until so many requests have been looked at. */
static void wait_taken(int64_t count)
{
    for (int64_t until = now_ms() + 20000; metric_get(&metrics.http_requests_total) < count;) {
        struct timespec pause = {.tv_nsec = 1000000};
        assert_true(now_ms() < until);
        nanosleep(&pause, NULL);
    }
}

enum { SLOW = 60 };

#define FROM(address) "X-Forwarded-For: " address "\r\n"

/* What each of them holds back. */
static const struct {
    const char *text, *why;
} slow[] = {
    {"GET / HTTP/1.1\r\nHost:", "the rest of a head"},
    {"POST /api/v1/guest HTTP/1.1\r\n" HOST JSON "Content-Length: 900\r\n" END "{\"name\":", "the rest of a body"},
    {"POST /api/v1/guest HTTP/1.1\r\n" HOST JSON "Content-Length: 900\r\n" FROM("192.0.2.9") END, "all of a body"},
    {"POST /api/v1/send HTTP/1.1\r\n" HOST JSON "Content-Length: 900\r\n" END, "the body of a stranger"},
    {"POST /nowhere HTTP/1.1\r\n" HOST "Content-Length: 900\r\n" END, "a body that nobody wants"},
    {"GET /healthz HTTP/1.1\r\n" HOST "Content-Length: 900\r\n" END, "a body where there is none"},
};

/* Ten times as many as there are workers, of one address, and its next request that is whole is answered at once, not
 * after each of them has had its time; and one that was there before has its connection still. */
static void test_slow_ones(void **state)
{
    (void)state;
    struct client held[SLOW], live;
    char word[4];
    upgrade(&live, "/ws", "");
    assert_int_equal(client_reply(&live, true).status, 101);
    wait_adopted(1);
    for (size_t i = 0; i < sizeof slow / sizeof slow[0]; i++) {
        const int64_t cuts = guard_cuts(server->guard), before = now_ms();
        for (int j = 0; j < SLOW; j++) {
            held[j] = client_open(port);
            client_say(&held[j], slow[i].text);
        }
        if (client_ask(port, "GET /healthz HTTP/1.1\r\n" HOST END).status != 200)
            fail_msg("%s", slow[i].why);
        if (guard_cuts(server->guard) == cuts)
            fail_msg("%s: none was cut", slow[i].why);
        assert_in_range(now_ms() - before, 0, 10000); /* 60 / 4 workers * 2 s would be 30 s */
        for (int j = 0; j < SLOW; j++)
            client_close(&held[j]);
    }
    assert_int_equal(send(played.adopted[0].fd, "live", 4, 0), 4);
    assert_true(client_take(&live, word, 4));
    drop_adopted(0);
    client_close(&live);
}

/* Clients who do not take their answers hold workers as well: each asks for more than a socket takes. */
static void test_answers_not_taken(void **state)
{
    (void)state;
    enum { ASKED = 20000, HELD = 12 };
    static const char ask[] = "GET /healthz HTTP/1.1\r\n" HOST "\r\n";
    struct client held[HELD];
    char *many = malloc(ASKED * (sizeof ask - 1) + 1);
    assert_non_null(many);
    for (int i = 0; i < ASKED; i++)
        memcpy(many + (size_t)i * (sizeof ask - 1), ask, sizeof ask);
    for (int i = 0; i < HELD; i++) {
        int small = 4096;
        held[i] = client_open(port);
        setsockopt(held[i].fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        ssize_t ignored = send(held[i].fd, many, strlen(many), MSG_DONTWAIT | MSG_NOSIGNAL);
        (void)ignored;
    }
    free(many);
    assert_int_equal(client_ask(port, "GET /healthz HTTP/1.1\r\n" HOST END).status, 200);
    for (int i = 0; i < HELD; i++)
        client_close(&held[i]);
}

/* The share is the address's own: what comes from elsewhere is not cut for it. */
static void test_share(void **state)
{
    (void)state;
    static const char patient[] =
        "POST /api/v1/guest HTTP/1.1\r\n" HOST JSON FROM("192.0.2.7") "Content-Length: 14\r\n" END "{\"name\":";
    struct client other = client_open(port), held[SLOW];
    client_say(&other, patient);
    wait_taken(1);
    for (int i = 0; i < SLOW; i++) {
        held[i] = client_open(port);
        client_say(&held[i], "POST /api/v1/guest HTTP/1.1\r\n" HOST JSON FROM("192.0.2.9") "Content-Length: 9\r\n" END);
    }
    assert_int_equal(client_ask(port, "GET /healthz HTTP/1.1\r\n" HOST END).status, 200);
    client_say(&other, "\"Ann\"}");
    assert_int_equal(client_reply(&other, false).status, 201);
    client_close(&other);
    for (int i = 0; i < SLOW; i++)
        client_close(&held[i]);
}

/* A connection that says nothing holds no worker at all. */
static void test_silence(void **state)
{
    (void)state;
    enum { SILENT = 40 };
    struct client silent[SILENT];
    for (int i = 0; i < SILENT; i++)
        silent[i] = client_open(port);
    int64_t before = now_ms();
    assert_int_equal(client_ask(port, "GET /healthz HTTP/1.1\r\n" HOST END).status, 200);
    assert_in_range(now_ms() - before, 0, 1000);
    for (int i = 0; i < SILENT; i++)
        client_close(&silent[i]);
}

static void *dribble(void *arg)
{
    struct client *c = arg;
    for (int i = 0; i < 400; i++) { /* each byte begins CivetWeb's time anew */
        struct timespec pause = {.tv_nsec = 25000000};
        if (send(c->fd, "x", 1, MSG_NOSIGNAL) != 1)
            break;
        nanosleep(&pause, NULL);
    }
    return NULL;
}

static void test_slow_body(void **state)
{
    (void)state;
    pthread_t thread;
    struct client c = client_open(port);
    int64_t before = now_ms();
    client_say(&c, "POST /api/v1/guest HTTP/1.1\r\n" HOST JSON "Content-Length: 4000\r\n" END);
    assert_int_equal(pthread_create(&thread, NULL, dribble, &c), 0);
    assert_int_equal(client_reply(&c, false).status, 408);
    assert_in_range(now_ms() - before, 4000, 8000);
    pthread_join(thread, NULL);
    client_close(&c);
}

/* Asks until the connection is kept. Whoever asks holds a worker too, and those that have been closed are noticed one
 * after another: so that it is not crowded does not say that it will not be with one more. */
static void wait_kept(const char *ask)
{
    struct reply r;
    const int64_t until = now_ms() + 20000;
    do {
        assert_true(now_ms() < until);
        r = client_ask(port, ask);
        assert_int_equal(r.status, 200);
    } while (reply_header(&r, "Connection"));
}

/* Whoever keeps a connection holds a worker, so while most of the four are taken nobody may. */
static void test_crowd(void **state)
{
    (void)state;
    enum { HALVES = 3 };
    static const char *const halves[] = {FROM("192.0.2.1"), FROM("192.0.2.2"), FROM("192.0.2.3")};
    static const char ask[] = "GET /healthz HTTP/1.1\r\n" HOST END;
    struct client half[HALVES];
    struct reply r = client_ask(port, ask);
    assert_null(reply_header(&r, "Connection"));
    wait_crowded(false);
    for (int i = 0; i < HALVES; i++) {
        half[i] = client_open(port);
        client_say(&half[i], "POST /api/v1/guest HTTP/1.1\r\n" HOST JSON "Content-Length: 4000\r\n");
        client_say(&half[i], halves[i]);
        client_say(&half[i], END);
    }
    wait_crowded(true);
    struct client c = client_open(port);
    client_say(&c, ask);
    r = client_reply(&c, false);
    assert_int_equal(r.status, 200);
    assert_string_equal(reply_header(&r, "Connection"), "close");
    assert_true(client_at_end(&c));
    client_close(&c);
    for (int i = 0; i < HALVES; i++)
        client_close(&half[i]);
    wait_kept(ask);
}

/* ------------------------------------------------------------------ start and stop */

static void test_port_in_use(void **state)
{
    (void)state;
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof where;
    int taken = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(taken, (struct sockaddr *)&where, len), 0);
    assert_int_equal(listen(taken, 1), 0);
    assert_int_equal(getsockname(taken, (struct sockaddr *)&where, &len), 0);
    char ports[128], name[64];
    snprintf(name, sizeof name, "127.0.0.1:%d", ntohs(where.sin_port));
    snprintf(ports, sizeof ports, "127.0.0.1:0,%s", name); /* a good one before it */

    const char *const options[] = {"listening_ports", ports, "num_threads", "2", NULL};
    struct http_settings settings = usual;
    struct http_error why = {""};
    settings.civetweb = options;
    descriptors_before = count_descriptors();
    assert_int_equal(start(&settings, &why), ERR_IN_USE);
    assert_non_null(strstr(why.text, name));
    assert_non_null(strstr(why.text, "another program"));
    http_stop(server);
    http_free(server);
    assert_int_equal(count_descriptors(), descriptors_before);
    close(taken);
}

static void test_bad_ports(void **state)
{
    (void)state;
    static const char *const ports[] = {"nonsense", "127.0.0.1:99999", "192.0.2.1:0", "[::1]:0"};
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        const char *const options[] = {"listening_ports", ports[i], "num_threads", "2", NULL};
        struct http_settings settings = usual;
        struct http_error why = {""};
        settings.civetweb = options;
        assert_int_equal(start(&settings, &why), ERR_INVALID);
        assert_non_null(strstr(why.text, ports[i]));
        http_free(server);
    }
}

/* CivetWeb by itself takes up to two seconds to notice. */
static void test_stop_is_quick(void **state)
{
    (void)state;
    struct http_error why;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(start(&usual, &why), OK);
        struct client idle = client_open(port), half = client_open(port);
        client_say(&half, "GET / HT");
        assert_int_equal(client_ask(port, "GET /healthz HTTP/1.1\r\n" HOST END).status, 200);
        int64_t before = now_ms();
        client_close(&half);
        http_stop(server);
        assert_in_range(now_ms() - before, 0, 1000);
        http_free(server);
        client_close(&idle);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_slow_body, set_up_few, tear_down),
        cmocka_unit_test_setup_teardown(test_slow_ones, set_up_few, tear_down_untidy),
        cmocka_unit_test_setup_teardown(test_answers_not_taken, set_up_few, tear_down_untidy),
        cmocka_unit_test_setup_teardown(test_share, set_up_few, tear_down_untidy),
        cmocka_unit_test_setup_teardown(test_crowd, set_up_few, tear_down),
        cmocka_unit_test_setup_teardown(test_silence, set_up_few, tear_down_untidy),
        cmocka_unit_test(test_port_in_use),
        cmocka_unit_test(test_bad_ports),
        cmocka_unit_test(test_stop_is_quick),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
