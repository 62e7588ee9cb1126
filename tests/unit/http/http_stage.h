/* http_stage.h - the HTTP layer with CivetWeb on a free port, over a chat that is played (played_chat.h). For one test program. */
#ifndef HUBBUB_TESTS_HTTP_STAGE_H
#define HUBBUB_TESTS_HTTP_STAGE_H

#include "http/for_tests.h"
#include "http/gate.h"
#include "http/server.h"
#include "http/server_internal.h"
#include "http_client.h"
#include "played_accounts.h"

#include <dirent.h>
#include <sodium.h>

/* ------------------------------------------------------------------ one server per test */

static struct chat chat;
static struct metrics metrics;
static struct http_server *server;
static struct ws transports[2];
static int port, descriptors_before;

static inline int count_descriptors(void)
{
    int n = 0;
    DIR *dir = opendir("/proc/self/fd");
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

/* CivetWeb's options with so many workers, as a string. */
#define OPTIONS(workers)                                                                                               \
    {                                                                                                                  \
        "listening_ports", "127.0.0.1:0", "num_threads", workers, "connection_queue", "128", "request_timeout_ms",     \
            "2000", "enable_keep_alive", "yes", "max_request_size", "16384", "keep_alive_timeout_ms", "2000",          \
            "tcp_nodelay", "1", "listen_backlog", "1024", NULL                                                         \
    }

static const char *const usual_options[] = OPTIONS("16");

static const struct http_settings usual = {
    .civetweb = usual_options,
    .allowed_origins = "https://friend.example",
    .public_url = "",
    .metrics_allow = "127.0.0.1, 192.0.2.7",
    .trusted_proxies = "127.0.0.1",
    .auth_proxy_header = "X-Forwarded-User",
    .max_connections = 8,
    .max_connections_per_address = 6,
};

static inline enum err start(const struct http_settings *settings, struct http_error *why)
{
    char address[64];
    struct ws *const both[] = {&transports[0], &transports[1]};
    memset(&chat, 0, sizeof chat);
    memset(&metrics, 0, sizeof metrics);
    metric_set(&metrics.storage_ok, 1);
    chat.env = env_system();
    chat.settings.server_name = "Hubbub";
    chat.settings.allow_guests = true;
    played.adopted_count = 0;
    played.no_owner = played.banned = played.too_fast = false;
    played.caller = (struct caller){0};
    played.promoted = played.sign_outs = 0;
    server = http_new(settings, chat.env, &metrics);
    assert_non_null(server);
    enum err e = http_start(server, why);
    if (e)
        return e;
    assert_int_equal(http_open(server, &chat, both, 2), OK);
    http_address(server, address, sizeof address);
    assert_int_equal(sscanf(address, "127.0.0.1:%d", &port), 1);
    return OK;
}

static inline int set_up_with(const struct http_settings *settings)
{
    struct http_error why;
    descriptors_before = count_descriptors();
    return start(settings, &why) == OK ? 0 : -1;
}

static inline int set_up(void **state)
{
    (void)state;
    return set_up_with(&usual);
}

/* Nothing may be left: no place at the gate, no reference to a person. A connection that was accepted in the moment of stopping is not closed by
 * CivetWeb, so where clients were left waiting, descriptors are not counted. */
static inline int tear_down_untidy(void **state)
{
    (void)state;
    http_stop(server);
    assert_int_equal(gate_count(server->gate), 0);
    assert_int_equal(played.people, 0);
    http_free(server);
    return 0;
}

/* And no descriptor. */
static inline int tear_down(void **state)
{
    tear_down_untidy(state);
    assert_int_equal(count_descriptors(), descriptors_before);
    return 0;
}

#define HOST    "Host: 127.0.0.1\r\n"
#define KEY     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define VERSION "Sec-WebSocket-Version: 13\r\n"
#define UPGRADE "Connection: Upgrade\r\nUpgrade: websocket\r\n"
#define SHAKE   HOST UPGRADE KEY VERSION
#define JSON    "Content-Type: application/json\r\n"
#define OURS    "Origin: http://127.0.0.1\r\n"
#define END     "\r\n"

static inline void upgrade(struct client *c, const char *path, const char *lines)
{
    char text[1024];
    *c = client_open(port);
    snprintf(text, sizeof text, "GET %s HTTP/1.1\r\n" SHAKE "%s" END, path, lines);
    client_say(c, text);
}

static inline void wait_adopted(int n)
{
    pthread_mutex_lock(&played.lock);
    while (played.adopted_count < n)
        pthread_cond_wait(&played.change, &played.lock);
    pthread_mutex_unlock(&played.lock);
}

static inline void wait_people(int n)
{
    pthread_mutex_lock(&played.lock);
    while (played.people != n)
        pthread_cond_wait(&played.change, &played.lock);
    pthread_mutex_unlock(&played.lock);
}

/* What the transport does at the end of a live socket. */
static inline void drop_adopted(int i)
{
    close(played.adopted[i].fd);
    hub_person_release(NULL, played.adopted[i].who);
    http_live_closed(server, played.adopted[i].tag);
}

#endif
